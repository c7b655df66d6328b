# SPDX-License-Identifier: Apache-2.0
"""What there is to do and what stands still, over all batches: for those who watch, and for a station that may end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from archive.registry.clock import now_seconds
from archive.registry.pipelines import rule_of
from archive.registry.predecessors import predecessors_are_done
from archive.registry.scanners import waiting_for_operator
from archive.registry.stage_holds import OPERATOR, going_on, held_stages
from archive.registry.states import State
from archive.registry.tables import BatchRow, ItemRow, UnitRow

OPEN = (State.WAITING, State.QUEUED, State.RUNNING)
"""States in which something may still happen by itself."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Units that failed for one reason, or try again after it.

    Attributes:
        code: The reason.
        stopped: How many rest until a person acts.
        retrying: How many try again by themselves.
        batches: The batches that they belong to, sorted.
        example: One of the errors as JSON.
    """

    code: str
    stopped: int
    retrying: int
    batches: tuple[str, ...]
    example: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Workload:
    """The units of all batches in numbers.

    Attributes:
        waiting: Units that were sent and that nobody has begun.
        running: Units in work.
        oldest_waiting: Seconds since the first of the waiting ones was sent; None where none waits.
    """

    waiting: int
    running: int
    oldest_waiting: float | None


def workload(session: Session) -> Workload:
    """Count what was sent to the workers and what they do now."""
    sent_on = or_(UnitRow.item.is_(None), and_(ItemRow.in_flight, ItemRow.on_hold.is_(None)))
    queued = (
        select(func.count(), func.min(UnitRow.dispatched_at))
        .outerjoin(ItemRow, ItemRow.id == UnitRow.item)
        .where(UnitRow.state == State.QUEUED, sent_on)
    )
    waiting, oldest = session.execute(queued).one()
    running = session.scalar(select(func.count()).where(UnitRow.state == State.RUNNING)) or 0
    return Workload(waiting, running, None if oldest is None else max(0.0, now_seconds() - oldest))


def troubles(session: Session) -> list[Trouble]:
    """What units stand still for, or try again after; the most frequent reason first."""
    code = UnitRow.error["code"].as_string().label("code")
    query = (
        select(
            code,
            UnitRow.state,
            UnitRow.batch,
            func.count().label("units"),
            func.max(UnitRow.id).label("unit"),
        )
        .where(UnitRow.state.in_([State.FAILED, State.HELD, State.WAITING, State.QUEUED]), code.is_not(None))
        .group_by(code, UnitRow.state, UnitRow.batch)
    )
    rows: dict[str, list[Any]] = {}
    for row in session.execute(query):
        rows.setdefault(row.code, []).append(row)
    found = [_trouble(session, reason, of_reason) for reason, of_reason in rows.items()]
    return sorted(found, key=lambda trouble: (-trouble.stopped - trouble.retrying, trouble.code))


def _trouble(session: Session, code: str, rows: list[Any]) -> Trouble:
    stopped = sum(row.units for row in rows if row.state in {State.FAILED, State.HELD})
    newest = session.get_one(UnitRow, max(row.unit for row in rows))
    return Trouble(
        code=code,
        stopped=stopped,
        retrying=sum(row.units for row in rows) - stopped,
        batches=tuple(sorted({row.batch for row in rows})),
        example=dict(newest.error or {}),
    )


def has_open_work(session: Session, station: str, window: int) -> bool:
    """Whether anything of a station goes on by itself: units run, or items are or can be sent to its workers.

    Items that are on hold or stand before a stage that is, are settled, or wait for a scanner that another item's sheets lie on do not count,
    and neither does a stage of a whole batch that stands on an item which has stopped.

    Args:
        session: A session for reading.
        station: The station.
        window: How many of its items may be in flight at once.
    """
    of_station = (
        select(ItemRow).join(BatchRow, BatchRow.id == ItemRow.batch).where(BatchRow.station == station)
    )
    if _something_runs(session, station):
        return True
    # what a disk or the workers hold goes on by itself, what an operator holds does not
    startable = of_station.where(
        ItemRow.state.in_(OPEN), ItemRow.on_hold.is_(None), going_on(session, by=(OPERATOR,))
    )
    in_flight = list(session.scalars(startable.where(ItemRow.in_flight)))
    if any(waiting_for_operator(session, item) is None for item in in_flight):
        return True
    waiting = startable.where(~ItemRow.in_flight).with_only_columns(ItemRow.id)
    if len(in_flight) < window and session.scalar(waiting.limit(1)) is not None:
        return True
    return _a_batch_goes_on(session, station)


def _something_runs(session: Session, station: str) -> bool:
    query = (
        select(UnitRow.id)
        .join(BatchRow, BatchRow.id == UnitRow.batch)
        .outerjoin(ItemRow, ItemRow.id == UnitRow.item)
        .where(
            BatchRow.station == station,
            UnitRow.state == State.RUNNING,
            or_(UnitRow.lease_until > now_seconds(), ItemRow.on_hold.is_(None)),
        )
    )
    return session.scalar(query.limit(1)) is not None


def _a_batch_goes_on(session: Session, station: str) -> bool:
    """Whether a stage of any whole batch of a station waits for nothing but a worker."""
    batches = select(BatchRow.id).join(UnitRow, UnitRow.batch == BatchRow.id)
    batches = batches.where(BatchRow.station == station, UnitRow.item.is_(None), UnitRow.state.in_(OPEN))
    return any(whole_goes_on(session, batch) for batch in session.scalars(batches.distinct()))


def whole_goes_on(session: Session, batch: str) -> bool:
    """Whether a stage of a whole batch runs, or waits for nothing but a worker."""
    query = select(UnitRow).where(UnitRow.batch == batch, UnitRow.item.is_(None), UnitRow.state.in_(OPEN))
    held = held_stages(session, batch)
    return any(
        row.stage not in held and predecessors_are_done(session, row, rule_of(session, row))
        for row in session.scalars(query)
    )
