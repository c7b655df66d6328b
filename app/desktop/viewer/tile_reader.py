# SPDX-License-Identifier: Apache-2.0
"""Reads, in threads, what the viewer paints: overviews, tiles and sample values, in display colours."""

from __future__ import annotations

import errno
import os
from collections import Counter
from collections.abc import Callable
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


_DAMAGES = 8
"""A copy that is found damaged more often is the disk's fault, and told. Threads find the same damage at once."""


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
        self._damages: Counter[str] = Counter()

    def copy_path(self, source: ImageSource) -> Path:
        """Where the viewing copy of an image is, or will be."""
        return self._folder / source.cache_name[:2] / f"{source.cache_name}.tiles"

    def overview(self, source: ImageSource, key: OverviewKey) -> QImage | None:
        """The whole image, at most `OVERVIEW_SIDE` pixels long; None while that needs a viewing copy."""
        found = self._from_copy(source, _assembled)
        if found is not None:
            return _painted(found, source, key.image)
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
        found = self._from_copy(source, lambda copy: _kept_tile(copy, key))
        if found is not None:
            return _painted(found, source, key.image)
        if source.pixel_offset is not None and key.level <= _ROWS_LEVEL:
            return _painted(_from_rows(source, level, key), source, key.image)
        return None

    def _enlarged(self, source: ImageSource, level: Level, key: TileKey) -> QImage:
        """A tile of the image's own size from the next level of the copy.

        Raises:
            FileNotFoundError: There is no copy either.
        """
        left, top, right, bottom = level.tile_box(key.column, key.row)
        number = 1 if max(level.columns, level.rows) > 1 else 0
        tile = self._from_copy(
            source, lambda copy: copy.tile(number, key.column >> number, key.row >> number)
        )
        if tile is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(source.path))
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
        tile = self._from_copy(source, lambda copy: copy.tile(0, x // TILE, y // TILE))
        if tile is None:
            return None
        value = tile.getpixel((x % TILE, y % TILE))
        return value if isinstance(value, tuple) else (int(value or 0),)

    def _from_copy(
        self, source: ImageSource, read: Callable[[ViewingCopy], Image.Image | None]
    ) -> Image.Image | None:
        """What a viewing copy holds. One that turns out damaged is removed, so that it is made again."""
        copy = self.open_copy(source)
        if copy is None:
            return None
        try:
            with copy:
                return read(copy)
        except DamagedImage:
            self._damages[source.cache_name] += 1
            if self._damages[source.cache_name] > _DAMAGES:
                raise
            self.copy_path(source).unlink(missing_ok=True)
            return None

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


def _kept_tile(copy: ViewingCopy, key: TileKey) -> Image.Image | None:
    if all(level.number != key.level for level in copy.levels):
        return None
    return copy.tile(key.level, key.column, key.row)


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
