# SPDX-License-Identifier: Apache-2.0
"""A folder, and at once whether it can be written to and how much room it has."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.desktop.operation import OperationContext
from app.desktop.preferences.block import IconButton, Note, make_high_enough
from app.desktop.preferences.saving import Failure
from app.desktop.theme.roles import Role
from app.desktop.widgets.state_chip import StateChip
from app.desktop.workplace import Workplace
from workers.folder_check import FolderCheck, check_folder

GIGABYTE = 1e9


class FolderChoice(QWidget):
    """A folder with its check.

    Args:
        workplace: Operations and theme.
        title: What goes there, translated.
        text: A sentence about it, translated.
        folder: What is proposed.
    """

    checked = Signal()

    def __init__(self, workplace: Workplace, title: str, text: str, folder: Path) -> None:
        super().__init__()
        self._workplace = workplace
        self.check: FolderCheck | None = None
        self._asked = ""
        self.line = QLineEdit(str(folder))
        self.line.setAccessibleName(title)
        self.line.editingFinished.connect(self.look)
        make_high_enough(self.line)
        self.browse = IconButton(workplace.theme, "folder", self.tr("Choose…"))
        self.browse.setAccessibleName(self.tr("Choose: {folder}").format(folder=title))
        self.browse.clicked.connect(self._ask)
        self.state = StateChip(workplace.theme)
        label = QLabel(title)
        font = label.font()
        font.setBold(True)
        label.setFont(font)
        label.setBuddy(self.line)
        row = QHBoxLayout()
        row.addWidget(self.line, 1)
        row.addWidget(self.browse)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(label)
        column.addWidget(Note(workplace.theme, text))
        column.addLayout(row)
        column.addWidget(self.state)

    @property
    def folder(self) -> Path:
        """What is chosen, its whole path; `Path()` where the line is empty."""
        text = self.line.text().strip()
        return Path(text).expanduser().absolute() if text else Path()

    def look(self) -> None:
        """Look at the folder that is written there now."""
        text = self.line.text().strip()
        if not text or text == self._asked:
            return
        self._asked, folder = text, self.folder

        def work(_context: OperationContext) -> FolderCheck:
            return check_folder(folder)

        self._workplace.operations.run(
            self.tr("Look at the folder"), work, on_success=self._show, on_failure=self._fail
        )

    def _show(self, check: FolderCheck) -> None:
        self.check = check
        free = QLocale().toString(check.free / GIGABYTE, "f", 1)
        if not check.can_write:
            self.state.show_state(self.tr("You may not write there"), Role.TROUBLE, "trouble")
        elif not check.is_good:
            self.state.show_state(
                self.tr("Nearly full: {free} GB free").format(free=free), Role.TROUBLE, "trouble"
            )
        elif not check.is_roomy:
            self.state.show_state(self.tr("Little room: {free} GB free").format(free=free), Role.HELD, "disk")
        else:
            self.state.show_state(self.tr("{free} GB free").format(free=free), Role.READY, "done")
        self.checked.emit()

    def _fail(self, failure: Failure) -> None:
        self.state.show_state(str(failure["message"]), Role.TROUBLE, "trouble")

    def _ask(self) -> None:
        folder = self.ask_for_folder(self, self.line.text())
        if folder:
            self.line.setText(folder)
            self.look()

    @classmethod
    def ask_for_folder(cls, parent: QWidget, begin: str) -> str:
        """Ask for a folder; "" when the operator thinks better of it."""
        return QFileDialog.getExistingDirectory(parent, "", begin)
