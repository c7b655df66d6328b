# SPDX-License-Identifier: Apache-2.0
"""The dates that a manifest understands: the everyday part of EDTF (ISO 8601-2:2019, Annex A, levels 0 and 1)."""

from __future__ import annotations

import calendar
import re

_SIDE = re.compile(
    r"(?P<year>-?\d{4}|\d{3}X|\d{2}XX)(?:-(?P<month>\d\d|XX)(?:-(?P<day>\d\d|XX))?)?[~?%]?", re.ASCII
)
_SEASONS = range(21, 25)
_DAY_FIRST = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", re.ASCII)


def is_edtf(text: str) -> bool:
    """Whether `text` is a year, month, day, season, decade or century, uncertain or not, or an interval of two."""
    sides = text.split("/")
    if len(sides) == 1:
        return _is_date(text)
    return len(sides) == 2 and any(map(_is_date, sides)) and all(_is_end(side) for side in sides)  # noqa: PLR2004


def edtf_like(text: str) -> str | None:
    """The date that `text` most likely means, in EDTF; None where that is not plain (12/03/1915 never is)."""
    if found := _DAY_FIRST.fullmatch(text):
        proposal = f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}"
        return proposal if is_edtf(proposal) else None
    if found := re.fullmatch(r"(?:c\.?|ca\.?|circa|um)\s*(\d{4})", text, re.IGNORECASE | re.ASCII):
        return f"{found[1]}~"
    if found := re.fullmatch(r"(\d{4})\s*[-–]\s*(\d{4})", text, re.ASCII):  # noqa: RUF001 - people do type the en dash
        return f"{found[1]}/{found[2]}"
    return None


def _is_end(side: str) -> bool:
    return side in ("", "..") or _is_date(side)


def _is_date(text: str) -> bool:
    found = _SIDE.fullmatch(text)
    if found is None:
        return False
    year, month, day = found["year"], found["month"], found["day"]
    if month is None or month == "XX":
        return day in (None, "XX")
    if int(month) in _SEASONS:
        return day is None
    if not 1 <= int(month) <= 12:  # noqa: PLR2004 - months of the year
        return False
    return day in (None, "XX") or 1 <= int(day) <= _days(year, int(month))


def _days(year: str, month: int) -> int:
    """Days of a month; of February in an unspecified year, 29."""
    if "X" in year:
        return 29 if month == 2 else calendar.monthrange(2000, month)[1]  # noqa: PLR2004
    # proleptic Gregorian, as ISO 8601 has it; the calendar repeats every 400 years
    return calendar.monthrange(int(year) % 400 + 400, month)[1]
