# SPDX-License-Identifier: Apache-2.0
"""The time of simulated scanners: as long as real time, shorter, or passing only when somebody waits."""

from __future__ import annotations

import threading
import time
from typing import Protocol


class Clock(Protocol):
    """What a simulated device waits by. All times are in simulated seconds."""

    def wait(self, seconds: float, cancelled: threading.Event | None = None) -> bool:
        """Let time pass, or less of it when the event is set; returns whether it was set."""
        ...

    def after(self, seconds: float) -> float:
        """The moment that lies so many seconds ahead."""
        ...

    def reached(self, moment: float) -> bool:
        """Whether a moment that `after` gave is now, or was."""
        ...


class ScaledClock:
    """Real time, made shorter or longer.

    Args:
        scale: Real seconds a simulated second takes: 1 for life, 0 for at once.
    """

    def __init__(self, scale: float = 1.0) -> None:
        self._scale = scale

    def wait(self, seconds: float, cancelled: threading.Event | None = None) -> bool:
        """Let time pass, or less of it when the event is set; returns whether it was set."""
        return (cancelled or threading.Event()).wait(seconds * self._scale)

    def after(self, seconds: float) -> float:
        """The moment that lies so many seconds ahead."""
        return time.monotonic() + seconds * self._scale

    def reached(self, moment: float) -> bool:
        """Whether a moment that `after` gave is now, or was."""
        return time.monotonic() >= moment


class VirtualClock:
    """Time that passes only by waiting, and then at once: for a device in the process of its test.

    Attributes:
        now: Simulated seconds since the clock was made.
    """

    def __init__(self) -> None:
        self.now = 0.0

    def wait(self, seconds: float, cancelled: threading.Event | None = None) -> bool:
        """Move on by so many seconds, unless the event is set; returns whether it is set."""
        if cancelled is not None and cancelled.is_set():
            return True
        self.now += seconds
        return False

    def after(self, seconds: float) -> float:
        """The moment that lies so many seconds ahead."""
        return self.now + seconds

    def reached(self, moment: float) -> bool:
        """Whether a moment that `after` gave is now, or was."""
        return self.now >= moment

    def event(self) -> threading.Event:
        """An event whose waits pass by this clock, such as the cancel flag of a scan."""
        return _VirtualEvent(self)


class _VirtualEvent(threading.Event):
    def __init__(self, clock: VirtualClock) -> None:
        super().__init__()
        self._clock = clock

    def wait(self, timeout: float | None = None) -> bool:
        return self.is_set() or (timeout is not None and self._clock.wait(timeout, self))
