# SPDX-License-Identifier: Apache-2.0
"""Quality checks of one page: they measure and flag, and never change or drop anything.

A page that a check *holds* keeps its item back until the operator scans it again or accepts it
with a reason; one to *review* is shown to the operator, and the item goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archive.digests import digest_file
from archive.errors import ColorProfileUnknown, ImagingError
from archive.imaging.color_profiles import color_profile
from archive.imaging.pixels import decode_for_viewing
from archive.imaging.quality.finding import CheckResult
from archive.imaging.quality.measurements import measure_page
from archive.imaging.quality.profile import DEFAULT, QualityProfile, Verdict, load_quality_profile
from archive.imaging.quality.review import review_page
from archive.imaging.technical_metadata import TechnicalMetadata


def check_page(
    path: Path,
    technical: TechnicalMetadata,
    *,
    expected_dpi: float,
    expected_color: str,
    captured: bool,
    expected_sha256: str,
    profile: QualityProfile | None = None,
) -> tuple[CheckResult, ...]:
    """Check a master against its capture and its manifest.

    What Recto captured itself must be as the manifest says; a file that came from elsewhere is as
    it is, and only shown to the operator where it differs.

    Args:
        path: The master.
        technical: Its technical metadata.
        expected_dpi: Resolution of the manifest.
        expected_color: Colour profile name of the manifest.
        captured: Whether Recto captured it, or took an existing file.
        expected_sha256: The file's digest, taken when it was captured or accessioned.
        profile: From where on to flag; the house profile where left out.

    Returns:
        One result a check, passed ones too, always in the same order. What cannot be measured,
        because the file does not decode, is left out.

    Raises:
        OSError: The file cannot be read.
    """
    return tuple(
        _results(
            path,
            technical,
            expected_dpi,
            expected_color,
            captured,
            expected_sha256,
            profile or load_quality_profile(DEFAULT),
        )
    )


def _results(
    path: Path,
    technical: TechnicalMetadata,
    expected_dpi: float,
    expected_color: str,
    captured: bool,  # noqa: FBT001 - passed on from a keyword
    expected_sha256: str,
    profile: QualityProfile,
) -> Iterator[CheckResult]:
    differs: Verdict = "hold" if captured else "review"
    yield _check_digest(path, expected_sha256)
    yield _check_single_image(technical)
    yield _check_resolution(technical, expected_dpi, profile.dpi_tolerance, differs)
    yield _check_color(technical, expected_color, differs)
    if technical.samples_per_pixel > 1:
        yield _check_icc(technical, differs)
    try:
        image = decode_for_viewing(path)
    except ImagingError as error:
        yield CheckResult("decode", "hold", None, "whole", error.message)
        return
    yield CheckResult("decode", "pass", "whole", "whole", "The image decodes whole.")
    yield from review_page(measure_page(image), profile)


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
