# SPDX-License-Identifier: Apache-2.0
"""The Celery tasks of the schedule that give back and delete: the restore drill, and deletions that are due."""

from __future__ import annotations

from archive.progress import Progress
from workers.celery import app
from workers.node import this_node
from workers.nodes.stopping import WorkerStops, stopping
from workers.receiving.deletions import execute_deletions
from workers.receiving.drills import run_drill

DRILL_TASK = "recto.restore-drill"
DELETIONS_TASK = "recto.execute-deletions"
"""As the schedule calls them (`workers.schedules`)."""


@app.task(name=DRILL_TASK)
def restore_drill_task() -> str:
    """Restore and validate a random object, unless the worker stops meanwhile."""

    def listen(_: Progress) -> None:
        if stopping.has_begun():
            raise WorkerStops

    try:
        return run_drill(this_node(), listen).outcome
    except WorkerStops:
        return "stopped"


@app.task(name=DELETIONS_TASK)
def execute_deletions_task() -> int:
    """Carry out the deletions that are due; returns how many were ended."""
    return sum(each.executed for each in execute_deletions(this_node()))
