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

import functools
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

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
        if self._has_four_samples:
            raise UnsupportedFrame(
                "The device sends four samples a pixel, such as colour and infrared.",
                pixels_per_line=self.pixels_per_line,
                bytes_per_line=self.bytes_per_line,
            )

    @property
    def _has_four_samples(self) -> bool:
        # film scanners call such frames RGB: cropped as padding, the fourth sample would shift all colours;
        # padding of exactly a third of a wide row is not to be expected
        wide = self.pixels_per_line >= 64 and self.depth > 1  # noqa: PLR2004  # pixels
        four = self.bytes_per_line * 8 == self.pixels_per_line * 4 * self.depth
        return wide and four and self.format is FrameFormat.RGB

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
        self._rest = bytearray()
        self._convert: Callable[[bytes | memoryview], bytes] | None = None
        swap = frame.depth == 16 and byteorder == "big"  # noqa: PLR2004  # bits
        if frame.depth == 1 or swap or frame.bytes_per_line != frame.bytes_needed:
            # loaded for the drivers that need it: numpy is half of the time a device process takes to start
            from hardware.samples import canonical_rows

            self._convert = functools.partial(canonical_rows, frame=frame, swap=swap)

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
        if self._convert is None:
            # rows that are canonical already may be cut anywhere
            self._sink(block)
            return
        stride = self.frame.bytes_per_line
        if not self._rest and len(block) % stride == 0:
            self._sink(self._convert(block))
            return
        self._rest += block
        whole = len(self._rest) // stride * stride
        if whole:
            with memoryview(self._rest) as rest:
                self._sink(self._convert(rest[:whole]))
            del self._rest[:whole]

    def finish(self) -> int:
        """Check, at the end of the frame, that it is whole; returns its rows.

        Raises:
            IncompletePage: Rows are missing, too many, or cut short.
        """
        expected = self.frame.lines
        cut = self.received % self.frame.bytes_per_line
        if cut or (expected >= 0 and self.rows != expected) or self.rows == 0:
            announced = "an unknown number of" if expected < 0 else str(expected)
            raise IncompletePage(
                f"The device announced {announced} rows and sent {self.rows}"
                f"{' and a part of one' if cut else ''}.",
                rows_expected=expected,
                rows_received=self.rows,
                bytes_received=self.received,
            )
        return self.rows
