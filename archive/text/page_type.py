# SPDX-License-Identifier: Apache-2.0
"""What kind of page it is: text, title, table, plate, blank, cover or other, by rules over ink and layout."""

from __future__ import annotations

from dataclasses import dataclass

from archive.imaging.quality.review import BLANK
from archive.text.enrichment import Suggestion, recto_version
from archive.text.page_layout import PageLayout

TYPES = ("text", "title", "table", "plate", "blank", "cover", "other")
"""All kinds of pages there are here."""

_NEARLY_BLANK = 0.008
"""Share of ink below which a page without a word is blank: endpapers with pencil notes stay below it."""
_PLATE_AREA, _PLATE_INK, _PLATE_CONFIDENCE = 0.02, 0.03, 60.0
_TITLE_WORDS, _TITLE_AREA, _TITLE_LINES = 100, 0.10, 2
_TABLE_WORDS, _TABLE_NUMERIC, _TABLE_GUTTERS, _SOME_NUMERIC = 20, 0.25, 3, 0.10
"""Columns alone make no table: a newspaper has four."""
_TEXT_AREA, _TEXT_CONFIDENCE = 0.07, 65.0
_UNREADABLE = 45.0
"""Mean confidence below which words say nothing: pages that lie on their side or head had 26 to 45."""
_COVER_WORDS, _COVER_LIGHTNESS, _COVER_PAGES = 20, 60.0, 3
"""Cloth, leather and coloured card are darker than paper; a single sheet has no cover."""


@dataclass(frozen=True, slots=True)
class PageSigns:
    """What is known of a page when its type is asked for.

    Attributes:
        number: The page's number, from 1.
        of_pages: How many pages the item has.
        ink: Share of ink on the sheet, 0 to 1; None where it was not measured.
        lightness: L* of its paper; None where it was not measured.
        layout: How its words lie; None where it was not read.
    """

    number: int
    of_pages: int
    ink: float | None
    lightness: float | None
    layout: PageLayout | None


def type_of_page(signs: PageSigns) -> tuple[str, float]:
    """The page's type, one of `TYPES`, and how sure it is, 0 to 1.

    The limits were set on real pages from 1695 to 1935; see docs/enrichment.md for how often they are right.
    """
    ink, layout = signs.ink, signs.layout
    if ink is not None and ink < BLANK:
        return "blank", 0.9
    if layout is None:
        return "other", 0.2
    if not layout.words and ink is not None and ink < _NEARLY_BLANK:
        return "blank", 0.6
    if _is_cover(signs, layout):
        return "cover", 0.4
    if ink is not None and ink > _PLATE_INK and _is_wordless(layout):
        return "plate", 0.6
    return _type_of_words(layout)


def suggest_page_type(signs: PageSigns) -> Suggestion:
    """The page's type as a suggestion."""
    value, confidence = type_of_page(signs)
    return Suggestion("page_type", value, "archive.text.page_type", recto_version(), confidence, signs.number)


def _type_of_words(layout: PageLayout) -> tuple[str, float]:
    if layout.words >= _TABLE_WORDS:
        if layout.mean_confidence < _UNREADABLE:
            return "other", 0.3
        if layout.numeric > _TABLE_NUMERIC:
            return "table", 0.7
        if layout.gutters >= _TABLE_GUTTERS and layout.numeric >= _SOME_NUMERIC:
            return "table", 0.6
    title = 0 < layout.words < _TITLE_WORDS and layout.area < _TITLE_AREA
    if title and layout.large_lines >= _TITLE_LINES:
        return "title", 0.7
    if layout.area >= _TEXT_AREA and layout.mean_confidence >= _TEXT_CONFIDENCE:
        return "text", 0.9
    return "other", 0.3


def _is_wordless(layout: PageLayout) -> bool:
    return layout.area < _PLATE_AREA and layout.mean_confidence < _PLATE_CONFIDENCE


def _is_cover(signs: PageSigns, layout: PageLayout) -> bool:
    return (
        signs.number in {1, signs.of_pages}
        and signs.of_pages >= _COVER_PAGES
        and layout.words < _COVER_WORDS
        and signs.lightness is not None
        and signs.lightness < _COVER_LIGHTNESS
    )
