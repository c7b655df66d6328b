# SPDX-License-Identifier: Apache-2.0
"""The files of an item on their way from the desk: pages to the spool, what was replaced to `superseded/`.

Every step looks first at what is there, so that it may be done again after it was interrupted anywhere.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.durable import sync_directory, write_durably
from archive.registry import Session, desk
from archive.registry.tables import DeskPlaceRow, ItemRow
from hardware.originals import Original
from hardware.scanner import PageFile
from hardware.spool import facts_path, raw_path, write_facts
from workers.desk.errors import DeskError
from workers.desk.places import run_folder
from workers.desk.runs import pages_in_folder

SUPERSEDED = "superseded/desk"
"""Where captures lie that did not become pages, relative to the item's folder."""


class PageGone(DeskError):
    """A captured page is not where it was written."""

    code = "desk.page_gone"
    default_consequence = "The item stays on hold; the pages that are there are kept."
    default_remedy = "Look for the file, put it back, and mark the item done again."


@dataclass(frozen=True, slots=True)
class _Captured:
    run: Path
    page: int
    number: int | None
    facts: dict[str, Any]
    aside: str | None


class Moving:
    """What is to be moved, as the registry has settled it.

    Args:
        session: A transaction, needed here only.
        item: The item, its pages numbered.
        folder: Its folder.
    """

    def __init__(self, session: Session, item: ItemRow, folder: Path) -> None:
        self._folder = folder
        self._spool = folder / "spool"
        self._superseded = folder / SUPERSEDED
        self._runs = {run.id: run_folder(folder, run.number) for run in desk.runs_of(session, item.id)}
        facts = desk.facts_of_places(session, item.id)
        rows = [*desk.places_in_order(session, item.id), *desk.places_aside(session, item.id)]
        self._captured = [
            _Captured(self._runs[row.run], row.page, row.number, facts[row.id], row.aside)
            for row in rows
            if row.run is not None and row.page is not None
        ]
        self._files = [(folder / row.file, self.file_destination(folder, row)) for row in rows if row.file]

    @staticmethod
    def file_destination(folder: Path, row: DeskPlaceRow) -> Path:
        """Where a file that was taken in comes to lie: for the capture stage, or with what was superseded."""
        file = Path(row.file or "")
        if row.aside is not None:
            return folder / SUPERSEDED / f"file-{row.id}-{file.name}"
        return folder / "spool" / "files" / f"{row.number:04d}-{file.name}"

    def move(self) -> None:
        """Bring every file to its place, and all of that to disk.

        Raises:
            PageGone: A page lies neither where it was nor where it is to be.
            OSError: The disk is full or failing.
        """
        self._spool.mkdir(parents=True, exist_ok=True)
        for page in self._captured:
            if page.aside is None and page.number is not None:
                self._to_spool(page, page.number)
            else:
                self._put_aside(page.run, page.page, page.facts, page.aside or "discarded")
        for source, destination in self._files:
            rename(source, destination)
        for run in self._runs.values():
            if run.is_dir():
                for unknown in list(pages_in_folder(run)):
                    self._put_aside(run, unknown.number, unknown.to_json(), "never shown")
                sync_directory(run)
        sync_directory(self._spool)
        sync_directory(self._folder)

    def _to_spool(self, captured: _Captured, number: int) -> None:
        page = PageFile.from_json(captured.facts)
        destination = raw_path(self._spool, number)
        rename(raw_path(captured.run, captured.page), destination)
        if page.original is not None:
            rename(page.original.path(captured.run, captured.page), page.original.path(self._spool, number))
        if not facts_path(self._spool, number).is_file():
            write_facts(self._spool, number, {**captured.facts, "path": str(destination), "number": number})
        facts_path(captured.run, captured.page).unlink(missing_ok=True)

    def _put_aside(self, run: Path, page: int, facts: dict[str, Any], why: str) -> None:
        stem = f"{run.name}-page-{page:04d}"
        told = self._superseded / f"{stem}.json"
        if not told.is_file():
            self._superseded.mkdir(parents=True, exist_ok=True)
            write_durably(told, json.dumps({**facts, "why": why, "path": f"{stem}.raw"}).encode())
        original = Original.from_json(facts["original"]) if facts.get("original") else None
        if original is not None:
            lies = original.path(run, page)
            rename(lies, self._superseded / f"{stem}{lies.suffix}")
        rename(raw_path(run, page), self._superseded / f"{stem}.raw")
        facts_path(run, page).unlink(missing_ok=True)
        sync_directory(self._superseded)

    def clear_away(self) -> None:
        """Remove the item's folders of the desk, in which nothing of worth is left."""
        shutil.rmtree(self._folder / "desk", ignore_errors=True)


def rename(source: Path, destination: Path) -> None:
    """Move a file, unless that was done before.

    Raises:
        PageGone: It lies neither here nor there.
    """
    if source.is_file():
        destination.parent.mkdir(parents=True, exist_ok=True)
        source.replace(destination)
    elif not destination.is_file():
        raise PageGone(f"The page {source} is gone.", path=str(source))


def superseded_files(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """What lies in an item's folder of captures that did not become pages, with what is told of each."""
    place = folder / SUPERSEDED
    for file in sorted(place.glob("*.json")):
        facts = json.loads(file.read_bytes())
        wanted = ("why", "pixel_sha256", "finished_at")
        device = (facts.get("device") or {}).get("id")
        yield f"{SUPERSEDED}/{facts['path']}", {name: facts.get(name) for name in wanted} | {"device": device}
    for file in sorted(place.glob("file-*")):
        yield f"{SUPERSEDED}/{file.name}", {"why": "discarded"}
