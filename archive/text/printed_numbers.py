# SPDX-License-Identifier: Apache-2.0
"""What may be the number that is printed on a page: lone numbers at the ends of its first and last lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from archive.text.alto import lines_of
from archive.text.roman_numerals import roman_number

System = Literal["arabic", "roman"]

OUTERMOST = 2
"""Lines from the top, and from the bottom, among which a page number stands: a headline or a signature may be there too."""

LARGEST_ROMAN = 400
"""Prefaces are shorter; a larger numeral is a year."""

FEW_WORDS = 3
"""Words of a line in which a Roman numeral may be a page number: in a longer one it is a word or a chapter."""

_ARABIC = re.compile(r"[1-9][0-9]{0,3}")
_AROUND = " .,:;*|()[]{}<>/\\'\"-–—_=~·•"  # noqa: RUF001 (dashes, as printers set them beside numbers)


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number that stands where page numbers stand.

    Attributes:
        system: In which digits it is printed.
        value: What it is worth.
    """

    system: System
    value: int

    def __str__(self) -> str:
        return str(self.value) if self.system == "arabic" else f"{self.value} (Roman)"


def printed_numbers(alto: bytes) -> tuple[PrintedNumber, ...]:
    """All numbers of a page that may be its page number, none where there is none, in any order.

    Raises:
        InvalidAlto: The document is not ALTO.
    """
    lines = lines_of(alto)
    outer = [*lines[:OUTERMOST], *lines[OUTERMOST:][-OUTERMOST:]]
    found: dict[PrintedNumber, None] = {}
    for line in outer:
        words = [word for text in line if (word := text.strip(_AROUND))]
        for text in (*words[:1], *words[-1:]):
            number = _number(text, alone=len(words) <= FEW_WORDS)
            if number is not None:
                found[number] = None
    return tuple(found)


def _number(text: str, *, alone: bool) -> PrintedNumber | None:
    if _ARABIC.fullmatch(text):
        return PrintedNumber("arabic", int(text))
    if not alone or not text.isalpha() or text not in {text.lower(), text.upper()}:
        return None
    value = roman_number(text)
    return PrintedNumber("roman", value) if value and value <= LARGEST_ROMAN else None
