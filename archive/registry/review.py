# SPDX-License-Identifier: Apache-2.0
"""The items of a batch as whoever looks at quality sees them: what waits for a decision, and what is decided."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from archive.registry.batches import get_batch, items_of
from archive.registry.decisions import ACCEPTABLE
from archive.registry.states import State
from archive.registry.tables import DeskPlaceRow, ItemRow, PageRow, UnitRow


class ReviewStanding(StrEnum):
    """Where an item stands for whoever looks at quality, the most urgent first."""

    HELD = "held"
    REJECTED = "rejected"
    OPEN = "open"
    ACCEPTED = "accepted"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """An item of the batch.

    Attributes:
        name: The item's id within the batch.
        title: Its title.
        standing: Where it stands.
        pages: Its pages that can be looked at.
        accepted: Those of them that were accepted.
        rejected: Those that were rejected.
        at_desk: Whether it is still captured.
    """

    name: str
    title: str
    standing: ReviewStanding
    pages: int
    accepted: int
    rejected: int
    at_desk: bool


def review_list(session: Session, batch: str) -> list[ReviewItem]:
    """The items of a batch in the manifest's order.

    Raises:
        BatchUnknown: No such batch.
    """
    get_batch(session, batch)
    held = held_items(session, batch)
    at_desk, gone_on = _counts(session, DeskPlaceRow, batch), _counts(session, PageRow, batch)
    listed: list[ReviewItem] = []
    for row in items_of(session, batch):
        pages, accepted, rejected = (at_desk if row.desk == "open" else gone_on).get(row.id, (0, 0, 0))
        if row.id in held:
            standing = ReviewStanding.HELD
        elif rejected:
            standing = ReviewStanding.REJECTED
        elif not pages:
            standing = ReviewStanding.EMPTY
        else:
            standing = ReviewStanding.ACCEPTED if accepted == pages else ReviewStanding.OPEN
        listed.append(
            ReviewItem(
                row.name,
                row.description["title"],
                standing,
                pages,
                accepted,
                rejected,
                at_desk=row.desk == "open",
            )
        )
    return listed


def _counts(
    session: Session, table: type[DeskPlaceRow | PageRow], batch: str
) -> dict[int, tuple[int, int, int]]:
    accepted = func.sum(case((table.verdict == "accepted", 1), else_=0))
    rejected = func.sum(case((table.verdict == "rejected", 1), else_=0))
    query = (
        select(table.item, func.count(), accepted, rejected)
        .join(ItemRow, ItemRow.id == table.item)
        .where(ItemRow.batch == batch)
        .group_by(table.item)
    )
    if table is DeskPlaceRow:
        query = query.where(DeskPlaceRow.aside.is_(None), DeskPlaceRow.kind != "missing")
    else:
        query = query.where(PageRow.capture.is_not(None))
    return {item: (pages, int(good), int(bad)) for item, pages, good, bad in session.execute(query)}


def held_items(session: Session, batch: str) -> dict[int, str]:
    """The items of a batch that are held for their quality, with the reason in a sentence."""
    query = (
        select(UnitRow.item, UnitRow.error)
        .join(ItemRow, ItemRow.id == UnitRow.item)
        .where(ItemRow.batch == batch, UnitRow.state == State.HELD)
    )
    return {
        item: str(error["message"])
        for item, error in session.execute(query)
        if error is not None and error.get("code") == ACCEPTABLE
    }


def pages_by_id(session: Session, item: int, pages: list[int]) -> list[PageRow]:
    """These pages of an item, in order."""
    query = select(PageRow).where(PageRow.item == item, PageRow.id.in_(pages))
    return list(session.scalars(query.order_by(PageRow.number)))
