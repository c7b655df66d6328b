# SPDX-License-Identifier: Apache-2.0
"""A whole shift at the desktop by key events alone, with real workers and broker: from the manifest to the stored bag."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.desktop.application import make_application
from app.desktop.board.screen import BoardScreen
from app.desktop.capture.runs import Pace
from app.desktop.capture.screen import CaptureScreen
from app.desktop.importing.screen import ImportScreen
from app.desktop.main_window import MainWindow
from app.desktop.quality.screen import QualityScreen
from app.desktop.run import Beginning, Desktop
from app.desktop.screen import Screen
from archive.registry.status import batch_status
from archive.storage.file_url import path_of
from tests.e2e.conftest import Home, small_batch, wait_for
from workers.local_station import station_runs
from workers.settings import load_settings

pytestmark = [pytest.mark.tesseract, pytest.mark.usefixtures("tesseract")]

PLAIN = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


class Operator:
    """Somebody with a keyboard and no mouse, who waits until something is seen."""

    def __init__(self, qtbot: QtBot, desktop: Desktop) -> None:
        self.qtbot = qtbot
        self.desktop = desktop

    @property
    def window(self) -> MainWindow:
        return self.desktop.window

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = PLAIN) -> None:
        self.qtbot.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    def until(self, condition: Callable[[], Any], seconds: float = 20.0) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=round(seconds * 1000))

    def screen(self, screen_id: str) -> Screen:
        assert self.window.shown == screen_id
        return self.window.open_screen(screen_id)

    def can(self, action_id: str) -> bool:
        return self.desktop.workplace.actions.action(action_id).isEnabled()

    def status(self, batch: str) -> dict[str, Any]:
        with self.desktop.workplace.node.registry.reading() as session:
            return batch_status(session, batch)


@pytest.fixture
def desk_home(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home whose settings this process sees as well."""
    for name, value in home.variables().items():
        if name.startswith("RECTO_"):
            monkeypatch.setenv(name, value)
    return home


@pytest.fixture
def operator(desk_home: Home, qtbot: QtBot) -> Iterator[Operator]:
    """Somebody at a desktop that has just been opened with a manifest."""
    text = small_batch("shift", pages=10, scanner="simulated:flatbed", dpi=100)
    manifest = desk_home.manifest("shift.yaml", text)
    desktop = Desktop(make_application(["recto"]), load_settings())
    qtbot.addWidget(desktop.window)
    desktop.begin(Beginning([manifest], "importing"), None)
    qtbot.waitExposed(desktop.window)
    yield Operator(qtbot, desktop)
    desktop.window.close_without_asking()
    desktop.end()


def import_the_manifest(operator: Operator) -> None:
    assert isinstance(operator.screen("importing"), ImportScreen)
    operator.until(lambda: operator.can("importing.create"))
    operator.press(Qt.Key.Key_Return, CONTROL)
    operator.until(lambda: operator.can("importing.start_capturing"))
    operator.press(Qt.Key.Key_Return, CONTROL | SHIFT)
    operator.until(lambda: operator.window.shown == "capture")


def capture_ten_pages_and_one_again(operator: Operator) -> None:
    screen = operator.screen("capture")
    assert isinstance(screen, CaptureScreen)
    for page in range(1, 11):
        operator.until(lambda: screen.can_capture)
        operator.press(Qt.Key.Key_Space)
        operator.until(lambda page=page: len(screen.desk.places) == page)
    operator.until(lambda: screen.runs.pace is Pace.IDLE)
    first = [place.id for place in screen.desk.places]
    operator.press(Qt.Key.Key_Left)
    operator.press(Qt.Key.Key_Backspace)
    operator.until(lambda: [place.id for place in screen.desk.places] != first)
    operator.until(lambda: screen.runs.pace is Pace.IDLE)
    assert len(screen.desk.places) == 10


def accept_the_first_page(operator: Operator) -> None:
    operator.press(Qt.Key.Key_4, CONTROL)
    screen = operator.screen("quality")
    assert isinstance(screen, QualityScreen)
    operator.until(lambda: operator.can("quality.accept"))
    operator.press(Qt.Key.Key_Home)
    operator.press(Qt.Key.Key_A)


def send_the_item_on(operator: Operator) -> None:
    operator.press(Qt.Key.Key_3, CONTROL)
    operator.until(lambda: operator.can("capture.done"))
    operator.press(Qt.Key.Key_Return)
    operator.until(lambda: operator.status("shift")["items"][0]["on_hold"] is None)


# requirement 01
def test_a_shift_from_the_manifest_to_the_stored_bag_needs_no_mouse(
    operator: Operator, desk_home: Home
) -> None:
    import_the_manifest(operator)
    capture_ten_pages_and_one_again(operator)
    accept_the_first_page(operator)
    send_the_item_on(operator)
    operator.press(Qt.Key.Key_5, CONTROL)
    board = operator.screen("board")
    assert isinstance(board, BoardScreen)
    operator.until(lambda: operator.status("shift")["state"] == "done", 90)
    (item,) = operator.status("shift")["items"]
    assert item["pages"] == 10
    bag = path_of(item["copies"][0]["url"])
    assert desk_home.json("bag", "verify", str(bag))[0]["valid"]
    settings = load_settings()
    assert station_runs(settings)
    operator.window.close_without_asking()
    wait_for(lambda: not station_runs(settings), 60)
    assert desk_home.json("verify-chain", "shift")["valid"]
    assert list(Path(desk_home.items("shift")).glob("*/superseded/**/*.raw"))
