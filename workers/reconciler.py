# SPDX-License-Identifier: Apache-2.0
"""Finding work whose message, callback or worker was lost, and sending it again."""

from __future__ import annotations

import structlog
from celery import Celery

from archive.registry.dispatching import end_leases, running_units, stalled_batches, stalled_items
from workers.back_pressure import apply_limits
from workers.dispatch import dispatch_batch_stages, dispatch_item, fill_and_dispatch
from workers.node import Node
from workers.owners import is_dead

log = structlog.get_logger(__name__)


def reconcile(app: Celery, node: Node, *, quiet_seconds: float | None = None) -> int:
    """Dispatch stalled items again and fill the window.

    Args:
        app: The Celery application.
        node: The process's settings, registry and folders.
        quiet_seconds: For how long an item must have been quiet; the reconciler's period when left out,
            0 at start, when nothing that was dispatched before can be counted on.

    Returns:
        How many items were dispatched.

    Raises:
        BrokerUnavailable: The broker does not take messages.
    """
    free_units_of_dead_processes(node)
    apply_limits(node)
    quiet = node.settings.ledger.reconcile_seconds if quiet_seconds is None else quiet_seconds
    with node.registry.reading() as session:
        stalled = stalled_items(session, quiet_seconds=quiet)
        batches = stalled_batches(session, quiet_seconds=quiet)
    for item in stalled:
        dispatch_item(app, node, item)
    for batch in batches:
        dispatch_batch_stages(app, node, batch)
    if stalled:
        log.info("reconciled", items=len(stalled))
    return len(stalled) + fill_and_dispatch(app, node)


def free_units_of_dead_processes(node: Node) -> int:
    """End the leases of units whose worker process on this host is dead, without waiting for their time.

    Returns:
        How many units were freed.
    """
    with node.registry.reading() as session:
        owners = running_units(session)
    dead = {unit: owner for unit, owner in owners.items() if is_dead(owner)}
    if not dead:
        return 0
    with node.registry.transaction() as session:
        freed = end_leases(session, dead)
    log.warning("units.freed", units=freed, reason="their worker process is dead")
    return freed
