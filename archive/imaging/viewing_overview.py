# SPDX-License-Identifier: Apache-2.0
"""A small image of a whole page at once: from plain rows by taking every n-th, else by decoding it."""

from __future__ import annotations

from PIL import Image

from archive.imaging.image_source import ImageSource
from archive.imaging.pixels import decode_to_look_at, shrink
from archive.imaging.viewing_pyramid import DECODED_PIXEL_LIMIT
from archive.imaging.viewing_rows import RowReader

_ROWS_AT_ONCE = 64
_SAMPLES = 2
"""Pixels of a row that make one of the result, and rows; fewer would break text up."""

_HUGE = 4
"""Of pages so many times larger than the result only one row makes one: reading rows is what takes time."""


def rough_overview(source: ImageSource, long_side: int) -> Image.Image:
    """The whole page from plain rows, of which only some are read: quick, and a little rough.

    Args:
        source: An image with plain rows (`pixel_offset` is set).
        long_side: Pixels of the longer side; smaller images keep their size.

    Raises:
        SpoolIncomplete, OSError: The rows cannot be read.
    """
    factor = max(1, -(-max(source.width, source.height) // long_side))
    column_step = max(1, factor // _SAMPLES)
    row_step = factor if factor > _HUGE else column_step
    rows = -(-source.height // row_step)
    size = (max(1, round(source.width / factor)), max(1, round(source.height / factor)))
    overview: Image.Image | None = None
    with RowReader(source) as reader:
        for at in range(0, rows, _ROWS_AT_ONCE):
            band = reader.grid(at * row_step, min(_ROWS_AT_ONCE, rows - at), row_step, column_step)
            band = band.resize((size[0], band.height), Image.Resampling.BOX)
            if overview is None:
                overview = Image.new(band.mode, (size[0], rows))
            overview.paste(band, (0, at))
    assert overview is not None  # noqa: S101 - an image has rows
    return overview.resize(size, Image.Resampling.BOX)


def small_image(
    source: ImageSource, long_side: int, *, pixel_limit: int = DECODED_PIXEL_LIMIT
) -> Image.Image:
    """The whole page in mode "L" or "RGB", its longer side at most `long_side` pixels; never enlarged.

    Raises:
        DamagedImage, SpoolIncomplete, UnsupportedImage, ImageTooLarge, OSError: The image does not decode.
    """
    if source.pixel_offset is not None:
        return shrink(rough_overview(source, long_side * 2), long_side)
    image = decode_to_look_at(source.path, long_side=long_side, pixel_limit=pixel_limit)
    return shrink(image, long_side)
