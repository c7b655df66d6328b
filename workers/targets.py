# SPDX-License-Identifier: Apache-2.0
"""Recording a scan of a colour target for a scanner: measured, judged, and kept beside the batches."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from archive.digests import digest_file
from archive.durable import write_durably
from archive.imaging.targets.geometry import load_geometry
from archive.imaging.targets.levels import load_levels
from archive.imaging.targets.measurement import measure_target
from archive.imaging.targets.picture import read_picture
from archive.registry.tables import TargetScanRow
from archive.registry.target_scans import known_target_scans, record_target_scan
from workers.node import Node


def record_target(
    node: Node, file: Path, device: str, *, geometry: str, standard: str, scanned_at: datetime | None = None
) -> TargetScanRow:
    """Measure a scan of a target and record what it says of a scanner.

    Args:
        node: The process's settings and registry.
        file: The scan; a copy of it is kept.
        device: The scanner, by its id.
        geometry: The target sheet, shipped or a file.
        standard: The levels to judge by, shipped or a file.
        scanned_at: When it was scanned. When left out, when this file was first recorded for the scanner, else
            now: an old scan does not become a new one by being recorded again.

    Returns:
        What is recorded; of a file that is known with these figures and this time, what was recorded then.

    Raises:
        TargetNotFound, TargetGeometryInvalid, TargetLevelsInvalid: It cannot be measured; nothing is recorded.
        DamagedImage, UnsupportedImage, ImageTooLarge, WorkerExtraMissing: The file cannot be read.
    """
    levels = load_levels(standard)
    picture = read_picture(file)
    measured = measure_target(picture.samples, picture.icc, load_geometry(geometry), claimed_dpi=picture.dpi)
    reached = levels.reached(measured.figures)
    sha256 = digest_file(file, ("sha256",)).hexdigests()["sha256"]
    kept = node.settings.data_directory / "targets" / f"{sha256[:16]}{file.suffix.lower()}"
    kept.parent.mkdir(parents=True, exist_ok=True)
    if not kept.exists():
        write_durably(kept, file.read_bytes())
    with node.registry.reading() as session:
        known = known_target_scans(session, device, sha256)
    moment = (scanned_at or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")
    scan = TargetScanRow(
        device=device,
        scanned_at=known[0].scanned_at if known and scanned_at is None else moment,
        standard=levels.name,
        level=reached.name if reached else "",
        measured=measured.to_json(),
        file=str(kept),
        sha256=sha256,
        operator=node.settings.operator,
    )
    with node.registry.transaction() as session:
        return record_target_scan(session, scan)
