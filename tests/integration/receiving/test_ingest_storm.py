# SPDX-License-Identifier: Apache-2.0
"""Two bucket readers and four workers at once, all killed with -9 at random: each bag is ingested exactly once.

STORM_BAGS=100 makes a longer storm of it; STORM_SEED repeats the draws of one.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from archive.custody.key_folder import KeyFolder
from archive.receiving.receipts import prove_receipt
from archive.registry.dispatching import end_leases, running_units
from archive.registry.events import read_events, verify_chain
from archive.registry.kept_objects import versions_of
from archive.registry.receiving_tables import (
    ArchivalObjectRow,
    ContentCopyRow,
    NotificationRow,
    ReceivedFileRow,
    WorkItemRow,
)
from archive.registry.states import State
from archive.registry.tables import UnitRow
from tests.arrivals import CONTENT, ReceivingSite, make_bag
from workers.node import Node
from workers.onward import Onward
from workers.owners import is_dead, owner_name
from workers.receiving.reading_buckets import read_buckets
from workers.run_unit import run_taken, run_unit
from workers.settings import load_settings

SOUND, BROKEN = int(os.environ.get("STORM_BAGS", "4")), 1
SEED = os.environ.get("STORM_SEED")
TOLD = ("message digest calculation", "validation", "format identification")
READERS, WORKERS = 2, 4
KILLS = 8 * SOUND
PATIENCE = 80.0 + 10 * SOUND
"""Seconds."""


def read_again_and_again(node: Node, _owner: str) -> None:
    """A bucket reader."""
    while True:
        read_buckets(node)
        time.sleep(0.1)


def work_again_and_again(node: Node, owner: str) -> None:
    """A worker: whatever is open is tried in any order, as if each message came many times."""
    while True:
        with node.registry.reading() as session:
            units = list(session.scalars(select(UnitRow.id).where(UnitRow.state != State.DONE)))
        for unit in random.sample(units, min(len(units), 5)):
            onward = Onward(node, queue="io_bound", hard_seconds=None, owner=owner_name(owner))
            ran = run_unit(node, unit, owner, onward)
            while ran is not None and onward.next is not None:
                ran = run_taken(node, onward.next, owner, onward)
        time.sleep(0.01)


def begin(does: Callable[[Node, str], None], owner: str) -> int:
    """A process that does it until it is killed; its number."""
    child = os.fork()
    if child == 0:
        random.seed()
        try:
            does(Node(load_settings()), owner)
        finally:
            os._exit(1)
    return child


def kill(child: int, site: ReceivingSite) -> None:
    """Kill a process, and tell the ledger of it as the reconciler does."""
    os.kill(child, signal.SIGKILL)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if ended != -signal.SIGKILL:
        raise SystemExit(f"Somebody ended by himself: {ended}")
    with site.registry.transaction() as session:
        running = running_units(session)
        end_leases(session, {unit: owner for unit, owner in running.items() if is_dead(owner)})


def has_ended(site: ReceivingSite) -> bool:
    """Whether all bags have come to their end."""
    with site.registry.reading() as session:
        ended = session.scalar(select(func.count()).where(WorkItemRow.ended_at.is_not(None))) or 0
        left = session.scalar(select(func.count()).where(UnitRow.state != State.DONE))
    return ended >= SOUND + BROKEN and not left


def storm(top: Path, seed: int) -> None:
    """Tell as JSON what there is in the end."""
    draw = random.Random(seed)  # noqa: S311 (repeatable draws, no secret)
    site = ReceivingSite(top / "site", Node(load_settings()))
    for number in range(SOUND):
        make_bag(site.receiving, f"letter_{number}", {**CONTENT, "number.txt": str(number).encode()})
    for number in range(BROKEN):
        (site.receiving / f"broken_{number}.tar").write_bytes(b"no tar" * 1000)
    # a child must not have its parent's database
    site.node.close()
    does = [read_again_and_again] * READERS + [work_again_and_again] * WORKERS
    running = [begin(each, str(place)) for place, each in enumerate(does)]
    deadline = time.monotonic() + PATIENCE
    kills = 0
    try:
        while not has_ended(site) and time.monotonic() < deadline:
            site.node.close()
            time.sleep(draw.uniform(0.0, 0.1))
            if kills < KILLS:
                place = draw.randrange(len(running))
                kill(running[place], site)
                site.node.close()
                running[place] = begin(does[place], str(place))
                kills += 1
    finally:
        for child in running:
            kill(child, site)
    print(json.dumps({"kills": kills, "ended": has_ended(site), **found(site)}))  # noqa: T201
    site.node.close()


def found(site: ReceivingSite) -> dict[str, Any]:
    """What there is in the end."""
    keys = KeyFolder(site.node.settings.key_directory).public_keys()
    with site.registry.reading() as session:
        kept = list(session.scalars(select(ArchivalObjectRow)))
        copies = Counter(session.scalars(select(ContentCopyRow.location)))
        return {
            "items": dict(Counter(session.scalars(select(WorkItemRow.name)))),
            "outcomes": dict(Counter(session.scalars(select(WorkItemRow.outcome)))),
            "states": sorted(set(session.scalars(select(UnitRow.state)))),
            "versions": {row.name: [each.number for each in versions_of(session, row.id)] for row in kept},
            "events": sorted(
                {" ".join(each["type"] for each in read_events(session, row.chain)) for row in kept}
            ),
            "whole": all(verify_chain(session, row.chain).whole for row in kept),
            "notified": dict(Counter(session.scalars(select(NotificationRow.kind)))),
            "files": session.scalar(select(func.count()).select_from(ReceivedFileRow)),
            "copy_states": sorted(set(session.scalars(select(ContentCopyRow.state)))),
            "copies": sorted(copies.values()),
            "kept": len(site.kept()),
            "received": sorted(
                str(path.relative_to(site.receiving)) for path in site.receiving.rglob("*") if path.is_file()
            ),
            "receipts": [
                prove_receipt(path.read_bytes(), keys).keeps for path in site.receiving.glob("*.receipt.json")
            ],
        }


def test_however_readers_and_workers_are_killed_each_bag_is_ingested_exactly_once(
    recto_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTO_LEDGER__MAX_ATTEMPTS", "1000")
    monkeypatch.setenv("RECTO_RECEIVING__QUIET_SECONDS", "0")
    monkeypatch.setenv("RECTO_NOTIFICATIONS__TARGETS__DESK__URL", "json://127.0.0.1:9/")
    seed = int(SEED or random.SystemRandom().randrange(1 << 31))
    script = f"from {__name__} import storm; from pathlib import Path; import sys; storm(Path(sys.argv[1]), {seed})"
    told = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE,
        check=False,
        cwd=Path(__file__).parents[3],
        env={**os.environ, "STORM_BAGS": str(SOUND)},
    )
    repeat = f"To repeat: STORM_SEED={seed}"
    assert told.returncode == 0, f"{repeat}\n{told.stderr}"
    end = json.loads(told.stdout.splitlines()[-1])
    assert end.pop("ended"), f"{repeat}\n{told.stdout}"
    assert end.pop("kills") > 3
    sound = [f"letter_{number}" for number in range(SOUND)]
    broken = [f"broken_{number}.tar" for number in range(BROKEN)]
    reports = [f"{name}.refused.{kind}" for name in broken for kind in ("json", "txt")]
    copies = end.pop("copies")
    assert copies[0] == copies[1] > SOUND * len(CONTENT)
    assert end.pop("kept") == sum(copies), repeat
    lies = [Path(path).name for path in end.pop("received")]
    assert sorted(lies) == sorted(
        [*broken, *reports, *reports, *(f"{name}.tar.receipt.json" for name in sound)]
    )
    assert end == {
        "items": dict.fromkeys([*broken, *(f"{name}.tar" for name in sound)], 1),
        "outcomes": {"ingested": SOUND, "refused": BROKEN},
        "states": ["done"],
        "versions": {name: [1] for name in sound},
        "events": [
            " ".join(("creation", *TOLD, *("replication", "fixity check") * 2, "ingestion")),
        ],
        "whole": True,
        "notified": {"ingest done": SOUND, "ingest refused": BROKEN},
        "files": 0,
        "copy_states": ["verified"],
        "receipts": [True] * SOUND,
    }, repeat
