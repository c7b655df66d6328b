# SPDX-License-Identifier: Apache-2.0
"""What befalls the processes: kills, stops longer than a lease, a broker that forgets; drawn from a seed."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.chaos.batch import LEASE_SECONDS
from tests.chaos.processes import Kind, Process, processes_of, send
from tests.e2e.conftest import Home
from workers.embedded_broker import socket_path


class Fault(StrEnum):
    """One kind of misfortune."""

    KILL_CHILD = "kill -9 of a pool process"
    KILL_WORKER = "kill -9 of a worker"
    KILL_WORKER_AND_CHILDREN = "kill -9 of a worker with its pool"
    KILL_DEVICE = "kill -9 of a scanner's process"
    KILL_BEAT = "kill -9 of beat"
    KILL_BROKER = "kill -9 of the broker"
    KILL_STATION = "kill -9 of the station"
    FLUSH_BROKER = "the broker forgets everything"
    STOP_CHILD = "a pool process stops for longer than its lease"
    STOP_WORKER = "a worker with its pool stops for longer than its lease"


WEIGHTS = {
    Fault.KILL_CHILD: 5,
    Fault.KILL_WORKER: 3,
    Fault.KILL_WORKER_AND_CHILDREN: 3,
    Fault.KILL_DEVICE: 2,
    Fault.KILL_BEAT: 2,
    Fault.KILL_BROKER: 2,
    Fault.KILL_STATION: 1,
    Fault.FLUSH_BROKER: 2,
    Fault.STOP_CHILD: 2,
    Fault.STOP_WORKER: 2,
}
"""How often each is drawn, beside the others."""


@dataclass(frozen=True, slots=True)
class Misfortune:
    """What happened.

    Attributes:
        at: Seconds since the beginning.
        fault: What.
        whom: The processes it befell, in words; empty when there was none to befall.
    """

    at: float
    fault: Fault
    whom: str

    def __str__(self) -> str:
        return f"{self.at:7.2f} s  {self.fault}: {self.whom or 'nobody there'}"


@dataclass
class Chaos:
    """Draws misfortunes from a seed and lets them happen.

    Attributes:
        home: Whose processes.
        seed: The same seed gives the same draws; which process is there to be hit is up to the machine.
        happened: What happened so far.
    """

    home: Home
    seed: int
    happened: list[Misfortune] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 (repeatable draws, no secret)
        self._begun = time.monotonic()
        self._stopped: list[tuple[float, list[Process]]] = []

    def pause(self, shortest: float, longest: float) -> float:
        """How long until the next misfortune, in seconds."""
        return self._random.uniform(shortest, longest)

    def strike(self) -> Misfortune:
        """Let one misfortune happen."""
        fault = self._random.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        whom = self._flush() if fault is Fault.FLUSH_BROKER else self._hit(fault)
        misfortune = Misfortune(time.monotonic() - self._begun, fault, whom)
        self.happened.append(misfortune)
        return misfortune

    def wake_late(self, *, everybody: bool = False) -> None:
        """Let go on whoever has been stopped for longer than a lease, or everybody."""
        for due, processes in list(self._stopped):
            if everybody or time.monotonic() >= due:
                self._stopped.remove((due, processes))
                for process in processes:
                    send(self.home, process, signal.SIGCONT)

    def _hit(self, fault: Fault) -> str:
        there = processes_of(self.home)
        victims = _VICTIMS[fault]([process for process in there if not self._is_stopped(process)])
        if not victims:
            return ""
        victim = self._random.choice(victims)
        hit = [victim]
        if fault in {Fault.KILL_WORKER_AND_CHILDREN, Fault.STOP_WORKER}:
            hit += [process for process in there if process.parent == victim.pid]
        stops = fault in {Fault.STOP_CHILD, Fault.STOP_WORKER}
        for process in hit:
            send(self.home, process, signal.SIGSTOP if stops else signal.SIGKILL)
        if stops:
            self._stopped.append((time.monotonic() + LEASE_SECONDS + self._random.uniform(0.5, 3.0), hit))
        return ", ".join(f"{process.name} {process.pid}" for process in hit)

    def _is_stopped(self, process: Process) -> bool:
        return any(process.pid in {one.pid for one in stopped} for _, stopped in self._stopped)

    def _flush(self) -> str:
        socket = str(socket_path(self.home.folder / "state"))
        client = redis.Redis(unix_socket_path=socket, socket_timeout=2, retry=Retry(NoBackoff(), 0))
        try:
            client.flushall()
        except (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError):
            return ""
        finally:
            client.close()
        return "broker"


def _of(*kinds: Kind) -> Callable[[list[Process]], list[Process]]:
    return lambda there: [process for process in there if process.kind in kinds]


_VICTIMS: dict[Fault, Callable[[list[Process]], list[Process]]] = {
    Fault.KILL_CHILD: _of(Kind.CHILD),
    Fault.KILL_WORKER: _of(Kind.WORKER),
    Fault.KILL_WORKER_AND_CHILDREN: _of(Kind.WORKER),
    Fault.KILL_DEVICE: _of(Kind.DEVICE),
    Fault.KILL_BEAT: _of(Kind.BEAT),
    Fault.KILL_BROKER: _of(Kind.BROKER),
    Fault.KILL_STATION: _of(Kind.STATION),
    Fault.STOP_CHILD: _of(Kind.CHILD),
    Fault.STOP_WORKER: _of(Kind.WORKER),
}
