# SPDX-License-Identifier: Apache-2.0
"""From the frames a driver sends to the canonical rows of a page, streaming, in a few rows of memory.

Frames are those of the SANE standard 1.06, section 3.2 ("Image Data Format"): one gray or one
pixel-interleaved colour frame, or three frames of one colour each in any order; rows that may be
padded; an unknown number of rows; 16-bit samples in the machine's byte order; reads that end
anywhere, even within a sample.

Canonical rows are what an uncompressed little-endian TIFF holds in its strips: no padding,
little-endian samples, colour pixel-interleaved. 1-bit gray stays packed with 1 for black, as SANE
sends it. 1-bit colour becomes 8-bit colour of 0 and 255, because TIFF readers rarely know 1-bit
colour; `scanimage` (1.2) refuses such frames altogether, so there is no usage to follow.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from hardware.errors import IncompletePage, UnsupportedFrame
from hardware.scanner import Photometric

Sink = Callable[[bytes | memoryview], None]
"""Takes canonical bytes in order."""

UNKNOWN = -1
"""The `lines` of a frame whose height the device does not know before its end."""


class FrameFormat(StrEnum):
    """What one frame carries."""

    GRAY = "gray"
    RGB = "rgb"
    RED = "red"
    GREEN = "green"
    BLUE = "blue"


PASSES = (FrameFormat.RED, FrameFormat.GREEN, FrameFormat.BLUE)
"""The three frames of a three-pass page, in the order of the samples of a pixel."""


@dataclass(frozen=True, slots=True)
class FrameParameters:
    """One frame, as the driver announces it after its start.

    Attributes:
        last_frame: Whether no other frame of the same page follows.
        bytes_per_line: Bytes from one row to the next, padding included.
        pixels_per_line: Pixels a row.
        lines: Rows, or `UNKNOWN`.
        depth: Bits a sample.
    """

    format: FrameFormat
    last_frame: bool
    bytes_per_line: int
    pixels_per_line: int
    lines: int
    depth: int

    def __post_init__(self) -> None:
        if self.depth not in {1, 8, 16}:
            raise UnsupportedFrame(f"The device sends {self.depth} bits a sample.", depth=self.depth)
        if self.pixels_per_line < 1 or self.bytes_per_line < self.bytes_needed:
            raise UnsupportedFrame(
                f"The device announces rows of {self.pixels_per_line} pixels in {self.bytes_per_line} bytes.",
                pixels_per_line=self.pixels_per_line,
                bytes_per_line=self.bytes_per_line,
            )

    @property
    def channels(self) -> int:
        """Samples a pixel in this frame."""
        return 3 if self.format is FrameFormat.RGB else 1

    @property
    def bytes_needed(self) -> int:
        """Bytes of a row without padding."""
        if self.depth == 1:
            return (self.pixels_per_line + 7) // 8 * self.channels
        return self.pixels_per_line * self.channels * self.depth // 8

    @property
    def total_bytes(self) -> int | None:
        """Bytes of the whole frame, or None while its height is unknown."""
        return None if self.lines < 0 else self.lines * self.bytes_per_line


@dataclass(frozen=True, slots=True)
class PageLayout:
    """The canonical form of a page.

    Attributes:
        width: Pixels a row.
        bits_per_sample: 1, 8 or 16.
        samples_per_pixel: 1 or 3.
        photometric: What a sample means.
    """

    width: int
    bits_per_sample: int
    samples_per_pixel: int
    photometric: Photometric

    @property
    def bytes_per_row(self) -> int:
        """Bytes of one row."""
        return (self.width * self.samples_per_pixel * self.bits_per_sample + 7) // 8


def page_layout(frame: FrameParameters) -> PageLayout:
    """The canonical form of the page that this frame belongs to."""
    if frame.format is FrameFormat.GRAY:
        photometric: Photometric = "white_is_zero" if frame.depth == 1 else "black_is_zero"
        return PageLayout(frame.pixels_per_line, frame.depth, 1, photometric)
    return PageLayout(frame.pixels_per_line, max(8, frame.depth), 3, "rgb")


class FrameRows:
    """Turns the bytes of one frame into canonical rows, whatever the size of the reads.

    Args:
        frame: The frame, as announced after its start.
        sink: Takes the canonical bytes.
        byteorder: Order of the driver's 16-bit samples: the machine's.
    """

    def __init__(self, frame: FrameParameters, sink: Sink, byteorder: str = sys.byteorder) -> None:
        self.frame = frame
        self.received = 0
        self._sink = sink
        self._swap = frame.depth == 16 and byteorder == "big"  # noqa: PLR2004  # bits
        self._rest = bytearray()

    @property
    def rows(self) -> int:
        """Whole rows received so far."""
        return self.received // self.frame.bytes_per_line

    def feed(self, block: bytes | memoryview) -> None:
        """Take in the next bytes of the frame.

        Raises:
            OSError: Or whatever else the sink raises.
        """
        self.received += len(block)
        stride = self.frame.bytes_per_line
        if not self._rest and len(block) % stride == 0:
            self._pass_on(block)
            return
        self._rest += block
        whole = len(self._rest) // stride * stride
        if whole:
            with memoryview(self._rest) as rest:
                self._pass_on(rest[:whole])
            del self._rest[:whole]

    def finish(self) -> int:
        """Check, at the end of the frame, that it is whole; returns its rows.

        Raises:
            IncompletePage: Rows are missing, too many, or cut short.
        """
        expected = self.frame.lines
        if self._rest or (expected >= 0 and self.rows != expected) or self.rows == 0:
            announced = "an unknown number of" if expected < 0 else str(expected)
            raise IncompletePage(
                f"The device announced {announced} rows and sent {self.rows}"
                f"{' and a part of one' if self._rest else ''}.",
                rows_expected=expected,
                rows_received=self.rows,
                bytes_received=self.received,
            )
        return self.rows

    def _pass_on(self, rows: bytes | memoryview) -> None:
        frame = self.frame
        if frame.depth > 1 and frame.bytes_per_line == frame.bytes_needed and not self._swap:
            self._sink(rows)
            return
        padded = np.frombuffer(rows, np.uint8).reshape(-1, frame.bytes_per_line)
        cropped = np.array(padded[:, : frame.bytes_needed], order="C")
        if frame.depth == 1:
            self._sink(_one_bit(cropped, frame))
        else:
            self._sink((cropped.view(np.uint16).byteswap() if self._swap else cropped).tobytes())


def _one_bit(rows: npt.NDArray[np.uint8], frame: FrameParameters) -> bytes:
    width = frame.pixels_per_line
    if frame.format is FrameFormat.GRAY:
        spare = -width % 8
        # what stands in the bits right of the page is the driver's memory, not the scanner's pixels
        rows[:, -1] &= 0xFF << spare & 0xFF
        return rows.tobytes()
    if frame.format is not FrameFormat.RGB:
        return (np.unpackbits(rows, axis=1)[:, :width] * np.uint8(255)).tobytes()
    # each group of eight pixels is a byte of red, a byte of green and a byte of blue
    groups = rows.reshape(len(rows), -1, 3, 1)
    pixels = np.unpackbits(groups, axis=3).transpose(0, 1, 3, 2).reshape(len(rows), -1, 3)
    return (pixels[:, :width] * np.uint8(255)).tobytes()


def interleave(planes: Mapping[FrameFormat, Path], layout: PageLayout, rows: int) -> Iterator[bytes]:
    """The pixel-interleaved rows of a page whose three colours were spooled to three files.

    Args:
        planes: For each of `PASSES` the file of its canonical rows, one sample a pixel.
        layout: The page's canonical form.
        rows: Rows of each plane.

    Yields:
        Blocks of whole rows, about a megabyte each.

    Raises:
        OSError: A plane cannot be read to its end.
    """
    sample = np.dtype("<u2" if layout.bits_per_sample == 16 else "u1")  # noqa: PLR2004  # bits
    step = max(1, (1 << 20) // layout.bytes_per_row)
    with ExitStack() as stack:
        # read, not mapped: mapped pages would count as memory of this process
        files = [stack.enter_context(planes[colour].open("rb")) for colour in PASSES]
        for top in range(0, rows, step):
            samples = min(step, rows - top) * layout.width
            yield np.stack([_samples(file, sample, samples) for file in files], axis=1).tobytes()


def _samples(file: IO[bytes], sample: np.dtype[Any], count: int) -> npt.NDArray[Any]:
    block = file.read(count * sample.itemsize)
    if len(block) != count * sample.itemsize:
        raise OSError(f"A spooled colour pass ended early: {file.name}")
    return np.frombuffer(block, sample)
