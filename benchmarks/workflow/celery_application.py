# SPDX-License-Identifier: Apache-2.0
"""A Celery application with Recto's settings for the two engines that run without its ledger."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

from celery import Celery
from celery.backends.base import Backend

from benchmarks.workflow.effects import DIE_AFTER_RESULT
from workers.celery_settings import celery_settings

BROKER = "BENCHMARK_BROKER"
RESULTS = "BENCHMARK_RESULTS"

NOT_OURS = ("task_routes", "beat_schedule", "task_annotations", "task_ignore_result", "result_backend")
"""What these engines cannot use; all else, such as late acknowledgement, is the same for all three."""


def make_application(name: str) -> Celery:
    """An application that keeps the result of each task, in Redis."""
    settings = celery_settings(os.environ[BROKER], os.environ[RESULTS], reconcile_seconds=60.0)
    application = Celery(name)
    application.conf.update({key: value for key, value in settings.items() if key not in NOT_OURS})
    application.conf.update(result_backend=os.environ[RESULTS], worker_enable_remote_control=False)
    if os.environ.get(DIE_AFTER_RESULT):
        die_after_result(Path(os.environ[DIE_AFTER_RESULT]))
    return application


def die_after_result(once: Path) -> None:
    """Let the process die that stores the result of the first task with a chord, once."""
    before = Backend.mark_as_done

    def mark_as_done(self: Any, task_id: str, result: Any, request: Any = None, **options: Any) -> None:
        if request is not None and request.args and request.args[0] == "capture":
            self.store_result(task_id, result, "SUCCESS", request=request)
            try:
                once.touch(exist_ok=False)
            except FileExistsError:
                pass
            else:
                os.kill(os.getpid(), signal.SIGKILL)
        before(self, task_id, result, request=request, **options)

    Backend.mark_as_done = mark_as_done
