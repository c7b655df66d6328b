# SPDX-License-Identifier: Apache-2.0
"""The Celery task that audits kept copies when the schedule says so."""

from __future__ import annotations

from workers.celery import app
from workers.node import this_node
from workers.nodes.stopping import stopping
from workers.receiving.audit_report import AuditRequest
from workers.receiving.audits import audit_copies

AUDIT_TASK = "recto.audit-fixity"
"""As the schedule calls it (`workers.schedules`)."""


@app.task(name=AUDIT_TASK)
def audit_fixity_task() -> str:
    """Audit the copies whose turn it is, until the run's share or time is used up or the worker stops."""
    node = this_node()
    policy = node.settings.fixity
    request = AuditRequest(most_seconds=60 * policy.minutes_per_run, repair=policy.repair)
    return audit_copies(node, request, stopped=stopping.has_begun).outcome
