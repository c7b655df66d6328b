# SPDX-License-Identifier: Apache-2.0
"""Dates that a text names, found by a strict grammar of four languages and written as EDTF (ISO 8601-2, level 1)."""

# ruff: noqa: RUF001 - texts are written with these characters

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from archive.text.date_patterns import CENTURIES, FORMS, Form
from archive.text.enrichment import Suggestion, recto_version
from archive.text.month_names import month_of
from archive.text.roman_numerals import roman_number

EARLIEST = 1450
"""Year from which on something was printed; a lower number is no year here."""
MOST = 40
"""Dates that are suggested for an item: a chronicle names thousands, and nobody reads them."""
ON_TITLE = 0.15
"""What a date on a title page gains in confidence: it is mostly that of the item."""
_SURE = 0.95
_CENTURY = 100
_LONGEST_RANGE = 300
_MONTHS = 12
_FEBRUARY, _LEAP_DAY = 2, 29
_DASH_OF_ISO = "-"
_WHOLE = frozenset({"full", "numbers"})
"""Readers of forms that are one date or none: no lesser form may read a part of what they refuse."""


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text.

    Attributes:
        value: EDTF, such as 1784, 1784-03-05, 178X, 17XX, 1784~ or 1784/1790.
        written: As it stands in the text.
        form: By which form it was known (`archive.text.date_patterns`).
        start: Index of its first letter.
        confidence: 0 to 1.
    """

    value: str
    written: str
    form: str
    start: int
    confidence: float


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page.

    Attributes:
        number: The page's number, from 1.
        text: What was recognised.
        is_title: Whether it is thought to be a title page.
    """

    number: int
    text: str
    is_title: bool = False


def find_dates(text: str, *, latest: int | None = None, is_title: bool = False) -> list[FoundDate]:
    """The dates of a text in its order; where two forms could be read, the fuller one.

    Nothing is filled in: a day without a year is no date, and of a date whose order of day and month is
    not certain only the year is taken.

    Args:
        text: As recognised, with its line ends.
        latest: The last year that can be one; this year when left out.
        is_title: Whether the text is that of a title page.
    """
    plain = unicodedata.normalize("NFC", text).replace("ſ", "s")
    last = datetime.now(UTC).year if latest is None else latest
    found: list[FoundDate] = []
    taken = bytearray(len(plain))
    for form in FORMS:
        for match in form.pattern.finditer(plain):
            span = slice(*match.span())
            if any(taken[span]):
                continue
            value = _READERS[form.reader](match, last)
            if value is not None:
                found.append(_found(form, value, match, is_title=is_title))
            if value is not None or form.reader in _WHOLE:
                # of a 30th of February neither month nor year is to be trusted
                taken[span] = bytes([1]) * len(match[0])
    return sorted(found, key=lambda each: each.start)


def suggest_dates(pages: Iterable[PageText], *, latest: int | None = None) -> tuple[Suggestion, ...]:
    """The dates of an item, each once, on the page where it is surest; the surest first, `MOST` at most.

    Args:
        pages: The texts of its pages.
        latest: The last year that can be one; this year when left out.
    """
    best: dict[str, tuple[float, int]] = {}
    for page in pages:
        for found in find_dates(page.text, latest=latest, is_title=page.is_title):
            if found.confidence > best.get(found.value, (0.0, 0))[0]:
                best[found.value] = (found.confidence, page.number)
    ranked = sorted(best.items(), key=lambda each: (-each[1][0], each[1][1], each[0]))
    return tuple(
        Suggestion("date", value, "archive.text.dates", recto_version(), confidence, number)
        for value, (confidence, number) in ranked[:MOST]
    )


def _found(form: Form, value: str, match: re.Match[str], *, is_title: bool) -> FoundDate:
    confidence = min(_SURE, form.confidence + (ON_TITLE if is_title else 0.0))
    return FoundDate(value, " ".join(match[0].split()), form.name, match.start(), round(confidence, 2))


def _year(text: str, last: int) -> int | None:
    year = int(text) if text.isdecimal() else roman_number(text)
    return year if year is not None and EARLIEST <= year <= last else None


def _day(text: str) -> int | None:
    return int(text) if text.isdecimal() else roman_number(text)


def _full(match: re.Match[str], last: int) -> str | None:
    year, day = _year(match["year"], last), _day(match["day"])
    month = month_of(match["month"], behind_day=True)
    if year is None or day is None or month is None:
        return None
    return _calendar(year, month, day)


def _calendar(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        # the Julian calendar had a leap day in 1700, which EDTF cannot write
        julian = (month, day) == (_FEBRUARY, _LEAP_DAY) and year % 4 == 0
        return f"{year}-{month:02}" if julian else None


def _numbers(match: re.Match[str], last: int) -> str | None:
    year = _year(match["year"], last)
    return None if year is None else _calendar(year, int(match["month"]), int(match["day"]))


def _slashes(match: re.Match[str], last: int) -> str | None:
    year, one, two = _year(match["year"], last), int(match["one"]), int(match["two"])
    if year is None or min(one, two) > _MONTHS:
        return None
    if max(one, two) > _MONTHS or one == two:
        return _calendar(year, min(one, two), max(one, two))
    # 5/3 is March in London and May in New York
    return str(year) if min(one, two) >= 1 else None


def _month(match: re.Match[str], last: int) -> str | None:
    year, month = _year(match["year"], last), month_of(match["month"], behind_day=False)
    return None if year is None or month is None else f"{year}-{month:02}"


def _one_year(match: re.Match[str], last: int) -> str | None:
    year = _year(match["year"], last)
    return None if year is None else str(year)


def _about(match: re.Match[str], last: int) -> str | None:
    year = _one_year(match, last)
    return year and f"{year}~"


def _uncertain(match: re.Match[str], last: int) -> str | None:
    year = _one_year(match, last)
    return year and f"{year}?"


def _range(match: re.Match[str], last: int) -> str | None:
    first, end = _year(match["year"], last), match["end"]
    if first is None:
        return None
    if len(end) == 2:  # noqa: PLR2004 - 1784-90
        if match["dash"] == _DASH_OF_ISO and int(end) <= _MONTHS:
            # 1801-03 may be March as well
            return None
        end = f"{first // _CENTURY}{end}"
    second = _year(end, last)
    if second is None or not 0 < second - first <= _LONGEST_RANGE:
        return None
    return f"{first}/{second}"


def _decade(match: re.Match[str], last: int) -> str | None:
    year = _year(match["year"], last)
    return None if year is None or year % 10 else f"{year // 10}X"


def _century(match: re.Match[str], last: int) -> str | None:
    number = _ordinal(match["century"])
    first = EARLIEST // _CENTURY
    return f"{number - 1}XX" if number is not None and first < number <= last // _CENTURY + 1 else None


def _ordinal(text: str) -> int | None:
    if text.isdecimal():
        return int(text)
    return CENTURIES.get(text.lower()) or roman_number(text)


_READERS: dict[str, Callable[[re.Match[str], int], str | None]] = {
    "full": _full,
    "numbers": _numbers,
    "slashes": _slashes,
    "month": _month,
    "year": _one_year,
    "about": _about,
    "uncertain": _uncertain,
    "range": _range,
    "decade": _decade,
    "century": _century,
}
"""By the name that a form calls its reader by."""
