# SPDX-License-Identifier: Apache-2.0
"""When a child that ended too soon may be started again: at once the first time, then ever later."""

from __future__ import annotations

import time
from collections.abc import Callable

STEADY_SECONDS = 60.0
"""Whoever ran so long did not fail at its start."""
LONGEST_PAUSE = 60.0
"""Seconds between two starts of a child that never runs for long."""


class Restarts:
    """Remembers when each child was started, and how often in a row it ended soon.

    Args:
        clock: Seconds that only go forward.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._started: dict[str, float] = {}
        self._in_a_row: dict[str, int] = {}

    def started(self, name: str) -> None:
        """A child was started now."""
        moment = self._clock()
        soon = name in self._started and moment - self._started[name] < STEADY_SECONDS
        self._in_a_row[name] = self._in_a_row.get(name, 0) + 1 if soon else 0
        self._started[name] = moment

    def is_due(self, name: str) -> bool:
        """Whether a child that has ended may be started again now."""
        times = self._in_a_row.get(name, 0)
        pause = min(LONGEST_PAUSE, 2.0**times) if times else 0.0
        return self._clock() >= self._started[name] + pause
