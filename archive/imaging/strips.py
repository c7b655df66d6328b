# SPDX-License-Identifier: Apache-2.0
"""The stored pixel bytes of an uncompressed TIFF, strip by strip, without decoding or holding them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from os import SEEK_END
from pathlib import Path
from typing import IO

import tifffile

from archive.digests import BLOCK
from archive.errors import DamagedImage
from archive.imaging.tiff_directory import directory_end

_NO_COMPRESSION = 1


def is_plain(page: tifffile.TiffPage) -> bool:
    """Whether a page's strips are its canonical pixels: uncompressed, little-endian where it matters."""
    return bool(
        page.compression == _NO_COMPRESSION
        and not page.is_tiled
        and page.planarconfig == 1
        and page.fillorder == 1
        and page.bitspersample in {1, 8, 16}
        and (page.bitspersample <= 8 or page.parent.byteorder == "<")  # noqa: PLR2004 - bits
    )


def strip_bytes(file: IO[bytes], path: Path) -> Iterator[bytes]:
    """Yield the pixel bytes of the first image of an uncompressed TIFF in blocks of at most 1 MiB.

    Args:
        file: The TIFF, open for reading, at its start; it stays open.
        path: Its name, for messages.

    Raises:
        DamagedImage: It is no such TIFF, or strips are missing or shorter than the geometry says.
    """
    for offset, count in _extents(file, path):
        file.seek(offset)
        left = count
        while left:
            block = file.read(min(left, BLOCK))
            if not block:
                raise DamagedImage(
                    f"{path} ends {left} bytes before the end of a strip; it is truncated.", path=str(path)
                )
            left -= len(block)
            yield block


def strip_extent(file: IO[bytes], path: Path) -> range:
    """The offsets of all pixel bytes of a whole TIFF of our own: its strips lie one behind the other.

    Args:
        file: The TIFF, open for reading, at its start; it stays open.
        path: Its name, for messages.

    Raises:
        DamagedImage: It is no such TIFF, or strips are missing or shorter than the geometry says.
    """
    extent = gapless_extent(file, path)
    if extent is None:
        raise DamagedImage(f"The strips of {path} do not lie one behind the other.", path=str(path))
    return extent


def gapless_extent(file: IO[bytes], path: Path) -> range | None:
    """As `strip_extent`; None where the strips of a whole TIFF do not lie one behind the other.

    Raises:
        DamagedImage: As `strip_extent`, but for that.
    """
    extents = _extents(file, path)
    start = end = extents[0][0]
    for offset, count in extents:
        if offset != end:
            return None
        end += count
    try:
        needed = max(end, directory_end(file))
    except ValueError as error:
        raise DamagedImage(f"{path} has no readable TIFF directory: {error}", path=str(path)) from error
    size = file.seek(0, SEEK_END)
    if needed > size:
        raise DamagedImage(f"{path} is truncated by {needed - size} bytes.", path=str(path))
    return range(start, end)


def _extents(file: IO[bytes], path: Path) -> list[tuple[int, int]]:
    """Offset and length of each strip."""
    try:
        with tifffile.TiffFile(file, name=path.name) as tiff:
            page = tiff.pages.first
            if not is_plain(page):
                raise DamagedImage(f"{path} is not an uncompressed TIFF in strips.", path=str(path))
            extents = list(zip(page.dataoffsets, page.databytecounts, strict=True))
            width_bits = page.imagewidth * page.samplesperpixel * page.bitspersample
            expected = (width_bits + 7) // 8 * page.imagelength
    except (
        tifffile.TiffFileError,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        ArithmeticError,
        struct.error,
    ) as error:
        raise DamagedImage(f"{path} has no readable TIFF directory: {error}", path=str(path)) from error
    promised = sum(count for _, count in extents)
    if promised != expected or not extents:
        raise DamagedImage(
            f"The strips of {path} hold {promised} bytes where its geometry needs {expected}.", path=str(path)
        )
    return extents
