# SPDX-License-Identifier: Apache-2.0
"""Code 39 is written as its standard draws it."""

from __future__ import annotations

import pytest

from hardware.simulated.code39 import ALPHABET, PATTERNS, element_widths, writable


@pytest.mark.parametrize(
    ("character", "pattern"),
    [
        ("*", "nwnnwnwnn"),
        ("0", "nnnwwnwnn"),
        ("1", "wnnwnnnnw"),
        ("7", "nnnwnnwnw"),
        ("A", "wnnnnwnnw"),
        ("M", "wnwnnnnwn"),
        ("Z", "nwwnwnnnn"),
        ("-", "nwnnnnwnw"),
        (".", "wwnnnnwnn"),
        (" ", "nwwnnnwnn"),
    ],
)
def test_characters_have_the_elements_of_the_standard(character: str, pattern: str) -> None:
    assert PATTERNS[character] == pattern


def test_every_character_is_three_wide_elements_of_nine_and_no_two_are_alike() -> None:
    assert {(len(pattern), pattern.count("w")) for pattern in PATTERNS.values()} == {(9, 3)}
    assert len(set(PATTERNS.values())) == 40


def test_a_symbol_begins_and_ends_with_the_sign_for_it() -> None:
    # nwnnwnwnn, a gap, wnnnnwnnw, a gap, nwnnwnwnn
    assert element_widths("A") == [
        *[1, 3, 1, 1, 3, 1, 3, 1, 1],
        1,
        *[3, 1, 1, 1, 1, 3, 1, 1, 3],
        1,
        *[1, 3, 1, 1, 3, 1, 3, 1, 1],
    ]


def test_what_cannot_be_written_becomes_a_hyphen() -> None:
    assert writable("Brief_7 ä*") == "BRIEF-7 --"
    assert set(writable("".join(map(chr, range(32, 400))))) <= set(ALPHABET)
