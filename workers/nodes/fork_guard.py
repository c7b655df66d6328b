# SPDX-License-Identifier: Apache-2.0
"""Keeping a worker from forking its pool while one of its own threads has the registry open.

SQLite remembers in the memory of a process which locks it holds on a file. A child that is forked
meanwhile believes to hold them too, works without, and another process may then take the log of the
database away under it (sqlite.org/howtocorrupt.html, section 2.6).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.RLock()
_is_set_up = False


@contextmanager
def no_fork() -> Iterator[None]:
    """Let this process fork only before or after the block, whichever thread wants to."""
    _set_up()
    with _lock:
        yield


def _set_up() -> None:
    global _is_set_up  # noqa: PLW0603 (hooks of the process, set up once)
    with _lock:
        if not _is_set_up:
            os.register_at_fork(before=_hold, after_in_parent=_let_go, after_in_child=_begin_anew)
            _is_set_up = True


def _hold() -> None:
    _lock.acquire()


def _let_go() -> None:
    _lock.release()


def _begin_anew() -> None:
    global _lock  # noqa: PLW0603 (the child's own: nobody can hold it there, and its threads may fork too)
    _lock = threading.RLock()
