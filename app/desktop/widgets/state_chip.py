# SPDX-License-Identifier: Apache-2.0
"""A state as people see it: always a colour, an icon and a word together."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme

ICON_PIXELS = 16


class StateChip(QWidget):
    """A word with its icon, both in the colour of a role.

    Args:
        theme: Colours and icons.
        word: The state in the operator's words, translated.
        role: Its colour.
        icon: Name of its icon.
    """

    def __init__(self, theme: Theme, word: str = "", role: Role = Role.WAITING, icon: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._role = role
        self._icon = icon
        self._picture = QLabel()
        self._word = QLabel(word)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._picture)
        row.addWidget(self._word)
        row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._paint)
        self._paint()

    @property
    def word(self) -> str:
        """The word that is shown."""
        return self._word.text()

    def show_state(self, word: str, role: Role, icon: str = "") -> None:
        """Show another state."""
        self._role, self._icon = role, icon
        self._word.setText(word)
        self._paint()

    def _paint(self) -> None:
        palette = self._word.palette()
        palette.setColor(QPalette.ColorRole.WindowText, self._theme.color(self._role))
        self._word.setPalette(palette)
        self._picture.setVisible(bool(self._icon))
        if self._icon:
            self._picture.setPixmap(
                self._theme.icon(self._icon, self._role).pixmap(
                    QSize(ICON_PIXELS, ICON_PIXELS), self.devicePixelRatio()
                )
            )
        self.setAccessibleName(self._word.text())
