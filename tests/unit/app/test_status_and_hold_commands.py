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
from workers.node import Node
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


def test_an_item_is_held_with_a_reason_and_let_go_again(node: Node) -> None:
    held = recto("batch", "hold", "b1", "--item", "second", "--reason", "torn", "--json")
    assert held.exit_code == 0
    assert holds(held) == [(None, ""), ("operator", "torn")]
    let_go = recto("batch", "unhold", "b1", "--json")
    assert let_go.exit_code == 0
    assert holds(let_go) == [(None, ""), (None, "")]


def test_an_item_that_is_not_there_is_told_and_nothing_is_held(node: Node) -> None:
    result = recto("batch", "hold", "b1", "--item", "third")
    assert result.exit_code == ExitCode.WRONG_USAGE
    assert "third" in result.stderr
