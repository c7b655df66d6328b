# SPDX-License-Identifier: Apache-2.0
"""The two forms of time that the registry keeps."""

from __future__ import annotations

import datetime as dt
import time


def now_seconds() -> float:
    """Seconds since the epoch: for leases and waiting times."""
    return time.time()


def now_iso() -> str:
    """The moment as ISO 8601 in UTC with milliseconds, such as 2026-11-21T10:15:30.123Z."""
    moment = dt.datetime.now(dt.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
