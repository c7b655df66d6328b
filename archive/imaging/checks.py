# SPDX-License-Identifier: Apache-2.0
"""Quality checks of one page: they measure and flag, and never change or drop anything.

A page that a check *holds* keeps its item back until the operator scans it again or accepts it
with a reason; one to *review* is shown to the operator, and the item goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archive.errors import ImagingError
from archive.imaging.decoder_remarks import decoder_remark
from archive.imaging.file_checks import Expectation, check_file
from archive.imaging.pixels import DecodedPage, decode_page
from archive.imaging.quality.finding import CheckResult
from archive.imaging.quality.measurements import measure_page
from archive.imaging.quality.profile import DEFAULT, QualityProfile, load_quality_profile
from archive.imaging.quality.review import review_page
from archive.imaging.technical_metadata import TechnicalMetadata

__all__ = ["Expectation", "InspectedPage", "inspect_page"]


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
    checks = list(check_file(path, technical, expected, profile))
    try:
        page = decode_page(path)
    except ImagingError as error:
        checks.append(CheckResult("decode", "hold", None, "whole", error.message))
        return InspectedPage(tuple(checks), None)
    checks.append(CheckResult("decode", "pass", "whole", "whole", "The image decodes whole."))
    checks += _remarked(path, page)
    checks += review_page(measure_page(page.image), profile)
    return InspectedPage(tuple(checks), page)


def _remarked(path: Path, page: DecodedPage) -> list[CheckResult]:
    """What a stricter decoder says against an image that opens: its digest tells that it came like that."""
    remark = decoder_remark(path, page.header)
    if remark is None:
        return []
    verdict, told = remark
    sentence = f"The image opens, but its data is damaged: {told}."
    return [CheckResult("image_data", verdict, "damaged", "whole", sentence)]
