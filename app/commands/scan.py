# SPDX-License-Identifier: Apache-2.0
"""`recto scan`: capture pages from a device straight into TIFF masters, without a batch."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn

from app.commands.batch import as_json_option
from app.commands.devices import say_waiting, station_hardware
from app.exit_codes import ExitCode
from app.output import err, out, print_json
from archive.imaging.color_profiles import icc_profile
from archive.imaging.master import MasterTags, write_master
from archive.imaging.raw_page import RawPage
from hardware.discovery import open_session
from hardware.scanner import (
    BatchEnded,
    PageCompleted,
    PageFile,
    PageProgress,
    PageVoid,
    ScanRequest,
    ScanSession,
)
from hardware.waiting import DeviceWaiting
from workers.versions import recto_agent


@click.command()
@click.argument("device")
@click.option(
    "-o",
    "--out",
    "file",
    type=click.Path(path_type=Path),
    required=True,
    help="FILE.tif; pages after the first get -0002 and so on.",
)
@click.option(
    "--set", "assignments", multiple=True, metavar="NAME=VALUE", help="A SANE option, as often as needed."
)
@click.option(
    "--pages", type=click.IntRange(min=1), default=1, show_default=True, help="How many pages at most."
)
@as_json_option
def scan(device: str, file: Path, assignments: tuple[str, ...], pages: int, *, as_json: bool) -> None:
    """Scan from DEVICE into FILE, each page proved against the pixels that the scanner delivered."""
    wanted = dict(_assignment(text) for text in assignments)
    targets = [
        file if number == 1 else file.with_stem(f"{file.stem}-{number:04d}") for number in range(1, pages + 1)
    ]
    taken = [str(target) for target in targets if target.exists()]
    if taken:
        raise click.UsageError(f"{taken[0]} exists already; it was left as it is. Choose another name.")
    file.absolute().parent.mkdir(parents=True, exist_ok=True)
    with open_session(device, station_hardware(), on_waiting=say_waiting) as session:
        applied = session.apply(wanted)
        # beside the target: the spool needs the same room, and not a temporary file system in memory
        with tempfile.TemporaryDirectory(prefix=".recto-scan-", dir=file.absolute().parent) as room:
            made = _scan_pages(session, Path(room) / "spool", targets)
    document = {
        "file": str(file),
        "pages": made,
        "options": {
            name: {"requested": option.requested, "actual": option.actual} for name, option in applied.items()
        },
    }
    if as_json:
        print_json(document)
    for page in made if not as_json else []:
        out.print(
            f"{page['path']}: {page['width']} x {page['height']}, {page['dpi'][0]:g} dpi, sha256 {page['sha256']}"
        )
    sys.exit(ExitCode.DONE)


def _assignment(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise click.UsageError(f"--set takes NAME=VALUE, not {text!r}.")
    return name.strip(), value


def _scan_pages(session: ScanSession, spool: Path, targets: list[Path]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=err, disable=not err.is_terminal) as bars:
        bar = bars.add_task("Waiting for the scanner", total=None)
        for event in session.scan(ScanRequest(spool=spool, pages=len(targets))):
            if isinstance(event, PageCompleted):
                made.append(_keep(event.page, targets[len(made)]))
            elif isinstance(event, PageProgress):
                _show(bars, bar, event)
            elif isinstance(event, DeviceWaiting):
                say_waiting(event)
            elif isinstance(event, PageVoid):
                raise event.error
            elif isinstance(event, BatchEnded):
                break
    return made


def _show(bars: Progress, bar: TaskID, event: PageProgress) -> None:
    bars.update(bar, description=f"Page {event.number}", completed=event.done_bytes, total=event.total_bytes)


def _keep(page: PageFile, target: Path) -> dict[str, Any]:
    raw = RawPage(
        path=page.path,
        width=page.width,
        height=page.height,
        bits_per_sample=page.bits_per_sample,
        samples_per_pixel=page.samples_per_pixel,
        photometric=page.photometric,
        dpi=page.dpi,
        pixel_sha256=page.pixel_sha256,
        pixel_offset=page.pixel_offset,
    )
    icc = None if raw.bits_per_sample == 1 else icc_profile("gray" if raw.samples_per_pixel == 1 else "sRGB")
    simulated = "Simulated scanner; not a real object." if page.device.simulated else ""
    tags = MasterTags(
        document_name=target.stem,
        description=simulated,
        make=page.device.vendor,
        model=page.device.model,
        software=recto_agent(),
        artist="",
        copyright="",
        captured_at=page.finished_at,
    )
    written = write_master(raw, target, tags, icc)
    return {
        "path": str(written.path),
        "sha256": written.sha256,
        "pixel_sha256": written.pixel_sha256,
        "width": page.width,
        "height": page.height,
        "bits_per_sample": page.bits_per_sample,
        "samples_per_pixel": page.samples_per_pixel,
        "dpi": list(page.dpi),
        "complete": page.complete,
    }
