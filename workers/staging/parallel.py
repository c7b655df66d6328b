# SPDX-License-Identifier: Apache-2.0
"""A few transfers at once; the first that fails ends the others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

GoingOn = Callable[[], None]
Transfer = Callable[[GoingOn], int]


class _Ended(Exception):
    """Another transfer of the same unit has failed; never seen outside."""


def transfer(transfers: Iterable[Transfer], at_once: int, going_on: GoingOn) -> int:
    """Run transfers, never more than a few begun.

    Args:
        transfers: Each is given what it has to call between blocks, and returns the bytes it moved.
        at_once: How many at a time.
        going_on: Called between blocks; what it raises ends all of them.

    Returns:
        Bytes moved.

    Raises:
        Whatever the first failure was.
    """
    stop = threading.Event()

    def still() -> None:
        if stop.is_set():
            raise _Ended
        going_on()

    moved = 0
    waiting = iter(transfers)
    with ThreadPoolExecutor(at_once, thread_name_prefix="staging") as pool:
        begun: set[Future[int]] = set()
        try:
            while True:
                while len(begun) < at_once and (next_one := next(waiting, None)) is not None:
                    begun.add(pool.submit(next_one, still))
                if not begun:
                    return moved
                ended, begun = wait(begun, return_when=FIRST_COMPLETED)
                moved += sum(one.result() for one in ended)
        finally:
            stop.set()
