# SPDX-License-Identifier: Apache-2.0
"""The viewing copy of an image: one file of JPEG tiles on levels that halve, to look at any size quickly.

The file is a cache, of use to the version of Recto that wrote it: `SIGNATURE`, the offset of the index
(8 bytes, little-endian), the tiles in any order, then the index: its length (4 bytes), a JSON object,
and for every tile, level by level and row by row, offset (8 bytes) and size (4 bytes).
"""

from __future__ import annotations

import json
import os
import struct
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from PIL import Image

from archive.errors import DamagedImage
from archive.imaging.image_source import ImageSource

SIGNATURE = b"RECTOVC1"
TILE = 512
"""Pixels of a tile's side."""

ENTRY = np.dtype([("offset", "<u8"), ("size", "<u4")])
_INDEX_LIMIT = 64 << 20


@dataclass(frozen=True, slots=True)
class Level:
    """One size in which an image is kept.

    Attributes:
        number: Its pixels are those of the image halved so many times.
        width: Pixels in a row.
        height: Rows.
    """

    number: int
    width: int
    height: int

    @property
    def columns(self) -> int:
        """Tiles in a row."""
        return -(-self.width // TILE)

    @property
    def rows(self) -> int:
        """Rows of tiles."""
        return -(-self.height // TILE)

    @property
    def tiles(self) -> int:
        """Tiles in all."""
        return self.columns * self.rows

    def tile_box(self, column: int, row: int) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of a tile in pixels of the level."""
        left, top = column * TILE, row * TILE
        return left, top, min(left + TILE, self.width), min(top + TILE, self.height)


def levels_of(width: int, height: int) -> tuple[Level, ...]:
    """All levels of an image, from its own size down to the first that is a single tile."""
    levels = [Level(0, width, height)]
    while levels[-1].tiles > 1:
        finer = levels[-1]
        levels.append(Level(finer.number + 1, -(-finer.width // 2), -(-finer.height // 2)))
    return tuple(levels)


class ViewingCopy:
    """An open viewing copy. Several threads may read from it.

    Args:
        path: The file.

    Attributes:
        source: What is known of the image itself: true size, depth, resolution, profile. Its path is
            where the image was when the copy was made.
        levels: The sizes in the file, finest first. The finest is not the image's own size where that
            can be read from the image quickly.

    Raises:
        DamagedImage: The file is no whole viewing copy; delete it and make it again.
        OSError: It cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            self.source, self.levels, self._tiles = self._read_index()
        except (ValueError, TypeError, KeyError, AttributeError, struct.error) as error:
            self.close()
            raise damaged(path) from error
        except BaseException:
            self.close()
            raise
        self._first = {level.number: 0 for level in self.levels}
        for finer, coarser in zip(self.levels, self.levels[1:], strict=False):
            self._first[coarser.number] = self._first[finer.number] + finer.tiles

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)

    def tile_jpeg(self, level: int, column: int, row: int) -> bytes:
        """The JPEG of a tile.

        Raises:
            KeyError: The copy has no such level.
            IndexError: The level has no such tile.
            DamagedImage: The file has been cut short.
        """
        place = self.level(level)
        if not (0 <= column < place.columns and 0 <= row < place.rows):
            raise IndexError(f"Level {level} of {self.path} has no tile {column}, {row}.")
        entry = self._tiles[self._first[level] + row * place.columns + column]
        size = int(entry["size"])
        content = os.pread(self._descriptor, size, int(entry["offset"]))
        if len(content) != size:
            raise damaged(self.path)
        return content

    def tile(self, level: int, column: int, row: int) -> Image.Image:
        """A tile in mode "L" or "RGB", in the colours of the image's own profile.

        Raises:
            KeyError, IndexError, DamagedImage: As `tile_jpeg`.
        """
        try:
            image = Image.open(BytesIO(self.tile_jpeg(level, column, row)), formats=["JPEG"])
            image.load()
        except (OSError, SyntaxError, ValueError) as error:
            raise damaged(self.path) from error
        return image

    def level(self, number: int) -> Level:
        """One of the levels in the file.

        Raises:
            KeyError: It is not in the file.
        """
        for level in self.levels:
            if level.number == number:
                return level
        raise KeyError(number)

    def overview(self, side: int) -> Image.Image:
        """The whole image, its longer side at most `side` pixels and at most 512; never enlarged."""
        image = self.tile(self.levels[-1].number, 0, 0)
        longest = max(image.size)
        if longest <= side:
            return image
        width, height = (max(1, round(length * side / longest)) for length in image.size)
        return image.resize((width, height), Image.Resampling.LANCZOS)

    def _read_index(self) -> tuple[ImageSource, tuple[Level, ...], Any]:
        head = os.pread(self._descriptor, len(SIGNATURE) + 8, 0)
        if head[: len(SIGNATURE)] != SIGNATURE:
            raise ValueError("not a viewing copy")
        (start,) = struct.unpack("<Q", head[len(SIGNATURE) :])
        size = os.fstat(self._descriptor).st_size - start
        if not 0 < size < _INDEX_LIMIT:
            raise ValueError("no index")
        index = os.pread(self._descriptor, size, start)
        (length,) = struct.unpack_from("<I", index)
        facts = json.loads(index[4 : 4 + length])
        tiles = np.frombuffer(index, ENTRY, offset=4 + length)
        levels = tuple(Level(*level) for level in facts["levels"])
        if not levels or len(tiles) != sum(level.tiles for level in levels):
            raise ValueError("tiles are missing")
        return ImageSource.from_json(facts["source"]), levels, tiles


def damaged(path: Path) -> DamagedImage:
    """The error of a file that is no whole viewing copy."""
    return DamagedImage(
        f"The viewing copy {path} is damaged.",
        consequence="The page cannot be shown from it; the master is not affected.",
        remedy="Delete the file: it is made again from the master.",
        path=str(path),
    )
