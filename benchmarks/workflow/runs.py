# SPDX-License-Identifier: Apache-2.0
"""One run of one engine: everything started afresh, the graph submitted, its end awaited, the effects counted."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.workflow import celery_application, effects
from benchmarks.workflow.ledger_records import install_step, recorded
from benchmarks.workflow.servers import Processes, RedisServer, cpu_seconds

REPOSITORY = Path(__file__).resolve().parents[2]
LOOK_SECONDS = 0.01
HOME = "home"

WORKER = [
    *("worker", "--concurrency=2", "--pool=prefork", "--loglevel=INFO"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
]
"""The same worker for all engines: two processes, as many as this machine has cores."""


@dataclass(frozen=True, slots=True)
class Engine:
    """One contender.

    Attributes:
        module: The module of this package that builds and publishes.
        title: Its name in tables.
        beat: Whether it needs a schedule.
        queues: What its worker serves.
    """

    module: str
    title: str
    beat: bool = False
    queues: str = "default"

    def commands(self, folder: Path) -> dict[str, list[str]]:
        """Arguments of its processes."""
        celery = ["-m", "celery", "-A", f"benchmarks.workflow.{self.module}"]
        commands = {"worker": [*celery, *WORKER, f"--queues={self.queues}"]}
        if self.beat:
            commands["beat"] = [*celery, "beat", f"--schedule={folder / 'beat'}", "--pidfile="]
        return commands


NATIVE = Engine("native", "native canvas")
DYRYGENT = Engine("dyrygent", "celery-dyrygent")
LEDGER = Engine("ledger", "Recto", beat=True)
ENGINES = (NATIVE, DYRYGENT, LEDGER)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run; times in seconds since the submission began.

    Attributes:
        finished: When the finalizer had run; None when it did not in the time given.
        first_item: When the first item had been through all its steps.
        half: When half of the items had.
        publish_seconds: For building and publishing the graph.
        growth: Bytes by which the submitting process grew.
        broker_peak: Bytes the broker used at most.
        broker_bytes: Bytes that were sent to the broker.
        start_seconds: User and system time of worker, schedule and broker until they stood ready.
        cpu_seconds: The same from the submission to the end, and what building and publishing took the client.
        repeated: Tasks that ran more than once.
        missing: Tasks that never ran.
        recorded: What the ledger says of its units.
    """

    finished: float | None
    first_item: float | None
    half: float | None
    publish_seconds: float
    growth: int
    broker_peak: int
    broker_bytes: int
    start_seconds: float
    cpu_seconds: float
    repeated: int
    missing: int
    recorded: str = ""


@dataclass(slots=True)
class Standing:
    """What stands while a run goes on, for faults to act on."""

    broker: RedisServer
    effects: RedisServer
    processes: Processes
    folder: Path

    def cpu_seconds(self) -> float:
        """User and system time of broker, worker and its pool so far."""
        return cpu_seconds([*self.broker.pids(), *self.processes.pids()])

    def tasks_run(self) -> int:
        """How many places of the graph have been run."""
        return int(self.effects.client.hlen(effects.RUNS))

    def finalized(self) -> bool:
        """Whether the last task of all has run."""
        return bool(self.effects.client.hexists(effects.FINISHED, "-1"))


@contextmanager
def stand(
    engine: Engine, folder: Path, *, durable: bool = True, environment: Mapping[str, str] | None = None
) -> Iterator[Standing]:
    """Start the servers and processes of an engine."""
    steps = folder / "steps"
    install_step(steps)
    with (
        RedisServer(folder / "broker", durable=durable) as broker,
        RedisServer(folder / "effects", durable=False) as counted,
    ):
        variables = {
            effects.EFFECTS_SOCKET: str(counted.socket),
            celery_application.BROKER: broker.url(0),
            celery_application.RESULTS: broker.url(1),
            "RECTO_HOME": str(folder / HOME),
            "RECTO_LEDGER__LEASE_SECONDS": "5",
            "RECTO_LEDGER__RECONCILE_SECONDS": "2",
            "RECTO_LEDGER__ITEMS_IN_FLIGHT": "8",
            "RECTO_BROKER_URL": broker.url(0),
            "RECTO_RESULT_URL": broker.url(1),
            "PYTHONPATH": f"{REPOSITORY}:{steps}",
            **(environment or {}),
        }
        with Processes(engine.commands(folder), variables, folder) as processes:
            yield Standing(broker, counted, processes, folder)


def run(
    engine: Engine,
    items: int,
    standing: Standing,
    *,
    give_up: float,
    meanwhile: Callable[[float, int], None] | None = None,
) -> Outcome:
    """Submit the graph and wait for its end.

    Args:
        engine: The contender.
        items: How many items the graph has; it has four tasks for each, and one more.
        standing: Its processes.
        give_up: Seconds without any further task after which nothing more is expected.
        meanwhile: Called again and again with the seconds since the submission and the number of tasks that
            have run.
    """
    started = standing.cpu_seconds()
    with _submit(engine, items, standing) as told:
        begun = float(told["begun"])
        moved, before = time.monotonic(), -1
        while not standing.finalized() and time.monotonic() < moved + give_up:
            done = standing.tasks_run()
            if done != before:
                moved, before = time.monotonic(), done
            if meanwhile is not None:
                meanwhile(time.time() - begun, done)
            time.sleep(LOOK_SECONDS)
    told_all = recorded(standing.folder / HOME, items * len(effects.STEPS) + 1) if engine is LEDGER else ""
    runs, ended = _effects(standing)
    of_items = sorted(moment - begun for item, moment in ended.items() if item != "-1")
    peak, received = standing.broker.memory()
    return Outcome(
        finished=ended["-1"] - begun if "-1" in ended else None,
        first_item=of_items[0] if of_items else None,
        half=of_items[items // 2] if len(of_items) > items // 2 else None,
        publish_seconds=float(told["publish_seconds"]),
        growth=int(told["growth_bytes"]),
        broker_peak=peak,
        broker_bytes=received,
        start_seconds=started,
        cpu_seconds=standing.cpu_seconds() - started + float(told["cpu_seconds"]),
        repeated=sum(count > 1 for count in runs.values()),
        missing=items * len(effects.STEPS) + 1 - len(runs),
        recorded=told_all,
    )


@contextmanager
def _submit(engine: Engine, items: int, standing: Standing) -> Iterator[dict[str, Any]]:
    """Publish the graph; the process that did ends by itself, and may take longer than the graph."""
    command = [sys.executable, "-m", "benchmarks.workflow.client", engine.module, str(items)]
    with subprocess.Popen(
        command,
        env=standing.processes.environment,
        cwd=REPOSITORY,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    ) as client:
        # a log may be printed before
        told = next((line for line in client.stdout or () if line.startswith(b"{")), None)
        if told is None:
            raise RuntimeError(f"The client of {engine.title} ended without having published.")
        yield json.loads(told)


def _effects(standing: Standing) -> tuple[Counter[str], dict[str, float]]:
    counted = standing.effects.client.hgetall(effects.RUNS)
    ended = standing.effects.client.hgetall(effects.FINISHED)
    runs = Counter({place.decode(): int(count) for place, count in counted.items()})
    return runs, {item.decode(): float(moment) for item, moment in ended.items()}
