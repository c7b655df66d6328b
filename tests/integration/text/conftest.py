# SPDX-License-Identifier: Apache-2.0
"""Comparing recognised text with what is printed."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import numpy as np
import pytest

# Characters that transcribers and Tesseract write differently for the same print: long s, hyphens
# at line ends, quotation marks, and the private-use letters (MUFI) with an e above them.
_SAME_PRINT = {
    "\u017f": "s", "\ua75b": "r", "\u2e17": "-", "\xac": "-", "\u2013": "-", "\u2014": "-",
    **dict.fromkeys("\u201c\u201d\u201e\xbb\xab\u2033", '"'),
    **dict.fromkeys("\u2019\u2018\u201a\xb4`", "'"),
    "a\u0364": "\xe4", "o\u0364": "\xf6", "u\u0364": "\xfc", "A\u0364": "\xc4", "O\u0364": "\xd6",
    "U\u0364": "\xdc", "\ue42c": "\xe4", "\ue644": "\xf6", "\ue72b": "\xfc",
    "\ufb01": "fi", "\ufb02": "fl", "\ufb00": "ff", "\ufb05": "st", "\ufb06": "st",
}  # fmt: skip


def normalised(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    for written, same in _SAME_PRINT.items():
        composed = composed.replace(written, same)
    return " ".join(composed.split())


def edit_distance(one: str, other: str) -> int:
    """Levenshtein's distance, a row at a time."""
    columns = np.frombuffer(other.encode("utf-32-le"), np.uint32)
    steps = np.arange(len(columns) + 1)
    row = steps.copy()
    for number, character in enumerate(np.frombuffer(one.encode("utf-32-le"), np.uint32), 1):
        above, row = row, np.empty_like(row)
        row[0] = number
        row[1:] = np.minimum(above[1:] + 1, above[:-1] + (columns != character))
        row = np.minimum.accumulate(row - steps) + steps
    return int(row[-1])


@pytest.fixture(scope="session")
def character_error_rate() -> Callable[[str, str], float]:
    """Edit distance of recognised text over the length of the printed text, spelling normalised."""

    def rate(printed: str, recognised: str) -> float:
        truth = normalised(printed)
        return edit_distance(truth, normalised(recognised)) / len(truth)

    return rate
