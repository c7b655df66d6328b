# SPDX-License-Identifier: Apache-2.0
"""The units of an item that something beside them waits for: who has finished one may as well do the next."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from archive.registry.clock import now_seconds
from archive.registry.ledger import Claim
from archive.registry.pipelines import pipeline_of
from archive.registry.prepared import execute
from archive.registry.stages import Per
from archive.registry.states import State
from archive.registry.tables import UnitRow
from archive.registry.unit_facts import UNIT, forget

_OPEN = (
    select(UNIT.c.id, UNIT.c.stage)
    .where(
        UNIT.c.item == bindparam("of_item"),
        UNIT.c.stage.in_(bindparam("stages", expanding=True)),
        UNIT.c.state.in_([State.WAITING.value, State.QUEUED.value]),
        UNIT.c.next_attempt_at <= bindparam("moment"),
    )
    .order_by(UNIT.c.id)
)
_RECALL = (
    update(UNIT)
    .where(UNIT.c.id.in_(bindparam("units", expanding=True)), UNIT.c.state == State.QUEUED.value)
    .values(state=State.WAITING.value)
)


def siblings(session: Session, done: Claim) -> list[tuple[int, str]]:
    """Units that nobody has begun yet, of stages that stand beside the one just done before the same follower.

    Returns:
        Their keys and stages, in order.
    """
    pipeline = pipeline_of(session, done.batch)
    names = {
        name
        for rule in pipeline.followers(done.stage)
        if rule.per is Per.ITEM
        for name in rule.after
        if name != done.stage and pipeline.rule(name).per is Per.ITEM
    }
    if not names or not done.item:
        return []
    values = {"of_item": done.item, "stages": sorted(names), "moment": now_seconds()}
    return [(row.id, row.stage) for row in execute(session, _OPEN, values)]


def recall(session: Session, units: Collection[int]) -> None:
    """Let units that were marked for sending in this transaction wait for their turn after all."""
    if units:
        execute(session, _RECALL, {"units": list(units)})
        for unit in units:
            forget(session, UnitRow, unit)
