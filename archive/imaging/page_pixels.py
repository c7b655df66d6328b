# SPDX-License-Identifier: Apache-2.0
"""The pixels of a page, piece by piece: in memory, or, where it is too large for that, in a file."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops

from archive.errors import DamagedImage
from archive.imaging.orientation import Box, stored_box, upright, upright_size

_BAND_PIXELS = 4_000_000
"""Pixels of a band: 16 MB as Pillow holds colour."""

_WHOLE_ROWS = 4
"""A box wider than this part of the rows is read with whole rows: one call instead of one a row."""


class Pixels(Protocol):
    """What can be asked of a page's pixels wherever they are; `PIL.Image.Image` has all of it."""

    @property
    def mode(self) -> str:
        """One of "1", "L" and "RGB"."""
        ...

    @property
    def size(self) -> tuple[int, int]:
        """Pixels in a row, and rows."""
        ...

    @property
    def width(self) -> int:
        """Pixels in a row."""
        ...

    @property
    def height(self) -> int:
        """Rows."""
        ...

    def crop(self, box: Box) -> Image.Image:
        """The pixels of a box that lies within the page."""
        ...


def band_rows(width: int) -> int:
    """Rows of a band that takes little memory at this width."""
    return max(16, _BAND_PIXELS // max(width, 1))


def page_bands(page: Pixels) -> Iterator[Image.Image]:
    """Yield the rows of a page from the top, as many at once as take little memory."""
    rows = band_rows(page.width)
    for top in range(0, page.height, rows):
        yield page.crop((0, top, page.width, min(top + rows, page.height)))


@dataclass(frozen=True, slots=True)
class GrayPixels:
    """The pixels of a page, in gray."""

    colored: Pixels

    @property
    def mode(self) -> str:
        """Always "L"."""
        return "L"

    @property
    def size(self) -> tuple[int, int]:
        """As `Pixels` says."""
        return self.colored.size

    @property
    def width(self) -> int:
        """As `Pixels` says."""
        return self.colored.width

    @property
    def height(self) -> int:
        """As `Pixels` says."""
        return self.colored.height

    def crop(self, box: Box) -> Image.Image:
        """As `Pixels` says."""
        return self.colored.crop(box).convert("L")


@dataclass(frozen=True, slots=True)
class RowLayout:
    """How the rows of an image lie in a file: gapless, pixels interleaved, each row filled to a byte.

    Attributes:
        width: Pixels in a row, as stored.
        height: Rows, as stored.
        samples_per_pixel: 1 or 3.
        bits_per_sample: 1, 8 or 16; 16 little-endian.
        white_is_zero: Whether gray is stored the other way round.
        orientation: As in TIFF tag 274.
        offset: Where the first row begins, in bytes.
        bitonal: Whether samples of 8 bits are black or white only.
    """

    width: int
    height: int
    samples_per_pixel: int
    bits_per_sample: int
    white_is_zero: bool = False
    orientation: int = 1
    offset: int = 0
    bitonal: bool = False

    @property
    def row_bytes(self) -> int:
        """Bytes of a row."""
        return (self.width * self.samples_per_pixel * self.bits_per_sample + 7) // 8


class PixelsInFile:
    """The pixels of a page whose rows are in a file, in 8 bits or 1 bit and upright; samples of 16 bits are rounded.

    Args:
        descriptor: The file, open for reading; it is closed with this object.
        layout: How its rows lie in it.
        path: The page's name, for messages.
    """

    def __init__(self, descriptor: int, layout: RowLayout, path: Path) -> None:
        self._descriptor = descriptor
        self._layout = layout
        self._path = path
        weakref.finalize(self, os.close, descriptor)

    @property
    def mode(self) -> str:
        """As `Pixels` says."""
        if self._layout.bits_per_sample == 1 or self._layout.bitonal:
            return "1"
        return "L" if self._layout.samples_per_pixel == 1 else "RGB"

    @property
    def size(self) -> tuple[int, int]:
        """As `Pixels` says."""
        return upright_size(self._layout.width, self._layout.height, self._layout.orientation)

    @property
    def width(self) -> int:
        """As `Pixels` says."""
        return self.size[0]

    @property
    def height(self) -> int:
        """As `Pixels` says."""
        return self.size[1]

    def crop(self, box: Box) -> Image.Image:
        """As `Pixels` says.

        Raises:
            DamagedImage: The file ends before; it was whole when it was opened.
            OSError: It cannot be read.
        """
        layout = self._layout
        stored = stored_box(box, layout.width, layout.height, layout.orientation)
        return upright(self._stored(stored), layout.orientation)

    def _stored(self, box: Box) -> Image.Image:
        left, top, right, bottom = box
        layout, rows = self._layout, bottom - top
        if layout.bits_per_sample == 1 or (right - left) * _WHOLE_ROWS >= layout.width:
            content = self._read(top * layout.row_bytes, rows * layout.row_bytes)
            whole = self._image(content, layout.width, rows)
            return whole if right - left == layout.width else whole.crop((left, 0, right, rows))
        pixel = layout.samples_per_pixel * layout.bits_per_sample // 8
        content = b"".join(
            self._read(row * layout.row_bytes + left * pixel, (right - left) * pixel)
            for row in range(top, bottom)
        )
        return self._image(content, right - left, rows)

    def _image(self, content: bytes, width: int, height: int) -> Image.Image:
        layout = self._layout
        if layout.bits_per_sample == 1:
            form = "1;I" if layout.white_is_zero else "1"
            return Image.frombytes("1", (width, height), content, "raw", form)
        if layout.bits_per_sample == 16:  # noqa: PLR2004 - bits
            content = sixteen_to_eight(np.frombuffer(content, "<u2")).tobytes()
        if layout.samples_per_pixel > 1:
            return Image.frombytes("RGB", (width, height), content)
        gray = Image.frombytes("L", (width, height), content)
        gray = ImageChops.invert(gray) if layout.white_is_zero else gray
        return gray.convert("1", dither=Image.Dither.NONE) if layout.bitonal else gray

    def _read(self, start: int, size: int) -> bytes:
        content = os.pread(self._descriptor, size, self._layout.offset + start)
        while len(content) < size:
            # one call may give less on some network shares
            more = os.pread(self._descriptor, size - len(content), self._layout.offset + start + len(content))
            if not more:
                raise DamagedImage(f"{self._path} was cut short while it was read.", path=str(self._path))
            content += more
        return content


def sixteen_to_eight(samples: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """Samples of 16 bits in 8, rounded."""
    wide = samples.astype(np.uint32)
    # in place: a band is large; the same as a division by 65535, for every sample, and several times as fast
    wide *= 255
    wide += 32895
    wide >>= 16
    return wide.astype(np.uint8)
