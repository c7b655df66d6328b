# SPDX-License-Identifier: Apache-2.0
"""Whether an image is as large as the sheet, by its pixels and its resolution."""

from __future__ import annotations

from archive.imaging.quality.finding import CheckResult
from archive.imaging.quality.profile import Verdict
from archive.imaging.technical_metadata import TechnicalMetadata

INCH = 25.4
"""Millimetres."""

Size = tuple[float, float]


def check_sheet_size(
    technical: TechnicalMetadata, dpi: float | None, sheet_mm: Size, tolerance: float, differs: Verdict
) -> CheckResult:
    """Compare the pixels with the sheet that they show.

    A file that states a resolution at which it was not scanned shows here: its pixels do not make the sheet.

    Args:
        technical: What the file says of itself.
        dpi: The resolution of the manifest; None to take that of the file.
        sheet_mm: Width and height of the sheet; a sheet may lie across.
        tolerance: Share by which a side may differ.
        differs: What becomes of an image of another size.
    """
    asked = _words(sheet_mm)
    resolution = (dpi, dpi) if dpi is not None else technical.dpi
    if resolution is None:
        sentence = (
            f"The file states no resolution: whether it shows a sheet of {asked} mm whole, nobody can tell."
        )
        return CheckResult("sheet_size", differs, None, asked, sentence)
    found = (technical.width / resolution[0] * INCH, technical.height / resolution[1] * INCH)
    shown = _words(found)
    if min(_difference(found, sheet_mm), _difference(found, sheet_mm[::-1])) <= tolerance:
        return CheckResult(
            "sheet_size", "pass", shown, asked, f"The image shows {shown} mm, as the sheet has."
        )
    sentence = (
        f"The image shows {shown} mm, the sheet has {asked} mm: "
        "look whether the area, the resolution or the sheet is the wrong one."
    )
    return CheckResult("sheet_size", differs, shown, asked, sentence)


def _difference(found: Size, sheet: Size) -> float:
    """The larger of the differences of both sides, as a share."""
    return max(abs(one - other) / other for one, other in zip(found, sheet, strict=True))


def _words(size: Size) -> str:
    return f"{size[0]:.0f} x {size[1]:.0f}"
