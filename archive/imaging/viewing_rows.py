# SPDX-License-Identifier: Apache-2.0
"""Gapless pixel rows in a file as images of 8 bits, piece by piece: whole rows, a region, one pixel."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from PIL import Image, ImageChops

from archive.errors import SpoolIncomplete
from archive.imaging.image_source import ImageSource

Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels; right and bottom lie outside."""

_WHOLE_ROWS = 4
"""A region wider than this part of the rows is read with whole rows: one call instead of one a row."""


class RowReader:
    """Reads the rows of a source that has them (`pixel_offset` is set).

    The file is read, never mapped: a mapped file that is cut short meanwhile would end the process.

    Args:
        source: The image.

    Raises:
        ValueError: The source has to be decoded.
        OSError: The file cannot be opened.
    """

    def __init__(self, source: ImageSource) -> None:
        if source.pixel_offset is None:
            raise ValueError(f"{source.path} has no plain rows.")
        self.source = source
        self._start = source.pixel_offset
        self._descriptor = os.open(source.path, os.O_RDONLY | os.O_CLOEXEC)

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

    def rows(self, top: int, count: int) -> Image.Image:
        """Whole rows as an image in mode "L" or "RGB", black at 0.

        Raises:
            SpoolIncomplete: The file ends before.
        """
        size = self.source.row_bytes
        return self._image(self._read(top * size, count * size), self.source.width, count)

    def grid(self, top: int, count: int, row_step: int, column_step: int) -> Image.Image:
        """Every so many-th pixel of every so many-th row, in mode "L" or "RGB".

        Args:
            top: The first row.
            count: How many rows.
            row_step: From one row to the next.
            column_step: From one pixel to the next; pages of 1 bit are averaged over so many instead.

        Raises:
            SpoolIncomplete: The file ends before.
        """
        source, size = self.source, self.source.row_bytes
        content = b"".join(self._read((top + at * row_step) * size, size) for at in range(count))
        if source.bits_per_sample == 1:
            return self._image(content, source.width, count).reduce((column_step, 1))
        sample, samples = source.bits_per_sample // 8, source.samples_per_pixel
        pixels = np.frombuffer(content, np.uint8).reshape(count, source.width, sample * samples)
        columns = len(range(column_step // 2, source.width, column_step))
        taken = np.empty((count, columns, samples), np.uint8)
        for band in range(samples):
            # one sample at a time is three times as fast as whole pixels; of 16 bits the upper half comes last
            taken[:, :, band] = pixels[:, column_step // 2 :: column_step, (band + 1) * sample - 1]
        return self._eight_bits(taken.tobytes(), columns, count)

    def region(self, box: Box) -> Image.Image:
        """A part of the image in mode "L" or "RGB"; the box must lie inside the image.

        Raises:
            SpoolIncomplete: The file ends before.
        """
        left, top, right, bottom = box
        bits = self.source.bits_per_sample * self.source.samples_per_pixel
        first, last = left * bits // 8, (right * bits + 7) // 8
        if (last - first) * _WHOLE_ROWS >= self.source.row_bytes:
            return self.rows(top, bottom - top).crop((left, 0, right, bottom - top))
        size = self.source.row_bytes
        content = b"".join(self._read(row * size + first, last - first) for row in range(top, bottom))
        start = first * 8 // bits
        columns = right - start
        piece = self._image(content, columns, bottom - top)
        return piece if start == left else piece.crop((left - start, 0, columns, bottom - top))

    def samples(self, x: int, y: int) -> tuple[int, ...]:
        """The stored sample values of one pixel, in the file's own depth.

        Raises:
            SpoolIncomplete: The file ends before.
        """
        source = self.source
        bits = source.bits_per_sample * source.samples_per_pixel
        first = y * source.row_bytes + x * bits // 8
        content = self._read(first, max(1, bits // 8))
        if source.bits_per_sample == 1:
            return (content[0] >> (7 - x % 8) & 1,)
        return tuple(int(value) for value in np.frombuffer(content, f"<u{source.bits_per_sample // 8}"))

    def _read(self, start: int, size: int) -> bytes:
        content = os.pread(self._descriptor, size, self._start + start)
        while len(content) < size:
            # one call reads at most 2 GiB, and less on some network shares
            more = os.pread(self._descriptor, size - len(content), self._start + start + len(content))
            if not more:
                raise _cut_short(self.source.path)
            content += more
        return content

    def _image(self, content: bytes, width: int, height: int) -> Image.Image:
        source = self.source
        if source.bits_per_sample == 1:
            raw = "1;I" if source.photometric == "white_is_zero" else "1"
            return Image.frombytes("1", (width, height), content, "raw", raw).convert("L")
        if source.bits_per_sample == 16:  # noqa: PLR2004 - bits
            content = np.frombuffer(content, np.uint8)[1::2].tobytes()
        return self._eight_bits(content, width, height)

    def _eight_bits(self, content: bytes, width: int, height: int) -> Image.Image:
        if self.source.samples_per_pixel == 3:  # noqa: PLR2004 - R, G and B
            return Image.frombytes("RGB", (width, height), content)
        image = Image.frombytes("L", (width, height), content)
        return ImageChops.invert(image) if self.source.photometric == "white_is_zero" else image


def _cut_short(path: Path) -> SpoolIncomplete:
    return SpoolIncomplete(
        f"The file {path} ends before the last row of its page.",
        consequence="The page cannot be shown whole.",
        path=str(path),
    )
