# SPDX-License-Identifier: Apache-2.0
"""The ledger of units: claim, lease, fencing token, and how a unit ends.

Nothing here depends on a message. A claim is a compare-and-set; a second delivery of the same
message finds the claim taken. Every later write of the claimant names its fencing token, so a
worker that was thought dead and wakes up changes nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.errors import LeaseLost
from archive.registry.clock import now_seconds
from archive.registry.events import append_event, lock_batch
from archive.registry.pipelines import pipeline_of, rule_of
from archive.registry.predecessors import earlier_chunks_are_done, predecessors_are_done
from archive.registry.scanners import scanner_holder
from archive.registry.stage_holds import held_stages
from archive.registry.stages import StageRule
from archive.registry.states import State, require_legal, state_of_whole
from archive.registry.tables import ItemRow, UnitRow
from archive.registry.telling import STOPPED, tell_stopped
from archive.registry.unit_facts import (
    UnitFacts,
    begin,
    end,
    lengthen,
    read_facts,
    states_of_item,
)
from archive.registry.whole_states import ENDED, refresh_batch, refresh_begun, refresh_item

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
        item: Key of the item; 0 where the stage is of the whole batch.
        item_name: Id of the item within its batch; "" where the stage is of the whole batch.
        stage: Name of the stage to run.
        chunk: Which chunk of pages, 0 where the stage has one unit.
        token: Fencing token; rises with each claim of the unit.
        attempt: 1 for the first attempt.
        owner: Who claimed: host, process and task.
        after_loss: Whether the attempt before ended with its worker, and nobody knows why.
    """

    unit: int
    batch: str
    item: int
    item_name: str
    stage: str
    chunk: int
    token: int
    attempt: int
    owner: str
    after_loss: bool = False


def claim(
    session: Session,
    unit: int,
    owner: str,
    *,
    lease_seconds: float,
    max_attempts: int,
    found_ready: bool = False,
) -> Claim | None:
    """Claim a unit, when it is there to be claimed.

    Args:
        session: The transaction.
        unit: Key of the unit.
        owner: In whose name.
        lease_seconds: For how long, unless it is renewed.
        max_attempts: How many attempts a unit has where its stage does not say.
        found_ready: Whether this transaction has found that the unit stands on done work.

    Returns:
        The claim, or None when the unit is done, settled, running under a live lease, waiting for
        its time, when a stage it stands on is not done, or when its item or its stage is on hold.
    """
    facts = read_facts(session, unit)
    if facts is None:
        return None
    rule = pipeline_of(session, facts.batch).rule(facts.stage)
    if not _may_begin(session, facts) or not (found_ready or stands_on_done_work(session, facts, rule)):
        return None
    if facts.attempts >= (rule.attempts or max_attempts):
        _give_up_worn_out(session, facts.id, rule)
        return None
    require_legal(State(facts.state), State.RUNNING)
    moment = now_seconds()
    if not begin(session, facts, owner, moment, moment + lease_seconds):
        return None
    refresh_begun(session, facts)
    attempt = facts.attempts + 1
    _tell_change(session, facts, State.RUNNING, attempt)
    return Claim(
        unit=facts.id,
        batch=facts.batch,
        item=facts.item or 0,
        item_name=facts.item_name or "",
        stage=facts.stage,
        chunk=facts.chunk,
        token=facts.token + 1,
        attempt=attempt,
        owner=owner,
        after_loss=facts.state == State.RUNNING,
    )


def _give_up_worn_out(session: Session, unit: int, rule: StageRule) -> None:
    row = session.get_one(UnitRow, unit, populate_existing=True)
    error = row.error or {
        "code": "worker.lost",
        "message": f"The {row.stage} stage was begun {row.attempts} times and its worker died each time.",
        "consequence": "The item stands still; its finished stages are kept.",
        "remedy": "Look into the worker's log, mend the cause, then: recto batch retry.",
        "retry": "after_operator",
        "facts": {},
    }
    _give_up(session, row, item_of(session, row), rule, State.FAILED, error)


def item_of(session: Session, row: UnitRow) -> ItemRow | None:
    """The item of a unit; None where it is of the whole batch."""
    return None if row.item is None else session.get_one(ItemRow, row.item)


def state_of_unit(session: Session, unit: int) -> State | None:
    """Where a unit stands; None where there is none."""
    state = session.scalar(select(UnitRow.state).where(UnitRow.id == unit))
    return None if state is None else State(state)


def _locked(session: Session, unit: int) -> UnitRow | None:
    """A unit's row, locked, its batch's row before it (see `lock_batch`)."""
    batch = session.scalar(select(UnitRow.batch).where(UnitRow.id == unit))
    if batch is None:
        return None
    lock_batch(session, batch)
    query = select(UnitRow).where(UnitRow.id == unit).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def _may_begin(session: Session, facts: UnitFacts) -> bool:
    state, moment = State(facts.state), now_seconds()
    if state is State.RUNNING:
        if facts.lease_until > moment:
            return False
    elif state not in {State.WAITING, State.QUEUED} or facts.next_attempt_at > moment:
        return False
    if facts.on_hold is not None:
        return False
    return facts.stage not in held_stages(session, facts.batch)


def stands_on_done_work(session: Session, facts: UnitFacts, rule: StageRule) -> bool:
    """Whether all that this unit stands on is done."""
    if not predecessors_are_done(session, facts, rule):
        return False
    return not rule.in_order or (earlier_chunks_are_done(session, facts) and _scanner_is_free(session, facts))


def _scanner_is_free(session: Session, facts: UnitFacts) -> bool:
    if facts.device is None:
        return True
    return scanner_holder(session, session.get_one(ItemRow, facts.item)) is None


def require_lease(session: Session, held: Claim) -> UnitRow:
    """The claimed unit's row, locked, when the claim still counts.

    Call it first in every transaction that writes a unit's effects.

    Raises:
        LeaseLost: Another claim was made since, or the unit was cancelled.
    """
    row = _locked(session, held.unit)
    if row is None or row.token != held.token or row.state != State.RUNNING:
        raise _lost(held)
    return row


def renew(session: Session, held: Claim, *, lease_seconds: float) -> None:
    """Lengthen a lease from now.

    Raises:
        LeaseLost: See `require_lease`.
    """
    _require_facts(session, held)
    lengthen(session, held.unit, now_seconds() + lease_seconds)


def complete(session: Session, held: Claim, result: dict[str, Any]) -> State | None:
    """Record a unit as done.

    Returns:
        The state of its item; None for a unit of the whole batch.

    Raises:
        LeaseLost: See `require_lease`.
    """
    facts = _require_facts(session, held)
    require_legal(State(facts.state), State.DONE)
    end(session, held.unit, result, now_seconds())
    state = refresh_item(session, facts)
    _tell_change(session, facts, State.DONE, facts.attempts, skipped="skipped" in result)
    return state


def _require_facts(session: Session, held: Claim) -> UnitFacts:
    facts = read_facts(session, held.unit)
    if facts is None or facts.token != held.token or facts.state != State.RUNNING:
        raise _lost(held)
    return facts


def _lost(held: Claim) -> LeaseLost:
    return LeaseLost(
        f"Unit {held.unit} ({held.stage} of {held.batch}/{held.item_name}) was taken over or cancelled."
    )


def hold(session: Session, held: Claim, error: dict[str, Any]) -> None:
    """Put a unit aside until the operator decides.

    Raises:
        LeaseLost: See `require_lease`.
    """
    row = require_lease(session, held)
    _settle(session, row, item_of(session, row), State.HELD, error=error)


def fail(session: Session, held: Claim, error: dict[str, Any], *, max_attempts: int) -> State:
    """Record a failed attempt: the unit waits for another, or is failed or held for good.

    A unit of an optional stage is done instead, with the error as the reason why it was skipped.

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
    item = item_of(session, row)
    rule = rule_of(session, row)
    if error["retry"] in {"auto", "reopen"} and row.attempts < (rule.attempts or max_attempts):
        # a server may have said how long it wants to be left alone
        asked = float(error.get("facts", {}).get("not_before_seconds", 0.0))
        row.next_attempt_at = now_seconds() + max(backoff(row.attempts), asked)
        return _settle(session, row, item, State.WAITING, error=error)
    state = State.HELD if error["retry"] == "after_operator" else State.FAILED
    return _give_up(session, row, item, rule, state, error)


def release(session: Session, held: Claim, *, after_seconds: float = 0.0) -> None:
    """Give a unit back unfinished, without counting the attempt: its worker stops, or cannot do it.

    Args:
        session: The transaction.
        held: The claim.
        after_seconds: From when another worker may take it; whoever reconciles then sends it.

    Raises:
        LeaseLost: See `require_lease`.
    """
    row = require_lease(session, held)
    row.attempts -= 1
    row.next_attempt_at = now_seconds() + after_seconds
    _settle(session, row, item_of(session, row), State.WAITING)


def backoff(attempts: int) -> float:
    """Seconds to wait before the next attempt: exponential with full jitter and a cap.

    See M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
    """
    longest = min(BACKOFF_CAP, BACKOFF_BASE * 2 ** (attempts - 1))
    return random.uniform(BACKOFF_BASE / 2, longest)  # noqa: S311 (spreads load, keeps no secret)


def _give_up(
    session: Session,
    row: UnitRow,
    item: ItemRow | None,
    rule: StageRule,
    state: State,
    error: dict[str, Any],
) -> State:
    if not rule.optional:
        return _settle(session, row, item, state, error=error)
    if State(row.state) is not State.RUNNING:
        # it never ran this time; the state machine knows no way from waiting to done
        _settle(session, row, item, State.RUNNING)
    return _settle(session, row, item, State.DONE, result={"skipped": error}, error=error)


def _settle(
    session: Session,
    row: UnitRow,
    item: ItemRow | None,
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
    if state in STOPPED:
        tell_stopped(session, row.batch, item.name if item else None, row.stage, row.error or {})
    return state


def _tell(session: Session, row: UnitRow, item: ItemRow | None, before: str) -> None:
    session.flush()
    refresh_states(session, row.batch, item)
    told = {State.FAILED, State.HELD, State.WAITING}
    skipped = row.state == State.DONE and row.result is not None and "skipped" in row.result
    _append(
        session,
        row.batch,
        item.name if item else None,
        Change(row.stage, row.chunk, before, State(row.state), row.attempts),
        error=row.error if row.state in told or skipped else None,
        skipped=skipped,
    )


def _tell_change(
    session: Session, facts: UnitFacts, after: State, attempt: int, *, skipped: bool = False
) -> None:
    change = Change(facts.stage, facts.chunk, facts.state, after, attempt)
    _append(session, facts.batch, facts.item_name, change, skipped=skipped)


class Change(NamedTuple):
    """A change of state, as the chain tells it."""

    stage: str
    chunk: int
    before: str
    after: State
    attempt: int


def _append(
    session: Session,
    batch: str,
    item: str | None,
    change: Change,
    *,
    error: dict[str, Any] | None = None,
    skipped: bool = False,
) -> None:
    append_event(
        session,
        batch,
        "state change",
        item=item,
        outcome="fail" if change.after is State.FAILED else "warning" if skipped else "success",
        detail={
            "stage": change.stage,
            "chunk": change.chunk,
            "from": change.before,
            "to": change.after,
            "attempt": change.attempt,
            "error": error,
        },
    )


def refresh_states(session: Session, batch: str, item: ItemRow | None = None) -> None:
    """Bring the states of a batch, and of an item of it, in line with the units."""
    refresh_items(session, batch, [] if item is None else [item])


def refresh_items(session: Session, batch: str, items: Iterable[ItemRow]) -> None:
    """Bring the states of a batch, and of items of it, in line with the units."""
    session.flush()
    for item in items:
        state = state_of_whole(states_of_item(session, item.id))
        item.state = state
        if state in ENDED:
            item.in_flight = False
    session.flush()
    refresh_batch(session, batch)
