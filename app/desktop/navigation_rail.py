# SPDX-License-Identifier: Apache-2.0
"""The rail at the left: one place for each screen, with icon, word and key."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme

ICON = QSize(28, 28)
SMALL_ICON = QSize(20, 20)
LEAST = QSize(84, 64)
MARK = 4
"""Pixels of the bar that marks the current screen, beside its colour and its pressed look."""


class NavigationRail(QWidget):
    """Leads to the screens.

    Args:
        theme: Colours.
        upper: Actions in the order of the work.
        lower: Actions at the foot, away from the work.
        tools: Actions that lead nowhere, as icons below all others.
    """

    def __init__(
        self, theme: Theme, upper: list[QAction], lower: list[QAction], tools: list[QAction]
    ) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName("rail")
        self.setAutoFillBackground(True)
        # the theme's raised ground
        self.setBackgroundRole(QPalette.ColorRole.Button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 6)
        column.setSpacing(2)
        group = QActionGroup(self)
        for action in (*upper, *lower):
            if lower and action is lower[0]:
                column.addStretch(1)
            action.setCheckable(True)
            group.addAction(action)
            column.addWidget(_Place(action, theme))
        column.addLayout(_row(tools))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)


def _row(tools: list[QAction]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(4, 4, 4, 0)
    row.setSpacing(2)
    for action in tools:
        button = QToolButton()
        button.setDefaultAction(action)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        button.setIconSize(SMALL_ICON)
        button.setMinimumSize(36, 36)
        button.setAutoRaise(True)
        row.addWidget(button)
    return row


class _Place(QToolButton):
    """A button of the rail; the current one is marked by a bar as well as by its ground."""

    def __init__(self, action: QAction, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setDefaultAction(action)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setIconSize(ICON)
        self.setMinimumSize(LEAST)
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the mark of the current place over what the style draws."""
        super().paintEvent(event)
        if self.isChecked():
            painter = QPainter(self)
            painter.fillRect(0, 0, MARK, self.height(), self._theme.color(Role.ACCENT))
            painter.end()
