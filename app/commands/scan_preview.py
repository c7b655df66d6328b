# SPDX-License-Identifier: Apache-2.0
"""`recto scan --preview`: a quick look at the glass, as a TIFF or PNG in low resolution."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.commands.scan_pages import PageNames, keep_pages
from archive.digests import digest_file
from archive.durable import durable_file
from hardware.device_process.session import DeviceSession
from hardware.preview import Area
from hardware.scanner import BatchEnd

PNG = ".png"


def scan_preview(
    session: DeviceSession, file: Path, area: Area | None, spool: Path, keep: Callable[[dict[str, Any]], None]
) -> BatchEnd:
    """Scan the glass, or a region of it, in low resolution; afterwards the device's options are as they were.

    Args:
        session: The open device.
        file: FILE.png or FILE.tif, which does not exist yet.
        area: The region; all of the glass when None.
        spool: A folder for what is not finished.
        keep: Takes what is told of the preview.

    Returns:
        Why the scan ended.

    Raises:
        BadOption: The source is a feeder, or the device has no regions.
        ScannerError, ArchiveError, OSError: No preview was made.
    """
    png = file.suffix.lower() == PNG
    master = spool.with_name("preview.tif") if png else file
    kept: list[dict[str, Any]] = []
    ended = keep_pages(session.preview(spool, area), PageNames(master), spool, kept.append)
    for page in kept:
        keep(_as_png(page, master, file) if png else page)
    return ended


def _as_png(page: dict[str, Any], master: Path, file: Path) -> dict[str, Any]:
    from archive.imaging.pixels import decode_for_viewing

    image = decode_for_viewing(master)
    with durable_file(file, overwrite=False) as written:
        image.save(written, format="PNG", dpi=tuple(page["dpi"]))
    return page | {"path": str(file), "sha256": digest_file(file, ["sha256"]).hexdigests()["sha256"]}
