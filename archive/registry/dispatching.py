# SPDX-License-Identifier: Apache-2.0
"""What may be dispatched next, and how an operator retries, accepts and cancels.

Items go depth first: a window of them is in flight, so that the first bag of a big batch is stored
long before its last page is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from archive.errors import ItemUnknown
from archive.registry.clock import now_seconds
from archive.registry.events import append_event, lock_batch
from archive.registry.ledger import refresh_states
from archive.registry.stages import Stage
from archive.registry.states import State, require_legal
from archive.registry.tables import BatchRow, ItemRow, UnitRow

ACCEPTABLE = "quality.held"
"""Code of the only reason for which a unit is held that a person may overrule."""


@dataclass(frozen=True, slots=True)
class OpenUnit:
    """A unit that is not done yet."""

    id: int
    stage: Stage
    chunk: int
    state: State


def fill_window(session: Session, window: int, batch: str | None = None) -> list[int]:
    """Put waiting items in flight until `window` of them are, for each station on its own.

    One station that is switched off must not keep the others from working.

    Args:
        session: The transaction; on PostgreSQL rows another dispatcher looks at are passed over.
        window: How many items of one station may be in flight at once.
        batch: Only items of this batch, or of all, the oldest batch first.

    Returns:
        Keys of the items newly in flight.
    """
    waiting = [State.WAITING, State.QUEUED, State.RUNNING]
    stations = select(BatchRow.station).join(ItemRow, ItemRow.batch == BatchRow.id)
    stations = stations.where(
        ItemRow.state.in_(waiting), ~ItemRow.in_flight, ItemRow.on_hold.is_(None)
    ).distinct()
    if batch is not None:
        stations = stations.where(BatchRow.id == batch)
    chosen: list[int] = []
    for station in session.scalars(stations).all():
        chosen += _fill_station(session, station, window, batch)
    return chosen


def _fill_station(session: Session, station: str, window: int, batch: str | None) -> list[int]:
    of_station = (
        select(ItemRow).join(BatchRow, BatchRow.id == ItemRow.batch).where(BatchRow.station == station)
    )
    in_flight = of_station.where(ItemRow.in_flight).with_only_columns(func.count())
    room = window - (session.scalar(in_flight) or 0)
    if room <= 0:
        return []
    query = of_station.where(
        ItemRow.state.in_([State.WAITING, State.QUEUED, State.RUNNING]),
        ~ItemRow.in_flight,
        ItemRow.on_hold.is_(None),
    )
    if batch is not None:
        query = query.where(ItemRow.batch == batch)
    query = query.order_by(ItemRow.id).limit(room).with_for_update(skip_locked=True, of=ItemRow)
    items = list(session.scalars(query))
    for item in items:
        item.in_flight = True
    return [item.id for item in items]


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
        .order_by(ItemRow.id)
    )
    return session.scalar(query.limit(1))


def open_units(session: Session, item: int) -> list[OpenUnit]:
    """The units of an item that are not done, in the order of stages and chunks; none while it is on hold."""
    if session.scalar(select(ItemRow.on_hold).where(ItemRow.id == item)) is not None:
        return []
    rows = session.scalars(select(UnitRow).where(UnitRow.item == item, UnitRow.state != State.DONE))
    order = list(Stage)
    units = [OpenUnit(row.id, Stage(row.stage), row.chunk, State(row.state)) for row in rows]
    return sorted(units, key=lambda unit: (order.index(unit.stage), unit.chunk))


def mark_dispatched(session: Session, units: Sequence[int]) -> None:
    """Note that messages for these units are about to be published; running ones stay as they are."""
    moment = now_seconds()
    for row in session.scalars(select(UnitRow).where(UnitRow.id.in_(units)).with_for_update()):
        if row.state == State.WAITING:
            require_legal(State.WAITING, State.QUEUED)
            row.state = State.QUEUED
        row.dispatched_at = moment


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


def retry_units(session: Session, batch: str, *, item: str | None = None, stage: Stage | None = None) -> int:
    """Give failed, held and cancelled units of a batch their attempts back.

    With a stage named, that stage is done again, and with it all that stand on it, also where they
    are done already.

    Returns:
        How many units wait again.
    """
    states = {State.FAILED, State.HELD, State.CANCELLED}
    if stage is None:
        return _reopen(session, batch, states, State.WAITING, item, list(Stage), {})
    order = list(Stage)
    again = order[order.index(stage) :]
    return _reopen(session, batch, states | {State.DONE}, State.WAITING, item, again, {})


def retry_stopped(
    session: Session,
    batch: str,
    *,
    item: str | None = None,
    stage: Stage | None = None,
    code: str | None = None,
) -> int:
    """Give failed, held and cancelled units their attempts back, and nothing that is done already.

    Args:
        session: The transaction.
        batch: The batch.
        item: Only this item.
        stage: Only this stage.
        code: Only units whose error has this code.

    Returns:
        How many units wait again.

    Raises:
        BatchUnknown, ItemUnknown: There is no such batch or item.
    """
    stopped = {State.FAILED, State.HELD, State.CANCELLED}
    stages = list(Stage) if stage is None else [stage]
    detail = {} if code is None else {"same_reason": code}
    return _reopen(session, batch, stopped, State.WAITING, item, stages, detail, only_code=code)


def accept_held(session: Session, batch: str, *, item: str | None, reason: str) -> int:
    """Let held quality checks pass, with the operator's reason in the chain.

    Other units that are held, such as one whose master is damaged, stay held.

    Returns:
        How many units were accepted.

    Raises:
        BatchUnknown, ItemUnknown: There is no such batch or item.
    """
    detail = {"accepted": True, "reason": reason}
    return _reopen(
        session, batch, {State.HELD}, State.DONE, item, [Stage.CHARACTERISE], detail, only_code=ACCEPTABLE
    )


def _reopen(
    session: Session,
    batch: str,
    states: set[State],
    becomes: State,
    item: str | None,
    stages: Sequence[Stage],
    detail: dict[str, Any],
    *,
    only_code: str | None = None,
) -> int:
    reopened = 0
    for item_row in _items(session, batch, item):
        units = select(UnitRow).where(
            UnitRow.item == item_row.id, UnitRow.state.in_(states), UnitRow.stage.in_(stages)
        )
        for unit in session.scalars(units.with_for_update()).all():
            if only_code is not None and (unit.error or {}).get("code") != only_code:
                continue
            before = State(unit.state)
            require_legal(before, becomes)
            unit.state, unit.attempts, unit.next_attempt_at, unit.dispatched_at = becomes, 0, 0.0, 0.0
            unit.ready = unit.stage == Stage.CAPTURE
            reopened += 1
            tell_decision(session, item_row, unit, before, detail)
        if becomes is State.WAITING and Stage.BAG in stages and State.DONE in states:
            # the old bag no longer counts; its file is put aside when the new one is written
            item_row.bag = None
        refresh_states(session, item_row)
    return reopened


def _items(session: Session, batch: str, item: str | None) -> list[ItemRow]:
    lock_batch(session, batch)
    query = select(ItemRow).where(ItemRow.batch == batch).order_by(ItemRow.position)
    items = list(session.scalars(query))
    if item is None:
        return items
    named = [row for row in items if row.name == item]
    if not named:
        raise ItemUnknown(f"Batch {batch} has no item {item!r}.")
    return named


def cancel_batch(session: Session, batch: str) -> int:
    """Cancel every unit of a batch that is not done; running ones lose their lease, and held ones their scanner.

    Returns:
        How many units were cancelled.
    """
    cancelled = 0
    for item in _items(session, batch, None):
        units = select(UnitRow).where(
            UnitRow.item == item.id, UnitRow.state.not_in([State.DONE, State.CANCELLED])
        )
        for unit in session.scalars(units.with_for_update()).all():
            before = State(unit.state)
            require_legal(before, State.CANCELLED)
            unit.state, unit.lease_until, unit.token = State.CANCELLED, 0.0, unit.token + 1
            cancelled += 1
            tell_decision(session, item, unit, before, {})
        refresh_states(session, item)
    return cancelled


def tell_decision(
    session: Session, item: ItemRow, unit: UnitRow, before: State, detail: dict[str, Any]
) -> None:
    """Append to the chain that an operator has changed the state of a unit."""
    append_event(
        session,
        item.batch,
        "state change",
        item=item.name,
        detail={
            "stage": unit.stage,
            "chunk": unit.chunk,
            "from": before,
            "to": unit.state,
            "by": "operator",
            **detail,
        },
    )
