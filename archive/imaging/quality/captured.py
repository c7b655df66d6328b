# SPDX-License-Identifier: Apache-2.0
"""Checks of a page right after its capture, from the rows in the spool: the next sheet is already being put in place."""

from __future__ import annotations

import os

from archive.imaging.image_source import ImageSource
from archive.imaging.page_pixels import PixelsInFile, RowLayout
from archive.imaging.quality.finding import CheckResult
from archive.imaging.quality.measurements import measure_page
from archive.imaging.quality.profile import QualityProfile
from archive.imaging.quality.review import review_page


def check_captured(source: ImageSource, profile: QualityProfile) -> tuple[CheckResult, ...]:
    """What a profile makes of a captured page; memory is bounded, however large the page is.

    Args:
        source: An image with plain rows (`pixel_offset` is set).
        profile: The limits.

    Raises:
        ValueError: The image has no plain rows.
        DamagedImage: It is shorter than its geometry says.
        OSError: It cannot be read.
    """
    if source.pixel_offset is None:
        raise ValueError(f"{source.path} has no plain rows.")
    layout = RowLayout(
        width=source.width,
        height=source.height,
        samples_per_pixel=source.samples_per_pixel,
        bits_per_sample=source.bits_per_sample,
        white_is_zero=source.photometric == "white_is_zero",
        offset=source.pixel_offset,
    )
    descriptor = os.open(source.path, os.O_RDONLY | os.O_CLOEXEC)
    return tuple(review_page(measure_page(PixelsInFile(descriptor, layout, source.path)), profile))
