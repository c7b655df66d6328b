# SPDX-License-Identifier: Apache-2.0
"""The dialog that chooses the batch to capture."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.desktop.capture.agenda import BatchName


class BatchDialog(QDialog):
    """Lists all batches, the newest first.

    Args:
        batches: The batches; at least one.
        parent: Above which it stands.
    """

    def __init__(self, batches: Sequence[BatchName], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Choose a batch"))
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Batches"))
        for batch, to_do, items in batches:
            words = self.tr("{batch}: %n item(s) to capture of {items}", "", to_do)
            entry = QListWidgetItem(words.format(batch=batch, items=items))
            entry.setData(Qt.ItemDataRole.UserRole, batch)
            self.list.addItem(entry)
        self.list.setCurrentRow(0)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        choose = buttons.addButton(self.tr("Capture this batch"), QDialogButtonBox.ButtonRole.AcceptRole)
        choose.setDefault(True)
        for button in buttons.buttons():
            button.setMinimumHeight(32)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.list.itemActivated.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.addWidget(self.list)
        column.addWidget(buttons)
        self.setMinimumSize(440, 320)

    @property
    def chosen(self) -> str:
        """Id of the batch that is marked."""
        entry = self.list.currentItem()
        return str(entry.data(Qt.ItemDataRole.UserRole)) if entry is not None else ""

    @classmethod
    def ask(cls, batches: Sequence[BatchName], parent: QWidget | None = None) -> str:
        """Ask which batch; "" when the operator thinks better of it."""
        dialog = cls(batches, parent)
        try:
            return dialog.chosen if dialog.exec() == QDialog.DialogCode.Accepted else ""
        finally:
            dialog.deleteLater()
