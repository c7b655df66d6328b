# SPDX-License-Identifier: Apache-2.0
"""The stored pixel bytes of an uncompressed TIFF, strip by strip, without decoding or holding them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO

import tifffile

from archive.digests import BLOCK
from archive.errors import DamagedImage

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
    try:
        with tifffile.TiffFile(file, name=path.name) as tiff:
            page = tiff.pages.first
            if not is_plain(page):
                raise DamagedImage(f"{path} is not an uncompressed TIFF in strips.", path=str(path))
            extents = list(zip(page.dataoffsets, page.databytecounts, strict=True))
            width_bits = page.imagewidth * page.samplesperpixel * page.bitspersample
            expected = (width_bits + 7) // 8 * page.imagelength
    except (tifffile.TiffFileError, ValueError, TypeError, KeyError, IndexError, ArithmeticError) as error:
        raise DamagedImage(f"{path} has no readable TIFF directory: {error}", path=str(path)) from error
    yield from _extents(file, path, extents, expected)


def _extents(file: IO[bytes], path: Path, extents: list[tuple[int, int]], expected: int) -> Iterator[bytes]:
    promised = sum(count for _, count in extents)
    if promised != expected:
        raise DamagedImage(
            f"The strips of {path} hold {promised} bytes where its geometry needs {expected}.", path=str(path)
        )
    for offset, count in extents:
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
