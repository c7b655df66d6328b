# SPDX-License-Identifier: Apache-2.0
"""Quality checks of one page: they measure and flag, and never change or drop anything.

A page that a check *holds* keeps its item back until the operator scans it again or accepts it
with a reason; one to *review* is shown to the operator, and the item goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.digests import digest_file
from archive.errors import ColorProfileUnknown, ImagingError
from archive.imaging.color_profiles import color_profile
from archive.imaging.pixels import DecodedPage, decode_page
from archive.imaging.quality.finding import CheckResult
from archive.imaging.quality.measurements import measure_page
from archive.imaging.quality.profile import DEFAULT, QualityProfile, Verdict, load_quality_profile
from archive.imaging.quality.review import review_page
from archive.imaging.technical_metadata import TechnicalMetadata


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a master should be.

    Attributes:
        dpi: Resolution of the manifest; None where there is none to compare with.
        color: Colour profile name of the manifest, or None.
        captured: Whether Recto captured it, or took an existing file.
        sha256: The file's digest, taken when it was captured or accessioned, or None.
    """

    dpi: float | None = None
    color: str | None = None
    captured: bool = False
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class InspectedPage:
    """A page that was looked at.

    Attributes:
        checks: One result a check, passed ones too, always in the same order.
        page: The page, decoded, for all that comes after; None where it does not decode.
    """

    checks: tuple[CheckResult, ...]
    page: DecodedPage | None


def inspect_page(
    path: Path, technical: TechnicalMetadata, expected: Expectation, profile: QualityProfile | None = None
) -> InspectedPage:
    """Check a master against its capture and its manifest, decoding it once.

    What Recto captured itself must be as the manifest says; a file that came from elsewhere is as
    it is, and only shown to the operator where it differs. What cannot be measured, because the
    file does not decode, is left out.

    Args:
        path: The master.
        technical: Its technical metadata.
        expected: What it should be.
        profile: From where on to flag; the house profile where left out.

    Raises:
        OSError: The file cannot be read.
    """
    profile = profile or load_quality_profile(DEFAULT)
    checks = list(_check_file(path, technical, expected, profile))
    try:
        page = decode_page(path)
    except ImagingError as error:
        checks.append(CheckResult("decode", "hold", None, "whole", error.message))
        return InspectedPage(tuple(checks), None)
    checks.append(CheckResult("decode", "pass", "whole", "whole", "The image decodes whole."))
    checks += review_page(measure_page(page.image), profile)
    return InspectedPage(tuple(checks), page)


def _check_file(
    path: Path, technical: TechnicalMetadata, expected: Expectation, profile: QualityProfile
) -> Iterator[CheckResult]:
    differs: Verdict = "hold" if expected.captured else "review"
    if expected.sha256 is not None:
        yield _check_digest(path, expected.sha256)
    yield _check_single_image(technical)
    if expected.dpi is not None:
        yield _check_resolution(technical, expected.dpi, profile.dpi_tolerance, differs)
    if expected.color is not None:
        yield _check_color(technical, expected.color, differs)
    if technical.samples_per_pixel > 1:
        yield _check_icc(technical, differs)


def _check_digest(path: Path, expected: str) -> CheckResult:
    found = digest_file(path, ("sha256",)).hexdigests()["sha256"]
    if found == expected:
        return CheckResult("fixity", "pass", found, expected, "The file is the one that was captured.")
    return CheckResult("fixity", "hold", found, expected, "The file has changed since it was captured.")


def _check_single_image(technical: TechnicalMetadata) -> CheckResult:
    count = technical.images
    if count == 1:
        return CheckResult("single_image", "pass", 1, 1, "The file holds one image.")
    sentence = f"The file holds {count} images; only the first would be read and shown."
    return CheckResult("single_image", "hold", count, 1, sentence)


def _check_resolution(
    technical: TechnicalMetadata, expected: float, tolerance: float, differs: Verdict
) -> CheckResult:
    if technical.dpi is None:
        return CheckResult(
            "resolution", differs, None, expected,
            f"The file states no resolution; the manifest says {expected:g} dpi.",
        )  # fmt: skip
    x, y = technical.dpi
    stated = f"{x:g}" if x == y else f"{x:g} x {y:g}"
    if abs(x - expected) <= tolerance and abs(y - expected) <= tolerance:
        return CheckResult(
            "resolution", "pass", stated, expected, f"The file states {stated} dpi as expected."
        )
    sentence = f"The file states {stated} dpi; the manifest says {expected:g}."
    return CheckResult("resolution", differs, stated, expected, sentence)


def _check_color(technical: TechnicalMetadata, expected: str, differs: Verdict) -> CheckResult:
    found = f"{technical.color_space}, {technical.samples_per_pixel} x {technical.bits_per_sample} bit"
    try:
        profile = color_profile(expected)
    except ColorProfileUnknown as error:
        return CheckResult("color", "hold", found, expected, error.message)
    fits = (
        technical.samples_per_pixel == profile.samples_per_pixel
        and (technical.bits_per_sample == 1) == profile.bilevel
        and (technical.bits_per_sample in {1, 8, 16})
    )
    if fits:
        return CheckResult("color", "pass", found, expected, f"The image is {found}, as {expected} asks.")
    sentence = f"The image is {found}; the manifest asks for {expected}."
    return CheckResult("color", differs, found, expected, sentence)


def _check_icc(technical: TechnicalMetadata, differs: Verdict) -> CheckResult:
    icc = technical.icc
    if icc is None:
        return CheckResult("icc", differs, None, "RGB", "The colour image has no ICC profile.")
    if icc.color_space != "RGB" or not icc.name:
        found = icc.name or "unreadable"
        sentence = f"The ICC profile ({found}) is not a readable profile for RGB images."
        return CheckResult("icc", differs, icc.color_space, "RGB", sentence)
    return CheckResult("icc", "pass", icc.name, "RGB", f"The image has the ICC profile {icc.name}.")
