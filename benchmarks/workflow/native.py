# SPDX-License-Identifier: Apache-2.0
"""The graph as one native canvas: a chord of all items, each a chain with a chord at its end."""

from __future__ import annotations

from celery import chain, chord

from benchmarks.workflow.celery_application import make_application
from benchmarks.workflow.effects import FINALIZE, STEPS, leave_effect

app = make_application("native")


@app.task
def step(name: str, item: int) -> None:
    leave_effect(name, item)


def prepare() -> None:
    """Nothing needs to be there before."""


def publish(items: int) -> None:
    """Build the whole canvas and send it."""
    validate, capture, technical_metadata, enrich = STEPS
    header = [
        chain(
            step.si(validate, item),
            chord([step.si(capture, item), step.si(technical_metadata, item)], step.si(enrich, item)),
        )
        for item in range(items)
    ]
    chord(header, step.si(FINALIZE, -1)).apply_async()
