# SPDX-License-Identifier: Apache-2.0
"""Making images smaller: by libvips where it is installed and faster, by Pillow otherwise, to the same pixels."""

from __future__ import annotations

import logging
from functools import cache
from importlib import import_module
from types import ModuleType

from PIL import Image

from archive.imaging.band_scaling import scale_by_bands
from archive.imaging.page_pixels import Pixels

WORTH_IT = 4_000_000
"""Pixels below which handing an image to libvips and back costs more than it saves."""

_LARGEST_FACTOR = 4
"""Beyond it Pillow reads only the means of boxes, and is several times as fast as anything else."""

_VIPS_MODES = {"L": 1, "RGB": 3}


def scale(
    image: Pixels, width: int, height: int, kernel: Image.Resampling = Image.Resampling.LANCZOS
) -> Image.Image:
    """The image in a smaller size, filtered by `kernel` after a box reduction; 1 bit becomes gray.

    What comes here was decoded, and with that proved to be whole. What is not in memory is scaled band by band.
    """
    if not isinstance(image, Image.Image):
        return scale_by_bands(image, width, height, kernel)
    if image.mode == "1":
        image = image.convert("L")
    large = image.width * image.height >= WORTH_IT and image.width < width * _LARGEST_FACTOR
    if large and kernel is Image.Resampling.LANCZOS and image.mode in _VIPS_MODES:
        vips = libvips()
        if vips is not None:
            return scale_by_vips(vips, image, width, height)
    return scale_by_pillow(image, width, height, kernel)


def scale_by_pillow(
    image: Image.Image, width: int, height: int, kernel: Image.Resampling = Image.Resampling.LANCZOS
) -> Image.Image:
    """As `scale`, by Pillow."""
    return image.resize((width, height), kernel, reducing_gap=3.0)


def scale_by_vips(vips: ModuleType, image: Image.Image, width: int, height: int) -> Image.Image:
    """As `scale` with the Lanczos kernel, by libvips.

    Args:
        vips: What `libvips` gave.
        image: In mode "L" or "RGB".
        width: Pixels in a row of the result.
        height: Its rows.
    """
    source = vips.Image.new_from_memory(
        image.tobytes(), image.width, image.height, _VIPS_MODES[image.mode], "uchar"
    )
    across, down = width / image.width, height / image.height
    scaled = source.resize(across, vscale=down, kernel="lanczos3", gap=3.0)
    if (scaled.width, scaled.height) != (width, height):
        # libvips rounds sides by its own rule
        return scale_by_pillow(image, width, height)
    return Image.frombytes(image.mode, (width, height), scaled.write_to_memory())


@cache
def libvips() -> ModuleType | None:
    """pyvips, or None where it or its library is not installed.

    Loaded when the first image is scaled, in the process that scales: its threads do not survive a fork.
    """
    try:
        pyvips = import_module("pyvips")
    except (ImportError, OSError):
        return None
    # every page is another: nothing that is kept would be asked for again
    pyvips.cache_set_max(0)
    # what matters is raised as an error; the rest would stand among what the commands print
    logging.getLogger("pyvips").setLevel(logging.ERROR)
    return pyvips
