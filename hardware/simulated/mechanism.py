# SPDX-License-Identifier: Apache-2.0
"""The mechanism of a simulated scanner as long as nothing goes wrong: sheets, carriage and rows."""

from __future__ import annotations

import threading

import numpy as np

from hardware.driver import PageAddress
from hardware.errors import CoverOpen, FeederEmpty, InputOutputFailure, ScanCancelled
from hardware.frames import FrameFormat, FrameParameters
from hardware.options import OptionDescriptor, SetResult, Value
from hardware.simulated.configuration import SimulatedDevice
from hardware.simulated.film import FilmFrame
from hardware.simulated.furniture import MM_PER_INCH
from hardware.simulated.glass import GlassPage, Pixels, image_for, to_colour, to_depth, to_gray
from hardware.simulated.models import COLOUR, INFRARED
from hardware.simulated.options import SimulatedOptions
from hardware.simulated.pages import DrawnPage

FULL_FEEDER = 100
"""Sheets in a feeder that is not told how many, when the scan does not say either."""

_SLOW_READ = 0.1
"""Seconds that one read of a slow device takes at most, when a row does not take longer."""

_BLACK_BELOW = 128
"""Gray values below this are black in Lineart."""


Picture = DrawnPage | GlassPage | FilmFrame
"""What lies under the sensor."""


class Mechanism:
    """One simulated device without its faults.

    Args:
        device: Which one.
    """

    def __init__(self, device: SimulatedDevice) -> None:
        self._device = device
        self._options = SimulatedOptions(device)
        self._stack: int | None = None
        self._cancelled = threading.Event()
        self._page: Picture | None = None
        self._cold = device.warm_up
        self._area = (0, 0, 0, 0)
        self._next_row = 0
        self._rest = memoryview(b"")

    @property
    def feeds(self) -> bool:
        """Whether the source chosen now goes on by itself."""
        return self._options.source.feeds

    def descriptors(self) -> tuple[OptionDescriptor, ...]:
        """All options, as they stand now."""
        return self._options.descriptors()

    def get(self, name: str) -> Value:
        """The value of one option."""
        return self._options.get(name)

    def set(self, name: str, value: Value) -> SetResult:
        """Set one option."""
        return self._options.set(name, value)

    def load(self, pages: int | None) -> None:
        """Fill an empty feeder."""
        if not self.feeds:
            self._stack = None
        elif self._device.sheets is None:
            self._stack = pages or FULL_FEEDER * self._options.source.sides
        elif not self._stack:
            self._stack = self._device.sheets * self._options.source.sides

    def start(self, page: PageAddress) -> None:
        """Take in the sheet, or look at the glass.

        Raises:
            CoverOpen: Somebody has opened the cover.
            FeederEmpty: There is no (further) sheet, or no image for this page on the glass.
            InputOutputFailure: The image on the glass cannot be read.
            ScanCancelled: Somebody cancelled while the lamp was warming up.
        """
        self._cancelled.clear()
        if self._options.cover_open:
            raise CoverOpen(f"The cover of {self._device.id} is open.", device=self._device.id)
        self._warm_up()
        if self._stack is not None:
            if self._stack < 1:
                self._stack = None
                self._options.loaded = self._device.sheets is None
                raise FeederEmpty(f"The feeder of {self._device.id} is empty.", device=self._device.id)
            self._stack -= 1
        dpi = self._options.number("resolution")
        try:
            self._page = self._picture(page, dpi)
        except FeederEmpty:
            self._stack = None
            raise
        self._area = self._visible(self._page, dpi)
        self._next_row = self._area[1]
        self._rest = memoryview(b"")

    def _warm_up(self) -> None:
        seconds, self._cold = self._cold, 0.0
        if seconds and self._cancelled.wait(seconds):
            raise ScanCancelled(f"The scan was cancelled while {self._device.id} warmed up.", by="device")

    def _picture(self, page: PageAddress, dpi: float) -> Picture:
        device = self._device
        if device.glass is not None:
            return GlassPage(image_for(device.glass, page), dpi)
        if device.kind == "film":
            return FilmFrame(device.seed, page, dpi, infrared=self._options.mode == INFRARED)
        size = (device.page_width, device.page_height)
        return DrawnPage(device.seed, page, size, dpi, device.features)

    def _visible(self, page: Picture, dpi: float) -> tuple[int, int, int, int]:
        """Left, top, right and bottom pixel of the scan area on the page.

        An area that was left at its greatest ends where the sheet ends, however large that is.
        """
        edges = [
            round(self._options.number(name) / MM_PER_INCH * dpi) for name in ("tl-x", "tl-y", "br-x", "br-y")
        ]
        for place, (name, end) in enumerate({"br-x": page.width, "br-y": page.height}.items(), 2):
            at_its_greatest = self._options.number(name) >= self._options.greatest(name)
            edges[place] = end if at_its_greatest else min(edges[place], end)
        left, top, right, bottom = edges
        if left >= right or top >= bottom:
            raise InputOutputFailure(
                "There is no paper in the scan area.",
                remedy="Choose an area that lies on the sheet.",
                area=edges,
            )
        return left, top, right, bottom

    def parameters(self) -> FrameParameters:
        """The frame that was started."""
        left, top, right, bottom = self._area
        width, depth = right - left, self._options.depth
        colour = self._options.mode == COLOUR
        bytes_per_line = (width + 7) // 8 if depth == 1 else width * (3 if colour else 1) * depth // 8
        return FrameParameters(
            format=FrameFormat.RGB if colour else FrameFormat.GRAY,
            last_frame=True,
            bytes_per_line=bytes_per_line,
            pixels_per_line=width,
            lines=bottom - top,
            depth=depth,
        )

    def read(self, size: int) -> memoryview | None:
        """At most `size` bytes of the page; None at its end.

        Raises:
            ScanCancelled: Somebody cancelled.
        """
        if not self._rest:
            rows = max(1, min(self._block_rows(size), self._area[3] - self._next_row))
            if self._cancelled.wait(self._device.line_delay * rows) or self._cancelled.is_set():
                raise ScanCancelled(f"The scan was cancelled at {self._device.id}.", by="device")
            if self._page is None or self._next_row >= self._area[3]:
                self._page = None
                return None
            self._rest = memoryview(self._rows(self._page, rows))
        block, self._rest = self._rest[:size], self._rest[size:]
        return block

    def _block_rows(self, size: int) -> int:
        rows = size // self.parameters().bytes_per_line
        delay = self._device.line_delay
        # a slow device sends its few rows when it has them
        return min(rows, int(_SLOW_READ / delay)) if delay else rows

    def _rows(self, page: Picture, count: int) -> bytes:
        left, _, right, _ = self._area
        top, self._next_row = self._next_row, self._next_row + count
        pixels: Pixels = page.rows(top, self._next_row)[:, left:right]
        if self._options.mode == COLOUR:
            return to_depth(to_colour(pixels), self._options.depth).tobytes()
        gray = to_gray(pixels)
        if self._options.depth == 1:
            return np.packbits(to_depth(gray, 8) < _BLACK_BELOW, axis=1).tobytes()
        return to_depth(gray, self._options.depth).tobytes()

    def cancel(self) -> None:
        """Stop the page that runs."""
        self._cancelled.set()

    def close(self) -> None:
        """Let the page go."""
        self._page = None
