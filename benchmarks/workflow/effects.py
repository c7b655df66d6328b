# SPDX-License-Identifier: Apache-2.0
"""What the tasks of all engines do: wait, and leave one countable effect on a server that no fault touches.

A run of a task adds one to its place's count, so a task that ran twice is seen. What makes an effect
happen once although its task may run twice is the ledger's affair, and is counted there.
"""

from __future__ import annotations

import os
import time
from functools import cache

import redis

EFFECTS_SOCKET = "BENCHMARK_EFFECTS"
STEP_SECONDS = "BENCHMARK_STEP_SECONDS"
DIE_AFTER_RESULT = "BENCHMARK_DIE_AFTER_RESULT"
"""Names a file: the first process to make it dies between a task's result and whoever is told of it."""

STEPS = ("validate", "capture", "technical_metadata", "enrich")
"""The four tasks of an item: the first, two beside each other, and the one that joins them."""
FINALIZE = "finalize"

RUNS = "runs"
FINISHED = "finished"


@cache
def _server(_process: int) -> redis.Redis:
    return redis.Redis(unix_socket_path=os.environ[EFFECTS_SOCKET])


def leave_effect(step: str, item: int) -> None:
    """Be the work of one task."""
    seconds = float(os.environ.get(STEP_SECONDS, "0"))
    if seconds:
        time.sleep(seconds)
    # a forked child may not share its parent's connection
    server = _server(os.getpid())
    server.hincrby(RUNS, f"{item}.{step}", 1)
    if step in {STEPS[-1], FINALIZE}:
        server.hsetnx(FINISHED, str(item), time.time())
