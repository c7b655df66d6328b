# SPDX-License-Identifier: Apache-2.0
"""Barcodes in Code 39 (ISO/IEC 16388): five bars and four spaces a character, three of the nine wide."""

from __future__ import annotations

WIDE = 3
"""Width of a wide element in narrow ones; the standard allows 2 to 3."""

# ISO/IEC 16388, annex on the structure of the symbols: forty characters stand in four rows of ten. The place in
# the row sets the two wide bars, as in a two-out-of-five code; the row sets the one wide space.
_BARS = ("wnnnw", "nwnnw", "wwnnn", "nnwnw", "wnwnn", "nwwnn", "nnnww", "wnnwn", "nwnwn", "nnwwn")
_ROWS = {"1234567890": "nwnn", "ABCDEFGHIJ": "nnwn", "KLMNOPQRST": "nnnw", "UVWXYZ-. *": "wnnn"}

ALPHABET = "".join(_ROWS).replace("*", "")
"""What can be written; the asterisk is the sign at both ends."""


def _interleaved(bars: str, spaces: str) -> str:
    return "".join(bar + space for bar, space in zip(bars, f"{spaces} ", strict=True)).strip()


PATTERNS = {
    character: _interleaved(_BARS[place], spaces)
    for row, spaces in _ROWS.items()
    for place, character in enumerate(row)
}
"""Narrow and wide elements of each character, a bar first."""


def writable(text: str) -> str:
    """The text as Code 39 can hold it: capital letters, and a hyphen for what it does not have."""
    return "".join(letter if letter in ALPHABET else "-" for letter in text.upper())


def element_widths(text: str) -> list[int]:
    """Widths of the bars and spaces of a whole symbol in narrow elements, a bar first and a bar last.

    Raises:
        KeyError: A character is not in `ALPHABET`.
    """
    widths: list[int] = []
    for character in f"*{text}*":
        widths += [WIDE if element == "w" else 1 for element in PATTERNS[character]]
        # a narrow space between characters
        widths.append(1)
    return widths[:-1]
