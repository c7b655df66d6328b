# SPDX-License-Identifier: Apache-2.0
"""The items of a batch as whoever captures them sees them: what is done, begun, waiting or to be retaken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from archive.registry.batches import get_batch, items_of
from archive.registry.tables import BatchRow, DeskPlaceRow, ItemRow, PageRow


class Standing(StrEnum):
    """Where an item stands for whoever captures."""

    RETAKE = "retake"
    BEGUN = "begun"
    WAITING = "waiting"
    DONE = "done"
    ELSEWHERE = "elsewhere"


TO_DO = (Standing.RETAKE, Standing.BEGUN, Standing.WAITING)
"""What there is to do at the desk, the most urgent first."""


@dataclass(frozen=True, slots=True)
class CaptureItem:
    """An item of the batch.

    Attributes:
        name: The item's id within the batch.
        title: Its title.
        standing: Where it stands; `ELSEWHERE` where no person captures its pages.
        expected: How many pages the manifest announces.
        pages: Places in the item's order: captured pages, files and missing ones.
        rejected: Pages of them that are to be captured again.
        description: The item's part of the manifest, with the batch's values filled in.
    """

    name: str
    title: str
    standing: Standing
    expected: int
    pages: int
    rejected: int
    description: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CaptureList:
    """A batch as whoever captures it sees it.

    Attributes:
        batch: The batch's id.
        manifest: The batch's part of the manifest.
        items: In the manifest's order.
    """

    batch: str
    manifest: dict[str, Any]
    items: tuple[CaptureItem, ...]

    def item(self, name: str) -> CaptureItem | None:
        """An item by its id."""
        return next((item for item in self.items if item.name == name), None)

    def next_after(self, name: str | None) -> CaptureItem | None:
        """The item to capture next: those to be retaken, then those begun, then those not begun.

        Among equals it is the first one behind the item of this name, and round to the beginning.
        """
        names = [item.name for item in self.items]
        start = names.index(name) + 1 if name in names else 0
        round_trip = [*self.items[start:], *self.items[:start]]
        for standing in TO_DO:
            for item in round_trip:
                if item.standing is standing and item.name != name:
                    return item
        return None


def capture_list(session: Session, batch: str) -> CaptureList:
    """The items of a batch with what is captured of each.

    Raises:
        BatchUnknown: No such batch.
    """
    row = get_batch(session, batch)
    items = items_of(session, batch)
    expected = _counts(session, batch)
    places = _places(session, batch)
    return CaptureList(
        row.id,
        row.manifest,
        tuple(_item(item, expected.get(item.id, 0), *places.get(item.id, (0, 0))) for item in items),
    )


def _counts(session: Session, batch: str) -> dict[int, int]:
    query = (
        select(PageRow.item, func.count())
        .join(ItemRow, ItemRow.id == PageRow.item)
        .where(ItemRow.batch == batch)
        .group_by(PageRow.item)
    )
    return {item: count for item, count in session.execute(query)}  # noqa: C416 (rows, which dict() takes for no pairs)


def _places(session: Session, batch: str) -> dict[int, tuple[int, int]]:
    rejected = func.sum(case((DeskPlaceRow.verdict == "rejected", 1), else_=0))
    query = (
        select(DeskPlaceRow.item, func.count(), rejected)
        .join(ItemRow, ItemRow.id == DeskPlaceRow.item)
        .where(ItemRow.batch == batch, DeskPlaceRow.aside.is_(None))
        .group_by(DeskPlaceRow.item)
    )
    return {item: (count, int(again)) for item, count, again in session.execute(query)}


def _item(row: ItemRow, expected: int, pages: int, rejected: int) -> CaptureItem:
    if row.desk is None:
        standing = Standing.ELSEWHERE
    elif row.desk != "open":
        standing = Standing.DONE
    elif rejected:
        standing = Standing.RETAKE
    else:
        standing = Standing.BEGUN if pages else Standing.WAITING
    expected = int(row.description.get("expected_pages") or expected)
    return CaptureItem(
        row.name, row.description["title"], standing, expected, pages, rejected, row.description
    )


def batch_names(session: Session) -> Sequence[tuple[str, int, int]]:
    """All batches, the newest first: id, items that wait for the desk, and all items."""
    waiting = func.sum(case((ItemRow.desk == "open", 1), else_=0))
    query = (
        select(BatchRow.id, func.coalesce(waiting, 0), func.count(ItemRow.id))
        .join(ItemRow, ItemRow.batch == BatchRow.id, isouter=True)
        .group_by(BatchRow.id)
        .order_by(BatchRow.created_at.desc(), BatchRow.id)
    )
    return [(batch, int(open_items), items) for batch, open_items, items in session.execute(query)]
