# SPDX-License-Identifier: Apache-2.0
"""Buttons that are made from an action: its words, its icon, its key, and large enough for gloves."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QKeySequence, QPalette
from PySide6.QtWidgets import QPushButton

from app.desktop.theme.roles import Role
from app.desktop.workplace import Workplace

HEIGHT = 34
PRIMARY_HEIGHT = 42
PADDING = 14


class ActionButton(QPushButton):
    """A button that does what an action does, and can be pressed when the action can.

    Args:
        workplace: Actions and theme.
        action_id: Which action.
        primary: Whether it is the one to press next, in the accent colour.
        icon_only: Whether its words are only spoken and shown as a tooltip.
    """

    def __init__(
        self, workplace: Workplace, action_id: str, *, primary: bool = False, icon_only: bool = False
    ) -> None:
        super().__init__()
        self._theme = workplace.theme
        self._action = workplace.actions.action(action_id)
        self._icon = workplace.actions.record(action_id).icon
        self._primary = primary
        self._icon_only = icon_only
        self.setIconSize(QSize(18, 18))
        self.setMinimumHeight(PRIMARY_HEIGHT if primary else HEIGHT)
        self.setAutoDefault(False)
        self.clicked.connect(self._action.trigger)
        self._action.changed.connect(self._follow)
        self._theme.changed.connect(self._paint)
        self._follow()
        self._paint()

    def sizeHint(self) -> QSize:
        """Room around the words."""
        hint = super().sizeHint()
        return hint if self._icon_only else hint + QSize(PADDING, 0)

    def _follow(self) -> None:
        words = self._action.text().replace("&", "")
        keys = self._action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        self.setText("" if self._icon_only else words)
        self.setAccessibleName(words)
        self.setToolTip(f"{words} ({keys})" if keys else words)
        if self.isEnabled() != self._action.isEnabled():
            self.setEnabled(self._action.isEnabled())
            self._paint()

    def _paint(self) -> None:
        filled = self._primary and self.isEnabled()
        palette = QPalette()
        if filled:
            palette.setColor(QPalette.ColorRole.Button, self._theme.color(Role.ACCENT))
            palette.setColor(QPalette.ColorRole.ButtonText, self._theme.color(Role.ON_ACCENT))
        self.setPalette(palette)
        role = Role.ON_ACCENT if filled else Role.TEXT
        self.setIcon(self._theme.icon(self._icon, role) if self._icon else QIcon())
