# SPDX-License-Identifier: Apache-2.0
"""Counting units of one piece of work and telling a listener a few times a second."""

from __future__ import annotations

import time

from archive.progress import Progress, ProgressCallback

INTERVAL = 0.2
"""Seconds between two reports: five a second look steady and cost nothing."""


class ProgressMeter:
    """Counts, and reports the first, the last and now and then one between.

    Args:
        callback: The listener; what it raises cancels the work that counts.
        activity: What is being done, in words an operator understands.
        total: Units in all, or None where it cannot be known.
        unit: What is counted.
    """

    def __init__(
        self, callback: ProgressCallback, activity: str, total: int | None, unit: str = "bytes"
    ) -> None:
        self._callback = callback
        self._activity = activity
        self._total = total
        self._unit = unit
        self._next_report = 0.0
        self.done = 0

    def start(self, done: int = 0) -> None:
        """Report that the work begins, or goes on where `done` units are finished already."""
        self.done = done
        self._report()

    def advance(self, units: int) -> None:
        """Count units, and report when the last report is long enough ago."""
        self.done += units
        if time.monotonic() >= self._next_report:
            self._report()

    def finish(self) -> None:
        """Report the end count."""
        self._report()

    def _report(self) -> None:
        self._next_report = time.monotonic() + INTERVAL
        self._callback(Progress(self._activity, self.done, self._total, self._unit))
