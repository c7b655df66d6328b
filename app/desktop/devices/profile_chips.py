# SPDX-License-Identifier: Apache-2.0
"""Scan profiles as a row of buttons, each with its key."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from app.desktop.devices.profile_book import ProfileBook
from app.desktop.theme.theme import Theme
from app.desktop.widgets.plain_words import on_button, plain_tip
from hardware.scanner import DeviceInfo

LONGEST_NAME = 24
"""Letters of a profile's name that are shown; the tooltip has the rest."""


class ProfileChips(QWidget):
    """One button a profile that fits the device.

    Args:
        book: The profiles.
        theme: Icons.
    """

    chosen = Signal(object)
    """The operator wants this ScanProfile."""

    def __init__(self, book: ProfileBook, theme: Theme) -> None:
        super().__init__()
        self._book = book
        self._theme = theme
        self._device: DeviceInfo | None = None
        self._current = ""
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self._row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        book.changed.connect(self._show)
        theme.changed.connect(self._show)
        self._show()

    @property
    def buttons(self) -> tuple[QToolButton, ...]:
        """The buttons in the order of the profiles."""
        found = (self._row.itemAt(place) for place in range(self._row.count()))
        widgets = [item.widget() for item in found if item is not None]
        return tuple(widget for widget in widgets if isinstance(widget, QToolButton))

    def show_device(self, device: DeviceInfo | None) -> None:
        """Show the profiles that fit a device."""
        if device != self._device:
            self._device, self._current = device, ""
            self._show()

    def mark(self, name: str) -> None:
        """Mark the profile that was applied last; "" for none."""
        self._current = name
        for button in self.buttons:
            button.setChecked(button.objectName() == name)

    def _show(self) -> None:
        for button in self.buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        for place, profile in enumerate(self._book.profiles(self._device)):
            button = QToolButton()
            button.setObjectName(profile.name)
            short = (
                profile.name if len(profile.name) <= LONGEST_NAME else f"{profile.name[: LONGEST_NAME - 1]}…"
            )
            button.setText(on_button(f"{profile.key}  {short}".strip()))
            button.setIcon(self._theme.icon("profile"))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setToolTip(plain_tip(profile.name))
            button.setAccessibleName(self.tr("Scan profile {name}").format(name=profile.name))
            button.setCheckable(True)
            button.setChecked(profile.name == self._current)
            button.setMinimumHeight(32)
            button.clicked.connect(partial(self._choose, profile.name))
            self._row.insertWidget(place, button)
        self.setVisible(bool(self.buttons))

    def _choose(self, name: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002  # as Qt calls it
        profile = self._book.profile(name)
        # what is marked is what was applied, not what was clicked
        self.mark(self._current)
        if profile is not None:
            self.chosen.emit(profile)
