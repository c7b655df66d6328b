# SPDX-License-Identifier: Apache-2.0
"""What a profile makes of a page's measurements: a verdict each, and a sentence for the operator."""

from __future__ import annotations

from collections.abc import Iterator

from archive.imaging.quality.finding import CheckResult
from archive.imaging.quality.measurements import PageMeasurements
from archive.imaging.quality.profile import Measurement, QualityProfile

TRUSTED = 2.0
"""Confidence from where on an angle is believed; pictures and turned pages stay below."""

BLANK = 0.003
"""Share of ink below which a page is blank; the sparsest real page that was measured had three times as much."""


def review_page(found: PageMeasurements, profile: QualityProfile) -> Iterator[CheckResult]:
    """One result for each measurement that was possible, always in the same order."""
    yield _sheet(found, profile)
    yield _blank(found, profile)
    if found.highlights is not None and found.shadows is not None:
        yield _clipping("highlight_clipping", found.highlights, "pure white", profile)
        yield _clipping("shadow_clipping", found.shadows, "pure black", profile)
    if found.skew.confidence >= TRUSTED:
        yield _skew(found.skew.degrees, profile)
    yield _streaks(found, profile)
    yield _cut_text(found, profile)
    if found.highlights is not None and found.paper.lightness:
        yield from _paper(found, profile)
    yield CheckResult(
        "sharpness", "pass", found.sharpness, None,
        "How sharp the page is shows beside the other pages of its item.",
    )  # fmt: skip
    yield CheckResult(
        "fingerprint", "pass", found.fingerprint, None, "By it a page that was scanned twice is found."
    )


def _sheet(found: PageMeasurements, profile: QualityProfile) -> CheckResult:
    share = round(found.area.share, 3)
    verdict, limit = profile.limits("sheet").verdict(share)
    sentence = f"The sheet takes {share:.0%} of the image"
    if verdict == "pass":
        sentence += "."
    else:
        sentence += ": the area is too large, the sheet is folded, or much of it is in the dark."
    return CheckResult("sheet", verdict, share, limit, sentence)


def _blank(found: PageMeasurements, profile: QualityProfile) -> CheckResult:
    ink = round(found.area.ink, 5)
    verdict, limit = profile.limits("blank").verdict(ink)
    if verdict == "pass":
        sentence = "There is something on the page."
    elif ink < BLANK:
        sentence = "The page seems to be blank: make sure that the right side was scanned."
    else:
        sentence = "There is hardly anything on the page; it may be blank."
    return CheckResult("blank", verdict, ink, limit, sentence)


def _clipping(check: Measurement, share: float, what: str, profile: QualityProfile) -> CheckResult:
    verdict, limit = profile.limits(check).verdict(share)
    allowed = f"; {limit:.1%} is the limit" if limit is not None else ""
    return CheckResult(check, verdict, share, limit, f"{share:.2%} of the page is {what}{allowed}.")


def _skew(degrees: float, profile: QualityProfile) -> CheckResult:
    verdict, limit = profile.limits("skew").verdict(abs(degrees))
    way = "clockwise" if degrees < 0 else "counter-clockwise"
    if verdict == "pass":
        sentence = f"The lines are level within {abs(degrees):.1f} degrees."
    else:
        sentence = (
            f"The page lies {abs(degrees):.1f} degrees off, {way}: lay it down straight and scan it again."
        )
    return CheckResult("skew", verdict, degrees, limit, sentence)


def _cut_text(found: PageMeasurements, profile: QualityProfile) -> CheckResult:
    edge = found.cut_edge
    verdict, limit = profile.limits("cut_text").verdict(edge.strokes)
    if verdict == "pass":
        sentence = "No text runs over the edge of the image."
    else:
        sentence = (
            f"Text runs over the {edge.side} edge of the image ({edge.strokes} strokes): "
            "make the area larger, or lay the sheet in its middle, and scan it again."
        )
    return CheckResult("cut_text", verdict, edge.strokes, limit, sentence)


def _streaks(found: PageMeasurements, profile: QualityProfile) -> CheckResult:
    verdict, limit = profile.limits("streaks").verdict(len(found.streaks))
    if not found.streaks:
        sentence = "No line runs along the whole page."
    else:
        place = f"{found.streaks[0].position:.0%} from the left"
        sentence = f"A line runs along the whole page, {place}: clean the glass of the feeder."
    return CheckResult("streaks", verdict, len(found.streaks), limit, sentence)


def _paper(found: PageMeasurements, profile: QualityProfile) -> Iterator[CheckResult]:
    lightness, uneven, noise = found.paper.lightness, found.paper.unevenness, found.paper.noise
    verdict, limit = profile.limits("paper_white").verdict(lightness)
    sentence = f"The paper has a lightness of L* {lightness:.0f}"
    sentence += "." if verdict == "pass" else "; look whether the exposure is right."
    yield CheckResult("paper_white", verdict, lightness, limit, sentence)
    verdict, limit = profile.limits("evenness").verdict(uneven)
    sentence = f"The paper's lightness differs by {uneven:.1f} L* across the page"
    sentence += "." if verdict == "pass" else "; look whether a lamp is off, or the page is curved."
    yield CheckResult("evenness", verdict, uneven, limit, sentence)
    if noise is None:
        return
    verdict, limit = profile.limits("noise").verdict(noise)
    sentence = f"Bare paper has a noise of {noise:.2f} L*"
    if verdict == "pass":
        sentence += "."
    elif limit is not None and noise < limit:
        sentence += "; so little comes from smoothing in the device or its driver: switch that off."
    else:
        sentence += "; paper with a strong grain, or a device with too little light."
    yield CheckResult("noise", verdict, noise, limit, sentence)
