# SPDX-License-Identifier: Apache-2.0
"""A thread for each digest: blocks are digested beside the one who reads and writes them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Self

WORTH_A_THREAD = 1 << 16
"""Bytes from which handing a block to a thread costs less than it gains."""

_BLOCKS_AHEAD = 8
"""Blocks that may wait for a thread: enough to even out reading and digesting, few enough for any node."""


class DigestThreads:
    """Threads by name, each doing what it is handed in that order, beside the others.

    hashlib lets go of Python's lock while it digests, so the threads run on as many cores as there
    are. A thread starts with the first block that is handed to it, and all have ended when the
    `with` block is left: after their work where it ends well, without it where it ends in an error.
    Blocks are not copied and must not change.
    """

    def __init__(self) -> None:
        self._threads: dict[str, _BlockThread] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for thread in self._threads.values():
            thread.end(abandon=error is not None)
        if error is None:
            self._raise_failures()

    def hand(self, name: str, take: Callable[[Any], object], block: object) -> None:
        """Let the thread of that name call `take(block)`; waits while too many wait for it already.

        Raises:
            BaseException: What an earlier call raised in that thread.
        """
        thread = self._threads.get(name)
        if thread is None:
            thread = self._threads[name] = _BlockThread(name)
        thread.hand(take, block)

    def wait(self) -> None:
        """Wait until everything handed over is done.

        Raises:
            BaseException: What a call raised in its thread.
        """
        for thread in self._threads.values():
            thread.wait()
        self._raise_failures()

    def _raise_failures(self) -> None:
        for thread in self._threads.values():
            if thread.failure is not None:
                raise thread.failure


class _BlockThread:
    def __init__(self, name: str) -> None:
        self._work: SimpleQueue[tuple[Callable[[Any], object], object] | None] = SimpleQueue()
        self._room: SimpleQueue[None] = SimpleQueue()
        for _ in range(_BLOCKS_AHEAD):
            self._room.put(None)
        self._abandoned = False
        self.failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def hand(self, take: Callable[[Any], object], block: object) -> None:
        self._room.get()
        if self.failure is not None:
            self._room.put(None)
            raise self.failure
        self._work.put((take, block))

    def wait(self) -> None:
        for _ in range(_BLOCKS_AHEAD):
            self._room.get()
        for _ in range(_BLOCKS_AHEAD):
            self._room.put(None)

    def end(self, *, abandon: bool) -> None:
        self._abandoned = abandon
        self._work.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (task := self._work.get()) is not None:
            take, block = task
            try:
                if not self._abandoned and self.failure is None:
                    take(block)
            except BaseException as error:  # noqa: BLE001 - raised again in the thread that handed it over
                self.failure = error
            # a thread that waits must not keep its last block alive
            del task, take, block
            self._room.put(None)
