# SPDX-License-Identifier: Apache-2.0
"""The pages of one `recto scan`: their names, the bar that shows them coming, and the masters made of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn

from app.devices import say_waiting
from app.output import err, out
from archive.imaging.master import MasterTags, write_master
from hardware.errors import UnsupportedFrame
from hardware.scanner import BatchEnd, BatchEnded, PageCompleted, PageEvent, PageFile, PageProgress
from hardware.spool import forget_page
from hardware.waiting import DeviceWaiting
from workers.page_profiles import page_profile
from workers.raw_pages import raw_page_of
from workers.settings import load_settings
from workers.versions import recto_agent


@dataclass(frozen=True, slots=True)
class PageNames:
    """The files of a scan: FILE.tif for page 1, FILE-0002.tif for page 2 and so on.

    Attributes:
        file: The name that was given.
        first: Number of the first page.
        count: How many pages at most; None for all that the feeder holds.
    """

    file: Path
    first: int = 1
    count: int | None = 1

    def of(self, number: int) -> Path:
        """The file of a page; a preview is page 0."""
        return self.file if number <= 1 else self.file.with_stem(f"{self.file.stem}-{number:04d}")

    def refuse_taken(self) -> None:
        """Refuse to scan where a page would have no name of its own.

        Raises:
            click.UsageError: A file of that name exists.
        """
        if self.count is None:
            taken = self._taken_from_first()
        else:
            targets = map(self.of, range(self.first, self.first + self.count))
            taken = next((target for target in targets if target.exists()), None)
        if taken is not None:
            raise click.UsageError(f"{taken} exists already; it was left as it is. Choose another name.")

    def _taken_from_first(self) -> Path | None:
        numbered = re.compile(rf"{re.escape(self.file.stem)}-(\d{{4,}}){re.escape(self.file.suffix)}")
        if self.first == 1 and self.file.exists():
            return self.file
        siblings = (
            sorted(self.file.absolute().parent.iterdir()) if self.file.absolute().parent.is_dir() else []
        )
        for sibling in siblings:
            match = numbered.fullmatch(sibling.name)
            if match and int(match[1]) >= self.first:
                return self.file.with_name(sibling.name)
        return None


def keep_pages(
    events: Iterable[PageEvent], names: PageNames, spool: Path, kept: Callable[[dict[str, Any]], None]
) -> BatchEnd:
    """Make a master of each page as it comes, and show on a terminal how it comes.

    Args:
        events: The events of a scan.
        names: The pages' files.
        spool: The folder that they come to, cleared page by page.
        kept: Takes what is told of each page when its master stands.

    Returns:
        Why no more pages came.

    Raises:
        ScannerError, ArchiveError, OSError: Whatever ended the scan; masters made before stand.
    """
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn())
    # lines for a file or a pipe must go there, and not above the bar
    redirected = out.is_terminal
    with Progress(
        *columns, console=err, disable=not err.is_terminal, transient=True, redirect_stdout=redirected
    ) as bars:
        bar = bars.add_task("Waiting for the scanner", total=None)
        for event in events:
            match event:
                case PageCompleted(page):
                    kept(keep(page, names.of(page.number)))
                    forget_page(spool, page.number)
                case PageProgress():
                    _show(bars, bar, event, names.count)
                case DeviceWaiting():
                    say_waiting(event)
                case BatchEnded(reason):
                    return reason
    return "limit"


def _show(bars: Progress, bar: TaskID, event: PageProgress, count: int | None) -> None:
    # without a total the bar only moves: the device does not know the height yet
    description = f"Page {event.number}" + (f" of {count}" if count and count > 1 else "")
    bars.update(bar, description=description, completed=event.done_bytes, total=event.total_bytes)


def keep(page: PageFile, target: Path) -> dict[str, Any]:
    """Make the master of a page.

    Returns:
        What the command tells of it.

    Raises:
        UnsupportedFrame: The device does not tell the page's resolution, which a master must state.
        ArchiveError, OSError: No master was written.
    """
    if min(page.dpi) <= 0:
        raise UnsupportedFrame(
            f"{page.device.id} does not tell the resolution of its pages, which a master must state.",
            remedy="Use another scanner, or bring its images in through a hot folder (see docs/hot-folders.md).",
        )
    raw = raw_page_of(page)
    icc = None
    if raw.bits_per_sample > 1:
        icc = page_profile(load_settings(), page.device.id, "", raw.samples_per_pixel)
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
