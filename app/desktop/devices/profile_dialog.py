# SPDX-License-Identifier: Apache-2.0
"""The editor of one scan profile: name, key, devices, and the values that it sets."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.desktop.devices.role_label import RoleLabel
from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from hardware.options import Value
from workers.scan_profiles import KEYS, ScanProfile, is_value


class ProfileDialog(QDialog):
    """Edits a profile; `profile` is what was made of it.

    Args:
        theme: Colours.
        profile: As it is, or as it is proposed.
        others: The other profiles, whose names are taken and whose keys can be taken over.
        devices: Models that it may be for; its own is always among them.
        chosen: Names of the values that are proposed; all when left out.
        parent: Window.
    """

    def __init__(
        self,
        theme: Theme,
        profile: ScanProfile,
        others: Sequence[ScanProfile],
        devices: Sequence[str],
        chosen: frozenset[str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._others = tuple(others)
        self.setWindowTitle(self.tr("Scan profile"))
        self.setMinimumSize(520, 480)
        self.name = QLineEdit(profile.name)
        self.key = QComboBox()
        self.device = QComboBox()
        self.values = QTableWidget(0, 2)
        self._note = RoleLabel(theme, role=Role.TROUBLE)
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        self._fill_keys(profile.key)
        self._fill_devices(profile.device, devices)
        self._fill_values(profile.values, chosen)
        self._build()
        self._check()

    def profile(self) -> ScanProfile | None:
        """The profile as it stands in the dialog; None while it cannot be one."""
        try:
            return ScanProfile(
                self.name.text().strip(),
                self._chosen_values(),
                self.device.currentData(),
                self.key.currentData(),
            )
        except ValueError:
            return None

    def _build(self) -> None:
        for widget in (self.name, self.key, self.device, *self._buttons.buttons()):
            widget.setMinimumHeight(36)
        form = QFormLayout()
        form.addRow(self.tr("&Name"), self.name)
        form.addRow(self.tr("&Key"), self.key)
        form.addRow(self.tr("&For"), self.device)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.values, 1)
        column.addWidget(self._note)
        column.addWidget(self._buttons)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self.name.textChanged.connect(self._check)
        self.key.currentIndexChanged.connect(self._check)
        self.device.currentIndexChanged.connect(self._check)
        self.values.itemChanged.connect(self._check)

    def _fill_keys(self, current: str) -> None:
        self.key.addItem(self.tr("no key"), "")
        for key in KEYS:
            self.key.addItem(key, key)
        self.key.setCurrentIndex(max(0, self.key.findData(current)))

    def _fill_devices(self, current: str, devices: Sequence[str]) -> None:
        self.device.addItem(self.tr("any scanner"), "")
        for device in dict.fromkeys(filter(None, (*devices, current))):
            self.device.addItem(device, device)
        self.device.setCurrentIndex(max(0, self.device.findData(current)))

    def _fill_values(self, values: Mapping[str, Value], chosen: frozenset[str] | None) -> None:
        self.values.setHorizontalHeaderLabels([self.tr("Option"), self.tr("Value")])
        self.values.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.values.verticalHeader().hide()
        self.values.verticalHeader().setDefaultSectionSize(32)
        self.values.setAccessibleName(self.tr("Options that the profile sets"))
        self.values.setTabKeyNavigation(False)
        self.values.setRowCount(len(values))
        for row, (name, value) in enumerate(values.items()):
            title = QTableWidgetItem(name)
            title.setFlags(
                Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable
            )
            taken = chosen is None or name in chosen
            title.setCheckState(Qt.CheckState.Checked if taken else Qt.CheckState.Unchecked)
            self.values.setItem(row, 0, title)
            self.values.setItem(row, 1, QTableWidgetItem(_written(value)))

    def _chosen_values(self) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for row in range(self.values.rowCount()):
            title, value = self.values.item(row, 0), self.values.item(row, 1)
            if title is not None and value is not None and title.checkState() is Qt.CheckState.Checked:
                values[title.text()] = _read(value.text())
        return values

    def _check(self) -> None:
        name, key = self.name.text().strip(), self.key.currentData()
        holder = next(
            (each for each in self._others if key and each.key == key and self._is_for_same(each)), None
        )
        can_be = True
        if not name:
            self._note.show_text(self.tr("Give the profile a name."), Role.TROUBLE)
            can_be = False
        elif any(each.name == name for each in self._others):
            self._note.show_text(self.tr("There is a profile of this name already."), Role.TROUBLE)
            can_be = False
        elif not self._chosen_values():
            self._note.show_text(self.tr("Choose at least one option."), Role.TROUBLE)
            can_be = False
        elif holder is not None:
            told = self.tr("{key} stands for “{name}” now. It will stand for this profile instead.")
            self._note.show_text(told.format(key=key, name=holder.name), Role.HELD)
        else:
            self._note.show_text("")
        self._buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(
            can_be and self.profile() is not None
        )

    def _is_for_same(self, other: ScanProfile) -> bool:
        device = self.device.currentData()
        return not device or not other.device or device == other.device


def _written(value: Value) -> str:
    """A value as it can be read again: text as it is, unless it looks like something else."""
    if isinstance(value, str) and _read(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False)


def _read(text: str) -> Value:
    try:
        value: Value = json.loads(text)
    except ValueError:
        return text
    return value if is_value(value) else text
