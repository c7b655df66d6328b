# SPDX-License-Identifier: Apache-2.0
"""A manifest made without a spreadsheet: filled in by key, checked live, saved, imported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.desktop.importing.file_choice import FileChoice
from app.desktop.importing.form.page import FormPage, Question
from app.desktop.importing.screen import ImportScreen
from app.desktop.workplace import Workplace
from archive.manifest.reader import read_manifest

Press = Callable[..., None]

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
COPIED = "id\ttitle\tpages\nA\tLetter\t2\nB\tCard\t1\n"


@pytest.fixture
def form(screen: ImportScreen, qtbot: QtBot, workplace: Workplace) -> FormPage:
    """The form as it is shown first."""
    workplace.actions.action("importing.form").trigger()
    qtbot.waitUntil(lambda: screen.form.state.check is not None and not workplace.operations.running)
    return screen.form


@pytest.fixture
def checked(form: FormPage, qtbot: QtBot) -> Callable[[], None]:
    """Wait until what stands in the form now is checked."""
    return lambda: qtbot.waitUntil(lambda: form.state.check is not None)


def fill(form: FormPage, qtbot: QtBot, name: str, text: str) -> None:
    line = form.fields.fields[name].line
    assert line is not None
    line.clear()
    qtbot.keyClicks(line, text)


def complete(form: FormPage, qtbot: QtBot) -> None:
    """Fill in what every manifest needs."""
    fill(form, qtbot, "institution", "Library")
    combo = form.fields.fields["scanner_id"].combo
    assert combo is not None
    combo.setCurrentIndex(0)
    combo.activated.emit(0)
    QGuiApplication.clipboard().setText(COPIED)
    form.table.paste()


def test_the_form_asks_quietly_for_what_is_needed_and_fills_in_what_is_usual(form: FormPage) -> None:
    check = form.state.check
    assert check is not None
    assert set(check.by_field) == {"institution", "scanner_model", ""}
    assert form.fields.fields["institution"]._words.text() == "Needed"
    assert form.fields.fields["bag_profile"].value == "aptrust-2.3"
    assert not form.is_unsaved


def test_a_filled_in_form_becomes_a_file_that_checks_clean_and_is_imported(
    form: FormPage,
    screen: ImportScreen,
    checked: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
    press: Press,
    tmp_path: Path,
) -> None:
    path = tmp_path / "letters.yaml"
    monkeypatch.setattr(FileChoice, "destination", classmethod(lambda *_, **__: path))
    complete(form, qtbot)
    checked()
    with qtbot.waitSignal(screen.controller.inspected):
        press(Qt.Key.Key_S, CTRL | SHIFT)
    reading = read_manifest(path)
    assert reading.problems == ()
    assert reading.manifest is not None
    assert [(item.id, item.pages) for item in reading.manifest.items] == [("A", 2), ("B", 1)]
    assert reading.manifest.tags["Access"] == "Institution"
    assert screen.controller.may_create
    assert not form.is_unsaved


def test_choosing_a_scanner_fills_in_its_make(form: FormPage, qtbot: QtBot) -> None:
    complete(form, qtbot)
    batch = form.state.form.batch
    assert (batch["scanner_id"], batch["scanner_model"]) == ("simulated:flatbed", "Recto Simulated flatbed")


def test_problems_are_told_at_the_field_and_at_the_cell_while_one_writes(
    form: FormPage, checked: Callable[[], None], qtbot: QtBot
) -> None:
    complete(form, qtbot)
    fill(form, qtbot, "resolution_dpi", "9")
    form.model.setData(form.model.index(1, 2), "0")
    checked()
    assert "No scanner delivers 9" in form.fields.fields["resolution_dpi"]._words.text()
    cell = form.model.index(1, 2)
    assert cell.data(Qt.ItemDataRole.ToolTipRole).startswith("Error: An item cannot have 0 pages.")
    assert not cell.data(Qt.ItemDataRole.DecorationRole).isNull()
    assert form.table.next_problem(1)
    assert (form.table.currentIndex().row(), form.table.currentIndex().column()) == (1, 2)


def test_tags_come_from_the_bag_profile_with_its_choices(form: FormPage) -> None:
    access = form.fields.tags["Access"].combo
    assert access is not None
    assert [access.itemText(row) for row in range(access.count())] == [
        "Consortia",
        "Institution",
        "Restricted",
    ]
    assert form.fields.tags["Access"].combo is not None
    assert "APTrust" in access.toolTip()
    profile = form.fields.fields["bag_profile"].combo
    assert profile is not None
    profile.setCurrentIndex(profile.findData("btr-1.0"))
    profile.activated.emit(profile.currentIndex())
    assert "Access" not in form.fields.tags
    assert "Contact-Email" in form.fields.tags
    assert "Access" not in form.state.form.tags


# requirement 13
def test_items_are_written_duplicated_and_deleted_by_key_and_every_step_is_undone(
    form: FormPage, press: Press, qtbot: QtBot, screen: ImportScreen
) -> None:
    def ids() -> list[str]:
        return [item[0] for item in form.state.form.items]

    press(Qt.Key.Key_Insert)
    editor = form.table.findChild(QLineEdit)
    assert editor is not None
    qtbot.keyClicks(editor, "A")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: ids() == ["A"])
    form.table.setFocus()
    form.model.setData(form.model.index(0, 1), "Letter")
    form.table._go_to(0, 0)
    press(Qt.Key.Key_D, CTRL)
    assert form.state.form.items[1][:2] == ("", "Letter")
    QGuiApplication.clipboard().setText("X\tCard\nY\tBook\n")
    press(Qt.Key.Key_V, CTRL)
    assert ids() == ["A", "", "X", "Y"]
    form.table._go_to(1, 0)
    press(Qt.Key.Key_Delete, CTRL)
    assert ids() == ["A", "X", "Y"]
    assert screen.unfinished()
    undo = screen.workplace.actions.action("importing.undo_form")
    assert undo.text().startswith("Undo deletion of 1 item")
    steps = form.state.stack.count()
    for _ in range(steps):
        press(Qt.Key.Key_Z, CTRL)
    assert ids() == []
    for _ in range(steps):
        press(Qt.Key.Key_Z, CTRL | SHIFT)
    assert ids() == ["A", "X", "Y"]


def test_letters_of_one_word_are_one_step(form: FormPage, qtbot: QtBot) -> None:
    fill(form, qtbot, "institution", "Library")
    fill(form, qtbot, "collection", "Letters")
    assert form.state.stack.count() == 2
    assert form.state.stack.undoText() == "change of Collection"
    form.state.stack.undo()
    assert form.fields.fields["collection"].value == ""
    assert form.fields.fields["institution"].value == "Library"


def test_what_is_said_of_all_items_is_shown_in_each_that_says_nothing(form: FormPage, qtbot: QtBot) -> None:
    complete(form, qtbot)
    fill(form, qtbot, "language", "deu")
    form.model.setData(form.model.index(0, 5), "fra")
    assert [form.model.index(row, 5).data() for row in range(3)] == ["fra", "deu", ""]


def test_another_file_is_replaced_only_when_somebody_says_so(
    form: FormPage,
    workplace: Workplace,
    monkeypatch: pytest.MonkeyPatch,
    press: Press,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    path = tmp_path / "taken.csv"
    path.write_text("mine")
    answers = [False, True]
    monkeypatch.setattr(FileChoice, "destination", classmethod(lambda *_, **__: path))
    monkeypatch.setattr(Question, "may_replace", classmethod(lambda *_: answers.pop(0)))
    press(Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: len(answers) == 1 and not workplace.operations.running)
    assert path.read_text() == "mine"
    press(Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: form.path == path)
    assert path.read_text(encoding="utf-8-sig").startswith("batch_id,batch-")


def test_a_form_that_cannot_be_saved_loses_nothing(
    form: FormPage,
    workplace: Workplace,
    monkeypatch: pytest.MonkeyPatch,
    press: Press,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(FileChoice, "destination", classmethod(lambda *_, **__: tmp_path / "file" / "m.csv"))
    complete(form, qtbot)
    before = form.state.form
    with qtbot.waitSignal(workplace.failure_reported):
        press(Qt.Key.Key_S, CTRL)
    assert form.state.form == before
    assert form.is_unsaved
    assert form.path is None


def test_an_unsaved_form_is_still_there_when_one_comes_back(
    form: FormPage, screen: ImportScreen, workplace: Workplace, press: Press, qtbot: QtBot
) -> None:
    complete(form, qtbot)
    form.setFocus()
    workplace.actions.action("importing.close").trigger()
    assert screen.welcome.isVisible()
    workplace.actions.action("importing.form").trigger()
    assert [item[0] for item in form.state.form.items] == ["A", "B"]


def test_the_model_of_items_keeps_qts_rules(form: FormPage, qtmodeltester: ModelTester, qtbot: QtBot) -> None:
    complete(form, qtbot)
    qtmodeltester.check(form.model)


# requirement 21
def test_everything_that_takes_the_focus_has_a_name(form: FormPage, screen: ImportScreen) -> None:
    nameless = []
    for widget in screen.findChildren(QWidget):
        if not widget.focusPolicy() & Qt.FocusPolicy.TabFocus or widget.window() is not screen.window():
            continue
        interface = QAccessible.queryAccessibleInterface(widget)
        part_of_a_combo = isinstance(widget.parent(), QComboBox)
        if not part_of_a_combo and not interface.text(QAccessible.Text.Name):
            nameless.append((type(widget).__name__, type(widget.parent()).__name__))
    assert nameless == []
