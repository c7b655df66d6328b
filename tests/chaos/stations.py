# SPDX-License-Identifier: Apache-2.0
"""A station that is started again whenever it was killed, and a second worker and schedule beside it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from types import TracebackType
from typing import IO, Self

from tests.chaos.batch import STATION
from tests.chaos.processes import Kind, processes_of, send
from tests.e2e.conftest import Home

END_SECONDS = 60.0

SECOND_WORKER = [
    "worker",
    f"--hostname=second@{STATION}",
    f"--queues=capture.{STATION},default,compute_intensive,io_bound",
    "--pool=prefork",
    "--concurrency=2",
    "--loglevel=info",
    "--without-gossip",
    "--without-mingle",
]
"""Serves every queue, so that what a stopped worker holds is done by another before it wakes up."""


class Stations:
    """The processes that a chaos test keeps alive, as systemd would.

    Args:
        home: Where they run; configured.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self._commands = {
            "station": ["-m", "app", "station"],
            "second": ["-m", "workers.local_worker", *SECOND_WORKER],
            "second beat": [
                "-m",
                "workers.local_worker",
                "beat",
                f"--schedule={home.folder / 'second-schedule'}",
                "--pidfile=",
                "--loglevel=info",
            ],
        }
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._log: IO[bytes] | None = None

    def __enter__(self) -> Self:
        self._log = (self._home.folder / "stations.log").open("ab")
        self.keep_alive()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._end()
        finally:
            for process in processes_of(self._home):
                send(self._home, process, signal.SIGKILL)
            for running in self._running.values():
                running.wait()
                if running.stdin is not None:
                    running.stdin.close()
            if self._log is not None:
                self._log.close()

    def keep_alive(self) -> list[str]:
        """Start what has ended.

        Returns:
            Names of what was started.
        """
        started = []
        for name, words in self._commands.items():
            running = self._running.get(name)
            if running is not None and running.poll() is None:
                continue
            if running is not None and running.stdin is not None:
                running.stdin.close()
            self._running[name] = subprocess.Popen(
                [sys.executable, *words],
                env=self._home.variables(),
                # a local worker ends when this pipe does
                stdin=subprocess.PIPE,
                stdout=self._log,
                stderr=self._log,
                start_new_session=True,
            )
            started.append(name)
        return started

    def end_warmly(self) -> list[str]:
        """Ask everything to end.

        Returns:
            What was still there long after, as words; empty when all ended.
        """
        self._end()
        deadline = time.monotonic() + END_SECONDS
        while (left := processes_of(self._home)) and time.monotonic() < deadline:
            time.sleep(0.1)
        return [f"process {process.pid} ({process.name}, {process.kind}) did not end" for process in left]

    def _end(self) -> None:
        """Ask everything to end, what is stopped too; the second worker first, for it uses the station's broker."""
        for process in processes_of(self._home):
            send(self._home, process, signal.SIGCONT)
        for name in ("second beat", "second", "station"):
            running = self._running.get(name)
            if running is None:
                continue
            if running.poll() is None:
                running.send_signal(signal.SIGTERM)
            try:
                running.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                continue

    def has_broker(self) -> bool:
        """Whether a broker lives now."""
        return any(process.kind is Kind.BROKER for process in processes_of(self._home))
