# SPDX-License-Identifier: Apache-2.0
"""A batch on two simulated scanners, and the capture workspace on it in a window that hears keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.desktop.capture.runs import Pace
from app.desktop.capture.screen import CaptureScreen
from app.desktop.devices.directory import DeviceDirectory
from app.desktop.failure_notice import FailureNotice
from app.desktop.main_window import MainWindow
from app.desktop.workplace import Workplace
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

id;title;rights;pages;scanner_id;settings.mode
letters;Letters to the reading room;Public domain;3;simulated:flatbed;Gray
minutes;Minutes of the committee;Public domain;4;simulated:feeder;Gray
coloured;Asked for in gray and in colour;Public domain;2;simulated:flatbed;Color
jam;Sheets that stick;Public domain;3;simulated:jamming;Gray
slow;Sheets that take their time;Public domain;9;simulated:slow;Gray
"""

DEVICES = """\
station = "reading-room"
operator = "Test Operator"

[devices]
sane = false

[[devices.simulated]]
name = "flatbed"
kind = "flatbed"
seed = 1882
time_scale = 0.0

[[devices.simulated]]
name = "feeder"
kind = "feeder"
seed = 1914
time_scale = 0.0
sheets = 3

[[devices.simulated]]
name = "jamming"
kind = "feeder"
time_scale = 0.0
faults = "{jam}"

[[devices.simulated]]
name = "slow"
kind = "feeder"
time_scale = 1.0
faults = "{slow}"
"""

JAM = """\
faults:
  - {fault: jam, at: {page: 2, line: 40%}}
"""

SLOW = """\
faults:
  - {fault: slow, seconds: 3, at: {page: 3}, times: always}
"""


@pytest.fixture
def home(recto_home: Path) -> Path:
    """A private RECTO_HOME with scanners that are quick, that jam once, and that take their time."""
    folder = recto_home / "config"
    folder.mkdir(parents=True)
    for name, script in (("jam", JAM), ("slow", SLOW)):
        (folder / f"{name}.yaml").write_text(script, encoding="utf-8")
    text = DEVICES.format(jam=folder / "jam.yaml", slow=folder / "slow.yaml")
    (folder / "recto.toml").write_text(text, encoding="utf-8")
    return recto_home


class Operator:
    """Works the capture workspace by keys, and waits as a person does: until something is seen."""

    def __init__(self, qtbot: QtBot, window: MainWindow, screen: CaptureScreen) -> None:
        self.qtbot = qtbot
        self.window = window
        self.screen = screen
        self.reports: list[FailureNotice] = []
        screen.workplace.failure_reported.connect(self.reports.append)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    def until(self, condition: Callable[[], bool], seconds: float = 10.0) -> None:
        self.qtbot.waitUntil(condition, timeout=round(seconds * 1000))

    def rest(self) -> None:
        """Wait until scanner and desk have nothing to do."""
        self.until(self.is_at_rest)

    def is_at_rest(self) -> bool:
        return self.screen.runs.pace is Pace.IDLE and not self.screen.workplace.operations.running

    def capture(self, pages: int = 1) -> None:
        for _ in range(pages):
            self.until(lambda: self.screen.can_capture)
            before = len(self.screen.desk.places)
            self.press(Qt.Key.Key_Space)
            self.until(lambda before=before: len(self.screen.desk.places) == before + 1)  # type: ignore[misc]
        self.rest()

    def open(self, item: str) -> None:
        """Go to an item by the keys that lead from one to the next."""
        while self.screen.flow.item is None or self.screen.flow.item.name != item:
            before = self.screen.flow.item
            self.press(Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
            self.until(lambda before=before: self.screen.flow.item is not before)  # type: ignore[misc]
        self.until(lambda: self.screen.can_capture and self.screen.scanner.state == "ready")
        self.rest()

    def trigger(self, action: str) -> None:
        """Choose an action from a menu."""
        self.screen.workplace.actions.action(action).trigger()
        self.rest()

    @property
    def names(self) -> list[str]:
        return [place.name for place in self.screen.desk.places]

    @property
    def ids(self) -> list[int]:
        return [place.id for place in self.screen.desk.places]


@pytest.fixture
def batch(workplace: Workplace, tmp_path: Path) -> str:
    """A batch of three items, registered for the desk."""
    manifest = tmp_path / "shelf.csv"
    manifest.write_text(MANIFEST, encoding="utf-8")
    return register_manifest(workplace.node, manifest, at_desk=True)


@pytest.fixture
def operator(qtbot: QtBot, workplace: Workplace, batch: str) -> Iterator[Operator]:
    """Somebody who sits before the first item of the batch."""
    window = MainWindow(workplace)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.show_screen("capture", {"batch": batch})
    screen = window.open_screen("capture")
    assert isinstance(screen, CaptureScreen)
    made = Operator(qtbot, window, screen)
    made.until(lambda: screen.can_capture and screen.scanner.state == "ready")
    yield made
    screen.shut_down()
    DeviceDirectory.of(workplace).shut_down()
