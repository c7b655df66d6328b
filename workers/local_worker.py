# SPDX-License-Identifier: Apache-2.0
"""A Celery worker as a child of the station: it ends when the station ends, however that comes about.

Run as `python -m workers.local_worker ARGUMENTS`, with the arguments of `celery worker` or `celery beat`.
Standard input is a pipe whose other end the station holds; its end means that the station is gone.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

from celery.bin.celery import celery

from workers.settings import load_settings

NICENESS = 10
"""By how much workers stand back (nice(2)): with two cores and four busy workers, a window lost up to 100 ms."""

CAPTURE = "--hostname=capture@"
"""The worker that listens to a scanner; a scanner that is not read stops its lamp."""

WARM_STOP_MARGIN = 14.0
"""Seconds that a warm stop may take beyond those that units are given, when the station is gone."""


def main(arguments: list[str]) -> None:
    """Run Celery in this process until it is told to stop or its station is gone."""
    if not any(argument.startswith(CAPTURE) for argument in arguments):
        os.nice(NICENESS)
    threading.Thread(target=_end_with_station, name="station-watch", daemon=True).start()
    # not by the application's start(), which drops the exit code
    celery.main(args=["--app=workers", *arguments], prog_name="celery")


def _end_with_station() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    # a warm stop: units in work are finished, or given back when their time is over
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(load_settings().workers.stop_seconds + WARM_STOP_MARGIN)
    # the broker may be gone too, and Celery waits for it; the ledger's leases make this safe
    os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1:])
