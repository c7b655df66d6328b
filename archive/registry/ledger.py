# SPDX-License-Identifier: Apache-2.0
"""The ledger of units: claim, lease, fencing token, and how a unit ends.

Nothing here depends on a message. A claim is a compare-and-set; a second delivery of the same
message finds the claim taken. Every later write of the claimant names its fencing token, so a
worker that was thought dead and wakes up changes nothing.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from archive.errors import LeaseLost
from archive.registry.clock import now_seconds
from archive.registry.events import append_event, lock_batch
from archive.registry.scanners import scanner_holder
from archive.registry.stages import RULES, Stage
from archive.registry.states import State, require_legal, state_of_whole
from archive.registry.tables import BatchRow, ItemRow, UnitRow

BACKOFF_BASE = 2.0
"""Seconds before the second attempt; doubled with each further one."""
BACKOFF_CAP = 300.0
"""Seconds that no waiting time exceeds."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to run one unit, until the lease ends or another claim has a higher token.

    Attributes:
        unit: Key of the unit.
        batch: Id of the batch.
        item: Key of the item.
        item_name: Id of the item within its batch.
        stage: The stage to run.
        chunk: Which chunk of pages, 0 where the stage has one unit.
        token: Fencing token; rises with each claim of the unit.
        attempt: 1 for the first attempt.
        owner: Who claimed: host, process and task.
    """

    unit: int
    batch: str
    item: int
    item_name: str
    stage: Stage
    chunk: int
    token: int
    attempt: int
    owner: str


def claim(
    session: Session, unit: int, owner: str, *, lease_seconds: float, max_attempts: int
) -> Claim | None:
    """Claim a unit, when it is there to be claimed.

    Returns:
        The claim, or None when the unit is done, settled, running under a live lease, waiting for
        its time, when a stage it stands on is not done, or when its item is on hold.
    """
    row = _locked(session, unit)
    if row is None or not _claimable(session, row):
        return None
    item = session.get_one(ItemRow, row.item)
    if row.attempts >= max_attempts:
        error = row.error or {
            "code": "worker.lost",
            "message": f"The {row.stage} stage was begun {row.attempts} times and its worker died each time.",
            "consequence": "The item stands still; its finished stages are kept.",
            "remedy": "Look into the worker's log, mend the cause, then: recto batch retry.",
            "retry": "after_operator",
            "facts": {},
        }
        _settle(session, row, item, State.FAILED, error=error)
        return None
    require_legal(State(row.state), State.RUNNING)
    moment = now_seconds()
    taken = session.execute(
        update(UnitRow)
        .where(UnitRow.id == unit, UnitRow.token == row.token, UnitRow.state == row.state)
        .values(
            state=State.RUNNING,
            token=row.token + 1,
            attempts=row.attempts + 1,
            owner=owner,
            lease_until=moment + lease_seconds,
            started_at=moment,
            finished_at=None,
        )
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        return None
    before = row.state
    session.refresh(row)
    _tell(session, row, item, before)
    return Claim(
        unit=row.id,
        batch=item.batch,
        item=item.id,
        item_name=item.name,
        stage=Stage(row.stage),
        chunk=row.chunk,
        token=row.token,
        attempt=row.attempts,
        owner=owner,
    )


def _locked(session: Session, unit: int) -> UnitRow | None:
    """A unit's row, locked, its batch's row before it (see `lock_batch`)."""
    batch = session.scalar(
        select(ItemRow.batch).join(UnitRow, UnitRow.item == ItemRow.id).where(UnitRow.id == unit)
    )
    if batch is None:
        return None
    lock_batch(session, batch)
    query = select(UnitRow).where(UnitRow.id == unit).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def _claimable(session: Session, row: UnitRow) -> bool:
    state, moment = State(row.state), now_seconds()
    if state is State.RUNNING:
        if row.lease_until > moment:
            return False
    elif state not in {State.WAITING, State.QUEUED} or row.next_attempt_at > moment:
        return False
    return session.get_one(ItemRow, row.item).on_hold is None and stands_on_done_work(session, row)


def stands_on_done_work(session: Session, row: UnitRow) -> bool:
    """Whether all that this unit stands on is done."""
    rule = RULES[Stage(row.stage)]
    if rule.after is None:
        return True
    query = select(UnitRow.id).where(
        UnitRow.item == row.item, UnitRow.stage == rule.after, UnitRow.state != State.DONE
    )
    if rule.same_chunk:
        query = query.where(UnitRow.chunk == row.chunk)
    if session.scalar(query.limit(1)) is not None:
        return False
    return not rule.in_order or (_earlier_chunks_are_done(session, row) and _scanner_is_free(session, row))


def _earlier_chunks_are_done(session: Session, row: UnitRow) -> bool:
    query = select(UnitRow.id).where(
        UnitRow.item == row.item,
        UnitRow.stage == row.stage,
        UnitRow.chunk < row.chunk,
        UnitRow.state != State.DONE,
    )
    return session.scalar(query.limit(1)) is None


def _scanner_is_free(session: Session, row: UnitRow) -> bool:
    item = session.get_one(ItemRow, row.item)
    return item.device is None or scanner_holder(session, item) is None


def require_lease(session: Session, held: Claim) -> UnitRow:
    """The claimed unit's row, locked, when the claim still counts.

    Call it first in every transaction that writes a unit's effects.

    Raises:
        LeaseLost: Another claim was made since, or the unit was cancelled.
    """
    row = _locked(session, held.unit)
    if row is None or row.token != held.token or row.state != State.RUNNING:
        raise LeaseLost(
            f"Unit {held.unit} ({held.stage} of {held.batch}/{held.item_name}) was taken over or cancelled."
        )
    return row


def renew(session: Session, held: Claim, *, lease_seconds: float) -> None:
    """Lengthen a lease from now.

    Raises:
        LeaseLost: See `require_lease`.
    """
    require_lease(session, held).lease_until = now_seconds() + lease_seconds


def complete(session: Session, held: Claim, result: dict[str, Any]) -> None:
    """Record a unit as done.

    Raises:
        LeaseLost: See `require_lease`.
    """
    row = require_lease(session, held)
    row.error = None
    _settle(session, row, session.get_one(ItemRow, row.item), State.DONE, result=result)


def hold(session: Session, held: Claim, error: dict[str, Any]) -> None:
    """Put a unit aside until the operator decides.

    Raises:
        LeaseLost: See `require_lease`.
    """
    row = require_lease(session, held)
    _settle(session, row, session.get_one(ItemRow, row.item), State.HELD, error=error)


def fail(session: Session, held: Claim, error: dict[str, Any], *, max_attempts: int) -> State:
    """Record a failed attempt: the unit waits for another, or is failed or held for good.

    Args:
        session: The transaction.
        held: The claim whose attempt failed.
        error: The error as JSON with `retry` being auto, reopen, after_operator or never.
        max_attempts: How many attempts a unit has.

    Returns:
        The unit's new state.

    Raises:
        LeaseLost: See `require_lease`.
    """
    row = require_lease(session, held)
    item = session.get_one(ItemRow, row.item)
    if error["retry"] in {"auto", "reopen"} and row.attempts < max_attempts:
        row.next_attempt_at = now_seconds() + backoff(row.attempts)
        return _settle(session, row, item, State.WAITING, error=error)
    state = State.HELD if error["retry"] == "after_operator" else State.FAILED
    return _settle(session, row, item, state, error=error)


def release(session: Session, held: Claim) -> None:
    """Give a unit back unfinished, at once and without counting the attempt: a warm shutdown.

    Raises:
        LeaseLost: See `require_lease`.
    """
    row = require_lease(session, held)
    row.attempts -= 1
    _settle(session, row, session.get_one(ItemRow, row.item), State.WAITING)


def backoff(attempts: int) -> float:
    """Seconds to wait before the next attempt: exponential with full jitter and a cap.

    See M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
    """
    longest = min(BACKOFF_CAP, BACKOFF_BASE * 2 ** (attempts - 1))
    return random.uniform(BACKOFF_BASE / 2, longest)  # noqa: S311 (spreads load, keeps no secret)


def _settle(
    session: Session,
    row: UnitRow,
    item: ItemRow,
    state: State,
    *,
    result: dict[str, Any] | None = None,
    error: dict[str, Any] | None = None,
) -> State:
    before = State(row.state)
    require_legal(before, state)
    row.state = state
    row.lease_until = 0.0
    row.owner = ""
    row.finished_at = now_seconds()
    if result is not None:
        row.result = result
    if error is not None:
        row.error = error
    _tell(session, row, item, before)
    return state


def _tell(session: Session, row: UnitRow, item: ItemRow, before: str) -> None:
    session.flush()
    refresh_states(session, item)
    append_event(
        session,
        item.batch,
        "state change",
        item=item.name,
        outcome="fail" if row.state == State.FAILED else "success",
        detail={
            "stage": row.stage,
            "chunk": row.chunk,
            "from": before,
            "to": row.state,
            "attempt": row.attempts,
            "error": row.error if row.state in {State.FAILED, State.HELD, State.WAITING} else None,
        },
    )


def refresh_states(session: Session, item: ItemRow) -> None:
    """Bring the states of an item and its batch in line with the item's units."""
    units = session.scalars(select(UnitRow.state).where(UnitRow.item == item.id))
    item.state = state_of_whole(State(state) for state in units)
    if item.state in {State.DONE, State.FAILED, State.HELD, State.CANCELLED}:
        item.in_flight = False
    session.flush()
    items = session.scalars(select(ItemRow.state).where(ItemRow.batch == item.batch).distinct())
    session.get_one(BatchRow, item.batch).state = state_of_whole(State(state) for state in items)
    session.flush()
