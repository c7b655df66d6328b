# SPDX-License-Identifier: Apache-2.0
"""All scan profiles: change, key, remove; new ones are made from a device's options."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.desktop.devices.profile_book import ProfileBook
from app.desktop.devices.profile_dialog import ProfileDialog
from app.desktop.devices.role_label import RoleLabel
from app.desktop.theme.theme import Theme
from app.desktop.widgets.themed_icon import ThemedIcon
from workers.scan_profiles import ScanProfile

Ask = Callable[[ProfileDialog], bool]


def ask(dialog: ProfileDialog) -> bool:
    """Show the dialog, and tell whether it is to be saved."""
    return dialog.exec() == QDialog.DialogCode.Accepted


class ProfilesDialog(QDialog):
    """The list of profiles.

    Args:
        book: The profiles.
        theme: Colours and icons.
        devices: Models of the devices that are there.
        parent: Window.
        show: Shows the editor and tells whether to save; tests answer in its place.
    """

    def __init__(
        self,
        book: ProfileBook,
        theme: Theme,
        devices: Sequence[str],
        parent: QWidget | None = None,
        show: Ask = ask,
    ) -> None:
        super().__init__(parent)
        self._book = book
        self._theme = theme
        self._devices = tuple(devices)
        self._ask = show
        self.setWindowTitle(self.tr("Scan profiles"))
        self.setMinimumSize(600, 400)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Scan profiles"))
        self.edit = QPushButton(self.tr("Change"))
        self.remove = QPushButton(self.tr("Remove"))
        ThemedIcon(self.edit, theme, "edit")
        ThemedIcon(self.remove, theme, "remove")
        self._empty = RoleLabel(
            theme,
            self.tr(
                "There is no scan profile yet. Open the technical details of a scanner, set it as you need it, "
                "and keep that as a profile. In the capture workspace its key sets the scanner at once."
            ),
        )
        self._build()
        book.changed.connect(self._show)
        self._show()

    def _build(self) -> None:
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        for button in (self.edit, self.remove, *close.buttons()):
            button.setMinimumHeight(36)
        buttons = QHBoxLayout()
        buttons.addWidget(self.edit)
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        close.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self._empty)
        column.addWidget(self.list, 1)
        column.addLayout(buttons)
        column.addWidget(close)
        self.edit.clicked.connect(self.edit_current)
        self.remove.clicked.connect(self._remove)
        self.list.itemActivated.connect(lambda _: self.edit_current())
        self.list.currentItemChanged.connect(lambda *_: self._enable())

    @property
    def current(self) -> ScanProfile | None:
        """The profile that is chosen."""
        item = self.list.currentItem()
        return self._book.profile(item.data(Qt.ItemDataRole.UserRole)) if item is not None else None

    def _show(self) -> None:
        before = self.current
        self.list.clear()
        for profile in self._book.profiles():
            key = profile.key or "–"  # noqa: RUF001  # what stands where no key is
            device = profile.device or self.tr("any scanner")
            item = QListWidgetItem(f"{key}   {profile.name}   ({device})")
            item.setData(Qt.ItemDataRole.UserRole, profile.name)
            self.list.addItem(item)
            if before is not None and profile.name == before.name:
                self.list.setCurrentItem(item)
        if self.list.currentItem() is None:
            self.list.setCurrentRow(0)
        self._empty.setVisible(self.list.count() == 0)
        self._enable()

    def _enable(self) -> None:
        for button in (self.edit, self.remove):
            button.setEnabled(self.current is not None)

    def edit_current(self) -> None:
        """Change the profile that is chosen."""
        profile = self.current
        if profile is None:
            return
        others = [each for each in self._book.profiles() if each.name != profile.name]
        dialog = ProfileDialog(self._theme, profile, others, self._devices, parent=self)
        if self._ask(dialog) and (changed := dialog.profile()) is not None:
            self._book.save(changed, instead_of=profile.name)
        dialog.deleteLater()

    def _remove(self) -> None:
        if (profile := self.current) is not None:
            self._book.remove(profile.name)
