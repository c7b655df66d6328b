# SPDX-License-Identifier: Apache-2.0
"""Finding a title by some of its letters."""

from __future__ import annotations

AT_A_WORD = 10
IN_A_ROW = 6
GAP = 1


def score(wanted: str, title: str) -> int | None:
    """How well a title answers what was typed.

    Args:
        wanted: Letters in the order of the title; spaces count for nothing.
        title: What is looked through, without regard to case.

    Returns:
        A number that is greater for a better answer, or None when a letter is missing. Letters at the start of
        words and letters in a row count most, so that "rp" finds "Retake page" before "Scrap".
    """
    letters = "".join(wanted.casefold().split())
    text = title.casefold()
    if not letters:
        return 0
    best = _score_from(letters, text)
    return None if best is None else best - len(text) // 8


def _score_from(letters: str, text: str) -> int | None:
    """The best of the ways to find the letters, walking the text once for each letter."""
    # points of the best way that ends at each place of the text
    ways: dict[int, int] = {-1: 0}
    for letter in letters:
        after: dict[int, int] = {}
        for place, found in enumerate(text):
            if found != letter:
                continue
            before = [
                points + _points(text, earlier, place) for earlier, points in ways.items() if earlier < place
            ]
            if before:
                after[place] = max(before)
        ways = after
        if not ways:
            return None
    return max(ways.values())


def _points(text: str, earlier: int, place: int) -> int:
    if place == 0 or not text[place - 1].isalnum():
        return AT_A_WORD
    if place == earlier + 1:
        return IN_A_ROW
    return -min(GAP * (place - earlier), AT_A_WORD)
