# SPDX-License-Identifier: Apache-2.0
"""The actions with their keys as a table, of which the keys can be changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QFont

from app.desktop.actions.book import ActionBook
from app.desktop.actions.record import ActionRecord
from app.desktop.actions.titles import key_text, section_title

Index = QModelIndex | QPersistentModelIndex

SCREEN, ACTION, KEY = range(3)


class KeyModel(QAbstractTableModel):
    """A row for each action: where it works, what it does, its key.

    Args:
        book: All actions.
        parent: Owner.
    """

    def __init__(self, book: ActionBook, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._book = book
        self._all = sorted(book.records, key=lambda record: section_title(record.section))
        self.records: list[ActionRecord] = list(self._all)
        book.keys_changed.connect(self._keys_changed)

    def show_found(self, words: Sequence[str]) -> int:
        """Keep the rows that have all the words; all rows where there are none."""
        self.beginResetModel()
        self.records = [record for record in self._all if self._has(record, words)]
        self.endResetModel()
        return len(self.records)

    def _has(self, record: ActionRecord, words: Sequence[str]) -> bool:
        text = f"{self._title(record)}\n{section_title(record.section)}\n{key_text(self._book, record.id)}"
        return all(word in text.casefold() for word in words)

    def _title(self, record: ActionRecord) -> str:
        return QCoreApplication.translate(record.context, record.title)

    def row_of(self, action_id: str) -> int:
        """The row of an action; -1 when it is not shown."""
        return next((row for row, record in enumerate(self.records) if record.id == action_id), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        """How many actions are shown."""
        return 0 if parent.isValid() else len(self.records)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        """Screen, action, key."""
        return 0 if parent.isValid() else 3

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts; what was changed stands in bold."""
        if not index.isValid():
            return None
        record = self.records[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            if index.column() == SCREEN:
                return section_title(record.section)
            return self._title(record) if index.column() == ACTION else key_text(self._book, record.id)
        if role == Qt.ItemDataRole.FontRole and index.column() == KEY and self.is_changed(record.id):
            font = QFont()
            font.setBold(True)
            return font
        return None

    def is_changed(self, action_id: str) -> bool:
        """Whether an action has another key than the ordinary one."""
        key = self._book.action(action_id).shortcut().toString()
        return key != self._book.record(action_id).key

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' names."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("Screen"), self.tr("Action"), self.tr("Key"))[section]
        return None

    def _keys_changed(self) -> None:
        if self.records:
            self.dataChanged.emit(self.index(0, KEY), self.index(len(self.records) - 1, KEY))
