# SPDX-License-Identifier: Apache-2.0
"""Years in Roman numerals as printers set them: MDCCLXXXIV, M. DCC. LXXXIIII, and D and M made of turned letters."""

from __future__ import annotations

import re

LETTERS = "MDCLXVIJ"
"""The letters of a numeral; J stands for a last I."""

_TURNED = (("CIↃ", "M"), ("CIƆ", "M"), ("IↃ", "D"), ("IƆ", "D"), ("ↀ", "M"), ("ↁ", "D"))
_NUMERAL = re.compile(
    r"(?P<M>M{0,3})"
    r"(?P<C>CM|CD|D?C{0,4})"
    r"(?P<X>XC|XL|L?X{0,4})"
    r"(?P<I>IX|IV|V?I{0,4})"
)
_PAIRS = {"C": ("D", "CM", "CD"), "X": ("L", "XC", "XL"), "I": ("V", "IX", "IV")}
_WORTH = {"C": 100, "X": 10, "I": 1}


def roman_number(text: str) -> int | None:
    """The number that a numeral stands for, None where it is no numeral.

    Four equal letters in a row are a numeral, for printers set LXXXXIIII as well as XCIV. Points and
    spaces between groups, turned letters and a last J are taken as what they mean.

    Args:
        text: The numeral in any case.
    """
    letters = "".join(text.upper().replace(".", " ").split())
    for turned, meant in _TURNED:
        letters = letters.replace(turned, meant)
    if letters.endswith("J"):
        letters = f"{letters[:-1]}I"
    match = _NUMERAL.fullmatch(letters)
    if not letters or match is None:
        return None
    number = 1000 * len(match["M"])
    for place, (five, nine, four) in _PAIRS.items():
        number += _WORTH[place] * _digit(match[place], five, nine, four)
    return number


def _digit(letters: str, five: str, nine: str, four: str) -> int:
    if letters in {nine, four}:
        return 9 if letters == nine else 4
    return 5 + len(letters) - 1 if letters.startswith(five) else len(letters)
