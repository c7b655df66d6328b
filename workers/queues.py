# SPDX-License-Identifier: Apache-2.0
"""Which queue the messages of a stage go to, and what their task is called."""

from __future__ import annotations

from archive.registry.stages import SHIPPED, StageRule

CAPTURE = "capture"
"""In a pipeline, the queue of the station that the batch belongs to."""

SITE_STEP_TASK = "recto.step"
"""The task of every step that does not come with Recto."""


def task_name(step: str) -> str:
    """The Celery name of the task that does a step."""
    return f"recto.{step}" if step in SHIPPED else SITE_STEP_TASK


def capture_queue(station: str) -> str:
    """The queue of the station that owns the devices."""
    return f"capture.{station}"


def queue_of(rule: StageRule, station: str) -> str:
    """The queue of a stage's messages.

    Args:
        rule: The stage.
        station: The station that the batch belongs to.
    """
    return capture_queue(station) if rule.queue == CAPTURE else rule.queue
