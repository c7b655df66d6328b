# SPDX-License-Identifier: Apache-2.0
"""A second window, for a second display: the page that the current screen shows, whole and without anything around it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desktop.viewer.page_view import PageView
from app.desktop.workplace import Workplace

ORDINARY = QSize(900, 1100)


class SecondWindow(QWidget):
    """Shows the page of whatever view it follows. All keys of the first window work in it too.

    Args:
        workplace: What the screens share.
    """

    closed = Signal()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._followed: PageView | None = None
        self.view = PageView(workplace.images, workplace.theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.setWindowTitle(self.tr("Page"))
        for record in workplace.actions.records:
            self.addAction(workplace.actions.action(record.id))
        self.resize(ORDINARY)

    def open_beside(self, window: QWidget) -> None:
        """Open on another display than a window's, where there is one."""
        others = [screen for screen in QGuiApplication.screens() if screen is not window.screen()]
        if others:
            self.setGeometry(others[0].availableGeometry())
            self.setWindowState(Qt.WindowState.WindowMaximized)
        self.show()

    def follow(self, screen: QWidget) -> None:
        """Show from now on what the largest view of a screen shows."""
        if self._followed is not None:
            self._followed.view_changed.disconnect(self._show)
            self._followed = None
        views = screen.findChildren(PageView)
        if not views:
            self.view.clear()
            return
        # a screen may also have views that are folded away
        self._followed = max(views, key=lambda view: (view.isVisible(), view.width() * view.height()))
        self._followed.view_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        """Show the page of the followed view, once for each page."""
        page = self._followed.page if self._followed is not None else None
        if page is None or page == self.view.page:
            return
        self.view.show_page(page.key, page.source, rotation=page.turns, description=page.description)
        self.view.zoom_to_fit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Follow nothing any more."""
        if self._followed is not None:
            self._followed.view_changed.disconnect(self._show)
            self._followed = None
        self.view.clear()
        super().closeEvent(event)
        self.closed.emit()
