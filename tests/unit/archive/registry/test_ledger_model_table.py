# SPDX-License-Identifier: Apache-2.0
"""What becomes of a unit in each state by each thing that can be done to it: the whole table, on the ledger itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from archive.errors import LeaseLost, StorageError
from archive.registry import Registry, Session, ledger
from archive.registry.batches import PlannedBatch
from archive.registry.clock import now_seconds
from archive.registry.decisions import ACCEPTABLE, accept_held, cancel_batch, retry_stopped, retry_units
from archive.registry.dispatching import end_leases, mark_dispatched
from archive.registry.ledger import Claim
from archive.registry.stages import Stage
from archive.registry.states import LEGAL, State
from archive.registry.tables import ItemRow, UnitRow

TOKEN = 7
OWNER = "host:1:task"
ERROR = StorageError("It went wrong.").to_json()

Deed = Callable[[Session, Claim], object]


def again(session: Session, held: Claim, *, max_attempts: int = 4) -> object:
    return ledger.claim(session, held.unit, "other", lease_seconds=60, max_attempts=max_attempts)


def again_after_its_lease(session: Session, held: Claim) -> object:
    end_leases(session, {held.unit: OWNER})
    return again(session, held)


def again_with_no_attempts_left(session: Session, held: Claim) -> object:
    end_leases(session, {held.unit: OWNER})
    return again(session, held, max_attempts=1)


def fail_for(retry: str, max_attempts: int = 4) -> Deed:
    error = {**ERROR, "retry": retry}
    return lambda session, held: ledger.fail(session, held, error, max_attempts=max_attempts)


DEEDS: dict[str, Deed] = {
    "sent": lambda session, held: mark_dispatched(session, [held.unit]),
    "claimed": again,
    "claimed after its lease": again_after_its_lease,
    "claimed too often": again_with_no_attempts_left,
    "renewed": lambda session, held: ledger.renew(session, held, lease_seconds=60),
    "completed": lambda session, held: ledger.complete(session, held, {}),
    "held": lambda session, held: ledger.hold(session, held, ERROR),
    "failed, worth retrying": fail_for("auto"),
    "failed, for a person": fail_for("after_operator"),
    "failed, for good": fail_for("never"),
    "failed once too often": fail_for("auto", max_attempts=1),
    "released": ledger.release,
    "retried": lambda session, held: retry_stopped(session, held.batch),
    "done again": lambda session, held: retry_units(session, held.batch, stage=held.stage),
    "accepted": lambda session, held: accept_held(session, held.batch, item=None, reason="Fine"),
    "cancelled": lambda session, held: cancel_batch(session, held.batch),
}

TABLE: dict[str, dict[str, str]] = {
    "sent": {"waiting": "queued"},
    "claimed": {"waiting": "running", "queued": "running"},
    "claimed after its lease": {"waiting": "running", "queued": "running", "running": "running"},
    "claimed too often": {"waiting": "failed", "queued": "failed", "running": "failed"},
    "renewed": {"running": "running"},
    "completed": {"running": "done"},
    "held": {"running": "held"},
    "failed, worth retrying": {"running": "waiting"},
    "failed, for a person": {"running": "held"},
    "failed, for good": {"running": "failed"},
    "failed once too often": {"running": "failed"},
    "released": {"running": "waiting"},
    "retried": {"held": "waiting", "failed": "waiting", "cancelled": "waiting"},
    "done again": {"done": "waiting", "held": "waiting", "failed": "waiting", "cancelled": "waiting"},
    "accepted": {"held": "done"},
    "cancelled": dict.fromkeys(("waiting", "queued", "running", "held", "failed"), "cancelled"),
}
"""What a state becomes; a state that is not named stays as it is."""
UNDER_A_CLAIM = frozenset(
    {"renewed", "completed", "held", "released"} | {name for name in DEEDS if name.startswith("failed")}
)
"""What only the holder of a claim that counts may do."""


def put(session: Session, unit: int, state: State) -> Claim:
    """Bring a unit into a state, as if it had been claimed once under `TOKEN`, and give that claim."""
    row = session.get_one(UnitRow, unit)
    row.state, row.token, row.attempts = state, TOKEN, 1
    row.owner = OWNER if state is State.RUNNING else ""
    row.lease_until = now_seconds() + 60 if state is State.RUNNING else 0.0
    row.error = {**ERROR, "code": ACCEPTABLE} if state in {State.HELD, State.FAILED} else None
    session.flush()
    item = session.get_one(ItemRow, row.item)
    ledger.refresh_states(session, row.batch, item)
    return Claim(unit, row.batch, item.id, item.name, row.stage, row.chunk, TOKEN, 1, OWNER)


@pytest.mark.parametrize("deed", list(DEEDS))
def test_each_deed_takes_a_unit_from_each_state_where_the_table_says(
    registry: Registry, batch: PlannedBatch, unit_of: Callable[..., int], deed: str
) -> None:
    unit = unit_of(Stage.VALIDATE)
    for before in State:
        with registry.transaction() as session:
            held = put(session, unit, before)
        refused = False
        try:
            with registry.transaction() as session:
                DEEDS[deed](session, held)
        except LeaseLost:
            refused = True
        with registry.reading() as session:
            row = session.get_one(UnitRow, unit)
            after = State(row.state)
        assert after == TABLE[deed].get(before, before), before
        assert after is before or after in LEGAL[before], before
        assert refused == (deed in UNDER_A_CLAIM and before is not State.RUNNING), before
        assert row.token >= TOKEN


def test_nothing_is_done_under_a_claim_that_another_has_overtaken(
    registry: Registry, batch: PlannedBatch, unit_of: Callable[..., int]
) -> None:
    unit = unit_of(Stage.VALIDATE)
    for deed in sorted(UNDER_A_CLAIM):
        with registry.transaction() as session:
            late = put(session, unit, State.RUNNING)
            again_after_its_lease(session, late)
        with pytest.raises(LeaseLost), registry.transaction() as session:
            DEEDS[deed](session, late)
        with registry.reading() as session:
            row = session.get_one(UnitRow, unit)
            assert (row.state, row.owner, row.token) == (State.RUNNING, "other", TOKEN + 1), deed
