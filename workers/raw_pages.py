# SPDX-License-Identifier: Apache-2.0
"""A page as the scanner's floor hands it over, in the words of the archive's floor: the two do not know each other."""

from __future__ import annotations

from archive.imaging.image_source import ImageSource
from archive.imaging.raw_page import RawPage
from hardware.scanner import PageFile


def raw_page_of(page: PageFile) -> RawPage:
    """The spooled pixels of a page, as a master is made from them.

    Raises:
        ValueError: The device told no resolution, which a master must state.
    """
    return RawPage(
        path=page.path,
        width=page.width,
        height=page.height,
        bits_per_sample=page.bits_per_sample,
        samples_per_pixel=page.samples_per_pixel,
        photometric=page.photometric,
        dpi=page.dpi,
        pixel_sha256=page.pixel_sha256,
        pixel_offset=page.pixel_offset,
    )


def image_source_of(page: PageFile, icc: bytes | None = None) -> ImageSource:
    """The image of a page in the spool, as it is looked at; no file is touched.

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
