# SPDX-License-Identifier: Apache-2.0
"""What was done to pages can be taken back, step by step, each with its name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.desktop.undo import UndoStacks, step_name
from app.desktop.workplace import Workplace
from hardware.discovery import open_session
from hardware.scanner import PageCompleted
from workers.desk.change import Change
from workers.desk.desk import Desk
from workers.desk.labels import LabelScheme
from workers.operations import register_manifest

MANIFEST = """\
batch_id;shelf
institution;Recto Test Library
scanner_id;simulated:flatbed
scanner_model;Recto Simulated Flatbed
resolution_dpi;75
color_profile;gray
bag_profile;aptrust-2.3
tag.Access;Institution

id;title;rights;pages
letters;Letters;Public domain;3
"""


@pytest.fixture
def desk(workplace: Workplace, tmp_path: Path) -> Desk:
    """An item with three pages."""
    manifest = tmp_path / "shelf.csv"
    manifest.write_text(MANIFEST, encoding="utf-8")
    batch = register_manifest(workplace.node, manifest, at_desk=True)
    workplace.choose_work(batch, "letters")
    desk = Desk(workplace.node, batch, "letters")
    for _ in range(3):
        desk.mark_missing()
    return desk


def ids(desk: Desk) -> list[int]:
    return [place.id for place in desk.state().places]


def retake(desk: Desk, node_devices: object) -> Change:
    run = desk.begin_run(replaces=ids(desk)[1])
    with open_session("simulated:flatbed", node_devices) as session:  # type: ignore[arg-type]
        pages = [event.page for event in session.scan(run.request()) if isinstance(event, PageCompleted)]
    change = desk.add(run, pages[0])
    desk.end_run(run)
    return change


DEEDS: dict[str, tuple[Callable[[Desk], Change], str]] = {
    "discard": (lambda desk: desk.discard(ids(desk)[1:2]), "discard of page 2"),
    "reorder": (lambda desk: desk.reorder(ids(desk)[2:], ids(desk)[0]), "move of page 3"),
    "rename": (lambda desk: desk.relabel(ids(desk), LabelScheme.FOLIO, "1r"), "labels of pages 1-3"),
    "accept": (lambda desk: desk.judge(ids(desk)[:1], "accepted", "as it is"), "verdict on page 1"),
    "metadata": (lambda desk: desk.rotate(ids(desk)[2:], 1), "turn of page 3"),
    "missing": (lambda desk: desk.mark_missing(before=ids(desk)[0]), "missing page 1"),
}


def undo_and_redo(
    workplace: Workplace, qtbot: QtBot, desk: Desk, change: Change, before: object, name: str
) -> None:
    stacks = UndoStacks.of(workplace)
    stacks.push(desk, change)
    after = desk.state().places
    assert after != before
    assert workplace.actions.action("general.undo").text() == f"Undo {name}"
    with qtbot.waitSignal(stacks.affected) as told:
        workplace.actions.action("general.undo").trigger()
    assert told.args[:2] == ["shelf", "letters"]
    assert told.args[2]
    assert desk.state().places == before
    assert workplace.actions.action("general.redo").text() == f"Redo {name}"
    with qtbot.waitSignal(stacks.affected):
        workplace.actions.action("general.redo").trigger()
    assert desk.state().places == after


# requirement 13
@pytest.mark.parametrize("deed", DEEDS)
def test_a_step_is_undone_by_its_name_and_done_again(
    workplace: Workplace, qtbot: QtBot, desk: Desk, deed: str
) -> None:
    do, name = DEEDS[deed]
    before = desk.state().places
    undo_and_redo(workplace, qtbot, desk, do(desk), before, name)


# requirement 13
def test_a_retake_is_undone_and_the_page_before_it_comes_back(
    workplace: Workplace, qtbot: QtBot, desk: Desk
) -> None:
    before = desk.state().places
    change = retake(desk, workplace.node.hardware())
    undo_and_redo(workplace, qtbot, desk, change, before, "retake of page 2")


def test_two_steps_undone_in_one_breath_come_back_in_their_order(
    workplace: Workplace, qtbot: QtBot, desk: Desk
) -> None:
    stacks = UndoStacks.of(workplace)
    before = desk.state().places
    stacks.push(desk, desk.discard(ids(desk)[:1]))
    stacks.push(desk, desk.reorder(ids(desk)[1:], ids(desk)[0]))
    for action in ("undo", "redo", "undo", "undo"):
        workplace.actions.action(f"general.{action}").trigger()
    qtbot.waitUntil(lambda: not workplace.operations.running)
    assert desk.state().places == before


def test_each_batch_has_steps_of_its_own(workplace: Workplace, desk: Desk) -> None:
    UndoStacks.of(workplace).push(desk, desk.discard(ids(desk)[:1]))
    assert workplace.actions.action("general.undo").isEnabled()
    workplace.choose_work("another", None)
    assert not workplace.actions.action("general.undo").isEnabled()
    assert workplace.actions.action("general.undo").text() == "Undo"
    workplace.choose_work("shelf", None)
    assert workplace.actions.action("general.undo").isEnabled()


def test_an_undo_that_fails_is_told_and_offers_no_other_state(
    workplace: Workplace, qtbot: QtBot, desk: Desk
) -> None:
    change = desk.discard(ids(desk)[:1])
    UndoStacks.of(workplace).push(desk, change)
    gone = Change(change.batch, "no such item", change.kind, change.numbers, change.before, change.after)
    UndoStacks.of(workplace).push(Desk(workplace.node, "shelf", "no such item"), gone)
    with qtbot.waitSignal(workplace.failure_reported) as told:
        workplace.actions.action("general.undo").trigger()
    assert told.args[0].key == "undo"
    assert not workplace.actions.action("general.undo").isEnabled()


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ((17,), "discard of page 17"),
        ((3, 1, 2), "discard of pages 1-3"),
        ((1, 2, 5, 7, 8), "discard of pages 1-2, 5, 7-8"),
    ],
)
def test_a_step_names_its_pages(pages: tuple[int, ...], expected: str) -> None:
    assert step_name("discard", pages) == expected
