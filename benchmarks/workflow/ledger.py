# SPDX-License-Identifier: Apache-2.0
"""The graph as a batch of Recto: four stages an item and one of the whole batch, each a row of the ledger.

Everything here is what a site does: a step of its own by entry point, a pipeline, a registered batch.
The worker is Celery's with Recto's application; the registry is SQLite as a station has it.
"""

from __future__ import annotations

from typing import Any

from archive.registry.batches import PlannedBatch, PlannedItem, register_batch
from archive.registry.stages import Per, Pipeline, StageRule
from benchmarks.workflow.effects import FINALIZE, STEPS, leave_effect
from benchmarks.workflow.ledger_records import BATCH
from workers.celery import app
from workers.dispatch import fill_and_dispatch
from workers.node import this_node
from workers.steps.step import Step
from workers.work import Work


def _leave(work: Work) -> dict[str, Any]:
    number = int(work.claim.item_name.removeprefix("item-")) if work.claim.item else -1
    leave_effect(str(work.parameters["effect"]), number)
    return {}


EFFECT = Step(run=_leave)


def pipeline() -> Pipeline:
    """Validate; capture and technical metadata beside each other; enrich; and one stage of the whole batch."""
    first, left, right, joining = STEPS

    def stage(effect: str, *after: str, per: Per = Per.ITEM) -> StageRule:
        named = tuple(f"bench-{name}" for name in after)
        return StageRule(f"bench-{effect}", "effect", per, named, parameters={"effect": effect})

    return Pipeline(
        "graph",
        "Graph",
        "1",
        (
            stage(first),
            stage(left, first),
            stage(right, first),
            stage(joining, left, right),
            stage(FINALIZE, joining, per=Per.BATCH),
        ),
    )


def publish(items: int) -> None:
    """Register the batch, and send what the window takes."""
    node = this_node()
    planned = PlannedBatch(
        id=BATCH,
        station=node.settings.station,
        institution="Benchmark",
        manifest={},
        manifest_sha256="0" * 64,
        manifest_path="graph.yaml",
        items=[PlannedItem(f"item-{number}", {}, []) for number in range(items)],
        chunk_pages=50,
        pipeline=pipeline(),
    )
    with node.registry.transaction() as session:
        register_batch(session, planned)
    fill_and_dispatch(app, node)
