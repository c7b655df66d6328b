# SPDX-License-Identifier: Apache-2.0
"""Two readers and four workers at once, killed at random moments: each bag is ingested exactly once."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import pytest
from sqlalchemy import func, select

from archive.registry.dispatching import end_leases, running_units
from archive.registry.events import read_events, verify_chain
from archive.registry.kept_objects import versions_of
from archive.registry.receiving_tables import ArchivalObjectRow, ContentCopyRow, ContentRow, WorkItemRow
from archive.registry.states import State
from archive.registry.tables import UnitRow
from tests.arrivals import CONTENT, ReceivingSite, make_bag
from workers.node import Node
from workers.owners import is_dead
from workers.receiving.reading_buckets import read_buckets
from workers.run_unit import run_unit
from workers.settings import load_settings

BAGS = 4
VERSIONS = (1, 2)
WORKERS, READERS = 4, 2
LONGEST_SECONDS = 90.0
KILLING_SECONDS = 3.0
"""For how long after each version's arrival somebody is killed again and again."""


def work() -> NoReturn:
    """Run whatever can be run, in any order, until killed."""
    node = Node(load_settings())
    while True:
        with node.registry.reading() as session:
            units = list(session.scalars(select(UnitRow.id).where(UnitRow.state != State.DONE)))
        for unit in random.sample(units, min(len(units), 20)):
            run_unit(node, unit, "killed")
        time.sleep(0.01)


def read() -> NoReturn:
    """Look for bags again and again, until killed."""
    node = Node(load_settings())
    while True:
        read_buckets(node)
        time.sleep(0.02)


@dataclass
class Crowd:
    """Processes of which one is killed now and then, and started anew.

    Attributes:
        deaths: How many were killed.
        broken: Exit codes of those that ended by themselves.
    """

    running: dict[int, Callable[[], NoReturn]] = field(default_factory=dict)
    deaths: int = 0
    broken: list[int] = field(default_factory=list)

    def start(self, does: Callable[[], NoReturn]) -> None:
        """One more."""
        child = os.fork()
        if child == 0:
            random.seed()
            try:
                does()
            except BaseException:  # noqa: BLE001 (a child must never go on in its parent's code)
                traceback.print_exc()
            os._exit(3)
        self.running[child] = does

    def kill(self, process: int) -> Callable[[], NoReturn]:
        """Kill one of them; what it did."""
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        if code != -signal.SIGKILL:
            self.broken.append(code)
        self.deaths += 1
        return self.running.pop(process)

    def replace_one(self) -> None:
        """Kill any of them, and start another in its place."""
        self.start(self.kill(random.choice(list(self.running))))  # noqa: S311 (chance, no secret)

    def end(self) -> None:
        """Kill all."""
        for process in list(self.running):
            self.kill(process)


def put_down(site: ReceivingSite, bags: Path, number: int, version: int) -> None:
    """Let a bag arrive, whole or not at all."""
    content = {**CONTENT, "ocr/0001.txt": f"Letter {number}, version {version}\n".encode()}
    tar = make_bag(bags, f"letter_{number}", content)
    shutil.move(tar, site.receiving / f".letter_{number}")
    (site.receiving / f".letter_{number}").rename(site.receiving / f"letter_{number}.tar")


def until_ingested(site: ReceivingSite, crowd: Crowd, bags: int) -> bool:
    """Kill now and then, until so many bags have ended; whether they have."""
    begun = time.monotonic()
    while time.monotonic() - begun < LONGEST_SECONDS:
        time.sleep(random.uniform(0.05, 0.4))  # noqa: S311 (chance, no secret)
        # no child may have its parent's database
        site.node.close()
        if time.monotonic() - begun < KILLING_SECONDS:
            crowd.replace_one()
        with site.registry.transaction() as session:
            # as the reconciler does
            owners = {unit: owner for unit, owner in running_units(session).items() if is_dead(owner)}
            end_leases(session, owners)
        with site.registry.reading() as session:
            ended = select(func.count()).where(WorkItemRow.ended_at.is_not(None))
            if session.scalars(ended).one() >= bags:
                return True
    return False


def ingest_while_killed(top: Path) -> None:
    """Tell as JSON what came of all bags."""
    site = ReceivingSite(top / "site", Node(load_settings()))
    site.node.close()
    crowd, bags = Crowd(), top / "bags"
    bags.mkdir()
    for does in [work] * WORKERS + [read] * READERS:
        crowd.start(does)
    try:
        for version in VERSIONS:
            for number in range(BAGS):
                put_down(site, bags, number, version)
            if not until_ingested(site, crowd, BAGS * version):
                break
    finally:
        crowd.end()
    print(json.dumps({"deaths": crowd.deaths, "broken": crowd.broken, **ended(site)}))  # noqa: T201
    site.node.close()


def ended(site: ReceivingSite) -> dict[str, Any]:
    """What there is in the end."""
    with site.registry.reading() as session:
        items = session.scalars(select(WorkItemRow).order_by(WorkItemRow.id))
        objects = list(session.scalars(select(ArchivalObjectRow)))
        contents = session.scalars(select(func.count()).select_from(ContentRow)).one()
        copies = select(func.count()).select_from(ContentCopyRow).group_by(ContentCopyRow.content)
        events = [[event["type"] for event in read_events(session, kept.chain)] for kept in objects]
        return {
            "items": sorted((row.name, row.outcome, row.version) for row in items),
            "objects": [[version.number for version in versions_of(session, kept.id)] for kept in objects],
            "ingestions": [types.count("ingestion") for types in events],
            "whole": all(verify_chain(session, kept.chain).whole for kept in objects),
            "copies": sorted(set(session.scalars(copies))),
            "stored": len(site.kept()) == 2 * contents,
            "received": sorted(path.name for path in site.receiving.iterdir()),
        }


def test_each_bag_is_ingested_exactly_once_whoever_is_killed_when(
    recto_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTO_LEDGER__MAX_ATTEMPTS", "1000")
    monkeypatch.setenv("RECTO_RECEIVING__QUIET_SECONDS", "0")
    script = (
        f"from {__name__} import ingest_while_killed; from pathlib import Path; import sys; "
        "ingest_while_killed(Path(sys.argv[1]))"
    )
    told = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        cwd=Path(__file__).parents[3],
    )
    if told.returncode:
        pytest.fail(told.stderr)
    found = json.loads(told.stdout.splitlines()[-1])
    assert found.pop("deaths") > WORKERS + READERS
    names = [f"letter_{number}.tar" for number in range(BAGS)]
    assert found == {
        "broken": [],
        "items": [[name, "ingested", version] for name in names for version in VERSIONS],
        "objects": [list(VERSIONS)] * BAGS,
        "ingestions": [len(VERSIONS)] * BAGS,
        "whole": True,
        "copies": [2],
        "stored": True,
        "received": [f"{name}.receipt.json" for name in names],
    }
