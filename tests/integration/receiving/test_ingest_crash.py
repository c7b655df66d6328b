# SPDX-License-Identifier: Apache-2.0
"""A worker killed with -9 behind every step from storing to clearing away: one version, one copy each, one event each."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.custody.key_folder import KeyFolder
from archive.receiving.receipts import prove_receipt
from archive.registry.dispatching import end_leases, running_units
from archive.registry.events import read_events, verify_chain
from archive.registry.kept_objects import find_object, versions_of
from archive.registry.receiving_tables import ContentCopyRow, ContentRow, NotificationRow
from archive.registry.states import State
from archive.storage.directory_place import DirectoryPlace
from tests.arrivals import INSTITUTION, Arrival, ReceivingSite, make_bag
from workers.node import Node
from workers.run_unit import run_unit
from workers.settings import load_settings

MOST_DEATHS = 100
BEFORE = ("receive", "validate-bag", "identify")


def die_behind(step: str, died: Path) -> None:
    """Kill this process, unless one died behind this step before."""
    if step not in died.read_text().splitlines():
        with died.open("a") as file:
            file.write(f"{step}\n")
        os.kill(os.getpid(), signal.SIGKILL)


def watched(function: Callable[..., Any], step: Callable[..., str], died: Path) -> Callable[..., Any]:
    """The function, behind which a process dies once for each step."""

    def call(*arguments: Any, **options: Any) -> Any:
        result = function(*arguments, **options)
        die_behind(step(*arguments), died)
        return result

    return call


def ingest_and_die(arrival: Arrival, died: Path) -> None:
    """Go on with an ingest in this process until the first step behind which none has died yet."""
    unit, commits = "", 0

    def commit_of(_session: Session) -> str:
        nonlocal commits
        commits += 1
        return f"commit {commits} of {unit}"

    def put(place: DirectoryPlace, key: str, *_: Any) -> str:
        # of all contents of a location one stands for the others
        return f"{place.directory.name} takes {Path(key).name if '/v' in key else 'a content'}"

    Session.commit = watched(Session.commit, commit_of, died)  # type: ignore[method-assign]
    DirectoryPlace.put = watched(DirectoryPlace.put, put, died)  # type: ignore[method-assign]
    for name in ("replace", "remove"):
        function = getattr(DirectoryPlace, name)
        setattr(DirectoryPlace, name, watched(function, lambda *_, told=name: f"{told} in {unit}", died))
    for row in arrival.units():
        if row.state == State.DONE:
            continue
        unit, commits = f"{row.stage} {row.chunk}", 0
        run_unit(arrival.site.node, row.id, "killed")


def kill_behind_every_step(top: Path) -> None:
    """Tell as JSON how often a worker died, and what there is in the end."""
    site = ReceivingSite(top / "site", Node(load_settings()))
    arrival = site.deposit(make_bag(top))
    arrival.run(*BEFORE)
    died = top / "died"
    died.touch()
    for _ in range(MOST_DEATHS):
        # a child must not have its parent's database
        site.node.close()
        child = os.fork()
        if child == 0:
            ingest_and_die(arrival, died)
            os._exit(0)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
            break
        with site.registry.transaction() as session:
            end_leases(session, running_units(session))
    print(json.dumps({"died": died.read_text().splitlines(), **ended(site, arrival)}))  # noqa: T201
    site.node.close()


def ended(site: ReceivingSite, arrival: Arrival) -> dict[str, Any]:
    """What came of it."""
    item = arrival.item
    with site.registry.reading() as session:
        kept = find_object(session, f"{INSTITUTION}/letter_1")
        contents = session.scalars(select(func.count()).select_from(ContentRow)).one()
        copies = Counter(session.scalars(select(ContentCopyRow.location)))
        told = Counter(
            event["type"] for event in read_events(session, arrival.batch) if event["type"] != "state change"
        )
        return {
            "outcome": item.outcome,
            "states": sorted({row.state for row in arrival.units()}),
            "versions": [version.number for version in versions_of(session, kept.id)],
            "contents": contents,
            "copies": sorted(copies.values()),
            "kept": len(site.kept()),
            "events": [event["type"] for event in read_events(session, kept.chain)],
            "told": told,
            "whole": verify_chain(session, kept.chain).whole and verify_chain(session, arrival.batch).whole,
            "notified": list(session.scalars(select(NotificationRow.kind))),
            "received": [path.name for path in site.receiving.iterdir()],
            "files": arrival.files(),
            "keeps": prove_receipt(
                (site.receiving / "letter_1.tar.receipt.json").read_bytes(),
                KeyFolder(site.node.settings.key_directory).public_keys(),
            ).keeps,
        }


def test_whatever_step_a_worker_dies_behind_the_bag_is_ingested_exactly_once(
    recto_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTO_LEDGER__MAX_ATTEMPTS", str(MOST_DEATHS))
    monkeypatch.setenv("RECTO_NOTIFICATIONS__TARGETS__DESK__URL", "json://127.0.0.1:9/")
    script = (
        f"from {__name__} import kill_behind_every_step; from pathlib import Path; import sys; "
        "kill_behind_every_step(Path(sys.argv[1]))"
    )
    told = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=Path(__file__).parents[3],
    )
    if told.returncode:
        pytest.fail(told.stderr)
    found = json.loads(told.stdout.splitlines()[-1])
    died = found.pop("died")
    stages = {step.split(" of ")[-1] for step in died if step.startswith("commit")}
    assert stages == {
        *("store 0", "store 1", "verify 0", "verify 1"),
        "record 0",
        "receipt 0",
        "clean-up 0",
    }
    assert len(died) > 20
    assert {
        *("east takes a content", "west takes inventory.json", "commit 2 of record 0"),
        *("replace in receipt 0", "remove in clean-up 0"),
    } <= set(died)
    number = found.pop("contents")
    assert found == {
        "outcome": "ingested",
        "states": ["done"],
        "versions": [1],
        "copies": [number, number],
        "kept": 2 * number,
        "events": [
            "creation",
            "message digest calculation",
            "validation",
            "format identification",
            *("replication", "fixity check") * 2,
            "ingestion",
        ],
        "told": {"creation": 1, "digital signature generation": 1},
        "whole": True,
        "notified": ["ingest done"],
        "received": ["letter_1.tar.receipt.json"],
        "files": 0,
        "keeps": True,
    }
