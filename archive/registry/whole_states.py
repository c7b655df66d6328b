# SPDX-License-Identifier: Apache-2.0
"""The states of items and batches, which follow from their units: found out without reading all of them."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Table, bindparam, exists, select, update
from sqlalchemy.orm import Session

from archive.registry.events import chain_end
from archive.registry.pipelines import pipeline_of
from archive.registry.prepared import execute
from archive.registry.stages import Per
from archive.registry.states import State, state_of_whole
from archive.registry.tables import BatchRow, ItemRow
from archive.registry.telling import tell_batch_done
from archive.registry.unit_facts import ITEM, UNIT, UnitFacts, forget, states_of_item

ENDED = frozenset({State.DONE, State.FAILED, State.HELD, State.CANCELLED})
"""States in which an item gives up its place in flight."""

_BATCH = cast("Table", BatchRow.__table__)
_SET_BATCH = update(_BATCH).where(_BATCH.c.id == bindparam("of_batch")).values(state=bindparam("becomes"))
_SET_ITEM = update(ITEM).where(ITEM.c.id == bindparam("of_item")).values(state=bindparam("becomes"))
_END_ITEM = (
    update(ITEM).where(ITEM.c.id == bindparam("of_item")).values(state=bindparam("becomes"), in_flight=False)
)
# one look into an index for each state, however many items the batch has
_ITEMS_IN = select(
    *(
        exists(
            select(ITEM.c.id).where(ITEM.c.batch == bindparam("of_batch"), ITEM.c.state == state.value)
        ).label(state.value)
        for state in State
    )
)
_BATCH_UNITS = (
    select(UNIT.c.state)
    .where(UNIT.c.batch == bindparam("of_batch"), UNIT.c.stage.in_(bindparam("stages", expanding=True)))
    .distinct()
)


def refresh_begun(session: Session, facts: UnitFacts) -> None:
    """Bring the states in line after a unit began to run: it shows, but where something waits for a person."""
    trouble = {State.FAILED, State.HELD}
    if facts.item is None:
        refresh_batch(session, facts.batch)
        return
    if facts.item_state in trouble or facts.item_state == State.RUNNING:
        if facts.item_state in trouble:
            refresh_item(session, facts)
        return
    _set_item(session, facts.item, State.RUNNING)
    if (
        chain_end(session, facts.batch).state not in {*trouble, State.RUNNING}
        or facts.item_state == State.CANCELLED
    ):
        refresh_batch(session, facts.batch)


def refresh_item(session: Session, facts: UnitFacts) -> State | None:
    """Bring the states of a unit's item and batch in line with the units.

    Returns:
        The item's state; None for a unit of the whole batch.
    """
    if facts.item is None:
        refresh_batch(session, facts.batch)
        return None
    state = state_of_whole(states_of_item(session, facts.item))
    if state != facts.item_state:
        _set_item(session, facts.item, state)
        refresh_batch(session, facts.batch)
    elif state in ENDED:
        _set_item(session, facts.item, state)
    return state


def _set_item(session: Session, item: int, state: State) -> None:
    statement = _END_ITEM if state in ENDED else _SET_ITEM
    execute(session, statement, {"of_item": item, "becomes": state.value})
    forget(session, ItemRow, item)


def refresh_batch(session: Session, batch: str) -> None:
    """Bring the state of a batch in line with its items and the stages of the whole."""
    end = chain_end(session, batch)
    found = execute(session, _ITEMS_IN, {"of_batch": batch}).one()
    states = {state for state, present in zip(State, found, strict=True) if present}
    of_batch = [rule.name for rule in pipeline_of(session, batch).stages if rule.per is Per.BATCH]
    if of_batch:
        units = execute(session, _BATCH_UNITS, {"of_batch": batch, "stages": of_batch})
        states |= {State(state) for (state,) in units}
    state = state_of_whole(states)
    if state != end.state:
        execute(session, _SET_BATCH, {"of_batch": batch, "becomes": state.value})
        forget(session, BatchRow, batch)
        end.state = state.value
        if state is State.DONE:
            tell_batch_done(session, batch)
