# SPDX-License-Identifier: Apache-2.0
"""The board's table: items by stages, from readings of the ledger; only what changed is painted again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.desktop.board.cell_look import CellLook, look_of_cell, look_of_item
from app.desktop.board.progress import ShownProgress
from app.desktop.board.words import STAGE_TELLS, say, stage_title
from app.desktop.language.marking import QT_TRANSLATE_NOOP
from archive.registry.board import BoardItem, BoardReading
from archive.registry.stages import Stage
from archive.registry.states import State

LOOK_ROLE = Qt.ItemDataRole.UserRole + 1
"""The `CellLook` of a cell."""
ITEM_ROLE = Qt.ItemDataRole.UserRole + 2
"""The `BoardItem` of a row."""
SORT_ROLE = Qt.ItemDataRole.UserRole + 3

ITEM_COLUMN, STATE_COLUMN, PAGES_COLUMN, FIRST_STAGE = range(4)
STAGES: tuple[Stage, ...] = tuple(Stage)
_HEADERS = (
    QT_TRANSLATE_NOOP("board", "Item"),
    QT_TRANSLATE_NOOP("board", "State"),
    QT_TRANSLATE_NOOP("board", "Pages"),
)
_URGENCY = (State.FAILED, State.HELD, State.RUNNING, State.QUEUED, State.WAITING, State.CANCELLED, State.DONE)
"""How items are sorted by state: what needs a person comes first."""

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


class BoardModel(QAbstractTableModel):
    """Rows are items; columns are item, state, pages and the nine stages.

    Args:
        parent: Owner.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: list[BoardItem] = []
        self._rows: dict[int, int] = {}
        self._bars: dict[tuple[int, Stage], ShownProgress] = {}

    @property
    def items(self) -> Sequence[BoardItem]:
        """All rows in the manifest's order."""
        return self._items

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """Number of items."""
        return 0 if parent.isValid() else len(self._items)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        """Item, state, pages, stages."""
        return 0 if parent.isValid() else FIRST_STAGE + len(STAGES)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Titles of columns, and what happens in a stage."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < self.columnCount():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return say(_HEADERS[section]) if section < FIRST_STAGE else stage_title(stage_of(section))
        if role == Qt.ItemDataRole.ToolTipRole and section >= FIRST_STAGE:
            return say(STAGE_TELLS[stage_of(section)])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows, says and sorts by."""
        if not index.isValid() or index.row() >= len(self._items):
            return None
        item, column = self._items[index.row()], index.column()
        if role == ITEM_ROLE:
            return item
        if role == SORT_ROLE:
            return _sort_key(item, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignVCenter) if column == ITEM_COLUMN else None
        if column in {ITEM_COLUMN, PAGES_COLUMN}:
            return _plain(item, column, role)
        return self._marked(item, column, role)

    def _marked(self, item: BoardItem, column: int, role: int) -> Any:
        if role not in {
            LOOK_ROLE,
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.ToolTipRole,
            Qt.ItemDataRole.AccessibleTextRole,
        }:
            return None
        look = self._look(item, column)
        if role == LOOK_ROLE:
            return look
        if role == Qt.ItemDataRole.DisplayRole:
            return look.mark.text
        title = say(_HEADERS[STATE_COLUMN]) if column == STATE_COLUMN else stage_title(stage_of(column))
        return f"{item.name}, {title}: {look.spoken}"

    def _look(self, item: BoardItem, column: int) -> CellLook:
        if column == STATE_COLUMN:
            return look_of_item(item)
        stage = stage_of(column)
        bar = self._bars.setdefault((item.key, stage), ShownProgress())
        return look_of_cell(item, stage, bar.show(item.cell(stage)))

    def show(self, reading: BoardReading) -> None:
        """Take in what was read of the batch."""
        if reading.whole and [item.key for item in reading.items] != [item.key for item in self._items]:
            self.beginResetModel()
            self._items = list(reading.items)
            self._rows = {item.key: row for row, item in enumerate(self._items)}
            self._bars.clear()
            self.endResetModel()
            return
        for item in reading.items:
            row = self._rows.get(item.key)
            if row is not None:
                self._replace(row, item)

    def _replace(self, row: int, item: BoardItem) -> None:
        before = self._items[row]
        self._items[row] = item
        if before != item:
            columns = _changed_columns(before, item)
        else:
            # the same facts, but time has passed
            columns = [FIRST_STAGE + place for place, cell in enumerate(item.cells) if cell.running_units]
        if columns:
            self.dataChanged.emit(self.index(row, min(columns)), self.index(row, max(columns)))

    def clear(self) -> None:
        """Show nothing."""
        self.beginResetModel()
        self._items, self._rows = [], {}
        self._bars.clear()
        self.endResetModel()

    def row_of(self, name: str) -> int | None:
        """The row of an item by its id."""
        return next((row for row, item in enumerate(self._items) if item.name == name), None)


def stage_of(column: int) -> Stage:
    """The stage of a column at or right of FIRST_STAGE."""
    return STAGES[column - FIRST_STAGE]


def column_of(stage: Stage) -> int:
    """The column of a stage."""
    return FIRST_STAGE + STAGES.index(stage)


def _changed_columns(before: BoardItem, item: BoardItem) -> list[int]:
    pairs = zip(before.cells, item.cells, strict=True)
    changed = [
        FIRST_STAGE + place for place, (old, new) in enumerate(pairs) if old != new or new.running_units
    ]
    if (before.state, before.on_hold, before.hold_reason) != (item.state, item.on_hold, item.hold_reason):
        # the next cell says that it is on hold, whichever it is
        return [STATE_COLUMN, FIRST_STAGE + len(STAGES) - 1]
    if changed:
        changed.append(STATE_COLUMN)
    if before.pages != item.pages:
        changed.append(PAGES_COLUMN)
    return changed


def _plain(item: BoardItem, column: int, role: int) -> Any:
    if role == Qt.ItemDataRole.DisplayRole:
        return item.name if column == ITEM_COLUMN else str(item.pages)
    if role == Qt.ItemDataRole.ToolTipRole and column == ITEM_COLUMN:
        return f"{item.name}\n{item.title}" if item.title else item.name
    if role == Qt.ItemDataRole.AccessibleTextRole:
        title = say(_HEADERS[column])
        return f"{title}: {item.name} {item.title}" if column == ITEM_COLUMN else f"{title}: {item.pages}"
    return None


def _sort_key(item: BoardItem, column: int) -> Any:
    if column == ITEM_COLUMN:
        return item.position
    if column == PAGES_COLUMN:
        return item.pages
    state = item.state if column == STATE_COLUMN else item.state_of(stage_of(column))
    return _URGENCY.index(state)
