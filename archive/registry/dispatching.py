# SPDX-License-Identifier: Apache-2.0
"""What of an item is open, what was sent, and what has stalled."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from archive.registry.clock import now_seconds
from archive.registry.pipelines import pipeline_of
from archive.registry.stages import Stage
from archive.registry.states import State
from archive.registry.tables import ItemRow, UnitRow


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
    row = session.get_one(ItemRow, item)
    if row.on_hold is not None:
        return []
    columns = UnitRow.id, UnitRow.stage, UnitRow.chunk, UnitRow.state, UnitRow.next_attempt_at
    rows = session.execute(select(*columns).where(UnitRow.item == item, UnitRow.state != State.DONE))
    pipeline = pipeline_of(session, row.batch)
    units = [
        OpenUnit(unit, stage, chunk, State(state), not_before)
        for unit, stage, chunk, state, not_before in rows
    ]
    return sorted(units, key=lambda unit: (pipeline.place(unit.stage), unit.chunk))


def mark_dispatched(session: Session, units: Collection[int]) -> None:
    """Note that messages for these units are about to be published; running ones stay as they are."""
    named = update(UnitRow).where(UnitRow.id.in_(units))
    # by their keys: without the empty text SQLite would look at all that wait, in however many batches
    waiting = named.where(UnitRow.state.concat("") == State.WAITING)
    session.execute(waiting.values(state=State.QUEUED))
    session.execute(named.values(dispatched_at=now_seconds()))


def stalled_items(session: Session, *, quiet_seconds: float) -> list[int]:
    """Items in flight for which nothing is under way any more; items on hold are left alone.

    An item is stalled when one of its units ran out of its lease, when a unit's waiting time is over,
    or when units were dispatched more than `quiet_seconds` ago and none of the item's units runs:
    their messages, or the callback that should have dispatched the next stage, are lost.
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
    return list(session.scalars(query))


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
    for row in session.scalars(select(UnitRow).where(UnitRow.id.in_(owners)).with_for_update()):
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
