# SPDX-License-Identifier: Apache-2.0
"""Text in the colour of a role that follows the theme."""

from __future__ import annotations

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel

from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme


class RoleLabel(QLabel):
    """Wrapped text in one colour; muted, where no role is named.

    Args:
        theme: Colours.
        text: The text, translated.
        role: Its colour.
    """

    def __init__(self, theme: Theme, text: str = "", role: Role = Role.MUTED) -> None:
        super().__init__(text)
        self._theme = theme
        self._role = role
        self.setWordWrap(True)
        theme.changed.connect(self._paint)
        self._paint()

    def show_text(self, text: str, role: Role | None = None) -> None:
        """Show another text; an empty one takes no room."""
        self._role = role or self._role
        self.setText(text)
        self.setVisible(bool(text))
        self._paint()

    def _paint(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, self._theme.color(self._role))
        self.setPalette(palette)
