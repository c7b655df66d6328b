# SPDX-License-Identifier: Apache-2.0
"""`recto status`, and `recto batch hold`, `unhold` and `retry --code`, on a machine where no station runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.command_line import main
from app.exit_codes import ExitCode
from archive.registry.batches import PlannedBatch, PlannedItem, register_batch
from archive.registry.stages import Pipeline, StageRule
from workers.node import Node
from workers.nodes.presence import Presence
from workers.settings import load_settings


@pytest.fixture
def node(recto_home: Path) -> Iterator[Node]:
    """A home with a batch of two items that nobody works on."""
    made = Node(load_settings())
    items = [PlannedItem(name, {"title": "Letters"}, [None]) for name in ("first", "second")]
    batch = PlannedBatch(
        "b1", made.settings.station, "Library", {}, "0" * 64, "/m.csv", items, chunk_pages=50
    )
    with made.registry.transaction() as session:
        register_batch(session, batch)
    yield made
    made.registry.close()


def recto(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def holds(result: Result) -> list[tuple[str, str]]:
    return [(item["on_hold"], item["hold_reason"]) for item in json.loads(result.stdout)["items"]]


def test_status_tells_that_nothing_is_served_and_why_and_exits_so(node: Node) -> None:
    result = recto("status", "--json")
    assert result.exit_code == ExitCode.STORAGE_OR_NETWORK
    told = json.loads(result.stdout)
    assert told["broker_failure"]["code"] == "broker.unavailable"
    assert [queue["workers"] for queue in told["queues"]] == [0, 0, 0, 0]
    assert told["load"] == {"waiting": 0, "running": 0, "oldest_waiting": None}
    assert "does not answer" in recto("status").stdout


def test_status_tells_the_nodes_of_the_site_and_what_none_of_them_can_do(node: Node) -> None:
    pipeline = Pipeline("stamps", "Stamps", "1", (StageRule(name="stamp", step="stamp"),))
    items = [PlannedItem("one", {"title": "Letters"}, [None])]
    planned = PlannedBatch("b2", "s", "L", {}, "0" * 64, "/m.csv", items, chunk_pages=1, pipeline=pipeline)
    with node.registry.transaction() as session:
        register_batch(session, planned)
    facts = {"pool": "prefork", "concurrency": 2, "units": 17, "steps": ["ocr"]}
    Presence(node, "compute@cellar", kind="worker", queues=("default",), facts=lambda: facts).tell()
    Presence(node, "beat@cellar", kind="beat", facts=lambda: {"schedule": "stands by"}).tell()
    printed = recto("status").stdout
    assert "no node serves step stamp: 1 units wait (b2)" in printed
    assert "schedule (stands by)" in printed
    row = next(line for line in printed.splitlines() if "compute@cellar" in line)
    assert row.split()[2:6] == ["default", "prefork", "2", "17"]
    told = json.loads(recto("status", "--json").stdout)
    assert [(known["name"], known["gone"]) for known in told["nodes"]] == [
        ("beat@cellar", False),
        ("compute@cellar", False),
    ]
    assert told["unserved_steps"] == [{"step": "stamp", "units": 1, "batches": ["b2"]}]


def test_an_item_is_held_with_a_reason_and_let_go_again(node: Node) -> None:
    held = recto("batch", "hold", "b1", "--item", "second", "--reason", "torn", "--json")
    assert held.exit_code == 0
    assert holds(held) == [(None, ""), ("operator", "torn")]
    assert "Nothing of batch b1 was held" in recto("batch", "hold", "b1", "--item", "second").stderr
    let_go = recto("batch", "unhold", "b1", "--json")
    assert let_go.exit_code == 0
    assert holds(let_go) == [(None, ""), (None, "")]


def test_an_item_that_is_not_there_is_told_and_nothing_is_held(node: Node) -> None:
    result = recto("batch", "hold", "b1", "--item", "third")
    assert result.exit_code == ExitCode.WRONG_USAGE
    assert "third" in result.stderr
