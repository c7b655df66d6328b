# SPDX-License-Identifier: Apache-2.0
"""A batch is followed as a table in a terminal, as lines elsewhere, and as JSON a line for programs."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy import select

from app.batch_follow import follow_as_json, follow_live, picture
from archive.registry.batches import PlannedBatch, PlannedItem, register_batch
from archive.registry.events import append_event
from archive.registry.holds import hold_items
from archive.registry.stage_holds import DISK, hold_stage
from archive.registry.stages import Stage
from archive.registry.states import State
from archive.registry.tables import BatchRow, ItemRow, UnitRow
from workers.following import Following, follow
from workers.node import Node
from workers.settings import load_settings

NAMES = [f"volume-{number:03d}-of-a-long-series" for number in range(30)]


@pytest.fixture
def node(recto_home: Path) -> Iterator[Node]:
    """A home with a batch of thirty items, of which the first was captured and the second failed."""
    made = Node(load_settings())
    items = [PlannedItem(name, {"title": "Letters"}, [None] * 3) for name in NAMES]
    planned = PlannedBatch(
        "b1", made.settings.station, "Library", {}, "0" * 64, "/m.csv", items, chunk_pages=2
    )
    with made.registry.transaction() as session:
        register_batch(session, planned)
        settle(session, 1, State.DONE, Stage.VALIDATE, Stage.CAPTURE)
        settle(session, 2, State.FAILED, Stage.VALIDATE)
    yield made
    made.close()


def settle(session: object, item: int, state: State, *stages: Stage) -> None:
    """Let stages of an item be settled, and the item with them."""
    units = session.query(UnitRow).filter(UnitRow.item == item)  # type: ignore[attr-defined]
    if stages:
        units = units.filter(UnitRow.stage.in_(stages))
    units.update({"state": state})
    if state is not State.DONE or not stages:
        row = session.get_one(ItemRow, item)  # type: ignore[attr-defined]
        row.state = state


def finish(node: Node) -> None:
    with node.registry.transaction() as session:
        for item in session.scalars(select(ItemRow.id)).all():
            settle(session, item, State.DONE)
        session.get_one(BatchRow, "b1").state = State.DONE
        for name in NAMES:
            # as each real change does: by that a reader knows what to read again
            append_event(session, "b1", "state change", item=name)


def drawn(node: Node, width: int, room: int, *, narrow: bool = False) -> list[str]:
    file = io.StringIO()
    console = Console(file=file, width=width, force_terminal=True, color_system=None)
    console.print(picture(Following(node, "b1").look(), 12.0, room, narrow=narrow))
    return file.getvalue().splitlines()


@pytest.mark.parametrize("width", [80, 120, 200])
def test_the_table_fits_its_terminal_and_shows_what_needs_somebody_first(node: Node, width: int) -> None:
    lines = drawn(node, width, room=5)
    assert max(map(len, lines)) <= width
    assert len(lines) == 1 + 1 + 5 + 1 + 1
    assert "Batch b1" in lines[0]
    assert "volume-001" in "".join(lines)
    assert "failed: validate" in "".join(lines)
    assert "and 25 more" in "".join(lines)
    assert "0 of 30 items proved" in lines[-1]


def test_a_narrow_terminal_shows_names_and_states_instead_of_bars(node: Node) -> None:
    lines = drawn(node, 40, room=5, narrow=True)
    assert max(map(len, lines)) <= 40
    assert any("volume-0" in line and "✗ failed: val" in line for line in lines)


def test_the_table_says_for_what_capture_waits(node: Node) -> None:
    with node.registry.transaction() as session:
        hold_stage(session, "capture", station=node.settings.station, by=DISK, reason="no room")
    assert any("capture waits: no room" in line for line in drawn(node, 80, room=3))


def test_it_is_followed_until_nothing_happens_by_itself_any_more(node: Node) -> None:
    followed = follow(node, "b1", seconds_between=0.0, watch=lambda: finish(node))
    looks = [(str(look.state), len(look.items), look.pace.items_done) for look in followed]
    assert looks[-1] == ("done", 30, 30)
    assert len(looks) == 2


def test_items_on_hold_keep_nobody_waiting(node: Node) -> None:
    with node.registry.transaction() as session:
        hold_items(session, "b1")
    assert len(list(follow(node, "b1", seconds_between=0.0))) == 1


def test_without_a_terminal_each_settled_stage_is_one_line(node: Node) -> None:
    file = io.StringIO()
    follow_live(node, "b1", lambda: finish(node), console=Console(file=file, width=160))
    lines = file.getvalue().splitlines()
    assert f"b1/{NAMES[0]}".ljust(32) + " validate      done" in lines
    assert f"b1/{NAMES[1]}".ljust(32) + " validate      failed" in lines
    assert sum(line.endswith("confirm       done") for line in lines) == 30
    assert len(lines) == len(set(lines))


def test_in_a_terminal_it_is_drawn_once_for_each_look_and_gone_afterwards(node: Node) -> None:
    file = io.StringIO()
    console = Console(file=file, width=80, height=24, force_terminal=True, color_system=None)
    follow_live(node, "b1", lambda: finish(node), console=console)
    # two looks, and the last one once more when it is put away
    assert file.getvalue().count("Batch b1") == 3
    # the cursor is shown again, and the lines are erased
    assert file.getvalue().endswith("\x1b[2K")
    assert "\x1b[?25h" in file.getvalue()


def test_programs_get_one_json_object_a_line_with_what_changed(
    node: Node, capsys: pytest.CaptureFixture[str]
) -> None:
    changes: list[Callable[[], None]] = [lambda: finish(node)]
    follow_as_json(node, "b1", lambda: changes.pop()() if changes else None)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [len(line["changed"]) for line in lines] == [30, 30]
    assert lines[0]["changed"][0]["stages"]["capture"] == "done"
    assert lines[0]["changed"][1]["progress"] == 0.0
    assert (lines[-1]["state"], lines[-1]["items_done"], lines[-1]["seconds_left"]) == ("done", 30, 0.0)
