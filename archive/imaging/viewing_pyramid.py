# SPDX-License-Identifier: Apache-2.0
"""Making viewing copies: one pass over the rows, each level halving the one before, in bounded memory."""

from __future__ import annotations

import json
import os
import struct
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import IO

import numpy as np
from PIL import Image

from archive.errors import DamagedImage
from archive.imaging.image_source import ImageSource
from archive.imaging.pixels import decode_to_look_at
from archive.imaging.viewing_cache import cache_file
from archive.imaging.viewing_copy import ENTRY, SIGNATURE, TILE, Level, levels_of
from archive.imaging.viewing_rows import RowReader

QUALITY = 90
THREADS = 2
"""Bands are made and tiles are encoded outside the interpreter lock; more would take the station's cores."""

DECODED_PIXEL_LIMIT = 500_000_000
"""Pixels of an image that is decoded whole: 2 GB of memory. Plain rows have no limit."""

_BAND_BYTES = 8 << 20
"""Of rows that are read at once: with what decoding needs, some 25 MB a thread."""

Progress = Callable[[int, int], None]
"""Is told rows done and rows in all."""


def build_viewing_copy(
    source: ImageSource,
    destination: Path,
    *,
    finest: int = 0,
    pixel_limit: int = DECODED_PIXEL_LIMIT,
    progress: Progress | None = None,
) -> None:
    """Make the viewing copy of an image; `destination` takes its name when it is whole.

    Plain rows are read band by band: 24,000 x 17,000 pixels of RGB need less than 300 MB of memory.
    Other images are decoded whole. Nothing is synced to disk: a copy that a power cut damages is found
    damaged and made again.

    Args:
        source: The image.
        destination: Where the copy goes; its folder is made when missing.
        finest: The first level to keep: 1 leaves out the image's own size, for images whose pixels can
            be read in place. Images of a single tile are always kept.
        pixel_limit: Images that have to be decoded whole and claim more pixels are refused.
        progress: Is told how far it is, from this thread.

    Raises:
        DamagedImage, SpoolIncomplete: The image does not decode whole.
        UnsupportedImage: It is of a kind that is not decoded.
        ImageTooLarge: It claims more than `pixel_limit` pixels.
        OSError: It cannot be read, or the disk is full; nothing is left at `destination`.
    """
    levels = levels_of(source.width, source.height)
    finest = min(finest, len(levels) - 1)
    with (
        ThreadPoolExecutor(THREADS, "viewing-copy") as pool,
        cache_file(destination) as file,
    ):
        writer = _TileWriter(file, levels[finest:], pool)
        done = 0
        for band in _bands(source, 1 << finest, pixel_limit, pool):
            writer.add(0, band)
            done += band.height << finest
            if progress is not None:
                progress(min(done, source.height), source.height)
        writer.finish(source)


class _TileWriter:
    """Cuts bands into tiles, halves them for the next level, and writes all with their index."""

    def __init__(self, file: IO[bytes], levels: tuple[Level, ...], pool: ThreadPoolExecutor) -> None:
        self._file = file
        self._levels = levels
        self._pool = pool
        self._waiting: list[Image.Image | None] = [None for _ in levels]
        self._filled = [0 for _ in levels]
        self._rows_of_tiles = [0 for _ in levels]
        self._tiles = [np.zeros(level.tiles, ENTRY) for level in levels]
        file.write(SIGNATURE + bytes(8))

    def add(self, place: int, band: Image.Image) -> None:
        """Take the next rows of a level."""
        level, taken = self._levels[place], 0
        while taken < band.height:
            waiting = self._waiting[place]
            if waiting is None:
                waiting = self._waiting[place] = Image.new(band.mode, (level.width, TILE))
            room = min(TILE - self._filled[place], band.height - taken)
            waiting.paste(band.crop((0, taken, level.width, taken + room)), (0, self._filled[place]))
            self._filled[place] += room
            taken += room
            if self._filled[place] == TILE:
                self._flush(place)

    def finish(self, source: ImageSource) -> None:
        """Write what is left, and the index."""
        for place in range(len(self._levels)):
            if self._filled[place]:
                self._flush(place)
        facts = {
            "levels": [[level.number, level.width, level.height] for level in self._levels],
            "source": replace(source, path=Path(os.path.abspath(source.path))).to_json(),  # noqa: PTH100
        }
        head = json.dumps(facts).encode()
        start = self._file.tell()
        self._file.write(struct.pack("<I", len(head)) + head)
        self._file.write(np.concatenate(self._tiles).tobytes())
        self._file.seek(len(SIGNATURE))
        self._file.write(struct.pack("<Q", start))

    def _flush(self, place: int) -> None:
        level, rows = self._levels[place], self._filled[place]
        band = self._waiting[place]
        assert band is not None  # noqa: S101 - rows were filled into it
        if rows < TILE:
            band = band.crop((0, 0, level.width, rows))
        boxes = [(left, 0, min(left + TILE, level.width), rows) for left in range(0, level.width, TILE)]
        halved = self._pool.submit(band.reduce, 2) if place + 1 < len(self._levels) else None
        row = self._rows_of_tiles[place]
        for column, jpeg in enumerate(self._pool.map(_encoded, [band] * len(boxes), boxes)):
            self._tiles[place][row * level.columns + column] = (self._file.tell(), len(jpeg))
            self._file.write(jpeg)
        self._waiting[place], self._filled[place] = None, 0
        self._rows_of_tiles[place] = row + 1
        if halved is not None:
            self.add(place + 1, halved.result())


def _encoded(band: Image.Image, box: tuple[int, int, int, int]) -> bytes:
    encoded = BytesIO()
    # colour in full resolution: thin red rules would fade at 1:1
    band.crop(box).save(encoded, "JPEG", quality=QUALITY, subsampling="4:4:4")
    return encoded.getvalue()


def _bands(
    source: ImageSource, factor: int, pixel_limit: int, pool: ThreadPoolExecutor
) -> Iterator[Image.Image]:
    """Rows of the image, reduced by `factor`, from the top; some bands are read ahead."""
    if source.pixel_offset is None:
        image = decode_to_look_at(source.path, pixel_limit=pixel_limit)
        if image.size != (source.width, source.height):
            raise DamagedImage(
                f"{source.path} decodes to another size than its header says.", path=str(source.path)
            )
        yield from _decoded_bands(image, factor)
        return
    with RowReader(source) as reader:

        def band(top: int, rows: int) -> Image.Image:
            image = reader.rows(top, rows)
            return image.reduce(factor) if factor > 1 else image

        ahead: deque[Future[Image.Image]] = deque()
        try:
            for top, rows in _steps(source, factor):
                ahead.append(pool.submit(band, top, rows))
                if len(ahead) > THREADS:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            # the file must not be closed under a thread that reads it
            for future in ahead:
                if not future.cancel():
                    future.exception()


def _steps(source: ImageSource, factor: int) -> Iterator[tuple[int, int]]:
    """First row and number of rows of each band; all but the last are a multiple of `factor`."""
    rows = max(1, _BAND_BYTES // (source.width * source.samples_per_pixel))
    rows = max(factor, min(rows, TILE * factor) // factor * factor)
    for top in range(0, source.height, rows):
        yield top, min(rows, source.height - top)


def _decoded_bands(image: Image.Image, factor: int) -> Iterator[Image.Image]:
    rows = TILE * factor
    for top in range(0, image.height, rows):
        band = image.crop((0, top, image.width, min(top + rows, image.height)))
        yield band.reduce(factor) if factor > 1 else band
