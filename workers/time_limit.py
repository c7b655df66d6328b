# SPDX-License-Identifier: Apache-2.0
"""The time limits of a unit, kept by the unit itself: Celery keeps them in pools of processes only.

At the soft limit a unit ends at its next checkpoint (`Work.still_ours`), cleanly. A unit that reaches none
is given up from the thread that renews its lease, before the hard limit: its failure is recorded with the
place where it stands, and its process is ended, for a thread cannot be. What it did is in the ledger or was
never there, so nobody else is held up by it.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import traceback

import structlog

from archive.progress import Progress
from archive.registry.stages import StageRule
from workers.errors import TimeLimitReached

log = structlog.get_logger(__name__)

GIVEN_UP_AT = 0.75
"""Where between the soft and the hard limit a unit is given up that did not end at the soft one."""


class TimeLimit:
    """The limits of one unit, from now on; made in the thread that does the work.

    Args:
        rule: The stage.
        name: What the unit is, in words.
    """

    def __init__(self, rule: StageRule, name: str) -> None:
        self._rule = rule
        self._name = name
        self._since = time.monotonic()
        self._seen: Progress | None = None
        self._thread = threading.current_thread()

    @property
    def look_seconds(self) -> float:
        """How often somebody must look whether the unit is to be given up."""
        return max(0.2, (self._rule.hard_seconds - self._rule.soft_seconds) / 8)

    @property
    def is_over(self) -> bool:
        """Whether the unit is to be given up."""
        soft, hard = self._rule.soft_seconds, self._rule.hard_seconds
        return time.monotonic() - self._since > soft + GIVEN_UP_AT * (hard - soft)

    def check(self, progress: Progress | None = None) -> None:
        """End the unit when its time is over.

        Args:
            progress: How far counted work is: where that grew, the time begins anew, for a transfer of
                many hours is no hanging one.

        Raises:
            TimeLimitReached: The soft limit has passed.
        """
        if progress is not None and progress != self._seen:
            self._seen, self._since = progress, time.monotonic()
        if time.monotonic() - self._since > self._rule.soft_seconds:
            raise self.error()

    def error(self) -> TimeLimitReached:
        """That the time is over, as an error."""
        return TimeLimitReached(
            f"The {self._rule.name} stage of {self._name} did not end within {self._rule.soft_seconds} s.",
            soft_seconds=self._rule.soft_seconds,
        )

    def place(self) -> str:
        """Where the unit stands now: the stack of its thread, the newest call last."""
        frame = sys._current_frames().get(self._thread.ident or 0)  # noqa: SLF001 (how faulthandler is asked from Python)
        return "".join(traceback.format_stack(frame))[-4000:] if frame else ""

    def end_process(self) -> None:
        """End the process of a unit that cannot be ended otherwise; in a pool of processes Celery does it."""
        if self._thread is not threading.main_thread():
            log.error("worker.ends", reason="a unit of it hangs")
            os.kill(os.getpid(), signal.SIGTERM)
