# SPDX-License-Identifier: Apache-2.0
"""The import screen with its keys, and manifests to open in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from app.desktop.importing.screen import ImportScreen
from app.desktop.workplace import Workplace


@pytest.fixture
def screen(workplace: Workplace, qtbot: QtBot) -> Iterator[ImportScreen]:
    """The screen in a window that knows all keys, as the main window does."""
    window = QMainWindow()
    qtbot.addWidget(window)
    made = ImportScreen(workplace)
    window.setCentralWidget(made)
    for record in workplace.actions.records:
        window.addAction(workplace.actions.action(record.id))
    workplace.actions.choose_section("importing")
    window.resize(1280, 720)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    made.setFocus()
    yield made
    made.shut_down()


@pytest.fixture
def opened(screen: ImportScreen, qtbot: QtBot) -> Callable[[Path], ImportScreen]:
    """Open a manifest and wait until it is checked."""

    def open_and_wait(path: Path) -> ImportScreen:
        with qtbot.waitSignal(screen.controller.inspected):
            screen.open(path)
        return screen

    return open_and_wait


@pytest.fixture
def press(screen: ImportScreen, qtbot: QtBot) -> Callable[..., None]:
    """Press a key where the focus is."""

    def press_key(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        qtbot.keyClick(screen.window().focusWidget() or screen, key, modifier)

    return press_key
