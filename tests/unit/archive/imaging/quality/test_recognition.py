# SPDX-License-Identifier: Apache-2.0
"""How surely a page was read is judged by the profile, and told in sentences."""

from __future__ import annotations

import pytest

from archive.imaging.quality.profile import load_quality_profile, shipped_quality_profiles
from archive.imaging.quality.recognition import review_recognition

HOUSE = load_quality_profile("house")


def verdicts(confidence: float, unsure: float, words: int, turn: int | None) -> dict[str, str]:
    return {
        check.check: check.verdict for check in review_recognition(confidence, unsure, words, turn, HOUSE)
    }


def test_a_page_that_was_read_surely_passes() -> None:
    assert verdicts(93, 0.02, 300, 0) == dict.fromkeys(
        ("ocr_confidence", "ocr_unsure_words", "orientation"), "pass"
    )


@pytest.mark.parametrize(
    ("found", "flagged"),
    [
        ((64, 0.2, 300, 0), "ocr_confidence"),
        ((82, 0.4, 300, 0), "ocr_unsure_words"),
        ((82, 0.2, 300, 90), "orientation"),
    ],
)
def test_an_unsure_or_turned_page_is_shown(found: tuple[float, float, int, int], flagged: str) -> None:
    assert [name for name, verdict in verdicts(*found).items() if verdict == "review"] == [flagged]


def test_a_plate_with_a_few_words_is_judged_by_none_of_them() -> None:
    assert verdicts(12, 1, 9, None) == {}


def test_the_turn_is_told_with_its_sentence() -> None:
    (*_, check) = review_recognition(30, 0.9, 40, 270, HOUSE)
    assert check.measured == 270
    assert check.sentence == "The text lies on its side or its head: turn the page by 270 degrees clockwise."


@pytest.mark.parametrize("name", shipped_quality_profiles())
def test_every_shipped_profile_has_limits_for_text(name: str) -> None:
    profile = load_quality_profile(name)
    assert profile.limits("ocr_confidence").review_below is not None
    assert profile.limits("ocr_unsure_words").review_above is not None
    assert profile.limits("orientation").review_above == 0
