# SPDX-License-Identifier: Apache-2.0
"""Settings and first run by keyboard and by ear: every control has a name, the tab key reaches it, edges are seen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QApplication, QCheckBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.desktop.devices.directory import DeviceDirectory
from app.desktop.first_run.guide import FirstRunGuide
from app.desktop.preferences.block import make_high_enough
from app.desktop.preferences.pages import PageId
from app.desktop.preferences.screen import SettingsScreen
from app.desktop.theme.roles import Role
from app.desktop.workplace import Workplace
from workers.settings_file import SetValue, change_settings


@pytest.fixture
def screen(qtbot: QtBot, workplace: Workplace) -> Iterator[SettingsScreen]:
    workplace.node.settings = change_settings(SetValue(("storage", "vault", "url"), "s3://bucket/bags"))
    made = SettingsScreen(workplace)
    qtbot.addWidget(made)
    made.resize(1180, 640)
    made.show()
    yield made
    qtbot.waitUntil(lambda: not workplace.operations.running)


def controls(top: QWidget) -> list[QWidget]:
    return [
        widget
        for widget in top.findChildren(QWidget)
        if widget.isVisibleTo(top)
        and (widget.focusPolicy() != Qt.FocusPolicy.NoFocus or isinstance(widget, QAbstractButton))
    ]


def nameless(top: QWidget) -> list[str]:
    return [
        f"{type(widget).__name__} {widget.objectName()}"
        for widget in controls(top)
        if not QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
    ]


# requirement 21
@pytest.mark.parametrize("page", list(PageId))
def test_every_control_of_every_page_has_a_name(screen: SettingsScreen, page: PageId) -> None:
    screen.open_page(page)
    assert nameless(screen) == []


# requirement 21
def test_every_control_of_every_step_has_a_name(qtbot: QtBot, workplace: Workplace) -> None:
    guide = FirstRunGuide(workplace)
    qtbot.addWidget(guide)
    guide.show()
    for _ in range(5):
        assert nameless(guide) == []
        guide.skip_step()
    qtbot.waitUntil(lambda: not workplace.operations.running, timeout=10_000)
    for directory in workplace.findChildren(DeviceDirectory):
        directory.shut_down()


# requirement 21
@pytest.mark.parametrize("page", [PageId.STATION, PageId.STORAGE, PageId.KEYS, PageId.LANGUAGE])
def test_the_tab_key_reaches_all_of_a_page_and_leaves_it(
    qtbot: QtBot, screen: SettingsScreen, page: PageId
) -> None:
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    screen.open_page(page)
    screen.search.setFocus()
    wanted = {
        widget
        for widget in controls(screen)
        if widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not isinstance(widget.parent(), QAbstractSpinBox)
        and widget.focusProxy() is None
        and widget.objectName() != "qt_keysequenceedit_lineedit"
    }
    reached: set[QWidget | None] = set()
    for _ in range(3 * len(wanted) + 10):
        reached.add(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget() or screen, Qt.Key.Key_Tab)
    assert wanted - reached == set()
    assert screen.search in reached


@pytest.mark.parametrize("added", [False, True], ids=["at first", "after a target was added"])
def test_the_tab_key_goes_from_above_to_below(qtbot: QtBot, screen: SettingsScreen, *, added: bool) -> None:
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    screen.open_page(PageId.STORAGE)
    if added:
        with qtbot.waitSignal(screen.saving.saved):
            screen.saving.save(SetValue(("storage", "shelf", "url"), "/shelf"))
    screen.list.setFocus()
    page = screen.pages[PageId.STORAGE]
    reached: list[QWidget] = []
    for _ in range(12):
        qtbot.keyClick(QApplication.focusWidget() or screen, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.append(focused)

    def from_above_to_below() -> bool:
        # a new card gets its place a moment later
        places = [widget.mapTo(page, widget.rect().topLeft()).y() for widget in reached]
        return places == sorted(places)

    qtbot.waitUntil(from_above_to_below)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", [QLineEdit, QCheckBox])
def test_the_edge_of_a_control_is_seen_in_both_themes(
    qtbot: QtBot, workplace: Workplace, scheme: str, kind: type[QWidget]
) -> None:
    workplace.theme.set_scheme(scheme)  # type: ignore[arg-type]
    control = kind()
    qtbot.addWidget(control)
    make_high_enough(control)
    control.resize(60, 34)
    image = control.grab().toImage()
    wanted = QColor(workplace.theme.color(Role.OUTLINE))
    workplace.theme.set_scheme("system")
    row = [image.pixelColor(x, image.height() // 2) for x in range(image.width())]
    nearest = min(abs(pixel.lightness() - wanted.lightness()) for pixel in row)
    assert nearest < 25
