# SPDX-License-Identifier: Apache-2.0
"""The window: menus, a rail of screens, failures above the screen, and a line of state below it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from app.desktop.about import AboutDialog
from app.desktop.actions.cheat_sheet import CheatSheet
from app.desktop.actions.menus import GO_TO, Menus
from app.desktop.actions.palette import Palette
from app.desktop.actions.record import GENERAL, ActionRecord
from app.desktop.actions.titles import key_text
from app.desktop.closing import may_close
from app.desktop.failures.banner import FailureBanner
from app.desktop.navigation_rail import NavigationRail
from app.desktop.screen import Screen
from app.desktop.screens import SCREENS, ScreenPlace
from app.desktop.second_window import SecondWindow
from app.desktop.session.report_saving import save_report
from app.desktop.status_line import StatusLine
from app.desktop.workplace import Workplace

SMALLEST = QSize(1024, 640)
"""Below the 1280 x 720 that everything must fit in, so that a window also fits beside a panel."""

ORDINARY = QSize(1440, 900)
"""At the first start, where the display is larger."""

AT_THE_FOOT = ("settings",)


def places_as_actions() -> tuple[ActionRecord, ...]:
    """The actions that lead to the screens."""
    return tuple(
        ActionRecord(f"{GO_TO}{place.id}", place.title, GENERAL, place.key, place.icon, context="screens")
        for place in SCREENS
    )


class MainWindow(QMainWindow):
    """The operator's window.

    Args:
        workplace: What the screens share.
    """

    closing = Signal()
    """The window is about to go; the screens are still there."""
    closed = Signal()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self.workplace = workplace
        self._screens: dict[str, Screen] = {}
        self._shown: str = ""
        self._ended = False
        self._unasked = False
        self.second: SecondWindow | None = None
        self.setWindowTitle("Recto")
        self.setMinimumSize(SMALLEST)
        self.banner = FailureBanner(workplace.theme, self._go_where_it_is_mended)
        self._stack = QStackedWidget()
        self.rail = self._make_rail()
        self.status = StatusLine(workplace)
        self.setStatusBar(self.status)
        self.menus = Menus(self.menuBar(), workplace.actions)
        self._arrange()
        self._bind()
        self._listen()
        self.paint_actions()

    def _arrange(self) -> None:
        inner = QWidget()
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self._stack, 1)
        row = QHBoxLayout(inner)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(column, 1)
        self.setCentralWidget(inner)

    def _make_rail(self) -> NavigationRail:
        upper: list[QAction] = []
        lower: list[QAction] = []
        for place in SCREENS:
            go = partial(self.show_screen, place.id, {})
            action = self.workplace.actions.bind(f"{GO_TO}{place.id}", go)
            (lower if place.id in AT_THE_FOOT else upper).append(action)
        tools = [self.workplace.actions.action(name) for name in ("general.palette", "general.keys")]
        return NavigationRail(self.workplace.theme, upper, lower, tools)

    def _bind(self) -> None:
        actions = self.workplace.actions
        actions.bind("general.palette", self.open_palette)
        actions.bind("general.keys", self.open_cheat_sheet)
        actions.bind("general.full_screen", self._toggle_full_screen)
        actions.bind("general.second_window", self.switch_second_window)
        actions.bind("general.other_theme", self.workplace.theme.switch)
        actions.bind("general.large_type", self.workplace.theme.switch_large_type)
        actions.bind(
            "general.close_message",
            lambda: self.banner.resolve(self.banner.keys[-1]),
            when=lambda: bool(self.banner.keys),
        )
        actions.bind("general.save_report", self._save_report)
        actions.bind("general.about", self.open_about)
        actions.bind("general.quit", self._close)
        for record in actions.records:
            # a key works in a window only where the window knows the action
            self.addAction(actions.action(record.id))

    def _listen(self) -> None:
        workplace = self.workplace
        workplace.screen_wanted.connect(self.show_screen)
        workplace.failure_reported.connect(self.banner.show_notice)
        workplace.failure_resolved.connect(self.banner.resolve)
        self.banner.changed.connect(workplace.actions.refresh)
        workplace.theme.changed.connect(self.paint_actions)
        workplace.actions.keys_changed.connect(self.paint_actions)
        workplace.work_changed.connect(self._show_title)

    def open_screen(self, screen_id: str) -> Screen:
        """A screen, made now when it was not entered before.

        Raises:
            KeyError: There is no such screen.
        """
        if screen_id not in self._screens:
            made = _place(screen_id).make(self.workplace)
            self._screens[screen_id] = made
            self._stack.addWidget(made)
        return self._screens[screen_id]

    @property
    def shown(self) -> str:
        """Id of the screen that is shown; "" before the first."""
        return self._shown

    @property
    def screens(self) -> tuple[Screen, ...]:
        """The screens that were entered."""
        return tuple(self._screens.values())

    def show_screen(self, screen_id: str, arguments: Mapping[str, Any]) -> None:
        """Show a screen and give it the keys."""
        screen = self.open_screen(screen_id)
        if self._shown and self._shown != screen_id:
            self._screens[self._shown].left()
        self._shown = screen_id
        self._stack.setCurrentWidget(screen)
        self.workplace.actions.action(f"{GO_TO}{screen_id}").setChecked(True)
        self.workplace.actions.choose_section(screen_id)
        self.menus.show_section(screen_id)
        screen.setFocus()
        screen.entered(arguments)
        if self.second is not None:
            self.second.follow(screen)

    def _go_where_it_is_mended(self, place: str) -> None:
        if place == "report":
            self._save_report()
        else:
            self.show_screen(place, {})

    def switch_second_window(self) -> None:
        """Open the second window, or close it."""
        if self.second is not None:
            self.second.close()
            return
        self.second = SecondWindow(self.workplace)
        self.second.closed.connect(self._forget_second_window)
        self.second.open_beside(self)
        if self._shown:
            self.second.follow(self._screens[self._shown])

    def _forget_second_window(self) -> None:
        if self.second is not None:
            self.second.deleteLater()
            self.second = None

    def open_palette(self) -> None:
        """Let the operator find an action."""
        self._open(Palette(self.workplace, self))

    def open_cheat_sheet(self) -> None:
        """Show all keys."""
        self._open(CheatSheet(self.workplace.actions, self))

    def open_about(self) -> None:
        """Show versions and folders."""
        self._open(AboutDialog(self.workplace, self))

    def _open(self, dialog: Palette | CheatSheet | AboutDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setModal(True)
        dialog.show()

    def _save_report(self) -> None:
        save_report(self.workplace, self.banner.failures, self)

    def _show_title(self, batch: str, item: str) -> None:
        self.setWindowTitle(" · ".join(part for part in (item, batch) if part) or "Recto")

    def _close(self) -> None:
        self.close()

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def close_without_asking(self) -> None:
        """The system wants the program to end: what is captured is safe."""
        self._unasked = True
        self.close()

    def come_forward(self) -> None:
        """Be seen, also when the window was minimised or lies below others."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def fit_display(self) -> None:
        """Take the ordinary size, or the whole display where that is smaller."""
        room = self.screen().availableGeometry()
        if room.width() <= ORDINARY.width() or room.height() <= ORDINARY.height():
            self.resize(room.size())
            self.setWindowState(Qt.WindowState.WindowMaximized)
        else:
            self.resize(ORDINARY)

    def paint_actions(self) -> None:
        """Give actions their icons in the theme's colours, and tooltips with their keys."""
        book = self.workplace.actions
        for record in book.records:
            action = book.action(record.id)
            if record.icon:
                action.setIcon(self.workplace.theme.icon(record.icon))
            keys = key_text(book, record.id)
            action.setToolTip(f"{action.text()} ({keys})" if keys else action.text())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask where something would be lost, then leave the screens in order; the workers go on without the window."""
        if self._ended:
            event.accept()
            return
        if not self._unasked and not may_close(self.workplace, self.screens, self):
            event.ignore()
            return
        self._ended = True
        self.closing.emit()
        # gone at once, also where work needs a moment to stop
        self.hide()
        event.accept()
        try:
            self._shut_down()
        finally:
            # whatever defect is met on the way, a desktop without a window must not stay
            self.closed.emit()

    def _shut_down(self) -> None:
        if self.second is not None:
            self.second.close()
        if self._shown:
            self._screens[self._shown].left()
        for screen in self._screens.values():
            screen.shut_down()
        self.status.shut_down()
        self.workplace.shut_down()


def _place(screen_id: str) -> ScreenPlace:
    for place in SCREENS:
        if place.id == screen_id:
            return place
    raise KeyError(screen_id)
