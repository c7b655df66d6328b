# SPDX-License-Identifier: Apache-2.0
"""The target step: an item goes on only when its scanner was proved true by a colour target around that time."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from archive.durable import write_durably
from archive.imaging.targets.levels import load_levels, missed
from archive.registry.events import append_event
from archive.registry.pages import RecordedFile, record_file
from archive.registry.tables import PageRow, TargetScanRow
from archive.registry.target_scans import TARGET_HOURS, target_scan_for
from workers.errors import QualityHeld
from workers.work import Work

STANDARD, LEVEL = "fadgi-2023", "3 star"
"""What is asked where the pipeline does not say."""


def target(work: Work) -> dict[str, Any]:
    """See that a good enough target was scanned on every device that captured pages of the item.

    Raises:
        QualityHeld: A device has no target of that time, or one that misses the level.
    """
    used = _scans(work, work.pages())
    files = [_written(work, number, scan) for number, scan in enumerate(used.values(), 1)]
    with work.recording() as session:
        for file, scan in zip(files, used.values(), strict=True):
            record_file(session, work.claim.item, file)
            append_event(
                session,
                work.claim.batch,
                "validation",
                item=work.claim.item_name,
                detail={
                    "file": file.path,
                    "name": scan.measured["geometry"],
                    "device": scan.device,
                    "standard": scan.standard,
                    "level": scan.level,
                    "scanned_at": scan.scanned_at,
                    "scan_sha256": scan.sha256,
                },
                agents=(scan.device,),
            )
    return {"targets": {device: scan.level for device, scan in used.items()}}


def _scans(work: Work, pages: Iterable[PageRow]) -> dict[str, TargetScanRow]:
    """For each device the scan that speaks for the last of its pages; every page has one."""
    hours = float(work.parameters.get("max_age_hours", TARGET_HOURS))
    found: dict[str, TargetScanRow] = {}
    judged: set[int] = set()
    with work.node.registry.reading() as session:
        for page in pages:
            capture = page.capture or {}
            device = (capture.get("device") or {}).get("id")
            if device is None:
                # existing files: nobody knows which target was theirs
                continue
            scan = target_scan_for(session, device, capture["finished_at"], hours=hours)
            if scan is None:
                raise QualityHeld(
                    f"Page {page.number} was captured by {device}, and no colour target was scanned there "
                    f"within {hours:g} hours of it.",
                    remedy=f"Scan the target and record it: recto target record FILE --device {device}; "
                    f"then: recto batch retry {work.claim.batch}. Or accept the pages as they are, with a reason.",
                )
            if scan.id not in judged:
                _require_level(work, scan)
                judged.add(scan.id)
            found[device] = scan
    return found


def _require_level(work: Work, scan: TargetScanRow) -> None:
    levels = load_levels(str(work.parameters.get("standard", STANDARD)))
    level = levels.level(str(work.parameters.get("level", LEVEL)))
    figures = missed(level, scan.measured["figures"])
    if figures:
        raise QualityHeld(
            f"The colour target of {scan.device} of {scan.scanned_at} misses {level.name} of {levels.title}: "
            f"{', '.join(figures)}.",
            remedy=f"Have the scanner calibrated, scan the target again and capture the pages anew, or accept them with "
            f"a reason: recto batch accept {work.claim.batch} --reason TEXT.",
            missed=list(figures),
        )


def _written(work: Work, number: int, scan: TargetScanRow) -> RecordedFile:
    """What was measured, as a file of the item: the pages' technical metadata refers to it."""
    path = Path("targets") / f"{number:02d}.json"
    (work.folder / path).parent.mkdir(exist_ok=True)
    content = {
        "device": scan.device,
        "scanned_at": scan.scanned_at,
        "standard": scan.standard,
        "level": scan.level,
        "scan_sha256": scan.sha256,
        **scan.measured,
    }
    write_durably(
        work.folder / path, json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False).encode()
    )
    return RecordedFile.on_disk(work.folder, str(path), use="technical", mime="application/json")
