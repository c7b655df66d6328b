# SPDX-License-Identifier: Apache-2.0
"""One thread a process that looks after all units at work in it: a unit of a millisecond starts no thread of its own."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import structlog

log = structlog.get_logger(__name__)

IDLE_SECONDS = 60.0
"""For how long the thread sleeps at most when there is nothing to look after."""


@dataclass(eq=False)
class _Watched:
    look: Callable[[], bool]
    seconds: float
    due: float = field(init=False)
    looking: bool = False

    def __post_init__(self) -> None:
        self.due = time.monotonic() + self.seconds


class LeaseWatch:
    """Calls functions again and again, each at its own pace, until they say that it is enough."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._watched: set[_Watched] = set()
        self._wakes_at = 0.0
        self._thread: threading.Thread | None = None

    @contextmanager
    def watching(self, look: Callable[[], bool], seconds: float) -> Iterator[None]:
        """Call a function every so many seconds as long as the block runs; never after it.

        Args:
            look: Returns whether it is to be called again.
            seconds: Between two calls, and before the first.
        """
        watched = _Watched(look, seconds)
        with self._changed:
            self._watched.add(watched)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="lease-watch", daemon=True)
                self._thread.start()
            elif watched.due < self._wakes_at:
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._watched.discard(watched)
                self._changed.wait_for(lambda: not watched.looking)

    def _run(self) -> None:
        while True:
            with self._changed:
                now = time.monotonic()
                due = [watched for watched in self._watched if watched.due <= now]
                if not due:
                    self._wakes_at = min((one.due for one in self._watched), default=now + IDLE_SECONDS)
                    self._changed.wait(self._wakes_at - now)
                    continue
                watched = min(due, key=lambda one: one.due)
                watched.looking = True
            again = _look(watched)
            with self._changed:
                watched.looking = False
                watched.due = time.monotonic() + watched.seconds
                if not again:
                    self._watched.discard(watched)
                self._changed.notify_all()


def _look(watched: _Watched) -> bool:
    try:
        return watched.look()
    except Exception:
        # the boundary: trouble with one unit must not let the leases of all others end
        log.exception("lease.look_failed")
        return True


_watches: dict[int, LeaseWatch] = {}


def lease_watch() -> LeaseWatch:
    """The watch of this process; a forked child has one of its own, for threads are not forked."""
    process = os.getpid()
    if process not in _watches:
        _watches.clear()
        _watches[process] = LeaseWatch()
    return _watches[process]
