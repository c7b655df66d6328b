# SPDX-License-Identifier: Apache-2.0
"""Image sources of the pages that a scanner delivered."""

from __future__ import annotations

from archive.imaging.image_source import ImageSource
from hardware.scanner import PageFile
from workers.raw_pages import raw_page_of


def source_of_page(page: PageFile, icc: bytes | None = None) -> ImageSource:
    """The image of a page in the spool; no file is touched.

    Args:
        page: The page.
        icc: The profile that its master gets, where one is known.
    """
    return ImageSource.from_raw_page(raw_page_of(page), icc)
