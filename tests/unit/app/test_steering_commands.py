# SPDX-License-Identifier: Apache-2.0
"""`recto batch priority`, `hold --stage`, `cancel`, `retry --chunk` and `recto stage`, where no station runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.command_line import main
from app.exit_codes import ExitCode
from archive.registry.batches import PlannedBatch, PlannedItem, register_batch
from archive.registry.events import read_events
from archive.registry.stage_holds import stage_holds
from archive.registry.states import State
from archive.registry.tables import UnitRow
from workers import steering
from workers.failures import describe_failure
from workers.node import Node
from workers.settings import load_settings


@pytest.fixture
def node(recto_home: Path) -> Iterator[Node]:
    """A home with a batch of two items that nobody works on."""
    made = Node(load_settings())
    items = [PlannedItem(name, {"title": "Letters"}, [None] * 3) for name in ("first", "second")]
    batch = PlannedBatch("b1", made.settings.station, "Library", {}, "0" * 64, "/m.csv", items, chunk_pages=2)
    with made.registry.transaction() as session:
        register_batch(session, batch)
    yield made
    made.registry.close()


def recto(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def stages(result: Result, item: int) -> dict[str, str]:
    return dict(json.loads(result.stdout)["items"][item]["stages"])


def test_an_item_is_made_urgent_and_ordinary_again_and_the_chain_tells_why(node: Node) -> None:
    rush = recto("batch", "priority", "b1", "rush", "--item", "second", "--reason", "exhibition", "--json")
    assert rush.exit_code == 0
    assert [item["priority"] for item in json.loads(rush.stdout)["items"]] == ["normal", "rush"]
    assert "1 items of batch b1 are rush now" in rush.stderr
    assert "waiting (rush)" in recto("batch", "status", "b1").stdout
    assert "0 items" in recto("batch", "priority", "b1", "rush", "--item", "second").stderr
    recto("batch", "priority", "b1", "normal")
    with node.registry.reading() as session:
        told = [event["detail"] for event in read_events(session, "b1") if event["type"] == "state change"]
    assert [(detail["to"], detail["reason"]) for detail in told] == [("rush", "exhibition"), ("normal", "")]
    assert recto("batch", "priority", "b1", "soon").exit_code == ExitCode.WRONG_USAGE


def test_a_stage_is_held_in_one_batch_or_in_all_and_each_hold_is_let_go_by_itself(node: Node) -> None:
    recto("batch", "hold", "b1", "--stage", "upload", "--reason", "line is down")
    recto("stage", "hold", "upload", "--reason", "no uploads today")
    held = json.loads(recto("stage", "list", "--json").stdout)
    assert [(hold["batch"], hold["stage"], hold["reason"]) for hold in held] == [
        ("b1", "upload", "line is down"),
        ("", "upload", "no uploads today"),
    ]
    status = recto("batch", "status", "b1").stdout
    assert "upload is held: line is down" in status
    assert "upload is held in all batches: no uploads today" in status
    assert "no uploads today" in recto("status").stdout
    assert "goes on" in recto("batch", "unhold", "b1", "--stage", "upload").stderr
    assert "was not held here" in recto("batch", "unhold", "b1", "--stage", "upload").stderr
    recto("stage", "unhold", "upload")
    assert recto("stage", "list").stdout == "No stage is held.\n"


NOT_THERE = (
    "batch hold b1 --stage uplaod",
    "batch hold b1 --stage upload --item first",
    "batch hold b2 --stage upload",
    "stage hold uplaod",
    "batch cancel b1 --item third",
    "batch cancel b1 --stage uplaod",
    "batch retry b1 --chunk 1",
    "batch retry b1 --stage uplaod",
    "batch retry b1 --item first --stage ocr --chunk 7",
    "batch status --follow",
)


def test_what_is_not_there_changes_nothing(node: Node) -> None:
    codes = {call: recto(*call.split()).exit_code for call in NOT_THERE}
    assert codes == dict.fromkeys(NOT_THERE, ExitCode.WRONG_USAGE)
    with node.registry.reading() as session:
        [created] = read_events(session, "b1")
        assert created["type"] == "creation"
        assert stage_holds(session) == []


def test_a_stage_of_an_item_is_cancelled_with_all_that_stand_on_it(node: Node) -> None:
    cancelled = recto(
        "batch", "cancel", "b1", "--item", "first", "--stage", "ocr", "--reason", "maps", "--json"
    )
    assert cancelled.exit_code == 0
    assert "recto batch retry b1 --item first" in cancelled.stderr
    first, second = stages(cancelled, 0), stages(cancelled, 1)
    assert [name for name, state in first.items() if state == "cancelled"] == [
        "ocr",
        "assemble",
        "bag",
        "upload",
        "confirm",
    ]
    assert set(second.values()) == {"waiting"}
    assert "0 units" in recto("batch", "cancel", "b1", "--item", "first", "--stage", "ocr").stderr


def test_one_unit_is_tried_again_and_no_other(node: Node) -> None:
    with node.registry.transaction() as session:
        session.query(UnitRow).filter(UnitRow.stage == "ocr").update({"state": State.FAILED, "attempts": 4})
    assert steering.retry_unit(node, "b1", "second", "ocr", 1) == 1
    assert steering.retry_unit(node, "b1", "second", "ocr", 1) == 0
    with node.registry.reading() as session:
        units = session.query(UnitRow).filter(UnitRow.stage == "ocr").order_by(UnitRow.id)
        assert [(unit.state, unit.attempts) for unit in units] == [
            ("failed", 4),
            ("failed", 4),
            ("failed", 4),
            ("waiting", 0),
        ]


def test_the_log_of_an_item_tells_why_it_stands_still_with_its_traceback(node: Node) -> None:
    with node.registry.transaction() as session:
        unit = session.query(UnitRow).filter(UnitRow.stage == "ocr").first()
        assert unit is not None
        unit.state, unit.attempts = State.FAILED, 1
        unit.error = describe_failure(ZeroDivisionError("by zero"))
        key = unit.id
    folder = node.settings.state_directory / "logs"
    folder.mkdir()
    line = {"event": "unit.failed", "level": "error", "timestamp": "2026-11-21T10:00:00Z", "unit": key}
    (folder / "compute.log").write_text(json.dumps(line) + "\n")
    told = recto("batch", "log", "b1", "--item", "first").stdout
    assert "ocr 0 (failed, 1 attempts): ZeroDivisionError: by zero" in told
    assert "What to do: " in told
    assert "    ZeroDivisionError: by zero" in told
    assert "[compute] 2026-11-21T10:00:00Z error unit.failed" in told
    document = json.loads(recto("batch", "log", "b1", "--item", "first", "--stage", "bag", "--json").stdout)
    assert document == {"units": [], "log": []}
    assert recto("batch", "log", "b1", "--item", "third").exit_code == ExitCode.WRONG_USAGE
