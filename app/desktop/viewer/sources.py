# SPDX-License-Identifier: Apache-2.0
"""Image sources of the pages that a scanner delivered."""

from __future__ import annotations

from archive.imaging.image_source import ImageSource
from hardware.scanner import PageFile


def source_of_page(page: PageFile, icc: bytes | None = None) -> ImageSource:
    """The image of a page in the spool; no file is touched.

    Args:
        page: The page.
        icc: The profile that its master gets, where one is known.
    """
    return ImageSource(
        path=page.path,
        kind="raw",
        width=page.width,
        height=page.height,
        bits_per_sample=page.bits_per_sample,
        samples_per_pixel=page.samples_per_pixel,
        photometric=page.photometric,
        key=page.pixel_sha256,
        pixel_offset=page.pixel_offset,
        dpi=page.dpi if min(page.dpi) > 0 else None,
        icc=icc,
    )
