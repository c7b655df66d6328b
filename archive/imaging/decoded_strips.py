# SPDX-License-Identifier: Apache-2.0
"""The samples of a compressed TIFF, strip by strip, so that the page is never in memory as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import tifffile

from archive.errors import DamagedImage, WorkerExtraMissing
from archive.imaging.deflated_strips import StripCodec
from archive.imaging.image_header import ImageHeader

_COMPRESSIONS = frozenset({"deflate", "lzw", "packbits"})
_ROWS_OF_A_STRIP = 1024
"""A writer that makes taller strips, such as Pillow of the whole page, gains nothing by their being read so."""


def is_stripped(path: Path, header: ImageHeader) -> bool:
    """Whether the file's samples can be had strip by strip: compressed, interleaved, of 8 or 16 bits."""
    if header.format_name != "TIFF" or header.compression not in _COMPRESSIONS:
        return False
    if header.bits_per_sample not in {8, 16}:
        return False
    with tifffile.TiffFile(path) as tiff:
        page = tiff.pages.first
        return not page.is_tiled and page.planarconfig == 1 and page.rowsperstrip <= _ROWS_OF_A_STRIP


def is_packed(path: Path, header: ImageHeader) -> bool:
    """Whether the file's rows of 1 bit can be had strip by strip as they were stored: deflated by us or alike."""
    if (header.format_name, header.compression, header.bits_per_sample) != ("TIFF", "deflate", 1):
        return False
    with tifffile.TiffFile(path) as tiff:
        page = tiff.pages.first
        plain = (
            not page.is_tiled and page.fillorder == 1 and page.predictor == 1 and page.samplesperpixel == 1
        )
        return plain and page.rowsperstrip <= _ROWS_OF_A_STRIP


def packed_strips(path: Path, header: ImageHeader) -> Iterator[bytes]:
    """Yield the packed rows of 1 bit, their fill bits as stored.

    Raises:
        DamagedImage: A strip is missing, cut short, or does not hold its rows.
        WorkerExtraMissing: Decoding needs imagecodecs.
    """
    codec = StripCodec(header.width, 1, 1, (header.width + 7) // 8)
    with tifffile.TiffFile(path) as tiff:
        page = tiff.pages.first
        for index, stored in enumerate(_stored(path, tiff)):
            yield codec.inflate(stored, min(page.rowsperstrip, header.height - index * page.rowsperstrip))


def decoded_strips(
    path: Path, header: ImageHeader
) -> Iterator[npt.NDArray[np.uint8] | npt.NDArray[np.uint16]]:
    """Yield the stored samples as little-endian arrays of (rows, width) or (rows, width, samples).

    Raises:
        DamagedImage: A strip is missing, cut short, or does not hold its rows.
        WorkerExtraMissing: Decoding needs imagecodecs.
        ValueError, RuntimeError: As decoders raise them; the caller names them.
    """
    rest = () if header.samples_per_pixel == 1 else (header.samples_per_pixel,)
    with tifffile.TiffFile(path) as tiff:
        page = tiff.pages.first
        top = 0
        for index, stored in enumerate(_stored(path, tiff)):
            rows = min(page.rowsperstrip, header.height - top)
            samples = np.asarray(_decode(path, page, stored, index))
            if samples.size != rows * header.width * header.samples_per_pixel:
                raise DamagedImage(
                    f"The strip of {path} at row {top} does not hold its {rows} rows.", path=str(path)
                )
            shaped = samples.reshape(rows, header.width, *rest)
            yield np.ascontiguousarray(shaped, dtype=shaped.dtype.newbyteorder("<"))
            top += rows
    if top != header.height:
        raise DamagedImage(f"The strips of {path} hold {top} of {header.height} rows.", path=str(path))


def _stored(path: Path, tiff: tifffile.TiffFile) -> Iterator[bytes]:
    page = tiff.pages.first
    for offset, size in zip(page.dataoffsets, page.databytecounts, strict=True):
        tiff.filehandle.seek(offset)
        stored: bytes = tiff.filehandle.read(size)
        if len(stored) != size:
            raise DamagedImage(f"{path} ends within a strip; it is truncated.", path=str(path))
        yield stored


def _decode(path: Path, page: tifffile.TiffPage, stored: bytes, index: int) -> npt.ArrayLike:
    try:
        segment, _, _ = page.decode(stored, index)
    except ValueError as error:
        if "imagecodecs" in str(error):
            raise missing_codec(path) from error
        raise
    return segment if segment is not None else ()


def missing_codec(path: Path) -> WorkerExtraMissing:
    """The error that decoding a file needs imagecodecs."""
    return WorkerExtraMissing(
        f"Decoding {path} needs the library imagecodecs, which is not installed here.", path=str(path)
    )
