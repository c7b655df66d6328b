# SPDX-License-Identifier: Apache-2.0
"""A master that stands already, read as its writer would have proved it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from archive.imaging.pixels import pixel_digest
from archive.imaging.read_back import ReadBack, read_back
from archive.imaging.strips import strip_extent
from archive.imaging.tiff_header import read_tiff_header


def read_standing_master(path: Path) -> tuple[ReadBack, str]:
    """What is in a file that may be a master: its digests, those of its pixels among them, and its document name.

    Raises:
        DamagedImage: It is no whole TIFF of our own.
        UnsupportedImage, ImageTooLarge: It is a TIFF that we have not written.
        WorkerExtraMissing: It is compressed, and imagecodecs is not installed here.
        OSError: The file cannot be read.
    """
    header = read_tiff_header(path)
    name = header.tags.get("document_name", "")
    with path.open("rb") as file:
        if header.compression == "deflate":
            return replace(read_back(file), part_sha256=pixel_digest(path)), name
        return read_back(file, strip_extent(file, path)), name
