# SPDX-License-Identifier: Apache-2.0
"""Simulated scanners and watched folders: which there are, one more, one less."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.desktop.language.marking import QT_TRANSLATE_NOOP
from app.desktop.operation import OperationContext
from app.desktop.preferences.block import Block, IconButton, Note, make_high_enough
from app.desktop.preferences.refusal import failure_text
from app.desktop.preferences.saving import LANE, Failure, SettingsSaving
from app.desktop.theme.roles import Role
from app.desktop.widgets.elided_label import ElidedLabel
from app.desktop.widgets.state_chip import StateChip
from app.desktop.workplace import Workplace
from workers.settings import Settings
from workers.settings_file import add_hot_folder, add_simulated_device, remove_device
from workers.settings_overrides import overriding_variable

KINDS: dict[str, str] = {
    "flatbed": QT_TRANSLATE_NOOP("settings", "Flatbed"),
    "feeder": QT_TRANSLATE_NOOP("settings", "Feeder"),
    "duplex": QT_TRANSLATE_NOOP("settings", "Feeder, both sides"),
    "book": QT_TRANSLATE_NOOP("settings", "Book scanner"),
    "film": QT_TRANSLATE_NOOP("settings", "Film scanner"),
}


def kind_title(kind: str) -> str:
    """What a kind of simulated scanner is called."""
    return QCoreApplication.translate("settings", KINDS[kind]) if kind in KINDS else kind


class OwnDevices(Block):
    """What the settings themselves make devices of; a common part for simulated scanners and folders.

    Args:
        workplace: Operations and theme.
        saving: Whose settings these are.
        table: "simulated" or "folders".
        title: The block's name, translated.
        text: What they are, translated.
    """

    def __init__(
        self, workplace: Workplace, saving: SettingsSaving, table: str, title: str, text: str
    ) -> None:
        super().__init__(workplace.theme, title, text)
        self.workplace = workplace
        self.saving = saving
        self.table = table
        self.names: tuple[str, ...] = ()
        self._lines: list[QWidget] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        self.column.addLayout(self._list)
        self.form = QGridLayout()
        self.form.setHorizontalSpacing(8)
        self.column.addLayout(self.form)
        self.problem = Note(workplace.theme, "", Role.TROUBLE)
        self.problem.hide()
        self.column.addWidget(self.problem)
        variable = overriding_variable(("devices", table))
        self.is_locked = variable is not None
        if variable is not None:
            words = self.tr("Locked: {variable} decides").format(variable=variable)
            self.column.addWidget(StateChip(workplace.theme, words, Role.WAITING, "lock"))
        saving.saved.connect(self.refresh)

    def describe(self, device: Any) -> str:
        """A device in a line."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Show the devices that the settings have now."""
        devices = getattr(self.saving.settings.devices, self.table)
        for line in self._lines:
            self._list.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.names = tuple(device.name for device in devices)
        self._lines = [self._line(device) for device in devices]
        for line in self._lines:
            self._list.addWidget(line)

    def _line(self, device: Any) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(ElidedLabel(self.describe(device)), 1)
        remove = QPushButton(self.tr("Remove"))
        remove.setAccessibleName(self.tr("Remove {device}").format(device=device.name))
        remove.setEnabled(not self.is_locked)
        remove.clicked.connect(lambda _checked=False, name=device.name: self.remove(name))
        make_high_enough(remove)
        row.addWidget(remove)
        return line

    def remove(self, name: str) -> None:
        """Take a device out of the settings."""
        self._run(self.tr("Remove the device"), partial(remove_device, self.table, name))

    def add(self, work: Callable[[], Settings]) -> None:
        """Add a device by this work."""
        self._run(self.tr("Add a device"), work)

    def _run(self, title: str, work: Callable[[], Settings]) -> None:
        self.problem.hide()

        def save(_context: OperationContext) -> Settings:
            return work()

        self.workplace.operations.run(
            title, save, lane=LANE, on_success=self.saving.take_over, on_failure=self._refuse
        )

    def _refuse(self, failure: Failure) -> None:
        self.problem.setText(failure_text(failure))
        self.problem.show()

    def show_found(self, words: Sequence[str]) -> bool:
        """Show the block if all words are in it or in its devices."""
        own = self.search_text
        self.search_text = f"{own}\n{' '.join(self.names)}".casefold()
        found = super().show_found(words)
        self.search_text = own
        return found


class SimulatedBlock(OwnDevices):
    """Simulated scanners.

    Args:
        workplace: Operations and theme.
        saving: Whose settings these are.
    """

    def __init__(self, workplace: Workplace, saving: SettingsSaving) -> None:
        super().__init__(
            workplace,
            saving,
            "simulated",
            self.tr("Simulated scanners"),
            self.tr("For practice and trials. Their pages are marked as simulated wherever they go."),
        )
        self.name = QLineEdit()
        self.name.setPlaceholderText(self.tr("Name of another one"))
        self.name.setAccessibleName(self.tr("Name of the simulated scanner"))
        self.kind = QComboBox()
        self.kind.setAccessibleName(self.tr("Kind of the simulated scanner"))
        for kind in KINDS:
            self.kind.addItem(kind_title(kind), kind)
        self.sheets = QSpinBox()
        self.sheets.setRange(0, 5000)
        self.sheets.setSpecialValueText(self.tr("any number of sheets"))
        self.sheets.setSuffix(self.tr(" sheets"))
        self.sheets.setAccessibleName(self.tr("Sheets in its feeder"))
        self.sheets.lineEdit().setAccessibleName(self.tr("Sheets in its feeder"))
        self.button = IconButton(workplace.theme, "add", self.tr("Add"))
        self.button.setAccessibleName(self.tr("Add a simulated scanner"))
        self.button.clicked.connect(self._add)
        self.name.returnPressed.connect(self._add)
        for place, control in enumerate((self.name, self.kind, self.sheets, self.button)):
            make_high_enough(control)
            control.setEnabled(not self.is_locked)
            self.form.addWidget(control, 0, place)
        self.form.setColumnStretch(0, 1)
        self.refresh()

    def describe(self, device: Any) -> str:
        """A simulated scanner in a line."""
        return f"{device.name}  ·  {kind_title(device.kind)}"

    def _add(self) -> None:
        entry = {
            "name": self.name.text().strip(),
            "kind": self.kind.currentData(),
            "sheets": self.sheets.value() or None,
        }
        if not entry["name"]:
            self.problem.setText(self.tr("A simulated scanner needs a name."))
            self.problem.show()
            return
        self.name.clear()
        self.add(partial(add_simulated_device, entry))


class FoldersBlock(OwnDevices):
    """Folders that other capture software writes into.

    Args:
        workplace: Operations and theme.
        saving: Whose settings these are.
    """

    def __init__(self, workplace: Workplace, saving: SettingsSaving) -> None:
        super().__init__(
            workplace,
            saving,
            "folders",
            self.tr("Watched folders"),
            self.tr("Folders that other capture software writes page images into."),
        )
        self.name = QLineEdit()
        self.name.setPlaceholderText(self.tr("Name of another one"))
        self.name.setAccessibleName(self.tr("Name of the watched folder"))
        self.button = IconButton(workplace.theme, "folder", self.tr("Choose a folder…"))
        self.button.clicked.connect(self._add)
        for place, control in enumerate((self.name, self.button)):
            make_high_enough(control)
            control.setEnabled(not self.is_locked)
            self.form.addWidget(control, 0, place)
        self.form.setColumnStretch(0, 1)
        self.refresh()

    def describe(self, device: Any) -> str:
        """A watched folder in a line."""
        return f"{device.name}  ·  {device.folder}"

    def _add(self) -> None:
        if not self.name.text().strip():
            self.problem.setText(self.tr("A watched folder needs a name."))
            self.problem.show()
            return
        folder = self.ask_for_folder(self)
        if folder:
            entry = {"name": self.name.text().strip(), "folder": folder}
            self.name.clear()
            self.add(partial(add_hot_folder, entry))

    @classmethod
    def ask_for_folder(cls, parent: QWidget) -> str:
        """Ask for the folder; "" when the operator thinks better of it."""
        return QFileDialog.getExistingDirectory(parent)
