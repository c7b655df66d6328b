# SPDX-License-Identifier: Apache-2.0
"""A small image of a whole page at once: from plain rows by taking every n-th, else by decoding it."""

from __future__ import annotations

from PIL import Image

from archive.imaging.image_source import ImageSource
from archive.imaging.pixels import decode_to_look_at, shrink
from archive.imaging.viewing_pyramid import DECODED_PIXEL_LIMIT
from archive.imaging.viewing_rows import RowReader

_ROWS_AT_ONCE = 64


def rough_overview(source: ImageSource, long_side: int) -> Image.Image:
    """The whole page from plain rows, of which only some are read: quick, and a little rough.

    Rows are skipped so that 1 to 2 of them make a row of the result; columns are averaged.

    Args:
        source: An image with plain rows (`pixel_offset` is set).
        long_side: Pixels of the longer side; smaller images keep their size.

    Raises:
        SpoolIncomplete, OSError: The rows cannot be read.
    """
    factor = max(1, -(-max(source.width, source.height) // long_side))
    step = max(1, factor // 2)
    rows = -(-source.height // step)
    height = max(1, round(source.height / factor))
    width = max(1, round(source.width / factor))
    overview: Image.Image | None = None
    with RowReader(source) as reader:
        for at in range(0, rows, _ROWS_AT_ONCE):
            band = reader.rows(at * step, min(_ROWS_AT_ONCE, rows - at), step)
            band = band.reduce((factor, 1)) if factor > 1 else band
            if overview is None:
                overview = Image.new(band.mode, (band.width, rows))
            overview.paste(band, (0, at))
    assert overview is not None  # noqa: S101 - an image has rows
    return overview.resize((width, height), Image.Resampling.BOX)


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
