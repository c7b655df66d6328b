# SPDX-License-Identifier: Apache-2.0
"""Reading the header of a TIFF file."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import tifffile

from archive.errors import DamagedImage
from archive.imaging.image_header import ImageHeader, clean_text, orientation, resolution

_TEXT_TAGS = {
    269: "document_name", 270: "description", 271: "make", 272: "model",
    305: "software", 306: "datetime", 315: "artist", 33432: "copyright",
}  # fmt: skip
_PHOTOMETRIC = {
    0: "white_is_zero",
    1: "black_is_zero",
    2: "rgb",
    3: "palette",
    5: "cmyk",
    6: "ycbcr",
    8: "cielab",
}
_COMPRESSION = {
    1: "none", 2: "ccitt rle", 3: "ccitt group 3", 4: "ccitt group 4", 5: "lzw", 6: "jpeg (old style)",
    7: "jpeg", 8: "deflate", 32773: "packbits", 32946: "deflate", 34712: "jpeg 2000",
}  # fmt: skip
_PER_INCH = {2: 1.0, 3: 2.54}
"""ResolutionUnit (tag 296): inch and centimetre; 1 means no absolute unit."""

_ICC, _ORIENTATION, _X, _Y, _UNIT = 34675, 274, 282, 283, 296
_REDUCED, _SEPARATE, _NO_COMPRESSION = 1, 2, 1
_MOST_IMAGES = 1000
"""Enough to say that a file has too many; a directory chain may be a loop or a bomb."""


def read_tiff_header(path: Path) -> ImageHeader:
    """Read the first directory of a TIFF (TIFF 6.0 section 2).

    Raises:
        DamagedImage: It has no readable directory, or one without geometry.
    """
    try:
        with tifffile.TiffFile(path) as tiff:
            return _header(tiff)
    except (
        tifffile.TiffFileError,
        ValueError,
        TypeError,
        LookupError,
        ArithmeticError,
        struct.error,
    ) as error:
        raise DamagedImage(f"{path} has no readable TIFF directory: {error}", path=str(path)) from error


def _header(tiff: tifffile.TiffFile) -> ImageHeader:
    page = tiff.pages.first
    _require_data(page, tiff.filehandle.size)
    tags = {tag.code: tag.value for tag in page.tags}
    return ImageHeader(
        format_name="TIFF",
        mime="image/tiff",
        format_version="BigTIFF" if tiff.is_bigtiff else "6.0",
        byte_order="little endian" if tiff.byteorder == "<" else "big endian",
        compression=_COMPRESSION.get(int(page.compression), f"scheme {int(page.compression)}"),
        width=_positive(page.imagewidth, "ImageWidth"),
        height=_positive(page.imagelength, "ImageLength"),
        bits_per_sample=_positive(page.bitspersample, "BitsPerSample"),
        samples_per_pixel=_positive(page.samplesperpixel, "SamplesPerPixel"),
        photometric=_PHOTOMETRIC.get(int(tags.get(262, -1)), "unknown"),
        dpi=_dpi(tags),
        orientation=orientation(tags.get(_ORIENTATION)),
        icc=bytes(tags[_ICC]) if _ICC in tags else None,
        tags={name: text for code, name in _TEXT_TAGS.items() if (text := clean_text(tags.get(code, "")))},
        images=_count(tiff),
    )


def _require_data(page: tifffile.TiffPage, file_size: int) -> None:
    """Refuse a geometry that its strips or tiles cannot fill, before anything is allocated for it."""
    planes = page.samplesperpixel if page.planarconfig == _SEPARATE else 1
    if page.is_tiled:
        across, down = -(-page.imagewidth // page.tilewidth), -(-page.imagelength // page.tilelength)
        expected = across * down * planes
    else:
        rows = min(page.rowsperstrip or page.imagelength, page.imagelength)
        expected = -(-page.imagelength // rows) * planes
    if len(page.dataoffsets) != expected or len(page.databytecounts) != expected:
        raise ValueError(f"{len(page.dataoffsets)} strips or tiles where the geometry needs {expected}")
    bits = page.imagewidth * page.imagelength * page.samplesperpixel * page.bitspersample
    if page.compression == _NO_COMPRESSION and bits > file_size * 8:
        raise ValueError(f"{bits // 8} bytes of pixels in a file of {file_size} bytes")


def _positive(value: Any, name: str) -> int:
    if not isinstance(value, int) or value < 1:
        raise ValueError(f"{name} is {value!r}")
    return value


def _dpi(tags: dict[int, Any]) -> tuple[float, float] | None:
    factor = _PER_INCH.get(int(tags.get(_UNIT, 2)))
    if factor is None or _X not in tags or _Y not in tags:
        return None
    (x, x_part), (y, y_part) = tags[_X], tags[_Y]
    if not x_part or not y_part:
        return None
    return resolution(x / x_part * factor, y / y_part * factor)


def _count(tiff: tifffile.TiffFile) -> int:
    full = 0
    for number in range(_MOST_IMAGES):
        try:
            page = tiff.pages[number]
        except IndexError:
            break
        full += isinstance(page, tifffile.TiffPage) and not int(page.subfiletype) & _REDUCED
    return max(full, 1)
