# SPDX-License-Identifier: Apache-2.0
"""What a strict decoder remarks on data that a patient one takes: Pillow opens JPEG and CCITT data with turned bits."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from archive.imaging.image_header import ImageHeader
from archive.imaging.pixels import HELD_PIXELS
from archive.imaging.scaling import libvips

_STRICT: dict[str, tuple[Literal["hold", "review"], str]] = {
    # libtiff calls a code word that does not exist an error and goes on with the next row
    "ccitt": ("hold", "error"),
    # libjpeg calls everything a warning, and some cameras and editors earn one
    "jpeg": ("review", "warning"),
}


def decoder_remark(path: Path, header: ImageHeader) -> tuple[Literal["hold", "review"], str] | None:
    """What libvips finds wrong with an image that Pillow has opened; None for nothing, and where it is not installed.

    It tells most turned bits in CCITT data, and some in JPEG data. Pages of more than `HELD_PIXELS` are decoded by
    libvips in the first place.

    Args:
        path: The file.
        header: What it says of itself.

    Returns:
        The verdict, and the remark.
    """
    vips = libvips()
    kind = "jpeg" if header.format_name == "JPEG" else header.compression.partition(" ")[0].lower()
    told = _STRICT.get(kind) if header.format_name in {"JPEG", "TIFF"} else None
    if vips is None or told is None or header.pixels > HELD_PIXELS:
        return None
    if header.format_name == "TIFF" and kind == "jpeg":
        # libtiff keeps libjpeg's warnings for itself, and its own are about tags
        return None
    verdict, strictness = told
    try:
        vips.Image.new_from_file(str(path), access="sequential", fail_on=strictness).avg()
    except vips.Error as error:
        # libvips writes in front of each line which of its loaders it is from
        lines = [line.partition(": ")[2].strip() for line in str(error.detail).splitlines()]
        return verdict, next((line for line in reversed(lines) if line), "its decoder gave up")
    return None
