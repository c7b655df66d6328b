# SPDX-License-Identifier: Apache-2.0
"""A limit of bytes a second that all uploads to one target share."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable

from archive.errors import StorageUrlInvalid

_RATE = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[kMG]?)B?(?:/s)?")
_UNITS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9}


def parse_rate(text: str) -> int:
    """Bytes a second, from "250k", "10M", "1.5 MB/s" or a plain number; decimal units.

    Raises:
        StorageUrlInvalid: It is no rate, or less than 1.
    """
    match = _RATE.fullmatch(text.strip())
    rate = int(float(match["number"]) * _UNITS[match["unit"]]) if match else 0
    if rate < 1:
        raise StorageUrlInvalid(f"{text!r} is no bandwidth: give bytes a second, as 250k or 10M.")
    return rate


class Bandwidth:
    """Lets bytes through at a steady rate, over all threads together.

    Args:
        bytes_per_second: The rate; 0 means no limit.
        clock: Seconds that only grow.
        sleep: Waits for so many seconds.
    """

    def __init__(
        self,
        bytes_per_second: int = 0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rate = bytes_per_second
        self._clock = clock
        self._sleep = sleep
        self._free_at = 0.0
        self._lock = threading.Lock()

    def take(self, size: int) -> None:
        """Wait until so many bytes may pass."""
        if not self._rate or not size:
            return
        with self._lock:
            now = self._clock()
            # unused time is not saved up: a pause must not be followed by a flood
            starts = max(self._free_at, now)
            self._free_at = starts + size / self._rate
        if starts > now:
            self._sleep(starts - now)
