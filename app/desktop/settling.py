# SPDX-License-Identifier: Apache-2.0
"""What waits until everything that was asked before it is shown: keys come faster than transactions."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from app.desktop.operation import Operation


class Settling:
    """Knows the operations whose results are about to be shown, and holds back deeds that are about those results.

    A second press is about what the first one leaves, and "undo" means the step that was done last, though it
    is still being written down.
    """

    def __init__(self) -> None:
        self._under_way = 0
        self._waiting: deque[Callable[[], None]] = deque()

    @property
    def is_settled(self) -> bool:
        """Whether what is shown is what was asked for."""
        return self._under_way == 0

    def watch(self, operation: Operation) -> None:
        """Wait for an operation that has just been started; a failure calls off what waits for it."""
        self._under_way += 1
        operation.failed.connect(self._call_off)
        operation.finished.connect(self._ended)

    def when_settled(self, do: Callable[[], None]) -> None:
        """Do something when all that was asked for is shown: at once where nothing is under way."""
        if self._under_way or self._waiting:
            self._waiting.append(do)
        else:
            do()

    def call_off(self) -> None:
        """What waits is about something that is not in view any more."""
        self._waiting.clear()

    def _call_off(self, _failure: object) -> None:
        self.call_off()

    def _ended(self) -> None:
        self._under_way -= 1
        while self._waiting and not self._under_way:
            self._waiting.popleft()()
