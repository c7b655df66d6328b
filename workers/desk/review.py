# SPDX-License-Identifier: Apache-2.0
"""Looking at the pages of an item and judging them, at the desk and after the item has gone on."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from archive.errors import ColorProfileUnknown
from archive.imaging.image_source import ImageSource
from archive.registry import Session, desk
from archive.registry.batches import page_name, pages_of
from archive.registry.pages import files_of
from archive.registry.review import held_items, pages_by_id
from archive.registry.tables import BatchRow, ItemRow, PageRow
from hardware.scanner import PageFile
from hardware.spool import facts_path
from workers.desk.change import Change, PlaceState
from workers.desk.desk import Desk
from workers.desk.errors import DeskClosed, PlaceUnknown
from workers.desk.places import Place, Verdict
from workers.node import Node
from workers.page_profiles import page_profile
from workers.raw_pages import image_source_of
from workers.settings import Settings

ProfileOf = Callable[[str, int], bytes | None]
"""The ICC profile of pages of a device, by its id and their samples a pixel."""

_VERDICT_AND_REASON = 2
"""What is remembered of a page that has gone on; of a place at the desk it is more."""


@dataclass(frozen=True)
class ReviewPage:
    """A page to look at.

    Attributes:
        id: By this the page is judged.
        position: Where it stands in the item, from 1.
        label: What is printed on it.
        name: The file name of its master.
        source: Its image; None for a missing page, or one whose image is not here.
        rotation: Quarter turns clockwise after which it is looked at.
        verdict: What a person decided.
        reason: Why.
        checks: What checks found, as `CheckResult.to_json` tells it; at the desk those of the pixels alone.
        problem: In what it is unlike what the manifest demands.
        facts: What the scanner delivered, as `PageFile.to_json` tells it; empty for a file.
        kind: "captured", "file" or "missing".
    """

    id: int
    position: int
    label: str
    name: str
    source: ImageSource | None
    rotation: int
    verdict: str
    reason: str
    checks: tuple[Mapping[str, Any], ...]
    problem: str
    facts: Mapping[str, Any]
    kind: str

    @property
    def flagged(self) -> bool:
        """Whether a check, or the manifest, has something against it."""
        return bool(self.problem) or any(check["verdict"] != "pass" for check in self.checks)

    @property
    def holds(self) -> bool:
        """Whether it holds its item back, or would when the item is marked done."""
        return bool(self.problem) or any(check["verdict"] == "hold" for check in self.checks)


@dataclass(frozen=True)
class Review:
    """An item whose pages are looked at.

    Attributes:
        at_desk: Whether it is still captured.
        held: Why it is held for its quality, in a sentence; "" where it is not.
        pages: In order.
    """

    batch: str
    item: str
    title: str
    at_desk: bool
    held: str
    pages: tuple[ReviewPage, ...]

    def needs_a_look(self, page: ReviewPage) -> bool:
        """Whether a person has still to look at a page: at the desk at each one, later at those that were flagged."""
        if page.verdict or page.kind == "missing":
            return False
        return self.at_desk or page.flagged


class ItemReview:
    """The pages of one item, to be read and judged.

    Args:
        node: The process's settings, registry and folders.
        batch: The batch.
        item: The item.
    """

    def __init__(self, node: Node, batch: str, item: str) -> None:
        self._node = node
        self._batch = batch
        self._item = item
        self._desk = Desk(node, batch, item)

    def read(self) -> Review:
        """The item as it stands.

        Raises:
            ItemUnknown: There is no such item.
        """
        with self._node.registry.reading() as session:
            item = desk.item_of(session, self._batch, self._item)
            manifest = session.get_one(BatchRow, self._batch).manifest
            held = held_items(session, self._batch).get(item.id, "")
            rows = [] if item.desk == "open" else pages_of(session, item.id)
            masters = {file.page: file.path for file in files_of(session, item.id, "master")}
        at_desk = item.desk == "open"
        icc = _profiles(self._node.settings, manifest)
        if at_desk:
            pages = tuple(_at_desk(place, icc) for place in self._desk.state().places)
        else:
            pages = tuple(self._gone_on(row, masters.get(row.id), icc) for row in rows)
        return Review(self._batch, self._item, item.description["title"], at_desk, held, pages)

    def _gone_on(self, row: PageRow, master: str | None, icc: ProfileOf) -> ReviewPage:
        folder = self._node.item_folder(self._batch, self._item)
        capture = row.capture or {}
        problem = ""
        source: ImageSource | None = None
        if master is not None and not (folder / master).is_file() and not self._node.is_home(self._batch):
            problem = "The image is at the station that captured it."
        elif master is not None:
            path = folder / master
            source = ImageSource.unread(path, key=capture.get("pixel_sha256") or str(path))
        else:
            # handed over, and no worker has made a master yet
            source, capture = _from_spool(folder / "spool", row.number, icc)
        return ReviewPage(
            id=row.id,
            position=row.number,
            label=row.label,
            name=Path(master).name if master else f"{row.name}.tif",
            source=source,
            rotation=row.rotation,
            verdict=row.verdict,
            reason=row.reason,
            checks=tuple(row.checks or ()),
            problem=problem,
            facts=capture if capture.get("device") else {},
            kind="captured" if row.source is None else "file",
        )

    def earlier(self, page: ReviewPage) -> ImageSource | None:
        """The capture that a page has replaced, to be compared with it; None where there is none.

        Raises:
            PlaceUnknown: The page is not in the item any more.
            DamagedImage, UnsupportedImage, OSError: The old master cannot be read.
        """
        if self._is_at_desk():
            replaced = self._desk.earlier_capture(page.id)
            with self._node.registry.reading() as session:
                manifest = session.get_one(BatchRow, self._batch).manifest
            return _raw_source(replaced, _profiles(self._node.settings, manifest)) if replaced else None
        folder = self._node.item_folder(self._batch, self._item) / "superseded"
        old = list(folder.glob(f"{page_name(page.position)}-master-*"))
        newest = max(old, key=lambda file: file.stat().st_mtime_ns, default=None)
        return ImageSource.from_file(newest) if newest is not None else None

    def judge(self, pages: Sequence[int], verdict: Verdict, reason: str) -> Change:
        """Accept or reject pages, or take the verdict back with "".

        Raises:
            PlaceUnknown: A page is not in the item any more.
        """
        if self._is_at_desk():
            return self._desk.judge(pages, verdict, reason)
        with self._node.registry.transaction() as session:
            item = desk.locked_item(session, self._batch, self._item)
            return self._set(session, item, dict.fromkeys(pages, (verdict, reason)))

    def restore(self, change: Change) -> Change:
        """Take a verdict back; what this does can be taken back in the same way.

        Raises:
            PlaceUnknown: A page is not in the item any more.
            DeskClosed: The verdict was given at the desk, and the item has gone on since.
        """
        if self._is_at_desk():
            return self._desk.restore(change)
        if any(len(state.values) != _VERDICT_AND_REASON for state in change.before):
            raise DeskClosed(f"Item {self._batch}/{self._item} has been handed over since.")
        with self._node.registry.transaction() as session:
            item = desk.locked_item(session, self._batch, self._item)
            return self._set(
                session, item, {state.id: (state.values[0], state.values[1]) for state in change.before}
            )

    def _set(self, session: Session, item: ItemRow, verdicts: Mapping[int, tuple[str, str]]) -> Change:
        rows = pages_by_id(session, item.id, list(verdicts))
        if len(rows) != len(verdicts):
            raise PlaceUnknown(f"Pages of {self._batch}/{self._item} are not what they were.")
        before = tuple(PlaceState(row.id, (row.verdict, row.reason)) for row in rows)
        for row in rows:
            row.verdict, row.reason = verdicts[row.id]
        after = tuple(PlaceState(row.id, (row.verdict, row.reason)) for row in rows)
        return Change(self._batch, self._item, "judge", tuple(row.number for row in rows), before, after)

    def _is_at_desk(self) -> bool:
        with self._node.registry.reading() as session:
            return desk.item_of(session, self._batch, self._item).desk == "open"


def _at_desk(place: Place, icc: ProfileOf) -> ReviewPage:
    source = None
    if place.page is not None:
        source = _raw_source(place.page, icc)
    elif place.path is not None:
        source = ImageSource.unread(place.path, key=f"desk place {place.id} {place.path}")
    return ReviewPage(
        id=place.id,
        position=place.position,
        label=place.label,
        name=place.name,
        source=source,
        rotation=place.rotation,
        verdict=place.verdict,
        reason=place.reason,
        checks=place.checks,
        problem=place.problem,
        facts=place.facts or {},
        kind=place.kind,
    )


def _raw_source(page: PageFile, icc: ProfileOf) -> ImageSource:
    profile = None if page.bits_per_sample == 1 else icc(page.device.id, page.samples_per_pixel)
    return image_source_of(page, profile)


def _from_spool(spool: Path, number: int, icc: ProfileOf) -> tuple[ImageSource | None, dict[str, Any]]:
    try:
        facts: dict[str, Any] = json.loads(facts_path(spool, number).read_bytes())
    except FileNotFoundError:
        return None, {}
    return _raw_source(PageFile.from_json(facts), icc), facts


def _profiles(settings: Settings, manifest: Mapping[str, Any]) -> ProfileOf:
    """The profile that a master gets, as the capture stage embeds it; None where it is not here."""

    @cache
    def profile(device: str, samples_per_pixel: int) -> bytes | None:
        try:
            return page_profile(settings, device, manifest.get("color_profile") or "", samples_per_pixel)
        except ColorProfileUnknown:
            return None

    return profile
