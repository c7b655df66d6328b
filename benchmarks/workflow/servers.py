# SPDX-License-Identifier: Apache-2.0
"""The processes of a run: a broker, a server that counts effects, and a Celery worker; each can be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

START_SECONDS = 20.0


class RedisServer:
    """A private redis-server on a Unix socket, with a folder of its own.

    Args:
        folder: Where its socket and its append-only file lie.
        durable: Whether it writes an append-only file, synced each second, or keeps all in memory.
    """

    def __init__(self, folder: Path, *, durable: bool) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.socket = folder / "redis.sock"
        self._command = [
            *("redis-server", "--port", "0", "--unixsocket", str(self.socket), "--dir", str(folder)),
            *("--save", "", "--maxmemory-policy", "noeviction", "--logfile", str(folder / "redis.log")),
            *("--appendonly", "yes" if durable else "no", "--appendfsync", "everysec"),
        ]
        self.client = redis.Redis(unix_socket_path=str(self.socket), retry=Retry(NoBackoff(), retries=0))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                self.client.ping()
            except redis.exceptions.ConnectionError:
                time.sleep(0.01)
            else:
                return
        raise RuntimeError(f"{self._command[0]} does not answer on {self.socket}.")

    def kill(self) -> None:
        """End it with SIGKILL: what is not on disk is lost."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        self.client.close()

    def pids(self) -> list[int]:
        """Its process id, while it runs."""
        return [self._process.pid] if self._process else []

    def url(self, database: int) -> str:
        """Celery's address of one of its databases."""
        return f"redis+socket://{self.socket}?virtual_host={database}"

    def memory(self) -> tuple[int, int]:
        """The most memory it ever used since its start, and all bytes that came in."""
        facts = self.client.info()
        return int(facts["used_memory_peak"]), int(facts["total_net_input_bytes"])

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()


class Processes:
    """The processes that an engine needs besides the broker, started together.

    Args:
        commands: For each its arguments after `python`.
        environment: What they find in their environment.
        folder: Where their logs go.
    """

    def __init__(
        self, commands: Mapping[str, list[str]], environment: Mapping[str, str], folder: Path
    ) -> None:
        self._commands = commands
        self.environment = {**os.environ, **environment}
        self._folder = folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        """Start one of them."""
        with (self._folder / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, *self._commands[name]],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
                start_new_session=True,
            )

    def children(self, name: str) -> list[int]:
        """Process ids of a worker's pool."""
        parent = self._running[name].pid
        listed = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii")
        return [int(word) for word in listed.split()]

    def pids(self) -> list[int]:
        """All process ids, those of pools included."""
        return [pid for name, process in self._running.items() for pid in (process.pid, *self.children(name))]

    def kill_child(self, name: str) -> None:
        """Kill one process of a worker's pool, as the kernel does when memory runs out."""
        os.kill(self.children(name)[0], signal.SIGKILL)

    def kill(self, name: str) -> None:
        """Kill a worker with all of its pool."""
        process = self._running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def log(self, name: str) -> str:
        """What one of them has written."""
        return (self._folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def __enter__(self) -> Self:
        for name in self._commands:
            self.start(name)
        deadline = time.monotonic() + START_SECONDS
        while not all("ready" in self.log(name) for name in self._commands if name == "worker"):
            if time.monotonic() > deadline:
                raise RuntimeError(f"The worker does not start: {self.log('worker')[-2000:]}")
            time.sleep(0.02)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in list(self._running):
            self.kill(name)


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of these processes and of the children they waited for (proc(5))."""
    ticks = 0
    for pid in pids:
        # the name of the program, which may have spaces, is in brackets
        words = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        ticks += sum(int(word) for word in words[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")
