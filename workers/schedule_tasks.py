# SPDX-License-Identifier: Apache-2.0
"""The Celery tasks of the schedule that belong to the site as a whole: messages, and backups of the registry."""

from __future__ import annotations

from dataclasses import asdict

from workers.celery import app
from workers.node import this_node
from workers.notifications.delivery import deliver
from workers.registry_backup import back_up
from workers.schedules import NOTIFICATION_TASK


@app.task(name=NOTIFICATION_TASK)
def send_notifications_task() -> dict[str, int]:
    """Send what people are to be told."""
    return asdict(deliver(this_node()))


@app.task(name="recto.back-up-registry")
def back_up_registry_task() -> str:
    """Back the registry up, where a target is named for that; the backup's address, or why there is none."""
    node = this_node()
    return back_up(node).url if node.settings.backup.target else "no target is named in [backup]"
