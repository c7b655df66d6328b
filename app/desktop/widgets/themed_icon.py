# SPDX-License-Identifier: Apache-2.0
"""An icon on a button that follows the theme when it is switched."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractButton

from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme


class ThemedIcon(QObject):
    """Gives a button its icon, and gives it anew in the colours of another theme; goes with the button.

    Args:
        button: The button; it owns this.
        theme: Colours and icons.
        name: Name of the icon.
        role: Its colour.
    """

    def __init__(self, button: QAbstractButton, theme: Theme, name: str, role: Role = Role.TEXT) -> None:
        super().__init__(button)
        self._button = button
        self._theme = theme
        self._name = name
        self._role = role
        theme.changed.connect(self._draw)
        self._draw()

    def show_icon(self, name: str) -> None:
        """Show another icon."""
        self._name = name
        self._draw()

    def _draw(self) -> None:
        self._button.setIcon(self._theme.icon(self._name, self._role))
