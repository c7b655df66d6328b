# SPDX-License-Identifier: Apache-2.0
"""The steps of an ingest, by the names that its one pipeline calls them by; no pipeline of a site may."""

from __future__ import annotations

from archive.receiving.ingest_pipeline import IngestStage
from workers.steps.shipped import Loaded
from workers.steps.step import Step


def _step(stage: IngestStage, title: str, applies_to: str = "item") -> Step:
    name = stage.replace("-", "_")
    return Step(
        run=Loaded(f"workers.receiving.{name}", name),
        title=title,
        applies_to=(applies_to,),
        queue="io_bound",
    )


INGEST_STEPS: dict[str, Step] = {
    str(stage): _step(stage, *told)
    for stage, told in {
        IngestStage.RECEIVE: ("Read the bag where it arrived, once and whole",),
        IngestStage.VALIDATE_BAG: ("Judge whether the bag can be kept",),
        IngestStage.IDENTIFY: ("Tell the formats of its files, and which object it belongs to",),
        IngestStage.STORE: ("Store its files in a preservation location", "chunk"),
        IngestStage.VERIFY: ("Prove what was stored there", "chunk"),
        IngestStage.RECORD: ("Record the object's new version",),
        IngestStage.RECEIPT: ("Answer the depositor",),
        IngestStage.CLEAN_UP: ("Clear away what arrived",),
    }.items()
}
"""By the name of the stage."""
