# SPDX-License-Identifier: Apache-2.0
"""Loading in threads what views wish to show now; a new list of wishes lets the old ones lapse."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from workers.failures import describe_failure


class WishPool(QObject):
    """Fulfils the newest wishes first.

    Every owner has one list of wishes, the most urgent first; a new list takes the place of the old
    one, and its owner comes first. So what was scrolled away before its turn is never loaded.
    Threads live only while there are wishes.

    Args:
        load: Makes the value of a key, in a thread; None where there is none yet.
        threads: How many at once.
        parent: Owner.
    """

    arrived = Signal(object, object)
    """A wish is fulfilled: key, value."""
    failed = Signal(object, object)
    """A key cannot be loaded: key, failure as `workers.failures.describe_failure` describes it."""

    def __init__(self, load: Callable[[Any], Any], threads: int = 2, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._load = load
        self._threads = threads
        self._changed = threading.Condition()
        self._wishes: dict[Hashable, list[Hashable]] = {}
        self._loading: set[Hashable] = set()
        self._wished_meanwhile: set[Hashable] = set()
        self._running: set[threading.Thread] = set()
        self._closed = False

    def wish(self, owner: Hashable, keys: Sequence[Hashable]) -> None:
        """Replace what an owner wishes for.

        Args:
            owner: Who wishes.
            keys: What, the most urgent first; none to wish for nothing any more.
        """
        with self._changed:
            self._wishes.pop(owner, None)
            if keys and not self._closed:
                self._wishes[owner] = list(reversed(keys))
                self._start_threads(len(keys))

    @property
    def is_idle(self) -> bool:
        """Whether nothing is wished for or being loaded."""
        with self._changed:
            return not self._wishes and not self._loading

    def shut_down(self) -> None:
        """Forget all wishes and wait for what is being loaded."""
        with self._changed:
            self._closed = True
            self._wishes.clear()
            running = list(self._running)
        for thread in running:
            thread.join()

    def _start_threads(self, wishes: int) -> None:
        for _ in range(min(wishes, self._threads - len(self._running))):
            thread = threading.Thread(target=self._work, name="wishes", daemon=True)
            self._running.add(thread)
            thread.start()

    def _work(self) -> None:
        while True:
            with self._changed:
                key = self._next()
                if key is None:
                    self._running.discard(threading.current_thread())
                    return
                self._loading.add(key)
            self._fulfil(key)

    def _fulfil(self, key: Hashable) -> None:
        value = None
        try:
            value = self._load(key)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told to whoever wished
            self._tell(self.failed, key, describe_failure(error))
        else:
            if value is not None:
                self._tell(self.arrived, key, value)
        with self._changed:
            self._loading.discard(key)
            if key in self._wished_meanwhile:
                self._wished_meanwhile.discard(key)
                if value is None and not self._closed:
                    # what was not there when loading began may be there now
                    self._wishes.setdefault(self, []).insert(0, key)

    def _tell(self, signal: Any, key: Hashable, value: object) -> None:
        if not self._closed:
            signal.emit(key, value)

    def _next(self) -> Hashable | None:
        for owner in reversed(tuple(self._wishes)):
            keys = self._wishes[owner]
            while keys:
                key = keys.pop()
                if not keys:
                    del self._wishes[owner]
                if key not in self._loading:
                    return key
                self._wished_meanwhile.add(key)
            self._wishes.pop(owner, None)
        return None
