# SPDX-License-Identifier: Apache-2.0
"""The theme: light, dark or as the system has it, switched while the desktop runs."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from app.desktop.theme.icons import draw_icon
from app.desktop.theme.roles import DARK, LIGHT, Role

Scheme = Literal["light", "dark", "system"]


class Theme(QObject):
    """Colours by role, and icons in those colours.

    Args:
        application: Whose palette is set.
    """

    changed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._scheme: Scheme = "system"
        self._icons: dict[tuple[str, Role], QIcon] = {}
        application.styleHints().colorSchemeChanged.connect(self._apply)
        self._apply()

    @property
    def scheme(self) -> Scheme:
        """What was chosen."""
        return self._scheme

    @property
    def is_dark(self) -> bool:
        """Whether the colours are the dark ones now."""
        return self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark

    def set_scheme(self, scheme: Scheme) -> None:
        """Choose light, dark, or what the system has."""
        self._scheme = scheme
        wanted = {
            "light": Qt.ColorScheme.Light,
            "dark": Qt.ColorScheme.Dark,
            "system": Qt.ColorScheme.Unknown,
        }[scheme]
        self._application.styleHints().setColorScheme(wanted)
        self._apply()

    def color(self, role: Role) -> QColor:
        """The colour of a role now."""
        return QColor((DARK if self.is_dark else LIGHT)[role])

    def icon(self, name: str, role: Role = Role.TEXT) -> QIcon:
        """An icon in the colour of a role.

        Raises:
            FileNotFoundError: There is no icon of that name.
        """
        if (name, role) not in self._icons:
            self._icons[name, role] = draw_icon(name, self.color(role), self.color(Role.OUTLINE))
        return self._icons[name, role]

    def _apply(self) -> None:
        self._icons.clear()
        self._application.setPalette(self._palette())
        self.changed.emit()

    def _palette(self) -> QPalette:
        palette = QPalette()
        group = QPalette.ColorRole
        for qt_role, role in (
            (group.Window, Role.WINDOW),
            (group.WindowText, Role.TEXT),
            (group.Base, Role.SURFACE),
            (group.AlternateBase, Role.WINDOW),
            (group.Text, Role.TEXT),
            (group.Button, Role.RAISED),
            (group.ButtonText, Role.TEXT),
            (group.BrightText, Role.TROUBLE),
            (group.ToolTipBase, Role.SURFACE),
            (group.ToolTipText, Role.TEXT),
            (group.PlaceholderText, Role.MUTED),
            (group.Highlight, Role.ACCENT),
            (group.HighlightedText, Role.ON_ACCENT),
            (group.Accent, Role.ACCENT),
            (group.Link, Role.ACCENT),
            (group.LinkVisited, Role.ACCENT),
        ):
            palette.setColor(qt_role, self.color(role))
        for qt_role in (group.WindowText, group.Text, group.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, qt_role, self.color(Role.OUTLINE))
        return palette
