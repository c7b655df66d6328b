# SPDX-License-Identifier: Apache-2.0
"""Which pipeline a batch goes through: the one that its manifest names, compiled, and fit for its items."""

from __future__ import annotations

from pathlib import Path

from archive.manifest.model import Manifest
from archive.registry.stages import Pipeline, Stage
from workers.errors import ManifestRefused
from workers.pipelines.catalogue import find_pipeline
from workers.pipelines.reader import compile_pipeline
from workers.settings import Settings


def pipeline_for(manifest: Manifest, path: Path, settings: Settings) -> Pipeline:
    """The pipeline of a manifest's batch.

    Args:
        manifest: The manifest.
        path: Its file; a path that it gives begins at its folder.
        settings: The settings of this station.

    Raises:
        PipelineRefused: There is none of that name, or it has problems.
        ManifestRefused: Its items cannot go through it.
    """
    folder = settings.pipelines.folder
    pipeline = compile_pipeline(
        find_pipeline(manifest.pipeline, folder=folder, beside=path.absolute().parent)
    )
    _require_fit(manifest, pipeline)
    _require_targets(manifest, pipeline, settings)
    return pipeline


def _require_fit(manifest: Manifest, pipeline: Pipeline) -> None:
    capture = pipeline.rules.get(Stage.CAPTURE)
    without = [item.id for item in manifest.items if not item.file_paths]
    if without and capture is not None and not capture.in_order:
        # sheets come off a stack in order, and a chunk that is tried again must not get those of the next
        raise ManifestRefused(
            f"The pipeline {pipeline.name} takes pages in any order, as existing files may come, and {len(without)} "
            f"items are to be scanned, such as {without[0]}.",
            remedy="Choose another pipeline, or write in_order: true for its stage capture.",
        )
    if without and capture is None:
        raise ManifestRefused(
            f"The pipeline {pipeline.name} captures nothing, and {len(without)} items name no files, "
            f"such as {without[0]}.",
            remedy="Name the files of each item under file_paths, or choose a pipeline with a stage capture.",
        )


def _require_targets(manifest: Manifest, pipeline: Pipeline, settings: Settings) -> None:
    rule = pipeline.rules.get(Stage.UPLOAD)
    known = {*settings.storage_targets(), *manifest.storage}
    strange = [name for name in (rule.parameters.get("targets", ()) if rule else ()) if name not in known]
    if strange:
        raise ManifestRefused(
            f"The pipeline {pipeline.name} sends bags to {', '.join(strange)}, which this station does not have.",
            remedy="Name the storage target in the settings, or change `targets` of the stage upload.",
        )
