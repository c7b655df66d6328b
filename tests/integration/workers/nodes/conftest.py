# SPDX-License-Identifier: Apache-2.0
"""A site with a broker of its own, steps that a test can hold up, and workers started as plain Celery workers."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from archive.registry.batches import PlannedBatch, PlannedItem, register_batch
from archive.registry.stages import Pipeline, StageRule
from archive.registry.tables import UnitRow
from tests.integration.workers.nodes.forked import Worker
from tests.servers.redis_server import Redis
from workers.celery import make_application
from workers.dispatch import fill_and_dispatch
from workers.node import Node
from workers.settings import load_settings

STEPS = """
import os, pathlib, time
from workers.steps.step import Step

FOLDER = pathlib.Path(os.environ["HELD_UP_FOLDER"])

def begun(work):
    with (FOLDER / "begun").open("a") as file:
        file.write(f"{os.getpid()}\\n")

def slow(work):
    begun(work)
    while not (FOLDER / "go").exists():
        work.still_ours()
        time.sleep(0.02)
    return {}

def stuck(work):
    begun(work)
    time.sleep(600)

def quick(work):
    begun(work)
    return {}

SLOW, STUCK, QUICK = Step(run=slow), Step(run=stuck), Step(run=quick)
"""
ENTRY_POINTS = "[recto.steps]\nslow = held_up:SLOW\nstuck = held_up:STUCK\nquick = held_up:QUICK\n"


def wait_for(condition: Callable[[], bool], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"Not within {seconds} s: {what}")
        time.sleep(0.02)


@dataclass
class Site:
    """Settings, registry and broker that several workers share."""

    folder: Path
    node: Node
    environment: dict[str, str]
    started: list[Worker] = field(default_factory=list)

    def start_worker(self, name: str, pool: str, *, steps: bool = True) -> Worker:
        """Start a worker in a folder that is not Recto's."""
        path = {"PYTHONPATH": str(self.folder / "steps")} if steps else {}
        log = self.folder / f"celery{len(self.started)}.log"
        worker = Worker(_arguments(name, pool), {**self.environment, **path}, self._elsewhere(), log)
        self.started.append(worker)
        return worker

    def _elsewhere(self) -> Path:
        folder = self.folder / "elsewhere"
        folder.mkdir(exist_ok=True)
        return folder

    def submit(self, step: str, items: int = 1) -> None:
        """Register a batch of some items with this one step, and send it."""
        pipeline = Pipeline(step, step, "1", (StageRule(name=step, step=step),))
        planned = [PlannedItem(f"item{number}", {"title": "Letters"}, [None]) for number in range(items)]
        batch = PlannedBatch(
            step, "test", "Library", {}, "0" * 64, "/m.csv", planned, chunk_pages=1, pipeline=pipeline
        )
        with self.node.registry.transaction() as session:
            register_batch(session, batch)
        fill_and_dispatch(make_application(self.node.settings), self.node)

    def units(self) -> list[UnitRow]:
        with self.node.registry.reading() as session:
            return session.query(UnitRow).order_by(UnitRow.id).all()

    def unit(self) -> UnitRow:
        (unit,) = self.units()
        return unit

    def begun(self) -> list[str]:
        """The processes that have begun the unit, in order."""
        file = self.folder / "begun"
        return file.read_text().split() if file.exists() else []

    def logs(self) -> str:
        return "".join(path.read_text() for path in sorted(self.folder.glob("celery*.log")))


@pytest.fixture
def site(
    recto_home: Path, tmp_path: Path, redis_server: Redis, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Site]:
    steps = tmp_path / "steps"
    (steps / "held_up-1.dist-info").mkdir(parents=True)
    (steps / "held_up.py").write_text(STEPS)
    (steps / "held_up-1.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: held-up\nVersion: 1\n"
    )
    (steps / "held_up-1.dist-info" / "entry_points.txt").write_text(ENTRY_POINTS)
    monkeypatch.setenv("RECTO_STATION", "test")
    monkeypatch.setenv("RECTO_BROKER_URL", redis_server.url())
    monkeypatch.setenv("RECTO_WORKERS__STOP_SECONDS", "0.2")
    monkeypatch.setenv("RECTO_WORKERS__TASK_EVENTS", "true")
    monkeypatch.setenv("HELD_UP_FOLDER", str(tmp_path))
    made = Site(tmp_path, Node(load_settings()), dict(os.environ))
    yield made
    for worker in made.started:
        worker.end()
    made.node.close()


def _arguments(name: str, pool: str) -> list[str]:
    # of the nodes of these tests none needs to know the others
    alone = ("--without-gossip", "--without-mingle")
    return ["worker", f"--hostname={name}", f"--pool={pool}", "-Q", "default", "-c", "1", *alone]
