# SPDX-License-Identifier: Apache-2.0
"""Samples that Pillow cannot hold, as bands of rows in NumPy arrays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tifffile

from archive.errors import DamagedImage
from archive.imaging.decoded_strips import decoded_strips, is_stripped, missing_codec
from archive.imaging.image_header import ImageHeader
from archive.imaging.page_pixels import sixteen_to_eight
from archive.imaging.strips import is_plain, strip_bytes

Samples = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]

ROWS = 256
"""Rows of a band: a few megabytes, so that temporary copies stay small."""

_BYTE, _DEEPEST = 255, 65535
"""The highest samples of 8 and of 16 bits."""

_BAND_BYTES = 8 << 20
"""Bytes that a band has at most, where rows are long."""

_CODESTREAM = b"\xff\x4f\xff\x51"
"""Start of codestream and image size markers (ISO/IEC 15444-1, A.4.1 and A.5.1)."""


def is_streamable(path: Path, header: ImageHeader) -> bool:
    """Whether the file's strips are its samples, to be read without decoding."""
    if header.format_name != "TIFF" or header.compression != "none":
        return False
    with tifffile.TiffFile(path) as tiff:
        return is_plain(tiff.pages.first)


def array_bands(path: Path, header: ImageHeader) -> Iterator[Samples]:
    """Yield the stored samples as little-endian arrays of (rows, width) or (rows, width, samples).

    Raises:
        DamagedImage: The samples are not those the header promises.
        WorkerExtraMissing: Decoding needs imagecodecs.
        ValueError, RuntimeError: As decoders raise them; the caller names them.
    """
    if header.bits_per_sample in {8, 16} and is_streamable(path, header):
        yield from _streamed_bands(path, header)
        return
    if is_stripped(path, header):
        yield from decoded_strips(path, header)
        return
    samples = _decoded(path, header)
    shape = (header.height, header.width)
    expected = shape if header.samples_per_pixel == 1 else (*shape, header.samples_per_pixel)
    if samples.shape != expected:
        raise DamagedImage(f"{path} decodes to {samples.shape}, not {expected}.", path=str(path))
    for top in range(0, header.height, ROWS):
        yield _canonical(samples[top : top + ROWS])


def to_eight_bit(band: Samples, header: ImageHeader) -> npt.NDArray[np.uint8]:
    """Scale samples to 0..255 with rounding, black at 0; extra samples beyond RGB are left out."""
    highest = 2**header.bits_per_sample - 1
    scaled: npt.NDArray[np.uint8] = _scaled(band, highest) if highest != _BYTE else band.astype(np.uint8)
    if header.photometric == "white_is_zero":
        scaled = 255 - scaled
    if scaled.ndim == 2:  # noqa: PLR2004 - rows and columns: gray
        return scaled
    if header.samples_per_pixel == 2:  # noqa: PLR2004 - gray with alpha
        return np.repeat(scaled[..., :1], 3, axis=-1)
    return np.ascontiguousarray(scaled[..., :3])


def _scaled(band: Samples, highest: int) -> npt.NDArray[np.uint8]:
    """Samples in 8 bits, rounded; in place, for a band is large and this would need it four times."""
    if highest == _DEEPEST:
        return sixteen_to_eight(band)
    wide = band.astype(np.uint32)
    wide *= _BYTE
    wide += highest // 2
    wide //= highest
    return wide.astype(np.uint8)


def _streamed_bands(path: Path, header: ImageHeader) -> Iterator[Samples]:
    dtype = np.dtype("<u2") if header.bits_per_sample > 8 else np.dtype("u1")  # noqa: PLR2004 - bits
    row_bytes = header.width * header.samples_per_pixel * dtype.itemsize
    rows = max(1, min(ROWS, _BAND_BYTES // row_bytes))
    waiting = bytearray()
    with path.open("rb") as file:
        for block in strip_bytes(file, path):
            waiting += block
            if len(waiting) >= rows * row_bytes:
                whole = len(waiting) // row_bytes * row_bytes
                yield _rows(bytes(waiting[:whole]), dtype, header)
                del waiting[:whole]
    if waiting:
        yield _rows(bytes(waiting), dtype, header)


def _rows(content: bytes, dtype: np.dtype[Any], header: ImageHeader) -> Samples:
    samples = np.frombuffer(content, dtype)
    if header.samples_per_pixel == 1:
        return samples.reshape(-1, header.width)
    return samples.reshape(-1, header.width, header.samples_per_pixel)


def _canonical(band: npt.NDArray[Any]) -> Samples:
    if band.dtype == np.bool_:
        return np.packbits(band, axis=1)
    return np.ascontiguousarray(band, dtype=band.dtype.newbyteorder("<"))


def _decoded(path: Path, header: ImageHeader) -> npt.NDArray[Any]:
    try:
        if header.format_name == "TIFF":
            return _decoded_tiff(path)
        import imagecodecs
    except ImportError as error:
        raise missing_codec(path) from error
    content = path.read_bytes()
    if header.format_name == "PNG":
        return np.asarray(imagecodecs.png_decode(content))
    _require_size(path, content, header)
    return np.asarray(imagecodecs.jpeg2k_decode(content))


def _decoded_tiff(path: Path) -> npt.NDArray[Any]:
    with tifffile.TiffFile(path) as tiff:
        page = tiff.pages.first
        try:
            samples = page.asarray(maxworkers=1)
        except ValueError as error:
            if "imagecodecs" in str(error):
                raise missing_codec(path) from error
            raise
        return np.moveaxis(samples, 0, -1) if page.planarconfig == 2 and samples.ndim > 2 else samples  # noqa: PLR2004


def _require_size(path: Path, content: bytes, header: ImageHeader) -> None:
    """The codestream of a JPEG 2000 file has its own size, which decides what a decoder allocates."""
    at = content.find(_CODESTREAM)
    fields = [int.from_bytes(content[at + 8 + 4 * i : at + 12 + 4 * i], "big") for i in range(4)]
    size = (fields[0] - fields[2], fields[1] - fields[3])
    if at < 0 or size != (header.width, header.height):
        raise DamagedImage(f"The codestream of {path} has another size than its header says.", path=str(path))
