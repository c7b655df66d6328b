# SPDX-License-Identifier: Apache-2.0
"""Checks of what a master says of itself: against its capture, its manifest and the sheet, before a pixel is decoded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.digests import digest_file
from archive.errors import ColorProfileUnknown
from archive.imaging.color_profiles import color_profile
from archive.imaging.quality.finding import CheckResult
from archive.imaging.quality.profile import QualityProfile, Verdict
from archive.imaging.quality.sheet_size import check_sheet_size
from archive.imaging.tag_check import check_tags
from archive.imaging.technical_metadata import TechnicalMetadata


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a master should be.

    Attributes:
        dpi: Resolution of the manifest; None where there is none to compare with.
        color: Colour profile name of the manifest, or None.
        captured: Whether Recto captured it, or took an existing file.
        sha256: The file's digest, taken when it was captured or accessioned, or None.
        sheet_mm: Width and height of the sheet, in either order, in mm; None to take that of the
            quality profile, if it has one.
        tag_set: The tag set that a TIFF should fit, by name or path; None where none was named.
    """

    dpi: float | None = None
    color: str | None = None
    captured: bool = False
    sha256: str | None = None
    sheet_mm: tuple[float, float] | None = None
    tag_set: str | None = None


def check_file(
    path: Path, technical: TechnicalMetadata, expected: Expectation, profile: QualityProfile
) -> Iterator[CheckResult]:
    """What the file says of itself, one result a check; only what something is known about is compared.

    Args:
        path: The master; read only where its digest is known.
        technical: What it says of itself.
        expected: What it should be.
        profile: Tolerances, and the size of the sheet where `expected` does not tell it.

    Raises:
        TagSetUnknown, TagSetInvalid: There is no such tag set.
        OSError: The file cannot be read.
    """
    differs: Verdict = "hold" if expected.captured else "review"
    if expected.sha256 is not None:
        yield _check_digest(path, expected.sha256)
    yield _check_name(path, technical.format_name, differs)
    yield _check_single_image(technical)
    if expected.dpi is not None:
        yield _check_resolution(technical, expected.dpi, profile.dpi_tolerance, differs)
    elif technical.dpi is not None:
        yield _check_square_pixels(technical.dpi, profile.dpi_tolerance, differs)
    sheet = expected.sheet_mm or profile.sheet_mm
    if sheet is not None:
        yield check_sheet_size(technical, expected.dpi, sheet, profile.sheet_tolerance, differs)
    if expected.color is not None:
        yield _check_color(technical, expected.color, differs)
    if technical.samples_per_pixel > 1 or technical.icc is not None:
        yield _check_icc(technical, differs)
    if expected.tag_set is not None and technical.mime == "image/tiff":
        yield check_tags(path, expected.tag_set, differs)


def _check_digest(path: Path, expected: str) -> CheckResult:
    found = digest_file(path, ("sha256",)).hexdigests()["sha256"]
    if found == expected:
        return CheckResult("fixity", "pass", found, expected, "The file is the one that was captured.")
    return CheckResult("fixity", "hold", found, expected, "The file has changed since it was captured.")


_SUFFIXES = {
    "TIFF": (".tif", ".tiff"),
    "JPEG": (".jpg", ".jpeg", ".jpe"),
    "PNG": (".png",),
    "JPEG 2000": (".jp2", ".j2k", ".jpx", ".jpf"),
}
"""How names of image files end, by their format."""


def _check_name(path: Path, found: str, differs: Verdict) -> CheckResult:
    """Whether the name ends as the format says: viewers, web servers and people go by it."""
    suffix = path.suffix.lower()
    if not suffix or suffix in _SUFFIXES.get(found, (suffix,)):
        return CheckResult("file_name", "pass", suffix, found, f"The file is {found}, as its name says.")
    sentence = f"The file is {found}, but its name ends in “{suffix}”: give it the name that fits."
    return CheckResult("file_name", differs, suffix, found, sentence)


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
            f"The file states no resolution; {expected:g} dpi are asked for.",
        )  # fmt: skip
    x, y = technical.dpi
    stated = f"{x:g}" if x == y else f"{x:g} x {y:g}"
    if abs(x - expected) <= tolerance and abs(y - expected) <= tolerance:
        return CheckResult(
            "resolution", "pass", stated, expected, f"The file states {stated} dpi as expected."
        )
    sentence = f"The file states {stated} dpi; {expected:g} are asked for."
    return CheckResult("resolution", differs, stated, expected, sentence)


def _check_square_pixels(dpi: tuple[float, float], tolerance: float, differs: Verdict) -> CheckResult:
    x, y = dpi
    stated = f"{x:g} x {y:g}"
    if abs(x - y) <= tolerance:
        sentence = f"The file states {x:g} dpi, the same in both directions."
        return CheckResult("square_pixels", "pass", stated, tolerance, sentence)
    sentence = f"The file states {stated} dpi: whoever shows it by its resolution shows it distorted."
    return CheckResult("square_pixels", differs, stated, tolerance, sentence)


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
    """Whether the colours of the image are defined: its ICC profile is there, whole, and of its colour space."""
    icc, wanted = technical.icc, _icc_space(technical)
    if icc is None:
        return CheckResult("icc", differs, None, wanted, "The colour image has no ICC profile.")
    if icc.stated_size != icc.size:
        sentence = (
            f"The ICC profile says that it has {icc.stated_size} bytes, and has {icc.size}: it is damaged."
        )
        return CheckResult("icc", differs, icc.stated_size, icc.size, sentence)
    if icc.color_space != wanted or not icc.name:
        found = icc.name or "unreadable"
        sentence = f"The ICC profile ({found}) is not a readable profile for {wanted} images."
        return CheckResult("icc", differs, icc.color_space, wanted, sentence)
    if icc.profile_class not in _OF_IMAGES:
        sentence = f"The ICC profile ({icc.name}) is of class {icc.profile_class!r}: it describes no images."
        return CheckResult("icc", differs, icc.profile_class, "scnr, mntr, prtr or spac", sentence)
    return CheckResult("icc", "pass", icc.name, wanted, f"The image has the ICC profile {icc.name}.")


_OF_IMAGES = frozenset({"scnr", "mntr", "prtr", "spac"})
"""Classes of profiles that an image may have (ICC.1:2022, 7.2.5 and 8.3 to 8.6)."""


def _icc_space(technical: TechnicalMetadata) -> str:
    """The data colour space signature (ICC.1:2022, table 19) that fits the image."""
    if technical.photometric == "cmyk":
        return "CMYK"
    return "GRAY" if technical.color_space in {"gray", "bitonal"} else "RGB"
