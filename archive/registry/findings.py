# SPDX-License-Identifier: Apache-2.0
"""What checks have against pages that no person has judged yet, and how surely the texts of items were read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Text, cast, func, or_, select, text
from sqlalchemy.orm import Session

from archive.registry.desk import shown_in_order
from archive.registry.tables import FLAGGED, DeskPlaceRow, ItemRow, PageRow


@dataclass(frozen=True, slots=True)
class PageFinding:
    """What a check has against a page.

    Attributes:
        page: The page's number.
        check: The name of the check.
        verdict: "review" or "hold".
        measured: What was found: a number, a word, or None.
        threshold: What is allowed.
        sentence: The finding in a sentence for the operator.
    """

    page: int
    check: str
    verdict: str
    measured: float | str | None
    threshold: float | str | None
    sentence: str

    def to_json(self) -> dict[str, Any]:
        """The finding as a JSON object."""
        return asdict(self)


def open_findings(session: Session, batch: str) -> dict[int, list[PageFinding]]:
    """What is to be looked at in a batch: by item, its pages in order; pages that a person has judged are left out.

    Of items that are still captured it is what was found right after the capture.
    """
    query = (
        select(PageRow.item, PageRow.number, PageRow.checks)
        .join(ItemRow, ItemRow.id == PageRow.item)
        # most pages have nothing against them: theirs are not even read
        .where(ItemRow.batch == batch, text(FLAGGED))
        .order_by(PageRow.item, PageRow.number)
    )
    found: dict[int, list[PageFinding]] = defaultdict(list)
    for row in session.execute(query):
        found[row.item] += [
            _finding(row.number, check) for check in row.checks or [] if check["verdict"] != "pass"
        ]
    for item in _flagged_at_desk(session, batch):
        found[item] = [
            _finding(position, check)
            for position, place in enumerate(shown_in_order(session, item), 1)
            for check in place.checks or []
            if check["verdict"] != "pass" and not place.verdict
        ]
    return found


def _flagged_at_desk(session: Session, batch: str) -> Sequence[int]:
    """Items that are captured and have a place that something was found about: most have none."""
    told = cast(DeskPlaceRow.checks, Text)
    query = (
        select(DeskPlaceRow.item)
        .join(ItemRow, ItemRow.id == DeskPlaceRow.item)
        .where(ItemRow.batch == batch, ItemRow.desk == "open", DeskPlaceRow.aside.is_(None))
        .where(or_(told.contains('"review"'), told.contains('"hold"')))
        .distinct()
    )
    return session.scalars(query).all()


def _finding(page: int, check: dict[str, Any]) -> PageFinding:
    return PageFinding(
        page,
        check["check"],
        check["verdict"],
        check["measured"],
        check["threshold"],
        check["sentence"],
    )


def mean_confidences(session: Session, batch: str) -> dict[int, float]:
    """How surely the text of each item was read, 0 to 100: the mean over its words; none where no word was read."""
    words = PageRow.recognition["words"].as_integer()
    confidence = PageRow.recognition["mean_confidence"].as_float()
    query = (
        select(PageRow.item, func.sum(words * confidence).label("sum"), func.sum(words).label("words"))
        .join(ItemRow, ItemRow.id == PageRow.item)
        .where(ItemRow.batch == batch)
        .group_by(PageRow.item)
    )
    return {row.item: round(float(row.sum) / row.words, 1) for row in session.execute(query) if row.words}
