# SPDX-License-Identifier: Apache-2.0
"""From the bytes of a text file to its text, in the encodings that spreadsheets and editors write."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks, UTF-32 before UTF-16 because the little-endian one begins with the other."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file.

    Attributes:
        text: The text, without byte order mark.
        encoding: Name of the encoding.
        guessed: Whether the encoding is a guess that a person should look at.
    """

    text: str
    encoding: str
    guessed: bool = False


def decode(content: bytes) -> Decoded:
    """Decode by byte order mark, else as UTF-16 where every other byte is zero, else UTF-8, else Windows-1252.

    Raises:
        UnicodeDecodeError: The bytes are text in none of them.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return Decoded(content.decode(encoding), encoding)
    sample = content[:2048]
    if len(sample) > 1 and len(content) % 2 == 0:
        zeros_even, zeros_odd = sample[::2].count(0), sample[1::2].count(0)
        most = len(sample) * 3 // 8
        if zeros_odd > most and not zeros_even:
            return Decoded(content.decode("utf-16-le"), "utf-16-le")
        if zeros_even > most and not zeros_odd:
            return Decoded(content.decode("utf-16-be"), "utf-16-be")
    try:
        return Decoded(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        # Excel's plain "CSV" in western locales; five bytes are undefined, so binary rubbish mostly fails here
        return Decoded(content.decode("cp1252"), "cp1252", guessed=True)
