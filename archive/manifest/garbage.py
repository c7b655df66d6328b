# SPDX-License-Identifier: Apache-2.0
"""Letting cyclic garbage wait while a big sheet is read in a thread beside a window."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def garbage_waits() -> Iterator[None]:
    """Have cyclic garbage wait for the end of the block.

    To collect it, Python stops all threads and walks through every object: with ten thousand rows in the making
    that held a window up for 700 ms, again and again; without it, for 75 ms at most.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
