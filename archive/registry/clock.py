# SPDX-License-Identifier: Apache-2.0
"""The two forms of time that the registry keeps, and whose clock counts for leases where hosts differ."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from time import CLOCK_BOOTTIME, clock_gettime
from time import time as host_time

AGREED_SECONDS = 2.0
"""How far a host's clock may be from that of the database before only the latter counts; leases are much longer."""

# the database's clock at the moment at which this host was started; None where this host's clock is as good
_started_at: float | None = None


def now_seconds() -> float:
    """Seconds since the epoch: for leases and waiting times."""
    return time.time() if _started_at is None else _started_at + clock_gettime(CLOCK_BOOTTIME)


def keep_time_of(ask: Callable[[], float]) -> float:
    """Go by the clock of a database from now on, where this host's is another: one that is fast would take all leases as ended.

    Args:
        ask: Asks the database for its seconds since the epoch.

    Returns:
        By how many seconds this host is ahead; 0.0 where the two agree.
    """
    global _started_at  # noqa: PLW0603 (a process has one clock)
    before = host_time()
    told = ask()
    # however long the answer took: the database read its clock between the two
    after = host_time()
    ahead = before - told if told < before else min(0.0, after - told)
    if abs(ahead) < AGREED_SECONDS:
        _started_at = None
        return 0.0
    # by a clock that nobody sets, and that goes on while a computer sleeps
    _started_at = told - clock_gettime(CLOCK_BOOTTIME)
    return ahead


def now_iso() -> str:
    """The moment as ISO 8601 in UTC with milliseconds, such as 2026-11-21T10:15:30.123Z."""
    moment = dt.datetime.now(dt.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
