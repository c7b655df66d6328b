# SPDX-License-Identifier: Apache-2.0
"""The first run: five steps, any of them skipped, shown once, and at its end an item on the desk."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.desktop.capture.screen import CaptureScreen
from app.desktop.capture.station_memory import StationMemory, memory_path
from app.desktop.devices.directory import DeviceDirectory
from app.desktop.first_run.connections_step import ConnectionsStep
from app.desktop.first_run.folders_step import FoldersStep
from app.desktop.first_run.guide import FirstRunGuide
from app.desktop.first_run.look_step import LookStep
from app.desktop.first_run.offer import ACTION, bind_first_run, offer_first_run, show_first_run
from app.desktop.first_run.scanner_step import ScannerStep
from app.desktop.first_run.shown import first_run_file
from app.desktop.main_window import MainWindow
from app.desktop.preferences.personal import personal_file, read_personal
from app.desktop.workplace import Workplace
from app.sample_batch import SAMPLE_BATCH
from archive.registry.batches import items_of
from workers.desk import Desk
from workers.settings import load_settings

MANIFEST_PAGES = 8
LONGEST_SECONDS = 120.0
"""Requirement 27: from the first run to the first captured item."""


@pytest.fixture
def window(qtbot: QtBot, workplace: Workplace) -> Iterator[MainWindow]:
    made = MainWindow(workplace)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.show_screen("settings", {})
    yield made
    for screen in made.findChildren(CaptureScreen):
        screen.shut_down()
    end_search(workplace)


@pytest.fixture
def guide(qtbot: QtBot, workplace: Workplace) -> Iterator[FirstRunGuide]:
    made = FirstRunGuide(workplace)
    qtbot.addWidget(made)
    made.show()
    yield made
    qtbot.waitUntil(lambda: not workplace.operations.running, timeout=10_000)


def end_search(workplace: Workplace) -> None:
    for directory in workplace.findChildren(DeviceDirectory):
        directory.shut_down()


def guides() -> list[FirstRunGuide]:
    return [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, FirstRunGuide)]


def step(guide: FirstRunGuide, kind: type[Any]) -> Any:
    return next(step for step in guide.steps if isinstance(step, kind))


def wait(qtbot: QtBot, workplace: Workplace) -> None:
    qtbot.waitUntil(lambda: not workplace.operations.running, timeout=10_000)


def test_every_step_can_be_skipped_and_nothing_is_changed(
    qtbot: QtBot, guide: FirstRunGuide, workplace: Workplace, home: Path
) -> None:
    before = (home / "config" / "recto.toml").read_text()
    for number in range(5):
        assert guide.number == number
        guide.skip.click()
    assert guide.isHidden()
    wait(qtbot, workplace)
    assert (home / "config" / "recto.toml").read_text() == before
    assert not personal_file().exists()
    end_search(workplace)


def test_it_is_shown_once_and_again_when_asked_for(
    qtbot: QtBot, window: MainWindow, workplace: Workplace, home: Path
) -> None:
    bind_first_run(workplace, window)
    offer_first_run(workplace, window)
    qtbot.waitUntil(lambda: len(guides()) == 1)
    guides()[0].close_all.click()
    wait(qtbot, workplace)
    qtbot.waitUntil(lambda: not guides())
    assert first_run_file(home / "state").exists()
    offer_first_run(workplace, window)
    wait(qtbot, workplace)
    assert not guides()
    workplace.actions.action(ACTION).trigger()
    assert len(guides()) == 1
    guides()[0].close_all.click()
    wait(qtbot, workplace)


def test_theme_and_language_are_kept(qtbot: QtBot, guide: FirstRunGuide, workplace: Workplace) -> None:
    look = step(guide, LookStep)
    look.theme_choice.buttons["dark"].click()
    assert workplace.theme.is_dark
    look.language.setCurrentIndex(look.language.findData("de"))
    look.language.activated.emit(look.language.currentIndex())
    assert not look.note.isHidden()
    wait(qtbot, workplace)
    assert (read_personal().theme, read_personal().language) == ("dark", "de")
    look.theme_choice.buttons["system"].click()


def test_folders_are_looked_at_before_anything_is_put_there(
    qtbot: QtBot, guide: FirstRunGuide, workplace: Workplace, tmp_path: Path
) -> None:
    guide.go_on()
    folders = step(guide, FoldersStep)
    wait(qtbot, workplace)
    assert folders.data.check.is_good
    assert "GB free" in folders.data.state.word
    folders.storage.line.setText("/proc/nowhere")
    folders.storage.look()
    qtbot.waitUntil(lambda: folders.storage.check.folder == Path("/proc/nowhere"))
    folders.data.line.setText(str(tmp_path / "pages"))
    folders.storage.line.setText(str(tmp_path / "bags"))
    guide.go_on()
    qtbot.waitUntil(lambda: guide.number == 2)
    settings = load_settings()
    assert settings.data_directory == tmp_path / "pages" == workplace.settings.data_directory
    assert settings.storage["archive"].url == str(tmp_path / "bags")
    assert not (tmp_path / "bags").exists()
    wait(qtbot, workplace)
    end_search(workplace)


def test_folders_that_cannot_be_saved_are_told_and_the_step_stays(
    qtbot: QtBot, guide: FirstRunGuide, workplace: Workplace, tmp_path: Path
) -> None:
    (workplace.settings.batches / "one").mkdir(parents=True)
    guide.go_on()
    folders = step(guide, FoldersStep)
    folders.data.line.setText(str(tmp_path / "pages"))
    guide.go_on()
    qtbot.waitUntil(lambda: not folders.problem.isHidden())
    assert guide.number == 1
    assert "move the whole folder" in folders.problem.text()


def test_finished_bags_are_proposed_beside_the_pages_and_kept_where_they_were_told_to_go(
    qtbot: QtBot, guide: FirstRunGuide, workplace: Workplace, tmp_path: Path
) -> None:
    guide.go_on()
    folders = step(guide, FoldersStep)
    folders.data.line.setText(str(tmp_path / "pages"))
    folders.data.line.editingFinished.emit()
    assert folders.storage.folder == tmp_path / "pages" / "storage"
    folders.storage.line.setText(str(tmp_path / "bags"))
    folders.data.line.setText(str(tmp_path / "others"))
    folders.data.line.editingFinished.emit()
    assert folders.storage.folder == tmp_path / "bags"
    wait(qtbot, workplace)


def test_an_empty_line_leaves_the_folder_as_it_was(
    qtbot: QtBot, guide: FirstRunGuide, workplace: Workplace
) -> None:
    before = workplace.settings.data_directory
    guide.go_on()
    folders = step(guide, FoldersStep)
    folders.data.line.clear()
    guide.go_on()
    wait(qtbot, workplace)
    assert workplace.settings.data_directory == before
    end_search(workplace)


def test_a_folder_that_takes_no_pages_is_not_taken(
    qtbot: QtBot, guide: FirstRunGuide, workplace: Workplace
) -> None:
    guide.go_on()
    folders = step(guide, FoldersStep)
    folders.data.line.setText("/proc/version/pages")
    guide.go_on()
    wait(qtbot, workplace)
    assert guide.number == 1
    assert "Nothing can be written" in folders.problem.text()


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_the_guide_may_be_closed_while_a_step_is_at_work(
    qtbot: QtBot, window: MainWindow, workplace: Workplace, home: Path, number: int
) -> None:
    guide = show_first_run(workplace, window)
    for _ in range(number):
        guide.skip_step()
    if number == 1:
        step(guide, FoldersStep).data.line.setText(str(home / "pages"))
    guide.go_on()
    guide.close_all.click()
    qtbot.waitUntil(lambda: not guides())
    # whatever would be told to the guide now is an error that pytest-qt sees
    wait(qtbot, workplace)
    end_search(workplace)


def test_the_simulated_scanner_is_an_equal_choice(
    qtbot: QtBot, guide: FirstRunGuide, workplace: Workplace
) -> None:
    guide.skip_step()
    guide.skip_step()
    scanner = step(guide, ScannerStep)
    assert scanner.simulated.isChecked()
    assert not scanner.list.isEnabled()
    scanner.real.setChecked(True)
    assert scanner.list.isEnabled()
    assert not scanner.simulated.isChecked()
    scanner.simulated.setChecked(True)
    guide.go_on()
    qtbot.waitUntil(lambda: guide.number == 3)
    memory = StationMemory.read(memory_path(workplace.settings.state_directory))
    assert memory.device == "simulated:flatbed"
    connections = step(guide, ConnectionsStep)
    qtbot.waitUntil(lambda: [test.state.word for test in connections.tests] == ["Works", "Works"])
    wait(qtbot, workplace)
    end_search(workplace)


# requirement 27
def test_from_the_first_run_to_the_first_captured_item_without_network_and_without_manual(
    qtbot: QtBot, window: MainWindow, workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached: list[Any] = []
    connect = socket.socket.connect

    def watch(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            reached.append(address)
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", watch)
    begun = time.monotonic()
    offer_first_run(workplace, window)
    qtbot.waitUntil(lambda: len(guides()) == 1)
    (guide,) = guides()
    for number in range(5):
        qtbot.waitUntil(lambda wanted=number: guide.number == wanted)  # type: ignore[misc]
        qtbot.keyClick(guide.next, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.shown == "capture", timeout=10_000)
    # what a window manager does when a dialog goes
    window.activateWindow()
    screen = window.open_screen("capture")
    assert isinstance(screen, CaptureScreen)
    for page in range(1, MANIFEST_PAGES + 1):
        qtbot.waitUntil(lambda: screen.can_capture and screen.scanner.state == "ready", timeout=20_000)
        qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda wanted=page: len(screen.desk.places) == wanted, timeout=20_000)  # type: ignore[misc]
    wait(qtbot, workplace)
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Return)
    with workplace.node.registry.reading() as session:
        letters = next(item.name for item in items_of(session, SAMPLE_BATCH) if item.name == "letters")
    qtbot.waitUntil(lambda: Desk(workplace.node, SAMPLE_BATCH, letters).state().handed_over, timeout=20_000)
    assert time.monotonic() - begun < LONGEST_SECONDS
    assert reached == []
    wait(qtbot, workplace)


def test_nothing_of_the_first_run_lies_outside_its_home(
    qtbot: QtBot, guide: FirstRunGuide, workplace: Workplace, home: Path
) -> None:
    for _ in range(4):
        number = guide.number
        guide.go_on()
        qtbot.waitUntil(lambda before=number: guide.number == before + 1, timeout=10_000)  # type: ignore[misc]
    wait(qtbot, workplace)
    assert {path.name for path in home.iterdir()} <= {"config", "data", "state", "cache"}
    assert os.environ["RECTO_HOME"] == str(home)
    end_search(workplace)
