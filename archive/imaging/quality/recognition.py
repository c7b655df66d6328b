# SPDX-License-Identifier: Apache-2.0
"""What a profile makes of how surely a page's text was read: it tells of blurred, turned and foreign pages."""

from __future__ import annotations

from collections.abc import Iterator

from archive.imaging.quality.finding import CheckResult
from archive.imaging.quality.profile import QualityProfile

FEW_WORDS = 10
"""Words below which confidences say nothing of a page: a plate with its number, a stamp, specks."""


def review_recognition(
    confidence: float, unsure: float, words: int, turn: int | None, profile: QualityProfile
) -> Iterator[CheckResult]:
    """One result for each thing that could be told, always in the same order.

    Args:
        confidence: Mean of the words' confidences, 0 to 100.
        unsure: Share of the words with a confidence below 60, 0 to 1.
        words: How many words were read.
        turn: Degrees clockwise by which the page must be turned to stand upright; None where nobody knows.
        profile: The limits.
    """
    if words >= FEW_WORDS:
        yield _confidence(round(confidence, 1), profile)
        yield _unsure(round(unsure, 3), profile)
    if turn is not None:
        yield _orientation(turn, profile)


def _confidence(mean: float, profile: QualityProfile) -> CheckResult:
    verdict, limit = profile.limits("ocr_confidence").verdict(mean)
    sentence = f"The text was read with a confidence of {mean:.0f} in 100"
    sentence += (
        "." if verdict == "pass" else "; look whether the page is sharp, and of the language that is named."
    )
    return CheckResult("ocr_confidence", verdict, mean, limit, sentence)


def _unsure(share: float, profile: QualityProfile) -> CheckResult:
    verdict, limit = profile.limits("ocr_unsure_words").verdict(share)
    sentence = f"{share:.0%} of the words were read unsurely"
    sentence += (
        "." if verdict == "pass" else "; look whether a part of the page is blurred, cut or handwritten."
    )
    return CheckResult("ocr_unsure_words", verdict, share, limit, sentence)


def _orientation(turn: int, profile: QualityProfile) -> CheckResult:
    verdict, limit = profile.limits("orientation").verdict(turn)
    if turn:
        sentence = f"The text lies on its side or its head: turn the page by {turn} degrees clockwise."
    else:
        sentence = "The text stands upright."
    return CheckResult("orientation", verdict, turn, limit, sentence)
