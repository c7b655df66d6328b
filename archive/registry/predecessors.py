# SPDX-License-Identifier: Apache-2.0
"""Whether all that a unit stands on is done, asked of the database in one prepared statement."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

from sqlalchemy import BindParameter, bindparam, or_, select
from sqlalchemy.orm import Session

from archive.registry.pipelines import pipeline_of
from archive.registry.prepared import execute
from archive.registry.stages import Per, StageRule
from archive.registry.states import State
from archive.registry.unit_facts import UNIT, UnitFacts

_OPEN = UNIT.c.state.in_([state.value for state in State if state is not State.DONE])
_STAGES: BindParameter[Any] = bindparam("stages", expanding=True)
_WHOLE: BindParameter[Any] = bindparam("whole", expanding=True)

# what a person has given up of an item holds up the others' common stage no more
_GIVEN_UP = (UNIT.c.state == State.CANCELLED.value) & UNIT.c.item.is_not(None)
_OF_BATCH = (
    select(UNIT.c.id)
    .where(UNIT.c.batch == bindparam("of_batch"), UNIT.c.stage.in_(_STAGES), _OPEN, ~_GIVEN_UP)
    .limit(1)
)
_OF_ITEM = (
    select(UNIT.c.id).where(UNIT.c.item == bindparam("of_item"), UNIT.c.stage.in_(_STAGES), _OPEN).limit(1)
)
_OF_CHUNK = (
    select(UNIT.c.id)
    .where(
        UNIT.c.item == bindparam("of_item"),
        _OPEN,
        or_(
            UNIT.c.stage.in_(_STAGES) & (UNIT.c.chunk == bindparam("of_chunk")),
            UNIT.c.stage.in_(_WHOLE),
        ),
    )
    .limit(1)
)
# with nothing but chunks, one look into the index and not one at each unit of the item
_OF_CHUNK_ONLY = (
    select(UNIT.c.id)
    .where(
        UNIT.c.item == bindparam("of_item"),
        UNIT.c.stage.in_(_STAGES),
        UNIT.c.chunk == bindparam("of_chunk"),
        _OPEN,
    )
    .limit(1)
)
_EARLIER = (
    select(UNIT.c.id)
    .where(
        UNIT.c.item == bindparam("of_item"),
        UNIT.c.stage == bindparam("of_stage"),
        UNIT.c.chunk < bindparam("of_chunk"),
        _OPEN,
    )
    .limit(1)
)


class Placed(Protocol):
    """A unit, mapped or as plain facts: where in its batch it belongs."""

    @property
    def batch(self) -> str:
        """Id of the batch."""
        ...

    @property
    def item(self) -> int | None:
        """Key of the item; None for a stage of the whole batch."""
        ...

    @property
    def chunk(self) -> int:
        """Which chunk of pages."""
        ...


class Place(NamedTuple):
    """A place in a batch, as `Placed` wants it."""

    batch: str
    item: int | None = None
    chunk: int = 0


def predecessors_are_done(session: Session, facts: Placed, rule: StageRule) -> bool:
    """Whether nothing is open of the stages that a unit's stage stands on.

    A stage of the whole batch does not wait for what was cancelled of its items.
    """
    if not rule.after:
        return True
    if rule.per is Per.BATCH:
        values = {"of_batch": facts.batch, "stages": rule.after}
        return execute(session, _OF_BATCH, values).first() is None
    if not rule.same_chunk:
        return execute(session, _OF_ITEM, {"of_item": facts.item, "stages": rule.after}).first() is None
    pipeline = pipeline_of(session, facts.batch)
    chunked = [name for name in rule.after if pipeline.rule(name).chunked]
    whole = [name for name in rule.after if name not in chunked]
    same: dict[str, Any] = {"of_item": facts.item, "stages": chunked, "of_chunk": facts.chunk}
    if not whole:
        return execute(session, _OF_CHUNK_ONLY, same).first() is None
    return execute(session, _OF_CHUNK, {**same, "whole": whole}).first() is None


def earlier_chunks_are_done(session: Session, facts: UnitFacts) -> bool:
    """Whether the chunks before this one are through its stage."""
    values = {"of_item": facts.item, "of_stage": facts.stage, "of_chunk": facts.chunk}
    return execute(session, _EARLIER, values).first() is None
