# SPDX-License-Identifier: Apache-2.0
"""The theme: light, dark or as the system has it, with large type where wished, switched while the desktop runs."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from app.desktop.theme.edges import EDGED, edged
from app.desktop.theme.icons import Inks, draw_icon
from app.desktop.theme.roles import Role, roles

Scheme = Literal["light", "dark", "system"]

LARGE = 1.5
"""How much larger large type is; the ordinary size of 9 to 11 points becomes legible from 1.5 m."""

_SCHEMES = {
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
    "system": Qt.ColorScheme.Unknown,
}


class Theme(QObject):
    """Colours by role, and icons in those colours.

    Args:
        application: Whose palette and font are set.
    """

    changed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._scheme: Scheme = "system"
        self._large_type = False
        self._more_contrast = wants_contrast(application)
        self._own_font = _own_font(application)
        self._icons: dict[tuple[str, Role], QIcon] = {}
        self._chose_contrast = False
        application.styleHints().colorSchemeChanged.connect(self._apply)
        accessibility = getattr(application.styleHints(), "accessibility", None)
        if accessibility is not None:
            accessibility().contrastPreferenceChanged.connect(self._follow_contrast)
        self._apply()

    @property
    def scheme(self) -> Scheme:
        """What was chosen."""
        return self._scheme

    @property
    def is_dark(self) -> bool:
        """Whether the colours are the dark ones now."""
        if self._scheme != "system":
            # not every platform that Qt runs on takes a wish for a scheme
            return self._scheme == "dark"
        return self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark

    def set_scheme(self, scheme: Scheme) -> None:
        """Choose light, dark, or what the system has."""
        self._scheme = scheme
        hints = self._application.styleHints()
        hints.colorSchemeChanged.disconnect(self._apply)
        hints.setColorScheme(_SCHEMES[scheme])
        hints.colorSchemeChanged.connect(self._apply)
        self._apply()

    def switch(self) -> None:
        """From light to dark, or from dark to light."""
        self.set_scheme("light" if self.is_dark else "dark")

    @property
    def large_type(self) -> bool:
        """Whether everything is written larger."""
        return self._large_type

    def set_large_type(self, large: bool) -> None:  # noqa: FBT001 (a switch of two states)
        """Write everything larger, or as large as the system does."""
        self._large_type = large
        font = QFont(self._own_font)
        if large:
            font.setPointSizeF(font.pointSizeF() * LARGE)
        self._application.setFont(font)
        for widget in self._application.allWidgets():
            # Qt itself tells only the application, and those whose font is wholly its own
            self._application.sendEvent(widget, QEvent(QEvent.Type.ApplicationFontChange))
        self.changed.emit()

    def switch_large_type(self) -> None:
        """From ordinary to large type, or back."""
        self.set_large_type(not self._large_type)

    @property
    def more_contrast(self) -> bool:
        """Whether the colours have more contrast than they must."""
        return self._more_contrast

    def set_more_contrast(self, more: bool) -> None:  # noqa: FBT001 (a switch of two states)
        """Choose the colours with more contrast, or the ordinary ones."""
        self._chose_contrast = True
        self._more_contrast = more
        self._apply()

    def _follow_contrast(self) -> None:
        """The system asks for more contrast, or no more; what was chosen here wins."""
        if not self._chose_contrast:
            self._more_contrast = wants_contrast(self._application)
            self._apply()

    def color(self, role: Role) -> QColor:
        """The colour of a role now."""
        return QColor(roles(dark=self.is_dark, more_contrast=self._more_contrast)[role])

    def icon(self, name: str, role: Role = Role.TEXT) -> QIcon:
        """An icon in the colour of a role.

        Raises:
            FileNotFoundError: There is no icon of that name.
        """
        if (name, role) not in self._icons:
            inks = Inks(self.color(role), self.color(Role.OUTLINE), self.color(Role.ON_ACCENT))
            self._icons[name, role] = draw_icon(name, inks)
        return self._icons[name, role]

    def _apply(self) -> None:
        self._icons.clear()
        palette = self._palette()
        self._application.setPalette(palette)
        edges = edged(palette, self.color(Role.OUTLINE), self.color(Role.WINDOW))
        for kind in EDGED:
            # its types say bytes, and it takes none
            self._application.setPalette(edges, kind)  # type: ignore[arg-type]
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
        self._shade(palette)
        for qt_role in (group.WindowText, group.Text, group.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, qt_role, self.color(Role.OUTLINE))
        return palette

    def _shade(self, palette: QPalette) -> None:
        """Fusion draws edges with these; made from the button's colour, they suit both themes."""
        button = self.color(Role.RAISED)
        for qt_role, shade in (
            (QPalette.ColorRole.Light, button.lighter(125 if self.is_dark else 108)),
            (QPalette.ColorRole.Midlight, button.lighter(110 if self.is_dark else 104)),
            (QPalette.ColorRole.Mid, button.darker(125)),
            (QPalette.ColorRole.Dark, button.darker(160)),
            (QPalette.ColorRole.Shadow, button.darker(260)),
        ):
            palette.setColor(qt_role, shade)


def wants_contrast(application: QApplication) -> bool:
    """Whether the system asks for more contrast; Qt tells it from 6.10 on, and where the platform knows."""
    accessibility = getattr(application.styleHints(), "accessibility", None)
    if accessibility is None:
        return False
    return bool(accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast)


def _own_font(application: QApplication) -> QFont:
    """The font before any theme enlarged it; themes of one application share it."""
    kept = application.property("own_font")
    if isinstance(kept, QFont):
        return kept
    font = QFont(application.font())
    application.setProperty("own_font", font)
    return font
