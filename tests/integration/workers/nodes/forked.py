# SPDX-License-Identifier: Apache-2.0
"""Celery workers that are forked from a process which has imported what takes them a second each.

Nothing that holds state of a worker is imported there: not the application, and not the memory by which
a worker tells its pool to stop.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

PRELOADED = [
    *("celery.bin.celery", "celery.apps.worker", "celery.backends.redis", "kombu.transport.redis"),
    *("celery.concurrency.prefork", "celery.concurrency.thread", "workers.health"),
    __name__,
]

_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload(PRELOADED)


class Worker:
    """One worker, with what tests ask of a process.

    Args:
        arguments: Those of `celery`.
        environment: Its whole environment.
        folder: Where it runs.
        log: Where its output goes.
    """

    def __init__(
        self, arguments: Sequence[str], environment: dict[str, str], folder: Path, log: Path
    ) -> None:
        self._process: ForkServerProcess = _forking.Process(
            target=_run, args=(list(arguments), environment, folder, log)
        )
        self._process.start()

    def send_signal(self, number: signal.Signals) -> None:
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    def wait(self, seconds: float) -> int:
        """Its exit code."""
        self._process.join(seconds)
        if self._process.exitcode is None:
            pytest.fail(f"It has not ended within {seconds} s.")
        return self._process.exitcode

    def end(self) -> None:
        """Kill it, if it still runs."""
        self._process.kill()
        self._process.join()
        self._process.close()


def _run(arguments: list[str], environment: dict[str, str], folder: Path, log: Path) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(output, sys.stdout.fileno())
    os.dup2(output, sys.stderr.fileno())
    sys.path[:0] = filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))
    from celery.bin.celery import celery

    celery.main(args=["--app=workers", *arguments], prog_name="celery")
