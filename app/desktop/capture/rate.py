# SPDX-License-Identifier: Apache-2.0
"""How many pages an hour the operator captures, by the last minutes of work."""

from __future__ import annotations

from collections import deque

WINDOW = 600.0
"""Seconds that count: long enough to be calm, short enough to show a change of pace."""

PAUSE = 180.0
"""Seconds without a page after which the operator is taken to have paused: the rate begins anew."""


class Rate:
    """Counts pages by the moments at which they were complete; the caller's clock is in seconds."""

    def __init__(self) -> None:
        self._moments: deque[float] = deque()

    def add(self, moment: float) -> None:
        """A page is complete."""
        if self._moments and moment - self._moments[-1] > PAUSE:
            self._moments.clear()
        self._moments.append(moment)
        while moment - self._moments[0] > WINDOW:
            self._moments.popleft()

    def per_hour(self, moment: float) -> int | None:
        """Pages an hour; None before there are three, and after a pause."""
        if len(self._moments) < 3 or moment - self._moments[-1] > PAUSE:  # noqa: PLR2004  # two intervals
            return None
        span = self._moments[-1] - self._moments[0]
        return round((len(self._moments) - 1) / span * 3600) if span > 0 else None
