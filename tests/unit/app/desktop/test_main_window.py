# SPDX-License-Identifier: Apache-2.0
"""The window: screens by key, failures that stay, closing that asks only where something would be lost."""

from __future__ import annotations

import gc
import weakref
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from app.desktop import closing
from app.desktop.actions.cheat_sheet import CheatSheet
from app.desktop.actions.palette import Palette
from app.desktop.application import make_workplace
from app.desktop.failures.card import FailureCard
from app.desktop.main_window import MainWindow
from app.desktop.screens import SCREENS
from app.desktop.session import report_saving
from app.desktop.start_failure import start_failure_box
from app.desktop.viewer.page_view import PageView
from app.desktop.workplace import Workplace
from archive.imaging.image_source import ImageSource
from hardware.errors import CoverOpen, Jam
from workers.errors import BrokerUnavailable, SettingsInvalid
from workers.node import Node
from workers.settings import load_settings


@pytest.fixture
def window(workplace: Workplace, qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(workplace)
    made.resize(1280, 720)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.show_screen("board", {})
    yield made
    made.close_without_asking()


def test_every_screen_has_a_key_that_leads_there(window: MainWindow, qtbot: QtBot) -> None:
    for place in SCREENS:
        number = place.key.removeprefix("Ctrl+")
        qtbot.keyClick(window, getattr(Qt.Key, f"Key_{number}"), Qt.KeyboardModifier.ControlModifier)
        assert window.shown == place.id
        checked = [
            one.id
            for one in SCREENS
            if window.workplace.actions.action(f"general.go_to_{one.id}").isChecked()
        ]
        assert checked == [place.id]


def test_a_failure_stays_until_it_is_resolved_and_newer_ones_stand_before_it(
    window: MainWindow, workplace: Workplace
) -> None:
    workplace.report(Jam("stuck", device="simulated:feeder").to_json(), key="scanner")
    workplace.report(BrokerUnavailable("no answer").to_json(), key="broker")
    assert window.banner.keys == ("scanner", "broker")
    assert not window.banner.card("scanner").isVisible()
    assert window.banner.card("broker").isVisible()
    workplace.resolved("broker")
    assert window.banner.card("scanner").isVisible()
    workplace.report(CoverOpen("open", device="simulated:feeder").to_json(), key="scanner")
    assert window.banner.keys == ("scanner",)
    assert window.banner.card("scanner").explanation.headline == "The cover is open"
    workplace.resolved("scanner")
    assert not window.banner.isVisible()


def test_the_one_button_of_a_failure_does_what_its_reporter_says_or_leads_to_where_it_is_mended(
    window: MainWindow, workplace: Workplace, qtbot: QtBot
) -> None:
    done: list[str] = []
    workplace.report(Jam("stuck").to_json(), key="own", remedy=lambda: done.append("again"))
    assert window.banner.card("own").button.text() == "Sheet removed, go on"
    qtbot.mouseClick(window.banner.card("own").button, Qt.MouseButton.LeftButton)
    assert done == ["again"]
    workplace.report(BrokerUnavailable("no answer").to_json(), key="broker")
    qtbot.mouseClick(window.banner.card("broker").button, Qt.MouseButton.LeftButton)
    assert window.shown == "settings"


# requirement 28
def test_details_of_a_failure_are_folded_and_can_be_copied(
    window: MainWindow, workplace: Workplace, qtbot: QtBot
) -> None:
    workplace.report(Jam("A sheet is stuck in simulated:feeder.", page=17).to_json(), key="jam")
    card: FailureCard = window.banner.card("jam")
    details = card.layout().itemAt(1).widget()
    assert not details.isVisible()
    qtbot.mouseClick(card.fold, Qt.MouseButton.LeftButton)
    assert details.isVisible()
    card.copy_details()
    copied = QGuiApplication.clipboard().text()
    assert "A sheet is stuck in simulated:feeder." in copied
    assert "code: scanner.jam" in copied
    assert "page: 17" in copied


def test_the_palette_finds_an_action_by_letters_and_does_it_on_its_own_screen(
    window: MainWindow, qtbot: QtBot
) -> None:
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, Qt.Key.Key_P, modifiers)
    palette = QApplication.activeModalWidget()
    assert isinstance(palette, Palette)
    qtbot.keyClicks(palette.field, "full sc")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.isFullScreen()
    window.open_palette()
    palette = QApplication.activeModalWidget()
    assert isinstance(palette, Palette)
    qtbot.keyClicks(palette.field, "label pages")
    assert palette.model.record(palette.view.currentIndex()).section == "capture"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.shown == "capture"


def test_the_question_mark_shows_all_keys(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Question)
    assert isinstance(QApplication.activeModalWidget(), CheatSheet)


def test_closing_asks_only_where_something_would_be_lost(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def stay(reasons: list[str], _parent: object) -> bool:
        asked.append(reasons)
        return False

    monkeypatch.setattr(closing, "ask", stay)
    monkeypatch.setattr(window.screens[0], "unfinished", lambda: "A page is being scanned.")
    window.close()
    assert window.isVisible()
    assert asked == [["A page is being scanned."]]
    monkeypatch.setattr(window.screens[0], "unfinished", lambda: None)
    window.close()
    assert not window.isVisible()
    assert len(asked) == 1


def test_the_window_closes_also_where_the_registry_never_opened(
    qapp: QApplication, home: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a folder is no database
    monkeypatch.setenv("RECTO_DATABASE_URL", f"sqlite:///{home}")
    workplace = make_workplace(qapp, Node(load_settings()), home / "cache")
    window = MainWindow(workplace)
    window.show()
    with qtbot.waitSignal(window.closed):
        window.close_without_asking()
    workplace.theme.deleteLater()
    workplace.deleteLater()


def test_the_question_before_closing_lists_the_reasons_and_escape_stays(
    window: MainWindow, qtbot: QtBot
) -> None:
    told: list[str] = []

    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        told.append(box.informativeText())
        qtbot.keyClick(box, Qt.Key.Key_Escape)

    from PySide6.QtCore import QTimer

    QTimer.singleShot(0, answer)
    assert not closing.ask(["A page is being scanned."], window)
    assert told == ["• A page is being scanned."]


# requirement 23
def test_the_theme_changes_while_the_window_is_open(
    window: MainWindow, workplace: Workplace, qtbot: QtBot
) -> None:
    def ground() -> int:
        return window.grab().toImage().pixelColor(QPoint(700, 715)).lightness()

    workplace.theme.set_scheme("light")
    light = ground()
    assert light > 200
    workplace.theme.set_scheme("dark")
    qtbot.waitUntil(lambda: ground() < 80)
    workplace.theme.set_scheme("system")


def test_the_status_line_says_where_the_operator_stands(
    window: MainWindow, workplace: Workplace, qtbot: QtBot
) -> None:
    workplace.choose_work("reading-room", "letters")
    told = [part.words for part in (window.status.station, window.status.batch, window.status.item)]
    assert told == ["reading-room", "reading-room", "letters"]
    qtbot.waitUntil(lambda: window.status.disk.words.endswith("free"))
    assert window.windowTitle() == "letters · reading-room"


def test_a_desktop_that_cannot_start_says_why_in_a_window(qtbot: QtBot) -> None:
    box = start_failure_box(SettingsInvalid("The settings cannot be used: statoin is no setting.").to_json())
    qtbot.addWidget(box)
    assert box.text() == "The settings cannot be used"
    assert "statoin is no setting" in box.informativeText()
    assert "code: settings.invalid" in box.detailedText()


def test_the_second_window_shows_the_page_of_the_screen_and_goes_with_the_first(
    window: MainWindow, workplace: Workplace, qtbot: QtBot, tmp_path: Path
) -> None:
    window.show_screen("capture", {})
    window.switch_second_window()
    second = window.second
    assert second is not None
    view = max(window.open_screen("capture").findChildren(PageView), key=lambda one: one.isVisible())
    second.follow(view.parentWidget())
    Image.new("L", (60, 80), 200).save(tmp_path / "page.png")
    source = ImageSource(tmp_path / "page.png", "image", 60, 80, 8, 1, "black_is_zero", "a" * 64)
    view.show_page("17", source, description="page 17")
    assert second.view.shown_key == "17"
    with qtbot.waitSignal(second.closed):
        window.switch_second_window()
    assert window.second is None
    view.clear()
    window.switch_second_window()
    other = window.second
    assert other is not None
    window.close_without_asking()
    assert not other.isVisible()


def test_a_report_is_saved_where_the_operator_wants_it(
    window: MainWindow, workplace: Workplace, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_saving, "ask_for_file", lambda _parent: tmp_path / "report.zip")
    workplace.report(Jam("A sheet is stuck.", page=17).to_json())
    with qtbot.waitSignal(workplace.said, timeout=15_000) as said:
        workplace.actions.action("general.save_report").trigger()
    assert said.args is not None
    assert str(tmp_path / "report.zip") in said.args[0]
    with zipfile.ZipFile(tmp_path / "report.zip") as bundle:
        assert "scanner.jam" in bundle.read("failures.json").decode()


def test_nothing_keeps_a_window_that_was_closed(qapp: QApplication, home: Path) -> None:
    workplace = make_workplace(qapp, Node(load_settings()), home / "cache")
    window = MainWindow(workplace)
    window.show()
    for place in SCREENS:
        window.show_screen(place.id, {})
        qapp.processEvents()
    window.open_palette()
    window.close_without_asking()
    ends = [weakref.ref(window), weakref.ref(workplace), *map(weakref.ref, window.screens)]
    for owner in (workplace.theme, workplace, window):
        owner.deleteLater()
    del owner, window, workplace
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.processEvents()
    gc.collect()
    assert [end() for end in ends if end() is not None] == []
