# SPDX-License-Identifier: Apache-2.0
"""The board on a real registry: it shows what the ledger says, and its decisions land there."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.desktop.board.choices import Choice
from app.desktop.board.columns import STATE_COLUMN, column_of
from app.desktop.board.model import ITEM_ROLE, LOOK_ROLE
from app.desktop.board.reason_dialog import ReasonDialog
from app.desktop.board.screen import BoardScreen
from app.desktop.board.words import AT_DESK, MARKS, ON_HOLD, TRIES_AGAIN
from app.desktop.failure_notice import FailureNotice
from app.desktop.workplace import Workplace
from archive.registry.board import BoardItem
from archive.registry.events import read_events
from archive.registry.stage_holds import held_stages, hold_stage
from archive.registry.stages import Stage
from archive.registry.states import State
from archive.registry.tables import ItemRow, UnitRow
from tests.unit.app.desktop import accessibility as walker
from workers.verification import Verdict

from .conftest import ITEMS

Change = Callable[[Callable[[ItemRow, list[UnitRow]], None], str], None]


def choose(qtbot: QtBot, board: BoardScreen, name: str, stage: Stage | None = None) -> None:
    """Choose a cell as the arrow keys do, and wait for its history."""
    row = board.model.row_of(name)
    assert row is not None
    column = STATE_COLUMN if stage is None else column_of(stage)
    board.view.setCurrentIndex(board.model.index(row, column))
    qtbot.waitUntil(
        lambda: board.detail.history is not None and board.detail.history.item == name, timeout=10_000
    )


def item_of(board: BoardScreen, name: str) -> BoardItem:
    return next(item for item in board.model.items if item.name == name)


def enabled(board: BoardScreen, action: str) -> bool:
    return board.workplace.actions.action(action).isEnabled()


def trigger(board: BoardScreen, action: str) -> None:
    assert enabled(board, action)
    board.workplace.actions.action(action).trigger()


# requirement 19
def test_a_failed_cell_tells_what_happened_what_it_means_what_to_do_and_how_often_it_was_tried(
    qtbot: QtBot, board: BoardScreen
) -> None:
    choose(qtbot, board, "refused-1", Stage.UPLOAD)
    panel = board.detail.reason
    assert panel.title.text() == "refused-1 · Upload"
    assert panel.chip.word == "Failed"
    assert "403" in panel.headline.text()
    assert panel.consequence.text()
    assert panel.remedy.text()
    assert panel.facts.text().startswith("3 attempt")
    assert panel.same.text().startswith("2 item")
    assert "storage.access_refused" in board.detail.details.toPlainText()


def test_a_held_check_names_its_pages_and_leads_to_them(
    qtbot: QtBot, board: BoardScreen, workplace: Workplace
) -> None:
    choose(qtbot, board, "quality", Stage.CHARACTERISE)
    assert board.detail.reason.about.text() == "Page(s) 2"
    with qtbot.waitSignal(workplace.screen_wanted) as wanted:
        board.detail.reason.go_there.click()
    assert wanted.args == ["quality", {"batch": "letters", "item": "quality"}]


def test_names_and_reasons_of_any_shape_are_told_within_the_panel(board: BoardScreen) -> None:
    panel = board.detail.reason
    item = next(item for item in board.model.items if item.name == "on-hold")
    odd = replace(item, name="x" * 180, hold_reason="<b>see</b> the binder")
    panel.show_cell(odd, None, None)
    assert panel.headline.text() == "Held: <b>see</b> the binder"
    assert panel.headline.textFormat() == Qt.TextFormat.PlainText
    assert panel.title.text().replace("\u200b", "") == odd.name
    assert panel.widget().minimumSizeHint().width() < 300


# requirement 19
def test_one_failed_cell_is_tried_again(qtbot: QtBot, board: BoardScreen) -> None:
    choose(qtbot, board, "refused-1", Stage.UPLOAD)
    trigger(board, "board.retry_cell")
    qtbot.waitUntil(
        lambda: item_of(board, "refused-1").state_of(Stage.UPLOAD) is State.WAITING, timeout=10_000
    )
    assert item_of(board, "refused-2").state_of(Stage.UPLOAD) is State.FAILED


# requirement 19
def test_all_that_failed_for_the_same_reason_are_tried_again_and_no_others(
    qtbot: QtBot, board: BoardScreen
) -> None:
    choose(qtbot, board, "refused-2", Stage.UPLOAD)
    trigger(board, "board.retry_reason")

    def retried() -> bool:
        return all(
            item_of(board, name).state_of(Stage.UPLOAD) is State.WAITING
            for name in ("refused-1", "refused-2")
        )

    qtbot.waitUntil(retried, timeout=10_000)
    assert item_of(board, "text-failed").state_of(Stage.OCR) is State.FAILED


def test_an_item_is_held_with_its_reason_and_let_go(
    qtbot: QtBot, board: BoardScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ReasonDialog, "ask", lambda *_arguments, **_more: "pages are stuck")
    choose(qtbot, board, "waiting")
    trigger(board, "board.hold")
    qtbot.waitUntil(lambda: item_of(board, "waiting").on_hold == "operator", timeout=10_000)
    qtbot.waitUntil(lambda: enabled(board, "board.release"), timeout=10_000)
    assert not enabled(board, "board.hold")
    assert "pages are stuck" in board.detail.reason.headline.text()
    trigger(board, "board.release")
    qtbot.waitUntil(lambda: item_of(board, "waiting").on_hold is None, timeout=10_000)


def test_a_step_is_held_in_the_whole_batch_and_let_go_from_the_head_of_its_column(
    qtbot: QtBot, board: BoardScreen, workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ReasonDialog, "ask", lambda *_arguments, **_more: "no uploads <today>")
    column = column_of(Stage.UPLOAD)
    assert board.columns.make_menu(STATE_COLUMN).isEmpty()
    [hold] = board.columns.make_menu(column).actions()
    assert (hold.objectName(), hold.shortcut().toString()) == ("board.hold_stage", "Ctrl+H")
    hold.trigger()
    qtbot.waitUntil(lambda: enabled(board, "board.release_stage"), timeout=10_000)
    assert not enabled(board, "board.hold_stage")
    # what runs and other columns are as they were; the head of the column tells in word, colour and icon
    with workplace.node.registry.reading() as session:
        assert held_stages(session, "letters") == {Stage.UPLOAD}
    assert "Upload is on hold: no uploads <today>" in board.head.whole.text()
    orientation = Qt.Orientation.Horizontal
    assert "no uploads &lt;today&gt;" in board.model.headerData(
        column, orientation, Qt.ItemDataRole.ToolTipRole
    )
    assert board.model.headerData(column, orientation, Qt.ItemDataRole.DecorationRole) is not None
    assert walker.cut_off(board) == []
    trigger(board, "board.release_stage")
    qtbot.waitUntil(lambda: enabled(board, "board.hold_stage"), timeout=10_000)
    assert board.head.whole.isHidden()
    with workplace.node.registry.reading() as session:
        told = [
            event["detail"] for event in read_events(session, "letters") if "held_stage" in event["detail"]
        ]
    assert [(detail["batch"], detail["reason"]) for detail in told] == [
        ("stage on hold", "no uploads <today>"),
        ("stage released from hold", ""),
    ]


def test_what_is_held_in_all_batches_is_told_and_not_let_go_in_one(
    qtbot: QtBot, board: BoardScreen, workplace: Workplace
) -> None:
    with workplace.node.registry.transaction() as session:
        hold_stage(session, "ocr")
    qtbot.waitUntil(lambda: bool(board.model.holds), timeout=10_000)
    assert "Text is on hold in all batches: no reason was given" in board.head.whole.text()
    board.view.setCurrentIndex(board.model.index(0, column_of(Stage.OCR)))
    assert not enabled(board, "board.release_stage")


def test_thinking_better_of_it_holds_nothing(
    qtbot: QtBot, board: BoardScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ReasonDialog, "ask", lambda *_arguments, **_more: None)
    choose(qtbot, board, "waiting")
    trigger(board, "board.hold")
    assert item_of(board, "waiting").on_hold is None
    assert all(operation.title != "Hold back" for operation in board.workplace.operations.running)


def test_pages_held_by_a_check_are_accepted_with_a_reason_that_stands_in_the_chain(
    qtbot: QtBot, board: BoardScreen, workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ReasonDialog, "ask", lambda *_arguments, **_more: "the original is like that")
    choose(qtbot, board, "quality", Stage.CHARACTERISE)
    trigger(board, "board.accept")
    qtbot.waitUntil(lambda: item_of(board, "quality").state is not State.HELD, timeout=10_000)
    with workplace.node.registry.reading() as session:
        reasons = [event["detail"].get("reason") for event in read_events(session, "letters", "quality")]
    assert "the original is like that" in reasons


def test_what_cannot_be_done_with_a_cell_has_no_key_and_no_button(qtbot: QtBot, board: BoardScreen) -> None:
    choose(qtbot, board, "done", Stage.BAG)
    for action in ("retry_cell", "retry_item", "retry_reason", "accept", "hold", "release"):
        assert not enabled(board, f"board.{action}"), action
    choose(qtbot, board, "at-desk")
    assert not enabled(board, "board.hold")
    assert not enabled(board, "board.release")


def test_f8_goes_from_trouble_to_trouble_and_stands_on_the_cell_that_failed(
    qtbot: QtBot, board: BoardScreen
) -> None:
    choose(qtbot, board, "waiting")
    seen = []
    for _ in range(4):
        trigger(board, "board.next_trouble")
        assert board.item is not None
        seen.append((board.item.name, board.stage))
    assert seen == [
        ("text-failed", Stage.OCR),
        ("refused-1", Stage.UPLOAD),
        ("refused-2", Stage.UPLOAD),
        ("quality", Stage.CHARACTERISE),
    ]
    trigger(board, "board.previous_trouble")
    assert board.item is not None
    assert board.item.name == "refused-2"


def test_the_chosen_cell_stays_chosen_when_rows_come_and_go(
    qtbot: QtBot, board: BoardScreen, change: Change
) -> None:
    board._choose(Choice.NEEDS_YOU)
    choose(qtbot, board, "refused-2", Stage.UPLOAD)

    def mend(_item: ItemRow, units: list[UnitRow]) -> None:
        for unit in units:
            if unit.state == State.FAILED:
                unit.state = State.WAITING

    change(mend, "text-failed")
    qtbot.waitUntil(lambda: board.model.rowCount() == 3, timeout=10_000)
    assert board.item is not None
    assert (board.item.name, board.stage) == ("refused-2", Stage.UPLOAD)
    change(mend, "refused-2")
    qtbot.waitUntil(lambda: board.model.rowCount() == 2, timeout=10_000)
    assert board.item is not None
    assert board.item.name == "quality"


def test_a_change_in_the_ledger_is_shown_without_anybody_asking(
    qtbot: QtBot, board: BoardScreen, change: Change
) -> None:
    def finish(_item: ItemRow, units: list[UnitRow]) -> None:
        for unit in units:
            if unit.stage == Stage.CAPTURE:
                unit.state = State.DONE

    change(finish, "working")
    qtbot.waitUntil(lambda: item_of(board, "working").state_of(Stage.CAPTURE) is State.DONE, timeout=10_000)


def test_nothing_is_read_while_nobody_looks(qtbot: QtBot, board: BoardScreen, workplace: Workplace) -> None:
    board.left()
    qtbot.waitUntil(lambda: not workplace.operations.running, timeout=10_000)
    started: list[object] = []
    workplace.operations.started.connect(started.append)
    board.source.refresh()
    assert started == []
    assert not board.source._timer.isActive()
    board.entered({})
    assert started


def test_the_item_that_another_screen_asks_for_is_chosen_also_when_it_is_hidden(
    qtbot: QtBot, board: BoardScreen
) -> None:
    board._choose(Choice.DONE)
    board.entered({"batch": "letters", "item": "refused-2"})
    assert board.item is not None
    assert (board.item.name, board.stage) == ("refused-2", Stage.UPLOAD)
    assert board.model.choice is Choice.ALL


def test_the_board_follows_the_batch_that_is_worked_on(
    board: BoardScreen, workplace: Workplace, another: str
) -> None:
    board.left()
    workplace.choose_work(another)
    board.entered({})
    assert board.batch == another
    board._choose_batch("letters")
    board.left()
    board.entered({})
    assert board.batch == "letters"


def test_a_batch_that_the_registry_does_not_know_gives_way_to_one_that_it_knows(
    qtbot: QtBot, board: BoardScreen, workplace: Workplace
) -> None:
    reported: list[object] = []
    workplace.failure_reported.connect(reported.append)
    board.entered({"batch": "lost"})
    qtbot.waitUntil(lambda: board.batch == "letters" and board.model.rowCount() > 0, timeout=10_000)
    assert reported == []


def test_a_ledger_that_cannot_be_read_is_told_once_and_the_board_goes_on_when_it_is_back(
    qtbot: QtBot, board: BoardScreen, workplace: Workplace
) -> None:
    reported: list[FailureNotice] = []
    resolved: list[str] = []
    workplace.failure_reported.connect(reported.append)
    workplace.failure_resolved.connect(resolved.append)
    file = workplace.settings.state_directory / "registry.sqlite3"
    with closing(sqlite3.connect(file)) as registry:
        registry.execute("ALTER TABLE batch RENAME TO hidden")
        qtbot.waitUntil(lambda: len(reported) == 1, timeout=10_000)
        assert reported[0].failure["code"] == "registry.unreachable"
        assert board.model.rowCount() == len(ITEMS)
        readings: list[object] = []
        workplace.operations.ended.connect(readings.append)
        qtbot.waitUntil(lambda: len(readings) >= 2, timeout=10_000)
        assert len(reported) == 1
        registry.execute("ALTER TABLE hidden RENAME TO batch")
    qtbot.waitUntil(lambda: resolved == [reported[0].key], timeout=10_000)


def test_choosing_a_box_of_the_graph_chooses_its_cell(qtbot: QtBot, board: BoardScreen) -> None:
    choose(qtbot, board, "refused-1", Stage.UPLOAD)
    board.detail.graph.show_stage(Stage.BAG)
    qtbot.keyClick(board.detail.graph, Qt.Key.Key_Return)
    assert board.stage == Stage.BAG
    assert board.detail.reason.title.text() == "refused-1 · Bag"


def test_the_log_of_a_step_is_shown(qtbot: QtBot, board: BoardScreen, workplace: Workplace) -> None:
    choose(qtbot, board, "text-failed", Stage.OCR)
    assert board.detail.history is not None
    unit = board.detail.history.of(Stage.OCR)[0].key
    logs = workplace.settings.state_directory / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    told = {"event": "unit.failed", "level": "error", "timestamp": "2026-11-21T10:00:00Z", "unit": unit}
    (logs / "compute.log").write_text(json.dumps(told) + "\n", encoding="utf-8")
    trigger(board, "board.show_log")
    qtbot.waitUntil(lambda: "unit.failed" in board.detail.log.toPlainText(), timeout=10_000)


def test_copies_tell_what_is_proved_and_what_a_verification_found(
    qtbot: QtBot, board: BoardScreen, workplace: Workplace, change: Change, tmp_path: Path
) -> None:
    gone = tmp_path / "gone.tar"

    def give_bag(item: ItemRow, _units: list[UnitRow]) -> None:
        item.bag = {"path": str(gone), "name": "gone", "size": 1, "sha256": "0" * 64}

    change(give_bag, "done")
    choose(qtbot, board, "done")
    qtbot.waitUntil(lambda: enabled(board, "board.verify"), timeout=10_000)
    found: list[Verdict] = []
    operation = board.decisions.verify("letters", "done", found.extend)
    with qtbot.waitSignal(operation.finished, timeout=10_000):
        pass
    assert [(verdict.place, verdict.valid) for verdict in found] == [(str(gone), False)]
    with workplace.node.registry.reading() as session:
        checks = [e for e in read_events(session, "letters", "done") if e["type"] == "fixity check"]
    assert [event["outcome"] for event in checks] == ["fail"]


# requirement 22
def test_every_state_of_the_board_has_a_word_and_an_icon_of_its_own() -> None:
    marks = [mark for state, mark in MARKS.items() if state is not State.QUEUED]
    marks += [ON_HOLD, AT_DESK, TRIES_AGAIN]
    assert len({mark.text for mark in marks}) == len(marks)
    assert len({mark.icon for mark in marks}) == len(marks)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_board_is_painted_in_both_themes_without_cutting_its_rows(
    qtbot: QtBot, board: BoardScreen, workplace: Workplace, scheme: str
) -> None:
    workplace.theme.set_scheme("dark" if scheme == "dark" else "light")
    assert not board.grab().isNull()
    workplace.theme.set_scheme("system")
    view = board.view
    assert (
        view.rowHeight(0) >= view.itemDelegate().sizeHint(_option(board), view.model().index(0, 1)).height()
    )
    assert view.horizontalScrollBar().maximum() == 0
    assert view.model().index(0, STATE_COLUMN).data(LOOK_ROLE) is not None
    assert view.model().index(0, 0).data(ITEM_ROLE).name == "waiting"


def _option(board: BoardScreen) -> object:
    from PySide6.QtWidgets import QStyleOptionViewItem

    option = QStyleOptionViewItem()
    option.font = board.view.font()
    return option


def test_the_menu_of_a_cell_holds_what_can_be_done_with_it(qtbot: QtBot, board: BoardScreen) -> None:
    choose(qtbot, board, "refused-1", Stage.UPLOAD)
    offered = {action.objectName() for action in board.make_menu().actions()}
    assert {"board.retry_cell", "board.retry_item", "board.retry_reason", "board.hold"} <= offered
    assert not {"board.release", "board.accept"} & offered
