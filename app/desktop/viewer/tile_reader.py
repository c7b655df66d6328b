# SPDX-License-Identifier: Apache-2.0
"""Reads, in threads, what the viewer paints: overviews, tiles and sample values, in display colours."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from PySide6.QtGui import QImage

from app.desktop.viewer.clipping import with_clipping
from app.desktop.viewer.color import to_display, to_qimage
from archive.errors import DamagedImage
from archive.imaging.image_source import ImageSource
from archive.imaging.viewing_copy import TILE, Level, ViewingCopy, levels_of
from archive.imaging.viewing_overview import rough_overview
from archive.imaging.viewing_rows import RowReader

OVERVIEW_SIDE = 2048
"""Pixels of an overview's longer side, at most; enough for a page that fits a display."""

_ROWS_LEVEL = 2
"""Coarser levels are not made of plain rows while someone waits: a tile would need tens of megabytes."""

TURNS = {
    1: Image.Transpose.ROTATE_270,
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_90,
}
"""Quarter turns clockwise; Pillow counts them the other way."""


class ImageKey(NamedTuple):
    """One image as it is painted.

    Attributes:
        name: The image and its profile, by `shown_name`.
        turns: Quarter turns clockwise.
        marked: Whether clipped pixels are marked.
    """

    name: str
    turns: int
    marked: bool


class TileKey(NamedTuple):
    """A tile, in places of the image as it is stored."""

    image: ImageKey
    level: int
    column: int
    row: int


class OverviewKey(NamedTuple):
    """The whole image, small."""

    image: ImageKey


class SampleKey(NamedTuple):
    """The sample values of a pixel, in places of the image as it is stored."""

    name: str
    x: int
    y: int


def shown_name(source: ImageSource) -> str:
    """What tells an image on screen from all others: the same pixels look different in another profile."""
    return f"{source.cache_name} {hash(source.icc)}"


class TileReader:
    """Reads pieces of images, from their files or their viewing copies. Used by several threads at once.

    Args:
        folder: Where viewing copies are kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def copy_path(self, source: ImageSource) -> Path:
        """Where the viewing copy of an image is, or will be."""
        return self._folder / source.cache_name[:2] / f"{source.cache_name}.tiles"

    def overview(self, source: ImageSource, key: OverviewKey) -> QImage | None:
        """The whole image, at most `OVERVIEW_SIDE` pixels long; None while that needs a viewing copy."""
        copy = self.open_copy(source)
        if copy is not None:
            with copy:
                return _painted(_assembled(copy), source, key.image)
        if source.pixel_offset is None:
            return None
        return _painted(rough_overview(source, OVERVIEW_SIDE), source, key.image)

    def tile(self, source: ImageSource, key: TileKey) -> QImage | None:
        """A tile; None while that needs a viewing copy.

        The image's own pixels are read from the image where that is possible: they are then exact.
        """
        level = levels_of(source.width, source.height)[key.level]
        if source.pixel_offset is not None and key.level == 0:
            try:
                return _painted(_from_rows(source, level, key), source, key.image)
            except FileNotFoundError:
                # a page on its way into the archive has another name by now; its copy shows nearly as much
                return self._enlarged(source, level, key)
        copy = self.open_copy(source)
        if copy is not None:
            with copy:
                if any(kept.number == key.level for kept in copy.levels):
                    return _painted(copy.tile(key.level, key.column, key.row), source, key.image)
        if source.pixel_offset is not None and key.level <= _ROWS_LEVEL:
            return _painted(_from_rows(source, level, key), source, key.image)
        return None

    def _enlarged(self, source: ImageSource, level: Level, key: TileKey) -> QImage:
        """A tile of the image's own size from the next level of the copy.

        Raises:
            FileNotFoundError: There is no copy either.
        """
        copy = self.open_copy(source)
        if copy is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(source.path))
        left, top, right, bottom = level.tile_box(key.column, key.row)
        with copy:
            number = min(1, copy.levels[0].number)
            tile = copy.tile(number, key.column >> number, key.row >> number)
        corner_x, corner_y = left % (TILE << number) >> number, top % (TILE << number) >> number
        size = right - left, bottom - top
        piece = tile.crop(
            (corner_x, corner_y, corner_x + (size[0] + 1 >> number), corner_y + (size[1] + 1 >> number))
        )
        return _painted(piece.resize(size, Image.Resampling.BILINEAR), source, key.image)

    def samples(self, source: ImageSource, x: int, y: int) -> tuple[int, ...] | None:
        """The stored sample values of a pixel; of images that must be decoded those of the viewing copy."""
        if source.pixel_offset is not None:
            with RowReader(source) as reader:
                return reader.samples(x, y)
        copy = self.open_copy(source)
        if copy is None:
            return None
        with copy:
            value = copy.tile(0, x // TILE, y // TILE).getpixel((x % TILE, y % TILE))
        return value if isinstance(value, tuple) else (int(value or 0),)

    def open_copy(self, source: ImageSource) -> ViewingCopy | None:
        """The viewing copy of an image; a damaged one is removed, and None as if it were not there."""
        path = self.copy_path(source)
        try:
            copy = ViewingCopy(path)
        except FileNotFoundError:
            return None
        except DamagedImage:
            path.unlink(missing_ok=True)
            return None
        with suppress(OSError):  # it only tells the pruning of the cache that the copy is in use
            os.utime(path)
        return copy


def _from_rows(source: ImageSource, level: Level, key: TileKey) -> Image.Image:
    factor = 1 << key.level
    left, top, right, bottom = level.tile_box(key.column, key.row)
    box = (
        left * factor,
        top * factor,
        min(right * factor, source.width),
        min(bottom * factor, source.height),
    )
    with RowReader(source) as reader:
        piece = reader.region(box)
    return piece.reduce(factor) if factor > 1 else piece


def _assembled(copy: ViewingCopy) -> Image.Image:
    """The finest level that is not larger than an overview may be."""
    level = next(
        (level for level in copy.levels if max(level.width, level.height) <= OVERVIEW_SIDE), copy.levels[-1]
    )
    image: Image.Image | None = None
    for row in range(level.rows):
        for column in range(level.columns):
            tile = copy.tile(level.number, column, row)
            if image is None:
                image = Image.new(tile.mode, (level.width, level.height))
            image.paste(tile, (column * TILE, row * TILE))
    assert image is not None  # noqa: S101 - a level has tiles
    return image


def _painted(image: Image.Image, source: ImageSource, key: ImageKey) -> QImage:
    shown = to_display(image, source.icc)
    if key.marked and source.bits_per_sample > 1:
        shown = with_clipping(shown, image)
    if key.turns:
        shown = shown.transpose(TURNS[key.turns])
    return to_qimage(shown)
