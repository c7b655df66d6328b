# SPDX-License-Identifier: Apache-2.0
"""The file that a transfer grows in: one writer at a time, kept when it is interrupted so that the next goes on."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

SECONDS_BETWEEN = 0.2
"""How often a waiting transfer looks whether the one before it has ended."""


@contextmanager
def locked_part(path: Path, going_on: Callable[[], None]) -> Iterator[IO[bytes]]:
    """Open a file to go on with, alone; whoever else wants it waits.

    Args:
        path: The file; it need not exist.
        going_on: Called while waiting; what it raises ends the waiting.

    Raises:
        OSError: It cannot be written.
    """
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        with os.fdopen(descriptor, "r+b") as file:
            _wait_for_lock(file, going_on)
            if _is_still(file, path):
                yield file
                return
        # the one before has finished it, and gave it its name: ours is another file


def _wait_for_lock(file: IO[bytes], going_on: Callable[[], None]) -> None:
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            going_on()
            time.sleep(SECONDS_BETWEEN)
        else:
            return


def _is_still(file: IO[bytes], path: Path) -> bool:
    try:
        named = path.stat()
    except FileNotFoundError:
        return False
    ours = os.fstat(file.fileno())
    return (named.st_dev, named.st_ino) == (ours.st_dev, ours.st_ino)
