# SPDX-License-Identifier: Apache-2.0
"""The mechanism of a simulated scanner as long as nothing goes wrong: sheets, carriage and rows."""

from __future__ import annotations

import threading

from hardware.driver import PageAddress
from hardware.errors import CoverOpen, FeederEmpty, InputOutputFailure, ScanCancelled
from hardware.frames import UNKNOWN, FrameFormat, FrameParameters
from hardware.simulated.clock import Clock
from hardware.simulated.configuration import SimulatedDevice
from hardware.simulated.controls import Controls
from hardware.simulated.furniture import MM_PER_INCH
from hardware.simulated.models import COLOUR
from hardware.simulated.pictures import Picture, padded, picture_of, samples

FULL_FEEDER = 100
"""Sheets in a feeder that is not told how many, when the scan does not say either."""

_SLOW_READ = 0.1
"""Seconds that one read of a slow device takes at most, when a row does not take longer."""


class Mechanism:
    """One simulated device without its faults.

    Args:
        device: Which one.
        controls: Its options.
        clock: What it waits by.
    """

    def __init__(self, device: SimulatedDevice, controls: Controls, clock: Clock) -> None:
        self._device = device
        self._controls = controls
        self._clock = clock
        self._stack: int | None = None
        self._ran_empty = False
        self._cancelled = threading.Event()
        self._picture: Picture | None = None
        self._cold = device.warm_up
        self._delay = 0.0
        self._padding = 0
        self._height_known = True
        self._area = (0, 0, 0, 0)
        self._next_row = 0
        self._rest = memoryview(b"")

    @property
    def feeds(self) -> bool:
        """Whether the source chosen now goes on by itself."""
        return self._controls.feeds

    @property
    def sheet_waits(self) -> bool:
        """Whether another sheet, or the other side of this one, lies in the feeder."""
        return bool(self._stack)

    def load(self, pages: int | None) -> None:
        """Fill an empty feeder."""
        if not self.feeds:
            self._stack = None
        elif self._device.sheets is None:
            self._stack = pages or FULL_FEEDER * self._controls.sides
        elif not self._stack:
            self._stack = self._device.sheets * self._controls.sides
            # whoever found it empty has filled it; what its sensor was made to tell otherwise is left
            self._controls.loaded = self._controls.loaded or self._ran_empty
            self._ran_empty = False

    def lose_sheet(self) -> None:
        """Let go of the sheet that comes next."""
        self._stack = max(0, (self._stack or 0) - 1)

    def keep_sheet(self) -> None:
        """Leave the sheet that was taken in where it is, to be scanned again."""
        if self._stack is not None:
            self._stack += 1

    def start(self, page: PageAddress, *, padding: int = 0, height_known: bool = True) -> None:
        """Take in the sheet, or look at the glass.

        Args:
            page: Which.
            padding: Bytes that stand after each row and mean nothing.
            height_known: Whether the device says how many rows will come.

        Raises:
            CoverOpen: Somebody has opened the cover.
            FeederEmpty: There is no (further) sheet, or no image for this page on the glass.
            InputOutputFailure: The image on the glass cannot be read.
            ScanCancelled: Somebody cancelled while the lamp was warming up.
        """
        self._cancelled.clear()
        self._padding, self._height_known = padding, height_known
        if self._controls.cover_open:
            raise CoverOpen(f"The cover of {self._device.id} is open.", device=self._device.id)
        self._warm_up()
        if self._stack is not None:
            if self._stack < 1:
                self._stack = None
                self._controls.loaded = self._device.sheets is None
                self._ran_empty = bool(self._device.sheets)
                raise FeederEmpty(f"The feeder of {self._device.id} is empty.", device=self._device.id)
            self._stack -= 1
        try:
            self._picture = picture_of(self._device, self._controls, page)
        except FeederEmpty:
            self._stack = None
            raise
        self._area = self._visible(self._picture)
        self._delay = self._device.line_delay + self._device.page_seconds / self.rows
        self._next_row = self._area[1]
        self._rest = memoryview(b"")

    def _warm_up(self) -> None:
        seconds, self._cold = self._cold, 0.0
        if seconds and self._clock.wait(seconds, self._cancelled):
            raise ScanCancelled(f"The scan was cancelled while {self._device.id} warmed up.", by="device")

    def _visible(self, picture: Picture) -> tuple[int, int, int, int]:
        """Left, top, right and bottom pixel of the scan area on the picture.

        An area that was left at its greatest ends where the sheet ends, however large that is.
        """
        across, down = (dpi / MM_PER_INCH for dpi in self._controls.resolution)
        edges = self._controls.edges
        left, top = round(edges.left * across), round(edges.top * down)
        right, bottom = picture.width, picture.height
        if edges.right is not None:
            right = min(right, round(edges.right * across))
        if edges.bottom is not None:
            bottom = min(bottom, round(edges.bottom * down))
        if left >= right or top >= bottom:
            raise InputOutputFailure(
                "There is no paper in the scan area.",
                remedy="Choose an area that lies on the sheet.",
                area=[left, top, right, bottom],
            )
        return left, top, right, bottom

    @property
    def rows(self) -> int:
        """Rows of the page that was started."""
        return self._area[3] - self._area[1]

    def parameters(self) -> FrameParameters:
        """The frame that was started."""
        left, top, right, bottom = self._area
        width, depth = right - left, self._controls.depth
        colour = self._controls.mode == COLOUR
        channels = 3 if colour else 1
        needed = (width + 7) // 8 * channels if depth == 1 else width * channels * depth // 8
        return FrameParameters(
            format=FrameFormat.RGB if colour else FrameFormat.GRAY,
            last_frame=True,
            bytes_per_line=needed + self._padding,
            pixels_per_line=width,
            lines=bottom - top if self._height_known else UNKNOWN,
            depth=depth,
        )

    def read(self, size: int) -> memoryview | None:
        """At most `size` bytes of the page; None at its end.

        Raises:
            ScanCancelled: Somebody cancelled.
        """
        if not self._rest:
            rows = max(1, min(self._block_rows(size), self._area[3] - self._next_row))
            done = self._picture is None or self._next_row >= self._area[3]
            waited = not done and self._clock.wait(self._delay * rows, self._cancelled)
            if waited or self._cancelled.is_set():
                raise ScanCancelled(f"The scan was cancelled at {self._device.id}.", by="device")
            if self._picture is None or done:
                self._picture = None
                return None
            self._rest = memoryview(self._rows(self._picture, rows))
        block, self._rest = self._rest[:size], self._rest[size:]
        return block

    def _block_rows(self, size: int) -> int:
        rows = size // self.parameters().bytes_per_line
        # a slow device sends its few rows when it has them
        return min(rows, int(_SLOW_READ / self._delay)) if self._delay else rows

    def _rows(self, picture: Picture, count: int) -> bytes:
        left, _, right, _ = self._area
        top, self._next_row = self._next_row, self._next_row + count
        pixels = picture.rows(top, self._next_row)[:, left:right]
        return padded(samples(pixels, self._controls.mode, self._controls.depth), count, self._padding)

    def cancel(self) -> None:
        """Stop the page that runs."""
        self._cancelled.set()

    def close(self) -> None:
        """Let the page go."""
        self._picture = None
