# SPDX-License-Identifier: Apache-2.0
"""A station with steps of a site's own, which runs for all tests of this folder, and batches that use them."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from celery import Celery

from archive.registry import Session
from archive.registry.batches import PlannedBatch, PlannedItem, register_batch
from archive.registry.priorities import Priority, set_priority
from archive.registry.stages import Pipeline, StageRule
from archive.registry.states import SETTLED, State
from archive.registry.status import batch_status
from tests.e2e.conftest import Home, wait_for
from workers.celery import make_application
from workers.dispatch import fill_and_dispatch
from workers.node import Node
from workers.settings import Settings

HERE = Path(__file__).parent

SETTINGS = """\
station = "test"
operator = "Tester"

[workers]
compute_processes = 2
io_threads = 2
stop_seconds = 1

[ledger]
lease_seconds = 3
reconcile_seconds = 1
max_attempts = 3
items_in_flight = 16
chunk_pages = 4
"""


@dataclass
class Site:
    """A station and the ways to give it work."""

    home: Home
    node: Node
    application: Celery
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def submit(
        self,
        *stages: StageRule,
        items: Sequence[str] = ("item",),
        priority: Priority = Priority.NORMAL,
        prepare: Callable[[Session, str], object] = lambda _session, _name: None,
    ) -> str:
        """Register a batch whose items go through these stages, prepare it before anybody sees it, and send it."""
        name = f"batch{next(self.numbers)}"
        pipeline = Pipeline("site", "Site", "1", stages)
        planned = [PlannedItem(item, {"title": item}, [None]) for item in items]
        batch = PlannedBatch(
            name, "test", "Library", {"storage": []}, "0" * 64, "/m.csv", planned, 4, pipeline
        )
        with self.node.registry.transaction() as session:
            register_batch(session, batch)
            set_priority(session, name, priority)
            prepare(session, name)
        fill_and_dispatch(self.application, self.node)
        return name

    def status(self, batch: str) -> dict[str, Any]:
        with self.node.registry.reading() as session:
            return batch_status(session, batch)

    def settle(self, *batches: str, seconds: float = 30) -> list[dict[str, Any]]:
        """Wait until nothing happens to the items of these batches any more."""

        def settled() -> bool:
            return all(
                State(item["state"]) in SETTLED for batch in batches for item in self.status(batch)["items"]
            )

        wait_for(settled, seconds)
        return [self.status(batch) for batch in batches]

    def notes(self) -> list[str]:
        """What steps have noted, in order."""
        file = self.node.settings.data_directory / "notes"
        return [line.split(" ", 1)[1] for line in file.read_text().splitlines()] if file.exists() else []


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A station with the steps of this folder."""
    folder = tmp_path_factory.mktemp("site")
    facts = folder / "packages" / "site_steps-1.dist-info"
    facts.mkdir(parents=True)
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: site-steps\nVersion: 1\n")
    names = ("nap", "raising", "aborting", "falling", "eating", "dawdling", "hanging")
    points = "\n".join(f"{name} = site_steps:{name}" for name in names)
    (facts / "entry_points.txt").write_text(f"[recto.steps]\n{points}\n")
    path = os.pathsep.join([str(folder / "packages"), str(HERE), os.environ.get("PYTHONPATH", "")])
    home = Home(folder / "home", {"PYTHONPATH": path})
    (home.folder / "config").mkdir(parents=True)
    (home.folder / "config" / "recto.toml").write_text(SETTINGS)
    (home.folder / "data").mkdir()
    settings = Settings(
        station="test",
        data_directory=home.folder / "data",
        state_directory=home.folder / "state",
        ledger={"items_in_flight": 16, "reconcile_seconds": 1},  # type: ignore[arg-type]
    )
    node = Node(settings)
    with home.station():
        application = make_application(settings)
        yield Site(home, node, application)
        application.close()
    node.registry.close()


def stage(name: str, step: str, queue: str = "compute_intensive", **more: Any) -> StageRule:
    """A stage for each item."""
    return StageRule(name=name, step=step, queue=queue, **more)
