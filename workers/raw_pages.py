# SPDX-License-Identifier: Apache-2.0
"""A page as the scanner's floor hands it over, in the words of the archive's floor: the two do not know each other."""

from __future__ import annotations

from archive.imaging.raw_page import RawPage
from hardware.scanner import PageFile


def raw_page_of(page: PageFile) -> RawPage:
    """The spooled pixels of a page, as the archive wants them described."""
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
