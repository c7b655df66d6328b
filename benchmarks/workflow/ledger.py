# SPDX-License-Identifier: Apache-2.0
"""The graph as a batch of Recto: four stages an item and one of the whole batch, each a row of the ledger.

Everything here is what a site does: a step of its own by entry point, a pipeline, a registered batch.
The worker is Celery's with Recto's application; the registry is SQLite as a station has it.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

from archive.registry.batches import PlannedBatch, PlannedItem, register_batch
from archive.registry.ledger import Claim
from archive.registry.stages import Per, Pipeline, StageRule
from benchmarks.workflow.effects import DIE_AFTER_RESULT, FINALIZE, STEPS, leave_effect
from benchmarks.workflow.ledger_records import BATCH
from workers.celery import app
from workers.dispatch import fill_and_dispatch
from workers.node import this_node
from workers.onward import Onward, Taken
from workers.steps.step import Step
from workers.work import Work


def _leave(work: Work) -> dict[str, Any]:
    number = int(work.claim.item_name.removeprefix("item-")) if work.claim.item else -1
    leave_effect(str(work.parameters["effect"]), number)
    return {}


EFFECT = Step(run=_leave)


def _die_after_commit(once: Path) -> None:
    """Let the process die that has recorded the end of the first task with a chord, before it tells anybody."""
    before = Onward.committed

    def committed(self: Onward, done: Claim, taken: Taken | None) -> None:
        if done.stage == f"bench-{STEPS[1]}":
            try:
                once.touch(exist_ok=False)
            except FileExistsError:
                pass
            else:
                os.kill(os.getpid(), signal.SIGKILL)
        before(self, done, taken)

    Onward.committed = committed  # type: ignore[method-assign]


if os.environ.get(DIE_AFTER_RESULT):
    _die_after_commit(Path(os.environ[DIE_AFTER_RESULT]))


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


def prepare() -> None:
    """Open the registry."""
    with this_node().registry.reading():
        pass


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
