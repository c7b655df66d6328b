# SPDX-License-Identifier: Apache-2.0
"""What a backend must offer inside the device process: SANE's calls, with errors instead of statuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from hardware.frames import FrameParameters
from hardware.options import OptionDescriptor, SetResult, Value
from hardware.scanner import DeviceInfo


@dataclass(frozen=True, slots=True)
class PageAddress:
    """Which page is scanned: simulated devices draw by it, real ones take what lies there."""

    batch: str
    item: str
    number: int


class Driver(Protocol):
    """One open device. All calls but `cancel` come from one thread.

    Every call may raise a `ScannerError`.
    """

    @property
    def info(self) -> DeviceInfo:
        """The device that is open."""
        ...

    @property
    def feeds(self) -> bool:
        """Whether the source chosen now is a feeder: it goes on by itself until it is empty."""
        ...

    def descriptors(self) -> tuple[OptionDescriptor, ...]:
        """All options, as they stand now."""
        ...

    def get(self, name: str) -> Value:
        """The value of one option."""
        ...

    def set(self, name: str, value: Value) -> SetResult:
        """Set one option."""
        ...

    def load(self, pages: int | None) -> None:
        """Be told, before the first page, how many pages are wanted."""
        ...

    def start(self, page: PageAddress) -> None:
        """Start the next frame: the first of a page, or the next pass of it.

        Raises:
            FeederEmpty: There is no (further) sheet.
        """
        ...

    def parameters(self) -> FrameParameters:
        """The frame that was started."""
        ...

    def read(self, size: int) -> bytes | memoryview | None:
        """At most `size` bytes of the frame; none when none are there yet; None at its end.

        What is returned is good until the next call.
        """
        ...

    def cancel(self) -> None:
        """Stop the frame that runs, or the batch; from any thread, at any time."""
        ...

    def close(self) -> None:
        """Let the device go."""
        ...
