# SPDX-License-Identifier: Apache-2.0
"""The dialogs of the import screen, as an operator answers them by key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot

from app.desktop.importing.file_choice import FileChoice
from app.desktop.importing.form.page import Question
from app.desktop.importing.screen import ImportScreen


@pytest.fixture
def answer(qtbot: QtBot) -> Callable[[Callable[[QDialog], None]], None]:
    """Have the next dialog answered as soon as it is there."""

    def later(act: Callable[[QDialog], None]) -> None:
        def look() -> None:
            dialog = QApplication.activeModalWidget()
            if isinstance(dialog, QDialog):
                act(dialog)
            else:
                QTimer.singleShot(10, look)

        QTimer.singleShot(0, look)

    return later


def type_name(name: str) -> Callable[[QDialog], None]:
    def act(dialog: QDialog) -> None:
        edit = dialog.findChild(QLineEdit, "fileNameEdit")
        assert edit is not None
        edit.setText(name)
        assert isinstance(dialog, QFileDialog)
        dialog.accept()

    return act


@pytest.mark.parametrize(("name", "saved"), [("batch", "batch.csv"), ("batch.xlsx", "batch.xlsx")])
def test_a_file_to_write_gets_the_usual_ending_where_none_was_typed(
    screen: ImportScreen,
    answer: Callable[[Callable[[QDialog], None]], None],
    tmp_path: Path,
    name: str,
    saved: str,
) -> None:
    answer(type_name(name))
    chosen = FileChoice.destination(screen, tmp_path / "x.csv", "Save", (".csv", ".xlsx"), asks=False)
    assert chosen == tmp_path / saved


def test_thinking_better_of_it_writes_nothing(
    screen: ImportScreen, answer: Callable[[Callable[[QDialog], None]], None], tmp_path: Path
) -> None:
    answer(lambda dialog: dialog.reject())
    assert FileChoice.destination(screen, tmp_path / "x.csv", "Save", (".csv",)) is None


@pytest.mark.parametrize(
    ("key", "replaces"), [(Qt.Key.Key_Return, False), (Qt.Key.Key_Escape, False), (None, True)]
)
def test_a_file_is_replaced_only_on_a_deliberate_answer(
    screen: ImportScreen,
    answer: Callable[[Callable[[QDialog], None]], None],
    qtbot: QtBot,
    key: Qt.Key | None,
    replaces: bool,  # noqa: FBT001 (a table of cases)
) -> None:
    def act(dialog: QDialog) -> None:
        assert isinstance(dialog, QMessageBox)
        if key is not None:
            qtbot.keyClick(dialog.focusWidget() or dialog, key)
            return
        next(button for button in dialog.buttons() if button.text().startswith("Replace")).click()

    answer(act)
    assert Question.may_replace(screen, Path("/x/y.csv")) is replaces
