# SPDX-License-Identifier: Apache-2.0
"""Page labels, as they are printed on pages: arabic, roman, by folio, or any text; counted on from where they begin.

A place may say that a scheme begins there; the places behind it count on until another begins. Custom
labels belong to their place alone and count for nothing: behind "[cover]" the count goes on as before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from workers.desk.errors import LabelUnreadable


class LabelScheme(StrEnum):
    """How pages are labelled."""

    ARABIC = "arabic"
    ROMAN = "roman"
    FOLIO = "folio"
    CUSTOM = "custom"


_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_ROMAN_END = 4000
_MOST = 100_000
"""No page number is higher: a slip of the finger is refused before it is printed on a thousand pages."""


def write_label(scheme: LabelScheme, count: int, *, upper: bool = False) -> str:
    """The label of a page by its count from 1; folios count their sides: 1r, 1v, 2r."""
    if scheme is LabelScheme.FOLIO:
        return f"{(count + 1) // 2}{'rv'[(count - 1) % 2]}"
    if scheme is LabelScheme.ROMAN:
        label = ""
        for value, letters in _ROMAN:
            label += letters * (count // value)
            count %= value
        return label.upper() if upper else label
    return str(count)


def read_label(scheme: LabelScheme, text: str) -> int:
    """The count that a label stands for.

    Raises:
        LabelUnreadable: It is none of this scheme, or beyond any page.
    """
    text = text.strip()
    count = 0
    if scheme is LabelScheme.ARABIC and re.fullmatch(r"[0-9]{1,6}", text):
        count = int(text)
    elif scheme is LabelScheme.FOLIO and (side := re.fullmatch(r"([0-9]{1,6})([rv])", text)):
        count = 2 * int(side[1]) - (side[2] == "r")
    elif scheme is LabelScheme.ROMAN:
        count = _read_roman(text)
    if not 1 <= count <= _MOST:
        raise LabelUnreadable(f"{text!r} is no {scheme} page label.")
    return count


def _read_roman(text: str) -> int:
    if text not in {text.lower(), text.upper()}:
        return 0
    count, rest = 0, text.lower()
    for value, letters in _ROMAN:
        while rest.startswith(letters):
            count, rest = count + value, rest[len(letters) :]
    # read and written again: "iiii" and "vx" are no numbers
    whole = not rest and 0 < count < _ROMAN_END and write_label(LabelScheme.ROMAN, count) == text.lower()
    return count if whole else 0


def label_start(scheme: LabelScheme, text: str) -> dict[str, Any]:
    """A beginning of labels as it is kept: scheme, count and, for roman numbers, their case.

    Raises:
        LabelUnreadable: See `read_label`; or a custom label without a text.
    """
    if scheme is LabelScheme.CUSTOM:
        if not text.strip():
            raise LabelUnreadable("A custom page label needs a text.")
        return {"scheme": str(scheme), "text": text.strip()}
    count = read_label(scheme, text)
    upper = scheme is LabelScheme.ROMAN and text.strip().isupper()
    return {"scheme": str(scheme), "count": count, "upper": upper}


def custom_labels(text: str, places: int) -> list[str]:
    """Labels from one text: a number at its end is counted on, without one all are alike."""
    ending = re.search(r"[0-9]{1,6}$", text)
    if ending is None:
        return [text] * places
    stem, first = text[: ending.start()], int(ending[0])
    return [f"{stem}{first + index:0{len(ending[0])}d}" for index in range(places)]


def count_labels(starts: Iterable[Mapping[str, Any] | None]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The label of each place, and the beginning that would give it the same label by itself.

    Args:
        starts: For each place what begins there, or None where the count goes on.
    """
    scheme, count, upper = LabelScheme.ARABIC, 0, False
    for start in starts:
        if start is not None and start["scheme"] == LabelScheme.CUSTOM:
            yield start["text"], dict(start)
            continue
        if start is not None:
            scheme, count, upper = LabelScheme(start["scheme"]), start["count"], start["upper"]
        else:
            count += 1
        label = write_label(scheme, count, upper=upper)
        yield label, {"scheme": str(scheme), "count": count, "upper": upper}
