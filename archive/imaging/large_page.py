# SPDX-License-Identifier: Apache-2.0
"""Pages that are too large for memory: decoded once, strip by strip, into rows that can be read again and again.

The rows of an uncompressed master are read where they lie. Others are unpacked into a file without a
name, which is gone with the last who reads it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

from archive.errors import DamagedImage
from archive.imaging.decoded_strips import is_packed, is_stripped, packed_strips
from archive.imaging.image_header import ImageHeader
from archive.imaging.page_pixels import PixelsInFile, RowLayout
from archive.imaging.sample_arrays import array_bands, is_streamable, to_eight_bit
from archive.imaging.scaling import libvips
from archive.imaging.strips import gapless_extent

Decoding = Callable[[Path], AbstractContextManager[None]]
"""Names what decoders raise: `archive.imaging.pixels` has it."""

_SAMPLES = frozenset({1, 3})
"""Of one pixel; with transparency there are more."""

_PLAIN_COLORS = frozenset({"white_is_zero", "black_is_zero", "rgb"})
_VIPS_COLORS = _PLAIN_COLORS | {"ycbcr"}
_VIPS_FORMATS = frozenset({"TIFF", "JPEG", "PNG"})
_VIPS_ROWS = 64
"""Rows that are fetched at once; libvips holds several times as many."""

_VIPS_DEPTHS = {1: "uchar", 8: "uchar", 16: "ushort"}


def open_large_page(path: Path, header: ImageHeader, decoding: Decoding) -> PixelsInFile | None:
    """The pixels of a page as `decode_for_viewing` gives them, but never as a whole in memory.

    Args:
        path: The image file.
        header: Its header; it was found to be decodable.
        decoding: A context in which what decoders raise becomes a `DamagedImage`.

    Returns:
        None where it can only be decoded whole: of a kind that only Pillow knows, or libvips is not installed.

    Raises:
        DamagedImage, WorkerExtraMissing: It does not decode whole.
        OSError: There is no room to unpack it.
    """
    if header.samples_per_pixel not in _SAMPLES:
        return None
    layout = _layout(header)
    if header.photometric in _PLAIN_COLORS:
        if is_streamable(path, header) and (extent := _plain_rows(path)) is not None:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            return PixelsInFile(descriptor, replace(layout, offset=extent.start), path)
        if is_packed(path, header):
            return _unpacked(path, layout, packed_strips(path, header), decoding)
        if is_stripped(path, header) or (header.bits_per_sample > 1 and is_streamable(path, header)):
            eight = replace(layout, bits_per_sample=8, white_is_zero=False)
            bands = (to_eight_bit(band, header).tobytes() for band in array_bands(path, header))
            return _unpacked(path, eight, bands, decoding)
    return _by_vips(path, header, decoding)


def _layout(header: ImageHeader) -> RowLayout:
    return RowLayout(
        width=header.width,
        height=header.height,
        samples_per_pixel=header.samples_per_pixel,
        bits_per_sample=header.bits_per_sample,
        white_is_zero=header.photometric == "white_is_zero",
        orientation=header.orientation,
    )


def _plain_rows(path: Path) -> range | None:
    with path.open("rb") as file:
        return gapless_extent(file, path)


def _unpacked(path: Path, layout: RowLayout, blocks: Iterator[bytes], decoding: Decoding) -> PixelsInFile:
    descriptor = _nameless_file()
    # from here on its owner, which closes it whatever happens
    page = PixelsInFile(descriptor, layout, path)
    size = 0
    while True:
        # only what decodes: a full disk is no damage of the page
        with decoding(path):
            block = next(blocks, None)
        if block is None:
            break
        _write(descriptor, block)
        size += len(block)
    if size != layout.row_bytes * layout.height:
        raise DamagedImage(f"{path} decodes to another size than its header says.", path=str(path))
    return page


def _nameless_file() -> int:
    # /tmp is in memory on many systems, /var/tmp is for what is large (file-hierarchy(7))
    folder = os.environ.get("TMPDIR") or ("/var/tmp" if os.access("/var/tmp", os.W_OK) else None)  # noqa: S108
    descriptor, name = tempfile.mkstemp(prefix="recto-page-", dir=folder)
    Path(name).unlink()
    return descriptor


def _write(descriptor: int, block: bytes) -> None:
    rest = memoryview(block)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _by_vips(path: Path, header: ImageHeader, decoding: Decoding) -> PixelsInFile | None:
    """What Pillow can only decode whole, decoded from top to bottom by libvips."""
    vips = libvips()
    if (
        vips is None
        or header.format_name not in _VIPS_FORMATS
        or header.photometric not in _VIPS_COLORS
        or (header.format_name == "TIFF" and header.photometric == "ycbcr")
    ):
        return None
    try:
        image = vips.Image.new_from_file(str(path), access="sequential", fail_on="error")
    except vips.Error as error:
        raise _damaged(path, error) from error
    depth = _VIPS_DEPTHS.get(header.bits_per_sample)
    if (image.width, image.height, image.bands, image.format) != (
        header.width, header.height, header.samples_per_pixel, depth,
    ):  # fmt: skip
        # transparency, a palette, or something that the two read differently
        return None
    bitonal = header.bits_per_sample == 1
    layout = replace(
        _layout(header),
        bits_per_sample=8 if bitonal else header.bits_per_sample,
        # it gives black at 0 whatever is stored
        white_is_zero=False,
        bitonal=bitonal,
    )
    return _unpacked(path, layout, _vips_bands(vips, image, path), decoding)


def _vips_bands(vips: Any, image: Any, path: Path) -> Iterator[bytes]:
    region = vips.Region.new(image)
    try:
        for top in range(0, image.height, _VIPS_ROWS):
            yield bytes(region.fetch(0, top, image.width, min(_VIPS_ROWS, image.height - top)))
    except vips.Error as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> DamagedImage:
    words = " ".join(str(error).split())
    return DamagedImage(f"{path} does not decode whole: {words}", path=str(path))
