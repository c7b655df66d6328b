# SPDX-License-Identifier: Apache-2.0
"""The window: a rail of screens, failures above the screen, and a line of state below it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QActionGroup, QCloseEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QToolBar, QVBoxLayout, QWidget

from app.desktop.actions.record import GENERAL, ActionRecord
from app.desktop.failures.banner import FailureBanner
from app.desktop.screen import Screen
from app.desktop.screens import SCREENS, ScreenPlace
from app.desktop.workplace import Workplace

SMALLEST = QSize(1280, 720)


def places_as_actions() -> tuple[ActionRecord, ...]:
    """The actions that lead to the screens."""
    return tuple(
        ActionRecord(f"general.go_to_{place.id}", place.title, GENERAL, place.key, place.icon)
        for place in SCREENS
    )


class MainWindow(QMainWindow):
    """The operator's window.

    Args:
        workplace: What the screens share.
    """

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self.workplace = workplace
        self._screens: dict[str, Screen] = {}
        self._shown: str = ""
        self.setWindowTitle("Recto")
        self.setMinimumSize(SMALLEST)
        self.banner = FailureBanner(workplace.theme, workplace.go_to)
        self._stack = QStackedWidget()
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.banner)
        column.addWidget(self._stack, 1)
        self.setCentralWidget(middle)
        self.rail = self._make_rail()
        self.statusBar()
        workplace.screen_wanted.connect(self.show_screen)
        workplace.failure_reported.connect(self.banner.show_notice)
        workplace.failure_resolved.connect(self.banner.resolve)
        workplace.said.connect(partial(self._say))
        workplace.theme.changed.connect(self._paint)
        workplace.actions.bind("general.quit", self._close)
        workplace.actions.bind("general.full_screen", self._toggle_full_screen)
        for record in workplace.actions.records:
            # a key works in a window only where the window knows the action
            self.addAction(workplace.actions.action(record.id))
        self._paint()

    def _make_rail(self) -> QToolBar:
        rail = QToolBar(self.tr("Screens"))
        rail.setObjectName("rail")
        rail.setMovable(False)
        rail.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        rail.setIconSize(QSize(32, 32))
        group = QActionGroup(rail)
        for place in SCREENS:
            action = self.workplace.actions.bind(
                f"general.go_to_{place.id}", partial(self.show_screen, place.id, {})
            )
            action.setCheckable(True)
            action.setText(QCoreApplication.translate("screens", place.title))
            group.addAction(action)
            rail.addAction(action)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, rail)
        return rail

    def open_screen(self, screen_id: str) -> Screen:
        """A screen, made now when it was not entered before."""
        if screen_id not in self._screens:
            made = self._place(screen_id).make(self.workplace)
            self._screens[screen_id] = made
            self._stack.addWidget(made)
        return self._screens[screen_id]

    def _place(self, screen_id: str) -> ScreenPlace:
        return next(place for place in SCREENS if place.id == screen_id)

    @property
    def shown(self) -> str:
        """Id of the screen that is shown; "" before the first."""
        return self._shown

    def show_screen(self, screen_id: str, arguments: Mapping[str, Any]) -> None:
        """Show a screen and give it the keys."""
        screen = self.open_screen(screen_id)
        if self._shown and self._shown != screen_id:
            self._screens[self._shown].left()
        self._shown = screen_id
        self._stack.setCurrentWidget(screen)
        self.workplace.actions.action(f"general.go_to_{screen_id}").setChecked(True)
        self.workplace.actions.choose_section(screen_id)
        screen.setFocus()
        screen.entered(arguments)

    def _say(self, text: str) -> None:
        self.statusBar().showMessage(text, 8000)

    def _close(self) -> None:
        self.close()

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _paint(self) -> None:
        for record in self.workplace.actions.records:
            if record.icon:
                self.workplace.actions.action(record.id).setIcon(self.workplace.theme.icon(record.icon))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave the screens in order; the workers go on without the window."""
        if self._shown:
            self._screens[self._shown].left()
        for screen in self._screens.values():
            screen.shut_down()
        self.workplace.shut_down()
        super().closeEvent(event)
