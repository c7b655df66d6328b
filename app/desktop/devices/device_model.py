# SPDX-License-Identifier: Apache-2.0
"""The devices of the station as a list for views and choosers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.desktop.devices.device_record import DeviceRecord
from app.desktop.devices.device_words import device_title

RECORD = Qt.ItemDataRole.UserRole
"""The DeviceRecord."""
DEVICE_ID = RECORD + 1

_ROOT = QModelIndex()


class DeviceModel(QAbstractListModel):
    """One row a device, in the order in which they were found. Text is the name and the state's word.

    Args:
        parent: Owner.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._records: list[DeviceRecord] = []

    @property
    def records(self) -> tuple[DeviceRecord, ...]:
        """All devices."""
        return tuple(self._records)

    def record(self, device_id: str) -> DeviceRecord | None:
        """The device of that id."""
        return next((record for record in self._records if record.id == device_id), None)

    def put(self, record: DeviceRecord) -> None:
        """Show a device: a new one at the end, a known one in its place."""
        for row, known in enumerate(self._records):
            if known.id == record.id:
                self._replace(row, replace(record, twin=known.twin))
                return
        row = len(self._records)
        self.beginInsertRows(QModelIndex(), row, row)
        self._records.append(record)
        self.endInsertRows()
        self._tell_twins_apart()

    def _replace(self, row: int, record: DeviceRecord) -> None:
        if self._records[row] != record:
            self._records[row] = record
            index = self.index(row)
            self.dataChanged.emit(index, index)

    def _tell_twins_apart(self) -> None:
        names = Counter(device_title(record.info) for record in self._records)
        for row, record in enumerate(self._records):
            self._replace(row, replace(record, twin=names[device_title(record.info)] > 1))

    def remove(self, device_ids: Sequence[str]) -> None:
        """Show some devices no more."""
        for device_id in device_ids:
            row = next((row for row, known in enumerate(self._records) if known.id == device_id), None)
            if row is not None:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._records[row]
                self.endRemoveRows()
        self._tell_twins_apart()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        """How many devices there are."""
        return 0 if parent.isValid() else len(self._records)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """What a view asks of a device."""
        if not index.isValid() or not 0 <= index.row() < len(self._records):
            return None
        record = self._records[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return f"{record.title}: {record.word.text()}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return record.id
        if role == RECORD:
            return record
        return record.id if role == DEVICE_ID else None
