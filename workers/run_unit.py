# SPDX-License-Identifier: Apache-2.0
"""Running one unit: claim, lease, stage, and the record of how it ended; a second delivery does nothing."""

from __future__ import annotations

import time

import structlog

from archive.errors import LeaseLost
from archive.registry import ledger
from archive.registry.ledger import Claim
from archive.registry.states import State
from archive.registry.tables import BatchRow, ItemRow
from workers.failures import describe_failure
from workers.node import Node
from workers.owners import owner_name
from workers.stages import STAGES
from workers.work import Held, Work

log = structlog.get_logger(__name__)


def run_unit(node: Node, unit: int, task: str) -> Claim | None:
    """Run a unit, when it is there to be run.

    Args:
        node: The process's settings, registry and folders.
        unit: Key of the unit.
        task: Celery's task id, for owner and logs.

    Returns:
        The claim under which it ran, or None when there was nothing to do.
    """
    limits = node.settings.ledger
    owner = owner_name(task)
    with node.registry.transaction() as session:
        claim = ledger.claim(
            session, unit, owner, lease_seconds=limits.lease_seconds, max_attempts=limits.max_attempts
        )
    if claim is None:
        log.debug("unit.nothing_to_do", unit=unit, task=task)
        return None
    with structlog.contextvars.bound_contextvars(
        batch=claim.batch,
        item=claim.item_name,
        stage=str(claim.stage),
        chunk=claim.chunk,
        unit=unit,
        task=task,
    ):
        _run_claimed(node, claim)
    return claim


def _run_claimed(node: Node, claim: Claim) -> None:
    begun = time.monotonic()
    log.info("unit.started", attempt=claim.attempt)
    work = _work(node, claim)
    try:
        with work.heartbeat():
            outcome = STAGES[claim.stage](work)
        with node.registry.transaction() as session:
            if isinstance(outcome, Held):
                ledger.hold(session, claim, outcome.error)
            else:
                ledger.complete(session, claim, outcome)
    except LeaseLost as error:
        log.warning("unit.lease_lost", message=error.message)
        return
    except (SystemExit, KeyboardInterrupt):
        # a cold shutdown: the unit is free at once, not only when its lease ends
        _give_back(node, claim)
        raise
    except Exception as error:  # noqa: BLE001 (the boundary: whatever a stage raises is recorded in the ledger)
        _record_failure(node, claim, error)
        return
    log.info(
        "unit.held" if isinstance(outcome, Held) else "unit.done", seconds=round(time.monotonic() - begun, 3)
    )


def _work(node: Node, claim: Claim) -> Work:
    with node.registry.reading() as session:
        item = session.get_one(ItemRow, claim.item)
        batch = session.get_one(BatchRow, claim.batch)
        return Work(node=node, claim=claim, item=item.description, manifest=batch.manifest)


def _give_back(node: Node, claim: Claim) -> None:
    try:
        with node.registry.transaction() as session:
            ledger.release(session, claim)
    except LeaseLost:
        log.info("unit.taken_over_already")


def _record_failure(node: Node, claim: Claim, error: Exception) -> None:
    document = describe_failure(error)
    try:
        with node.registry.transaction() as session:
            state = ledger.fail(session, claim, document, max_attempts=node.settings.ledger.max_attempts)
    except LeaseLost:
        log.info("unit.taken_over_already")
        return
    write = log.warning if state is State.WAITING else log.error
    write("unit.failed", state=str(state), code=document["code"], message=document["message"], exc_info=error)
