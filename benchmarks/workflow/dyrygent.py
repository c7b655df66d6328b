# SPDX-License-Identifier: Apache-2.0
"""The graph as a workflow of celery-dyrygent, whose processor looks every second, the fastest it can."""

from __future__ import annotations

from celery import chain, chord
from celery_dyrygent.tasks import register_workflow_processor
from celery_dyrygent.workflows import Workflow

from benchmarks.workflow.celery_application import make_application
from benchmarks.workflow.effects import FINALIZE, STEPS, leave_effect

app = make_application("dyrygent")
register_workflow_processor(app)


@app.task
def step(name: str, item: int) -> None:
    leave_effect(name, item)


def prepare() -> None:
    """Nothing needs to be there before."""


def publish(items: int) -> None:
    """Build the whole workflow and send its processor."""
    validate, capture, technical_metadata, enrich = STEPS
    workflow = Workflow()
    workflow.set_retry_policy("random", 1, 1)
    last = []
    for item in range(items):
        canvas = chain(
            step.si(validate, item),
            chord([step.si(capture, item), step.si(technical_metadata, item)], step.si(enrich, item)),
        )
        last += workflow.add_celery_canvas(canvas)
    workflow.add_celery_canvas(step.si(FINALIZE, -1), last)
    workflow.apply_async()
