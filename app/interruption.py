# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C, or being told to stop, as an event that work in small steps looks at; the second time breaks it off."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Self

_AGAIN = 0.2
"""Seconds between two calls of what ends the work, which may not have begun at the first."""


class Interruption:
    """Catches SIGINT and SIGTERM while its block runs, in the main thread; elsewhere nothing is caught.

    Attributes:
        asked: Set when somebody wants the work to end.
    """

    def __init__(self) -> None:
        self.asked = threading.Event()
        self._done = threading.Event()
        self._end: Callable[[], None] | None = None
        self._before: dict[int, Any] = {}

    def ends(self, end: Callable[[], None]) -> None:
        """Name what ends the work. It is called from a thread of its own, until the block is left."""
        self._end = end

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._take)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _take(self, _number: int, _frame: FrameType | None) -> None:
        if self.asked.is_set():
            # whoever asks twice does not want to wait
            raise KeyboardInterrupt
        self.asked.set()
        threading.Thread(target=self._end_work, name="interruption", daemon=True).start()

    def _end_work(self) -> None:
        while True:
            if self._end is not None:
                self._end()
            if self._done.wait(_AGAIN):
                return
