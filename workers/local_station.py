# SPDX-License-Identifier: Apache-2.0
"""The processes of a station: private broker, workers and beat, started together and ended together."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO, Any, Self

import structlog

from archive.custody.errors import CustodyError
from archive.custody.key_folder import KeyFolder
from workers.embedded_broker import EmbeddedBroker
from workers.errors import StationBusy
from workers.node import Node
from workers.nodes.compatibility import require_compatible
from workers.nodes.log_bounds import bound_logs
from workers.nodes.refusal import REFUSED
from workers.nodes.restarts import Restarts
from workers.pools import pool_plans
from workers.settings import Settings

log = structlog.get_logger(__name__)

WARM_STOP_MARGIN = 16.0
"""Seconds that a worker may take to stop beyond those its units are given; it ends itself within half of them."""
LOOK_SECONDS = 0.3
"""Longer than anybody looks whether a station runs; one that runs keeps its lock to its end."""


class LocalStation:
    """Broker, workers and beat of this station, as long as the block it guards.

    Args:
        settings: The station's settings.
        queues: Queues to serve; all of the station's when left out.
        concurrency: Processes or threads for each worker; the settings' when left out.
        workers: Whether to run workers at all.
        beat: Whether to run the schedule here.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        queues: Sequence[str] | None = None,
        concurrency: int | None = None,
        workers: bool = True,
        beat: bool = True,
    ) -> None:
        self._settings = settings
        self._plans = pool_plans(settings, queues, concurrency) if workers else []
        self._beat = beat
        self._broker = EmbeddedBroker(settings.state_directory) if settings.broker_url is None else None
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._arguments: dict[str, list[str]] = {}
        self._restarts = Restarts()
        self._lock: IO[str] | None = None

    @property
    def pids(self) -> list[int]:
        """Process ids of workers and beat."""
        return [child.pid for child in self._children.values()]

    def __enter__(self) -> Self:
        """Start everything.

        Raises:
            StationBusy: Another process runs this station.
            BrokerUnavailable: The private broker does not start.
            RegistryTooNew, ProtocolDiffers: This Recto does not fit to those that work with the registry.
            RegistryUnreachable: The registry cannot be asked.
        """
        try:
            if self._broker is not None:
                # only what owns the private broker must be alone; workers of a site may be many on one host
                self._take_lock()
                self._broker.start()
            if self._plans:
                make_signing_key(self._settings)
            if self._plans or self._beat:
                self._require_fit()
            for name, arguments in self._command_lines():
                self._start(name, arguments)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _take_lock(self) -> None:
        self._settings.state_directory.mkdir(parents=True, exist_ok=True)
        path = self._settings.state_directory / "station.lock"
        # opened for appending: a process that does not get the lock must not wipe the owner's number
        lock = path.open("a+")
        if not _locked(lock):
            lock.seek(0)
            owner = lock.read().strip() or "unknown"
            lock.close()
            raise StationBusy(f"Station {self._settings.station} is run by process {owner} already.")
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self._lock = lock

    def _command_lines(self) -> Iterator[tuple[str, list[str]]]:
        level = self._settings.log_level
        for plan in self._plans:
            yield plan.name, plan.arguments(self._settings.station, level)
        if self._beat:
            yield "beat", ["beat", "--pidfile=", f"--loglevel={level}"]

    def _require_fit(self) -> None:
        node = Node(self._settings)
        try:
            require_compatible(node)
        finally:
            node.close()

    def _start(self, name: str, arguments: list[str]) -> None:
        logs = self.log_folder()
        logs.mkdir(parents=True, exist_ok=True)
        with (logs / f"{name}.log").open("ab") as log_file:
            child = subprocess.Popen(
                [sys.executable, "-m", "workers.local_worker", *arguments],
                stdin=subprocess.PIPE,
                stdout=log_file,
                stderr=log_file,
                # Ctrl-C in the terminal is for the station, which then stops its children warmly
                start_new_session=True,
            )
        self._children[name] = child
        self._arguments[name] = arguments
        self._restarts.started(name)
        log.debug("worker.started", name=name, pid=child.pid)

    def revive(self) -> list[str]:
        """Start the private broker and workers again that ended though nobody told them to.

        Returns:
            Names of those that had died.

        Raises:
            BrokerUnavailable: The private broker cannot be started again.
        """
        bound_logs(self.log_folder() / f"{name}.log" for name in self._children)
        broker = []
        if self._broker is not None and self._lock is not None and self._broker.revive():
            log.warning("broker.died")
            broker.append("broker")
        dead = [
            name
            for name, child in self._children.items()
            if child.poll() is not None and self._restarts.is_due(name)
        ]
        for name in dead:
            status = self._children[name].returncode
            if status == REFUSED:
                log.error("worker.refused", name=name, log=str(self.log_folder() / f"{name}.log"))
            else:
                log.warning("worker.died", name=name, status=status)
            _close_pipe(self._children[name])
            self._start(name, self._arguments[name])
        return broker + dead

    def log_folder(self) -> Path:
        """Where the workers' logs are."""
        return self._settings.state_directory / "logs"

    def _stop(self) -> None:
        with _second_time(self._hurry):
            self._stop_children()

    def _hurry(self) -> None:
        """Whoever is told to stop twice wants units given back now, and not finished."""
        for child in self._children.values():
            if child.poll() is None:
                child.send_signal(signal.SIGQUIT)

    def _stop_children(self) -> None:
        for child in self._children.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + self._settings.workers.stop_seconds + WARM_STOP_MARGIN
        for child in self._children.values():
            try:
                child.wait(timeout=max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.warning("worker.killed", pid=child.pid)
                # with its pool: the child leads a session of its own
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
            _close_pipe(child)
        self._children.clear()
        if self._broker is not None and self._lock is not None:
            self._broker.stop()
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def _locked(lock: IO[str]) -> bool:
    """Whether the lock is ours now; whoever only looks whether the station runs has it for a moment too."""
    deadline = time.monotonic() + LOOK_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        else:
            return True


@contextmanager
def _second_time(hurry: Callable[[], None]) -> Iterator[None]:
    """Let a second Ctrl-C not end the stopping half-way, which would leave workers behind, but have them hurry."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handler: Any = partial(_hurry_handler, hurry)
    before = {number: signal.signal(number, handler) for number in (signal.SIGINT, signal.SIGTERM)}
    # kernel and shell both tell of a closed terminal, which is no second word
    before[signal.SIGHUP] = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _hurry_handler(hurry: Callable[[], None], _number: int, _frame: FrameType | None) -> None:
    hurry()


def _close_pipe(child: subprocess.Popen[bytes]) -> None:
    if child.stdin is not None:
        child.stdin.close()


def station_runs(settings: Settings) -> bool:
    """Whether another process runs this station."""
    path = settings.state_directory / "station.lock"
    if not path.exists():
        return False
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def make_signing_key(settings: Settings) -> None:
    """Have the key at the first start: its public half can be given out before anything is signed."""
    try:
        KeyFolder(settings.key_directory).signing_key()
    except CustodyError as error:
        # nothing but bagging waits for it, and that is held with the same words
        log.warning("signing_key.unusable", error=error.message)
