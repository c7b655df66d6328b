# SPDX-License-Identifier: Apache-2.0
"""Running one unit: claim, lease, stage, and the record of how it ended; a second delivery does nothing."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from archive.errors import ArchiveError, LeaseLost, RegistryUnreachable
from archive.registry import ledger
from archive.registry.ledger import Claim
from archive.registry.postponing import postpone
from archive.registry.sending import Sending, hand_over, send_again
from archive.registry.states import State
from archive.registry.work_facts import WorkFacts, work_facts
from workers.apart import must_run_apart, run_apart
from workers.back_pressure import apply_limits
from workers.errors import CaptureWaits, StepUnknown, TimeLimitReached, WorkDelayed
from workers.failures import describe_failure
from workers.node import Node
from workers.nodes.stopping import WorkerStops, stopping
from workers.onward import Onward, Taken
from workers.owners import owner_name
from workers.pipelines.applicability import not_applicable
from workers.small_stages import stage_seconds
from workers.staging.page_files import page_files
from workers.steps.running import do_step
from workers.work import Held, Work

log = structlog.get_logger(__name__)

REGISTRY_SECONDS = 1.0
"""How often a registry is tried again that is away."""

STEP_UNKNOWN_SECONDS = 30.0
"""How long a unit waits for a node that knows its step, each time that one did not."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A unit that was run.

    Attributes:
        claim: The claim under which it ran.
        ready: What has become ready by its end and is to be sent.
    """

    claim: Claim
    ready: tuple[Sending, ...]


def run_unit(node: Node, unit: int, task: str, onward: Onward | None = None) -> Ran | None:
    """Run a unit, when it is there to be run.

    Args:
        node: The process's settings, registry and folders.
        unit: Key of the unit.
        task: Celery's task id, for owner and logs.
        onward: How the process goes on after the unit; None for waiting for messages.

    Returns:
        What came of it, or None when there was nothing to do.

    Raises:
        WorkerStops: The worker stops: the unit was not begun, or given back.
    """
    if stopping.has_begun():
        raise WorkerStops
    limits = node.settings.ledger
    owner = owner_name(task)
    with node.registry.transaction() as session:
        claim = ledger.claim(
            session, unit, owner, lease_seconds=limits.lease_seconds, max_attempts=limits.max_attempts
        )
        taken = Taken(claim, work_facts(session, claim)) if claim else None
    if taken is None:
        log.debug("unit.nothing_to_do", unit=unit, task=task)
        return None
    return run_taken(node, taken, task, onward)


def run_taken(node: Node, taken: Taken, task: str, onward: Onward | None = None) -> Ran:
    """Run a unit that this process has claimed; see `run_unit`.

    Raises:
        WorkerStops: The worker stops: the unit was given back.
    """
    claim = taken.claim
    with structlog.contextvars.bound_contextvars(
        batch=claim.batch,
        item=claim.item_name,
        stage=str(claim.stage),
        chunk=claim.chunk,
        unit=claim.unit,
        task=task,
    ):
        if must_run_apart(claim):
            return _run_apart(node, taken)
        return Ran(claim, tuple(run_claimed(node, claim, onward, taken.told)))


def _run_apart(node: Node, taken: Taken) -> Ran:
    claim = taken.claim
    try:
        run_apart(node, claim, taken.told.rule)
    except WorkerStops:
        _give_back(node, claim)
        raise
    return Ran(claim, ())


def run_claimed(
    node: Node, claim: Claim, onward: Onward | None = None, told: WorkFacts | None = None
) -> Sequence[Sending]:
    """Do a claimed unit, and record how it ended; claim what follows it where `onward` finds something.

    Returns:
        What has become ready by its end and is to be sent.

    Raises:
        WorkerStops: The worker stops: the unit was given back.
    """
    begun = time.monotonic()
    log.info("unit.started", attempt=claim.attempt)
    if onward is not None:
        onward.begin()
    try:
        work = _work(node, claim, told)
        with work.heartbeat():
            outcome = _outcome(work)
        stage_seconds.note(claim.batch, claim.stage, time.monotonic() - begun)
        ready = _record(node, claim, outcome, onward)
    except LeaseLost as error:
        log.warning("unit.lease_lost", message=error.message)
        return ()
    except (WorkerStops, SystemExit, KeyboardInterrupt):
        # the unit is free at once, not only when its lease ends
        _give_back(node, claim)
        raise
    except (WorkDelayed, RegistryUnreachable) as error:
        return _postpone(node, claim, error)
    except CaptureWaits as error:
        log.info("unit.put_back", message=error.message)
        _give_back(node, claim)
        apply_limits(node)
        return ()
    except StepUnknown as error:
        # another node may know it; `recto status` tells when none does
        log.warning("unit.step_unknown", message=error.message)
        _give_back(node, claim, after_seconds=STEP_UNKNOWN_SECONDS)
        return ()
    except Exception as error:  # noqa: BLE001 (the boundary: whatever a stage raises is recorded in the ledger)
        return _record_failure(node, claim, error)
    log.info(
        "unit.held" if isinstance(outcome, Held) else "unit.done", seconds=round(time.monotonic() - begun, 3)
    )
    return ready


def _record(
    node: Node, claim: Claim, outcome: dict[str, Any] | Held, onward: Onward | None
) -> Sequence[Sending]:
    if isinstance(outcome, Held):
        with node.registry.transaction() as session:
            ledger.hold(session, claim, outcome.error)
        return ()
    following: Taken | None = None
    with node.registry.transaction() as session:
        item = ledger.complete(session, claim, outcome)
        ready = hand_over(session, claim)
        if onward is not None:
            ready, following = onward.take(session, claim, item, ready)
    if onward is not None:
        onward.committed(claim, following)
    return ready


def _outcome(work: Work) -> dict[str, Any] | Held:
    """Do the step, if it applies."""
    reason = not_applicable(work)
    if reason:
        return {"skipped": {"code": "stage.condition", "message": reason}}
    with page_files(work):
        return do_step(work)


def _work(node: Node, claim: Claim, told: WorkFacts | None) -> Work:
    if told is None:
        with node.registry.reading() as session:
            told = work_facts(session, claim)
    return Work(
        node=node,
        claim=claim,
        item=told.item,
        manifest=told.manifest,
        rule=told.rule,
        first_page=told.first_page,
        last_page=told.last_page,
    )


def _give_back(node: Node, claim: Claim, *, after_seconds: float = 0.0) -> None:
    try:
        with node.registry.transaction() as session:
            ledger.release(session, claim, after_seconds=after_seconds)
        log.info("unit.given_back")
    except LeaseLost:
        log.info("unit.taken_over_already")


def _attempts(node: Node, error: dict[str, Any]) -> int:
    """How many attempts a unit has: one that took too long is tried once more, and not for hours on end."""
    most = node.settings.ledger.max_attempts
    return min(most, 2) if error["code"] == TimeLimitReached.code else most


def _postpone(node: Node, claim: Claim, error: ArchiveError) -> Sequence[Sending]:
    """Let the unit wait for the network or another host; however long that takes, its attempts are not used up.

    Raises:
        RegistryUnreachable: The registry stays away: the unit comes back when its lease ends.
    """
    log.warning("unit.postponed", code=error.code, message=error.message)
    until = time.monotonic() + node.settings.ledger.lease_seconds
    while True:
        try:
            with node.registry.transaction() as session:
                postpone(session, claim, error.to_json())
                again = send_again(session, claim)
        except LeaseLost:
            log.info("unit.taken_over_already")
            return ()
        except RegistryUnreachable:
            if stopping.has_begun() or time.monotonic() > until:
                raise
            # nothing else could be done here meanwhile
            time.sleep(REGISTRY_SECONDS)
        else:
            return () if again is None else (again,)


def _record_failure(node: Node, claim: Claim, error: Exception) -> Sequence[Sending]:
    document = describe_failure(error)
    try:
        with node.registry.transaction() as session:
            state = ledger.fail(session, claim, document, max_attempts=_attempts(node, document))
            again = send_again(session, claim)
            ready = [again] if again else hand_over(session, claim) if state is State.DONE else []
    except LeaseLost:
        log.info("unit.taken_over_already")
        return ()
    write = log.warning if state is State.WAITING else log.error
    write("unit.failed", state=str(state), code=document["code"], message=document["message"], exc_info=error)
    return ready
