# SPDX-License-Identifier: Apache-2.0
"""A press of the capture key, or a run of the feeder: journaled before the scanner starts, with a folder of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.durable import sync_directory
from archive.registry.tables import DeskRunRow, ItemRow
from hardware.scanner import PageFile, ScanRequest
from hardware.spool import facts_path
from workers.desk.places import run_folder
from workers.owners import is_dead, machine


@dataclass(frozen=True, slots=True)
class Run:
    """A run that was begun.

    Attributes:
        id: Its key in the registry.
        number: Counts the runs of the item from 1.
        folder: Where its pages are spooled.
        pages: How many pages at most; None for all that the feeder holds.
        first_page: The number that its first page has in the folder.
        replaces: The place that its first page takes, if one.
    """

    id: int
    batch: str
    item: str
    number: int
    folder: Path
    pages: int | None
    first_page: int
    replaces: int | None

    def request(self) -> ScanRequest:
        """What the scanner is asked for."""
        return ScanRequest(
            spool=self.folder,
            pages=self.pages,
            first_page=self.first_page,
            batch=self.batch,
            item=self.item,
        )


def run_of(row: DeskRunRow, item: ItemRow, folder: Path) -> Run:
    """A run as the registry has it.

    Args:
        row: The run.
        item: Its item.
        folder: The item's folder.
    """
    return Run(
        id=row.id,
        batch=item.batch,
        item=item.name,
        number=row.number,
        folder=run_folder(folder, row.number),
        pages=row.pages,
        first_page=row.first_page,
        replaces=row.replaces,
    )


def make_folder(run: Run) -> None:
    """Make a run's folder, so that it is there after a power cut.

    Raises:
        OSError: The disk is full or read-only.
    """
    run.folder.mkdir(parents=True, exist_ok=True)
    sync_directory(run.folder.parent)
    sync_directory(run.folder.parent.parent)


def pages_in_folder(folder: Path) -> Iterator[PageFile]:
    """The pages that lie whole in a run's folder, by number, whoever heard of them."""
    for file in sorted(facts_path(folder, 0).parent.glob("*.json")):
        document = json.loads(file.read_bytes())
        # as it lies here: the storage folder may have been moved since
        page = PageFile.from_json({**document, "path": str(folder / Path(document["path"]).name)})
        size = page.pixel_offset + page.bytes_per_row * page.height
        if page.path.is_file() and page.path.stat().st_size >= size:
            yield page


def lives(owner: str) -> bool:
    """Whether a run's process runs here: a station has one desktop, so one of an earlier start is gone."""
    return owner.partition(":")[0] == machine() and not is_dead(owner)
