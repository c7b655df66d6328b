# SPDX-License-Identifier: Apache-2.0
"""A manifest as this station sees it before a batch is made of it: its contents, all its problems, and what was accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import structlog

from archive.digests import digest_file
from archive.errors import BatchUnknown, ManifestAccessRefused, ManifestMissing
from archive.manifest.acceptance import AcceptedWarning, still_warned_of
from archive.manifest.checks import Tell, tell_nobody
from archive.manifest.garbage import garbage_waits
from archive.manifest.model import Manifest
from archive.manifest.problem_report import with_problem_columns
from archive.manifest.reader import Contents, Reading, in_file_order, read_with_contents
from archive.manifest.sheet_view import Marks, SheetView, marks_of, sheet_view
from archive.manifest.station_rules import StationFacts, batch_id, pipeline_name, station_problems
from archive.registry import Session
from archive.registry.batches import get_batch
from archive.registry.events import append_event
from workers.errors import ManifestRefused, PipelineRefused
from workers.node import Node
from workers.pipelines.catalogue import find_pipeline
from workers.pipelines.choice import pipeline_for

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a station knows of a manifest file before it makes a batch of it.

    Attributes:
        path: The file.
        reading: The manifest, or why there is none; the station's own problems are among its problems.
        view: The file as a person sees it.
        marks: Where the problems stand in the view.
        batch: The id that the file gives the batch; "" where it gives none.
        exists: Whether the registry has a batch of this id.
        storage: Names of the storage targets that the bags will go to.
        items: How many items the file describes, as far as it can be read.
    """

    path: Path
    reading: Reading
    view: SheetView
    marks: Marks
    batch: str
    exists: bool
    storage: tuple[str, ...]
    items: int

    @property
    def pages(self) -> int:
        """Pages to capture; 0 while there are errors."""
        manifest = self.reading.manifest
        return sum(item.pages or 0 for item in manifest.items) if manifest else 0

    @property
    def files(self) -> int:
        """Existing images to take in; 0 while there are errors."""
        manifest = self.reading.manifest
        return sum(len(item.file_paths) for item in manifest.items) if manifest else 0


def inspect_manifest(node: Node, path: Path, tell: Tell = tell_nobody) -> Inspection:
    """Read and check a manifest as `register_manifest` will, and more; nothing is created or changed.

    Args:
        node: The process's settings and registry.
        path: The manifest file.
        tell: Called with the items checked so far and all there are; may raise to end the reading.

    Raises:
        ManifestMissing, ManifestNotRegularFile, ManifestAccessRefused: The file cannot be read.
        RegistryUnreachable: Whether the batch exists already cannot be told.
    """
    with garbage_waits():
        return _inspect(node, path, tell)


def _inspect(node: Node, path: Path, tell: Tell) -> Inspection:
    reading, contents = read_with_contents(path, tell)
    targets = node.settings.storage_targets()
    name = batch_id(contents.draft) if contents.draft is not None else ""
    taken_by = _manifest_of(node, name) if name else None
    if contents.draft is not None:
        pipeline = _pipeline_problem(node, path, pipeline_name(contents.draft), reading.manifest)
        facts = StationFacts(tuple(targets), taken_by or "", pipeline)
        reading = _with_station(reading, contents, facts)
    manifest = reading.manifest
    storage = tuple(manifest.storage) if manifest is not None and manifest.storage else tuple(sorted(targets))
    view = sheet_view(contents)
    return Inspection(
        path=path,
        reading=reading,
        view=view,
        marks=marks_of(view, reading.problems),
        batch=name,
        exists=taken_by is not None,
        storage=storage,
        items=len(contents.draft.items) if contents.draft is not None else 0,
    )


def _pipeline_problem(node: Node, path: Path, name: str, manifest: Manifest | None) -> tuple[str, str] | None:
    """What is wrong with the pipeline of a manifest, as far as the manifest can be read."""
    try:
        if manifest is not None:
            pipeline_for(manifest, path, node.settings)
        elif name:
            folder = node.settings.pipelines.folder
            find_pipeline(name, folder=folder, beside=path.absolute().parent)
    except (PipelineRefused, ManifestRefused) as error:
        return error.message, error.remedy
    return None


def export_problems(inspection: Inspection, destination: Path) -> None:
    """Write a sheet with its two columns of problems, as `archive.manifest.problem_report` does.

    Raises:
        ManifestRefused: The file is not what was looked at, so that rows and problems may not fit together.
        ManifestNotASpreadsheet, ManifestMissing, ManifestAccessRefused: It has no cells, or cannot be read.
        OSError: `destination` cannot be written; it is as it was.
    """
    if _sha256(inspection.path) != inspection.reading.sha256:
        raise _changed(inspection.path)
    with_problem_columns(inspection.path, inspection.reading.problems, destination)


def require_seen(path: Path, reading: Reading, accepted: Sequence[AcceptedWarning], seen: str | None) -> None:
    """Refuse a file that is not the one a person looked at, and acceptance of what is not there.

    Raises:
        ManifestRefused: It is another file now.
    """
    if (seen is not None and seen != reading.sha256) or (
        len(still_warned_of(accepted, reading.problems)) < len(accepted)
    ):
        raise _changed(path)


def _sha256(path: Path) -> str:
    try:
        return digest_file(path, ("sha256",)).hexdigests()["sha256"]
    except FileNotFoundError as error:
        raise ManifestMissing(f"There is no file {path} any more.", path=str(path)) from error
    except OSError as error:
        raise ManifestAccessRefused(f"{path} cannot be read: {error.strerror}.", path=str(path)) from error


def _changed(path: Path) -> ManifestRefused:
    return ManifestRefused(
        f"The manifest {path} was changed after it was checked.",
        remedy="Check it again; nothing that you decided about unchanged rows is lost.",
    )


def record_acceptance(
    session: Session, batch: str, accepted: Sequence[AcceptedWarning], operator: str
) -> None:
    """Write accepted warnings into a batch's chain and into the log.

    Args:
        session: The transaction that registers the batch.
        batch: The batch.
        accepted: The warnings with their reasons.
        operator: Who accepted them; "" where nobody is named.
    """
    for warning in accepted:
        detail = {"accepted_warning": warning.to_json()}
        agents = (operator,) if operator else ()
        append_event(session, batch, "validation", outcome="warning", detail=detail, agents=agents)
        log.info("manifest.warning_accepted", batch=batch, code=warning.problem.code, reason=warning.reason)


def _with_station(reading: Reading, contents: Contents, facts: StationFacts) -> Reading:
    assert contents.draft is not None  # noqa: S101 (the caller looked)
    found = list(station_problems(contents.draft, facts))
    if not found:
        return reading
    return replace(reading, manifest=None, problems=in_file_order([*reading.problems, *found]))


def _manifest_of(node: Node, batch: str) -> str | None:
    """The manifest file that a registered batch was made from; None where there is no such batch."""
    with node.registry.reading() as session:
        try:
            return get_batch(session, batch).manifest_path
        except BatchUnknown:
            return None
