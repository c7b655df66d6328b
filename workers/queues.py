# SPDX-License-Identifier: Apache-2.0
"""Which queue each stage's messages go to, and what its task is called."""

from __future__ import annotations

from archive.registry.stages import Stage

QUEUES: dict[Stage, str] = {
    Stage.VALIDATE: "default",
    # capture goes to capture.<station>, chosen for each batch when it is dispatched
    Stage.CAPTURE: "capture",
    Stage.CHARACTERISE: "compute_intensive",
    Stage.ENRICH: "compute_intensive",
    Stage.OCR: "compute_intensive",
    Stage.ASSEMBLE: "compute_intensive",
    Stage.BAG: "io_bound",
    Stage.UPLOAD: "io_bound",
    Stage.CONFIRM: "io_bound",
}


def task_name(stage: Stage) -> str:
    """The Celery name of a stage's task."""
    return f"recto.{stage}"


def capture_queue(station: str) -> str:
    """The queue of the station that owns the devices."""
    return f"capture.{station}"
