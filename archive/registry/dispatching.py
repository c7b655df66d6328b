# SPDX-License-Identifier: Apache-2.0
"""What of an item is open, what was sent, and what has stalled."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import bindparam, case, or_, select, update
from sqlalchemy.orm import Session

from archive.registry.clock import now_seconds
from archive.registry.pipelines import pipeline_of, rule_of
from archive.registry.predecessors import predecessors_are_done
from archive.registry.prepared import execute
from archive.registry.stage_holds import held_stages
from archive.registry.stages import Stage
from archive.registry.states import State
from archive.registry.tables import ItemRow, UnitRow
from archive.registry.unit_facts import ITEM, UNIT, forget


@dataclass(frozen=True, slots=True)
class OpenUnit:
    """A unit that is not done yet.

    Attributes:
        not_before: When its next attempt may begin, in seconds.
    """

    id: int
    stage: str
    chunk: int
    state: State
    not_before: float = 0.0


class ItemPlace(NamedTuple):
    """Where an item belongs; see `ItemRow`."""

    batch: str
    on_hold: str | None
    priority: int


_OPEN = (
    select(
        UNIT.c.id,
        UNIT.c.stage,
        UNIT.c.chunk,
        UNIT.c.state,
        UNIT.c.next_attempt_at,
        UNIT.c.batch,
        ITEM.c.on_hold,
        ITEM.c.priority,
    )
    .join_from(UNIT, ITEM, ITEM.c.id == UNIT.c.item)
    .where(UNIT.c.item == bindparam("of_item"), UNIT.c.state != State.DONE.value)
)
_PLACE = select(ITEM.c.batch, ITEM.c.on_hold, ITEM.c.priority).where(ITEM.c.id == bindparam("of_item"))
_DISPATCH = (
    update(UNIT)
    .where(UNIT.c.id.in_(bindparam("units", expanding=True)))
    .values(
        state=case((UNIT.c.state == State.WAITING.value, State.QUEUED.value), else_=UNIT.c.state),
        dispatched_at=bindparam("moment"),
    )
)


def waiting_for_scanner(session: Session, device: str) -> int | None:
    """The first item in flight whose pages are still to come from a real scanner, when one waits for it."""
    query = (
        select(ItemRow.id)
        .join(UnitRow, UnitRow.item == ItemRow.id)
        .where(
            ItemRow.device == device,
            ItemRow.in_flight,
            ItemRow.on_hold.is_(None),
            UnitRow.stage == Stage.CAPTURE,
            UnitRow.state.in_([State.WAITING, State.QUEUED]),
        )
        .order_by(ItemRow.priority.desc(), ItemRow.id)
    )
    return session.scalar(query.limit(1))


def open_units(session: Session, item: int) -> list[OpenUnit]:
    """The units of an item that are not done, in the order of stages and chunks; none while it is on hold."""
    return open_with_place(session, item)[0]


def open_with_place(session: Session, item: int) -> tuple[list[OpenUnit], ItemPlace | None]:
    """The open units of an item as by `open_units`, and where it belongs where there are any."""
    found = execute(session, _OPEN, {"of_item": item}).all()
    if not found or found[0].on_hold is not None:
        return [], None
    pipeline = pipeline_of(session, found[0].batch)
    units = [OpenUnit(row.id, row.stage, row.chunk, State(row.state), row.next_attempt_at) for row in found]
    units.sort(key=lambda unit: (pipeline.place(unit.stage), unit.chunk))
    return units, ItemPlace(found[0].batch, None, found[0].priority)


def item_place(session: Session, item: int) -> ItemPlace:
    """Where an item belongs, without reading what is known of it."""
    row: Sequence[Any] = execute(session, _PLACE, {"of_item": item}).one()
    return ItemPlace(*row)


def mark_dispatched(session: Session, units: Collection[int]) -> None:
    """Note that messages for these units are about to be published; running ones stay as they are."""
    execute(session, _DISPATCH, {"units": list(units), "moment": now_seconds()})
    for unit in units:
        forget(session, UnitRow, unit)


def stalled_items(session: Session, *, quiet_seconds: float) -> list[int]:
    """Items for which nothing is under way any more that should be; items on hold are left alone.

    An item is stalled when one of its units ran out of its lease, when a unit's waiting time is over,
    or when units were dispatched more than `quiet_seconds` ago and none of the item's units runs:
    their messages, or the callback that should have dispatched the next stage, are lost. An item of which a
    unit has failed is in flight no more, and the units beside that one are brought to their end all the same.
    """
    moment = now_seconds()
    live = (
        select(UnitRow.id)
        .where(UnitRow.item == ItemRow.id, UnitRow.state == State.RUNNING, UnitRow.lease_until > moment)
        .exists()
    )
    recent = (
        select(UnitRow.id)
        .where(
            UnitRow.item == ItemRow.id,
            or_(
                UnitRow.dispatched_at > moment - quiet_seconds,
                UnitRow.finished_at > moment - quiet_seconds,
                UnitRow.next_attempt_at > moment,
            ),
        )
        .exists()
    )
    expired = (
        select(UnitRow.id)
        .where(UnitRow.item == ItemRow.id, UnitRow.state == State.RUNNING, UnitRow.lease_until <= moment)
        .exists()
    )
    due = (
        select(UnitRow.id)
        .where(
            UnitRow.item == ItemRow.id,
            UnitRow.state == State.WAITING,
            UnitRow.next_attempt_at > 0,
            UnitRow.next_attempt_at <= moment,
            UnitRow.dispatched_at < UnitRow.next_attempt_at,
        )
        .exists()
    )
    query = (
        select(ItemRow.id)
        .where(ItemRow.in_flight, ItemRow.on_hold.is_(None), or_(expired, due, ~live & ~recent))
        .order_by(ItemRow.id)
    )
    found = set(session.scalars(query))
    return sorted(found | _beside_a_failure(session, moment, quiet_seconds))


def _beside_a_failure(session: Session, moment: float, quiet_seconds: float) -> set[int]:
    """Items that stand still because of one unit, and of which another one was begun or sent and then lost."""
    lost = or_(
        (UnitRow.state == State.RUNNING) & (UnitRow.lease_until <= moment),
        (UnitRow.state == State.QUEUED) & (UnitRow.dispatched_at <= moment - quiet_seconds),
        (UnitRow.state == State.WAITING)
        & (UnitRow.next_attempt_at > 0)
        & (UnitRow.next_attempt_at <= moment)
        & (UnitRow.dispatched_at < UnitRow.next_attempt_at),
    )
    query = select(UnitRow, ItemRow.id).join(ItemRow, ItemRow.id == UnitRow.item)
    query = query.where(
        ItemRow.state.in_([State.FAILED, State.HELD]), ~ItemRow.in_flight, ItemRow.on_hold.is_(None), lost
    )
    found: set[int] = set()
    for unit, item in session.execute(query):
        rule = rule_of(session, unit)
        if item not in found and (
            unit.state == State.RUNNING
            or (
                not (rule.in_order or unit.stage in held_stages(session, unit.batch))
                and predecessors_are_done(session, unit, rule)
            )
        ):
            found.add(item)
    return found


def running_units(session: Session) -> dict[int, str]:
    """The running units of all batches with their owners."""
    rows = session.execute(select(UnitRow.id, UnitRow.owner).where(UnitRow.state == State.RUNNING))
    return {row.id: row.owner for row in rows}


def end_leases(session: Session, owners: Mapping[int, str]) -> int:
    """End the leases of units whose owners are known to be dead.

    Args:
        session: The transaction.
        owners: Unit keys with the owner each is taken from; a unit that changed hands since keeps its lease.

    Returns:
        How many leases were ended.
    """
    ended = 0
    # units of many batches: to wait for one that is changed right now could be to wait in a circle
    units = select(UnitRow).where(UnitRow.id.in_(owners)).with_for_update(skip_locked=True)
    for row in session.scalars(units):
        if row.state == State.RUNNING and row.owner == owners[row.id]:
            row.lease_until = 0.0
            ended += 1
    return ended


def stalled_batches(session: Session, *, quiet_seconds: float) -> list[str]:
    """Batches whose items have come far enough for a stage of the whole batch that nobody works on."""
    moment = now_seconds()
    expired = (UnitRow.state == State.RUNNING) & (UnitRow.lease_until <= moment)
    waits = UnitRow.state.in_([State.WAITING, State.QUEUED]) & (UnitRow.next_attempt_at <= moment)
    quiet = UnitRow.dispatched_at <= moment - quiet_seconds
    query = select(UnitRow.batch).where(UnitRow.item.is_(None), expired | (waits & quiet)).distinct()
    return list(session.scalars(query))
