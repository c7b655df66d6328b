# SPDX-License-Identifier: Apache-2.0
"""Every screen: named for screen readers, reached by Tab, and whole at 1280 x 720 with texts 40 % longer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.desktop.about import AboutDialog
from app.desktop.actions.cheat_sheet import CheatSheet
from app.desktop.actions.palette import Palette
from app.desktop.application import make_workplace
from app.desktop.capture.screen import CaptureScreen
from app.desktop.language.pseudo import pseudo
from app.desktop.language.translations import PSEUDO, put_on, take_off
from app.desktop.main_window import MainWindow
from app.desktop.screens import SCREENS, ScreenPlace
from app.desktop.theme.roles import roles
from app.desktop.workplace import Workplace
from app.sample_batch import SAMPLE_BATCH, write_reading_room
from hardware.errors import Jam
from tests.unit.app.desktop import accessibility as walker
from workers.node import Node
from workers.operations import register_manifest
from workers.settings import load_settings


def register_sample(workplace: Workplace) -> None:
    """Have the sample batch wait at the desk."""
    manifest = write_reading_room(workplace.settings.state_directory / "samples")
    register_manifest(workplace.node, manifest, at_desk=True)


def open_window(workplace: Workplace, qtbot: QtBot) -> MainWindow:
    window = MainWindow(workplace)
    window.resize(1280, 720)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    return window


@pytest.fixture
def window(workplace: Workplace, qtbot: QtBot) -> Iterator[MainWindow]:
    register_sample(workplace)
    made = open_window(workplace, qtbot)
    yield made
    made.close_without_asking()


@pytest.fixture
def long_window(qapp: QApplication, home: Path, qtbot: QtBot) -> Iterator[MainWindow]:
    """The window in the pseudo-language, whose texts are 40 % longer."""
    put_on(qapp, PSEUDO)
    workplace = make_workplace(qapp, Node(load_settings()), home / "cache")
    register_sample(workplace)
    made = open_window(workplace, qtbot)
    yield made
    made.close_without_asking()
    take_off(qapp)
    workplace.theme.deleteLater()
    workplace.deleteLater()


def enter(window: MainWindow, qtbot: QtBot, place: ScreenPlace) -> None:
    """Show a screen with the sample batch, and wait until it has what it shows."""
    window.workplace.choose_work(SAMPLE_BATCH, "letters")
    window.show_screen(place.id, {"batch": SAMPLE_BATCH} if place.id in {"capture", "board"} else {})
    if place.id == "capture":
        screen = window.open_screen(place.id)
        assert isinstance(screen, CaptureScreen)
        qtbot.waitUntil(lambda: screen.loop.is_open, timeout=15_000)
    qtbot.waitUntil(lambda: not window.workplace.operations.running, timeout=15_000)
    QApplication.processEvents()


def walk(window: MainWindow, qtbot: QtBot, look: Callable[[QWidget], list[str]]) -> dict[str, list[str]]:
    """What a look at each screen finds, by screen; those without findings left out."""
    found = {}
    for place in SCREENS:
        enter(window, qtbot, place)
        findings = look(window)
        if findings:
            found[place.id] = findings
    return found


# requirement 21
def test_everything_that_can_be_used_has_a_name(window: MainWindow, qtbot: QtBot) -> None:
    assert walk(window, qtbot, walker.nameless) == {}


# requirement 21
def test_tab_reaches_everything_and_is_held_nowhere(window: MainWindow, qtbot: QtBot) -> None:
    assert walk(window, qtbot, walker.unreached_by_tab) == {}


# requirement 23
def test_after_a_change_of_theme_nothing_keeps_a_colour_of_the_other_one(
    window: MainWindow, qtbot: QtBot
) -> None:
    light = set(roles(dark=False, more_contrast=False).values())
    stale = set(roles(dark=True, more_contrast=False).values()) - light

    def look(window: QWidget) -> list[str]:
        return [
            f"{walker.describe(widget)}: {role.name}"
            for widget in walker.visible_widgets(window)
            for role in (QPalette.ColorRole.Window, QPalette.ColorRole.Base, QPalette.ColorRole.WindowText)
            if widget.palette().color(role).name() in stale
        ]

    theme = window.workplace.theme
    theme.set_scheme("dark")
    found = {}
    for place in SCREENS:
        enter(window, qtbot, place)
    theme.set_scheme("light")
    QApplication.processEvents()
    for screen in window.screens:
        window.show_screen(screen.screen_id, {})
        QApplication.processEvents()
        if look(window):
            found[screen.screen_id] = look(window)
    theme.set_scheme("system")
    assert found == {}


# requirements 24 and 25
def test_with_texts_40_percent_longer_nothing_is_cut_or_hidden_and_every_text_is_translated(
    long_window: MainWindow, qtbot: QtBot
) -> None:
    def look(window: QWidget) -> list[str]:
        size = [] if window.size() == QSize(1280, 720) else [f"needs {window.width()} x {window.height()}"]
        return [*size, *walker.cut_off(window), *untranslated(window)]

    assert walk(long_window, qtbot, look) == {}


def untranslated(window: QWidget) -> list[str]:
    """Words on buttons that did not come through the translator: names, numbers and values are no words."""
    return [
        f"untranslated: {walker.describe(widget)}"
        for widget in walker.visible_widgets(window)
        if isinstance(widget, QPushButton | QToolButton) and _is_word(widget.text())
    ]


def _is_word(text: str) -> bool:
    if not any(letter.isalpha() for letter in text):
        return False
    return "[" not in text and "recto" not in text.casefold()


# requirement 21
@pytest.mark.parametrize("dialog", [Palette, CheatSheet, AboutDialog])
def test_dialogs_are_named_and_reached_as_well(
    window: MainWindow, qtbot: QtBot, dialog: type[Palette | CheatSheet | AboutDialog]
) -> None:
    opened = (
        CheatSheet(window.workplace.actions, window)
        if dialog is CheatSheet
        else dialog(window.workplace, window)
    )  # type: ignore[arg-type]
    opened.show()
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow)
    assert walker.nameless(opened) == []
    assert walker.unreached_by_tab(opened) == []
    opened.close()


# requirement 24
def test_a_failure_is_whole_in_a_narrow_window(long_window: MainWindow, qtbot: QtBot) -> None:
    long_window.show_screen("settings", {})
    long_window.workplace.report(Jam("A sheet is stuck.", device="simulated:feeder").to_json())
    QApplication.processEvents()
    assert [found for found in walker.cut_off(long_window.banner.window()) if "Failure" in found] == []
    assert walker.too_small(long_window.banner.card("scanner.jam")) == []


def test_the_walk_finds_what_it_is_for(qtbot: QtBot) -> None:
    bad = QWidget()
    qtbot.addWidget(bad)
    column = QVBoxLayout(bad)
    column.addWidget(QToolButton())
    narrow = QLabel("a text that is much too long for its place")
    narrow.setFixedWidth(40)
    column.addWidget(narrow)
    outside = QPushButton("outside", bad)
    bad.resize(300, 200)
    outside.move(290, 20)
    bad.show()
    qtbot.waitExposed(bad)
    assert len(walker.nameless(bad)) == 1
    assert [found.split(":")[0] for found in walker.cut_off(bad)] == ["cut", "hidden"]
    assert walker.too_small(bad)


def test_the_pseudo_language_is_longer_and_keeps_what_has_a_meaning() -> None:
    text = pseudo("Open {file} of %n page(s)")
    assert len(text) >= 1.4 * len("Open {file} of %n page(s)")
    assert "{file}" in text
    assert "%n" in text
    assert pseudo("&Edit").startswith("[&É")
