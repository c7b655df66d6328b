# SPDX-License-Identifier: Apache-2.0
"""What the site does again and again: which task each schedule of the settings sends, and when it is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from workers.celery_settings import SWEEP_TASK
from workers.crontab_lines import next_due, read_line
from workers.schedule_settings import ScheduleSettings

NOTIFICATION_TASK = "recto.send-notifications"
NOTIFICATION_SECONDS = 30.0
"""How often messages are sent; what nobody has to tell costs one small transaction."""

LONGEST_WAIT = 6 * 3600.0
"""Seconds after which a message that no worker took is of no use any more, however seldom its schedule is due."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Something that is done again and again.

    Attributes:
        name: As the settings call it.
        task: Name of its Celery task.
        queue: Where it is sent.
        run: Under which name it records its runs (`archive.registry.schedule_runs`); "" where it records none.
    """

    name: str
    task: str
    queue: str = "io_bound"
    run: str = ""


SCHEDULES: dict[str, Schedule] = {
    schedule.name: schedule
    for schedule in (
        Schedule("read_buckets", "recto.read-buckets"),
        Schedule("fixity", "recto.audit-fixity", run="fixity"),
        Schedule("drill", "recto.restore-drill", run="drill"),
        Schedule("registry_backup", "recto.back-up-registry", run="registry_backup"),
        Schedule("abandoned_uploads", SWEEP_TASK),
        Schedule("execute_deletions", "recto.execute-deletions"),
        Schedule("receipts", "recto.fetch-receipts"),
    )
}


def beat_entries(settings: ScheduleSettings) -> dict[str, dict[str, Any]]:
    """The entries of Celery's schedule that the settings ask for, by the names of the schedules."""
    entries: dict[str, dict[str, Any]] = {
        "send-notifications": {
            "task": NOTIFICATION_TASK,
            "schedule": NOTIFICATION_SECONDS,
            # not where hour-long uploads may have all threads; messages may be about those
            "options": {"queue": "default", "expires": 10 * NOTIFICATION_SECONDS},
        }
    }
    for name, line in settings.lines().items():
        if line:
            schedule = SCHEDULES[name]
            entries[name] = {
                "task": schedule.task,
                "schedule": read_line(line, settings.time_zone),
                "options": {"queue": schedule.queue, "expires": _expires(line, settings.time_zone)},
            }
    return entries


def unknown_entries(names: Collection[str], tasks: Collection[str]) -> list[str]:
    """Schedules whose task this Recto does not have: sent, it would be an error at a worker, again and again.

    Args:
        names: Names of the entries.
        tasks: Names of the tasks that there are.
    """
    return [name for name in names if name in SCHEDULES and SCHEDULES[name].task not in tasks]


def due_next(settings: ScheduleSettings, name: str, after: dt.datetime) -> dt.datetime | None:
    """When a schedule is due next after a moment, in UTC; None where it never is."""
    line = settings.lines()[name]
    return next_due(line, settings.time_zone, after) if line else None


def _expires(line: str, zone: str) -> float:
    """Seconds for which a message is of use: until the next one is sent."""
    first = next_due(line, zone, dt.datetime.now(dt.UTC))
    return max(60.0, min(LONGEST_WAIT, (next_due(line, zone, first) - first).total_seconds()))
