# SPDX-License-Identifier: Apache-2.0
"""The board's table: items by stages, from readings of the ledger; only what changed is painted again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.desktop.board.cell_look import CellLook, look_of_cell, look_of_item
from app.desktop.board.choices import Arrangement, Choice
from app.desktop.board.columns import (
    FIRST_STAGE,
    HEADERS,
    ITEM_COLUMN,
    PAGES_COLUMN,
    STATE_COLUMN,
    column_of,
    stage_of,
)
from app.desktop.board.progress import ShownProgress
from app.desktop.board.words import ON_HOLD, say, stage_tells, stage_title, words_of_hold
from app.desktop.theme.theme import Theme
from app.desktop.widgets.plain_words import plain_tip
from archive.registry.board import DEFAULT_STAGES, BoardItem, BoardReading
from archive.registry.stage_holds import StageHold

LOOK_ROLE = Qt.ItemDataRole.UserRole + 1
"""The `CellLook` of a cell."""
ITEM_ROLE = Qt.ItemDataRole.UserRole + 2
"""The `BoardItem` of a row."""

MANY = 50
"""Items above which the whole table is painted again: comparing their cells would take longer."""

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


class BoardModel(QAbstractTableModel):
    """Rows are the items that are shown; columns are item, state, pages and the stages of their batch.

    A reset forgets which cell was chosen: whoever shows the table chooses it again.

    Args:
        parent: Owner.
        theme: Colours and icons, of heads of columns.
    """

    def __init__(self, parent: QObject | None = None, theme: Theme | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._holds: tuple[StageHold, ...] = ()
        self._all: dict[int, BoardItem] = {}
        self._items: list[BoardItem] = []
        self._rows: dict[int, int] = {}
        self._bars: dict[tuple[int, str], ShownProgress] = {}
        self._stages = DEFAULT_STAGES
        self._arrangement = Arrangement()

    @property
    def items(self) -> Collection[BoardItem]:
        """All items of the batch in the manifest's order, also those that are not shown."""
        return self._all.values()

    @property
    def choice(self) -> Choice:
        """What is shown."""
        return self._arrangement.choice

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that the items of the batch go through, in order."""
        return self._stages

    @property
    def holds(self) -> tuple[StageHold, ...]:
        """The stages of the batch that are held."""
        return self._holds

    def stage_of(self, column: int) -> str | None:
        """The stage of a column; None for the columns before."""
        return stage_of(column, self._stages)

    def column_of(self, stage: str) -> int:
        """The column of a stage; that of the state where the batch does not have it."""
        return column_of(stage, self._stages)

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """Number of items."""
        return 0 if parent.isValid() else len(self._items)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        """Item, state, pages, stages."""
        return 0 if parent.isValid() else FIRST_STAGE + len(self._stages)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Titles of columns, and what happens in a stage."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < self.columnCount():
            return None
        stage = self.stage_of(section)
        if role == Qt.ItemDataRole.DisplayRole:
            return say(HEADERS[section]) if stage is None else stage_title(stage)
        return None if stage is None else self._about_stage(stage, role)

    def _about_stage(self, stage: str, role: int) -> Any:
        told = [words_of_hold(hold) for hold in self._holds if hold.stage == stage]
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip("\n".join([stage_tells(stage), *told]))
        if role == Qt.ItemDataRole.DecorationRole and told and self._theme is not None:
            return self._theme.icon(ON_HOLD.icon, ON_HOLD.role)
        if role == Qt.ItemDataRole.AccessibleTextRole and told:
            return f"{stage_title(stage)}: {ON_HOLD.text}"
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows, says and sorts by."""
        if not index.isValid() or index.row() >= len(self._items):
            return None
        item, column = self._items[index.row()], index.column()
        if role == ITEM_ROLE:
            return item
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
        stage = self.stage_of(column)
        title = say(HEADERS[STATE_COLUMN]) if stage is None else stage_title(stage)
        return f"{item.name}, {title}: {look.spoken}"

    def _look(self, item: BoardItem, column: int) -> CellLook:
        stage = self.stage_of(column)
        if stage is None:
            return look_of_item(item)
        bar = self._bars.setdefault((item.key, stage), ShownProgress())
        return look_of_cell(item, stage, bar.show(item.cell(stage)))

    def show(self, reading: BoardReading) -> None:
        """Take in what was read of the batch."""
        if reading.stages != self._stages:
            self._other_stages(reading.stages)
        self._show_holds(reading.holds)
        if reading.whole and [item.key for item in reading.items] != list(self._all):
            self._all = {item.key: item for item in reading.items}
            self._bars.clear()
            self._arrange(self._arrangement, always=True)
            return
        before = {item.key: self._all[item.key] for item in reading.items if item.key in self._all}
        changed = [item for item in reading.items if before.get(item.key, item) != item]
        self._all.update({item.key: item for item in changed})
        moved = self._arrange(self._arrangement) if changed else False
        if moved:
            return
        if len(changed) > MANY:
            self._items = [self._all[item.key] for item in self._items]
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._items) - 1, self.columnCount() - 1))
            return
        for key, old in before.items():
            if (row := self._rows.get(key)) is not None:
                self._replace(row, old, self._all[key])

    def _show_holds(self, holds: tuple[StageHold, ...]) -> None:
        if holds != self._holds:
            self._holds = holds
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, FIRST_STAGE, self.columnCount() - 1)

    def _other_stages(self, stages: tuple[str, ...]) -> None:
        """The batch goes through other stages than the one before: other columns, and rows that come anew."""
        self.beginResetModel()
        self._stages = stages
        self._all, self._items, self._rows = {}, [], {}
        self._bars.clear()
        self.endResetModel()
        if self._arrangement.column >= self.columnCount():
            self._arrangement = replace(self._arrangement, column=ITEM_COLUMN, descending=False)

    def _replace(self, row: int, before: BoardItem, item: BoardItem) -> None:
        self._items[row] = item
        if before != item:
            columns = _changed_columns(before, item)
        else:
            # the same facts, but time has passed
            columns = [FIRST_STAGE + place for place, cell in enumerate(item.cells) if cell.running_units]
        if columns:
            self.dataChanged.emit(self.index(row, min(columns)), self.index(row, max(columns)))

    def _arrange(self, arrangement: Arrangement, *, always: bool = False) -> bool:
        """Choose and sort anew.

        Returns:
            Whether other rows are shown now, or in another order.
        """
        self._arrangement = arrangement
        shown = arrangement.of(self._all.values())
        if not always and [item.key for item in shown] == [item.key for item in self._items]:
            return False
        self.beginResetModel()
        self._items = shown
        self._rows = {item.key: row for row, item in enumerate(shown)}
        self.endResetModel()
        return True

    def choose(self, choice: Choice) -> None:
        """Show these items only."""
        self._arrange(replace(self._arrangement, choice=choice))

    def look_for(self, words: str) -> None:
        """Show items with this text in their id or title only."""
        self._arrange(replace(self._arrangement, words=words))

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Show the items in the order of a column."""
        self._arrange(
            replace(self._arrangement, column=column, descending=order is Qt.SortOrder.DescendingOrder)
        )

    def clear(self) -> None:
        """Show nothing."""
        self.beginResetModel()
        self._all, self._items, self._rows = {}, [], {}
        self._bars.clear()
        self.endResetModel()
        self._show_holds(())

    def row_of(self, name: str) -> int | None:
        """The row of an item by its id; None where it is not shown."""
        return next((row for row, item in enumerate(self._items) if item.name == name), None)

    def row_of_key(self, key: int) -> int | None:
        """The row of an item by its key; None where it is not shown."""
        return self._rows.get(key)

    def has(self, name: str) -> bool:
        """Whether the batch has an item of this id, shown or not."""
        return any(item.name == name for item in self._all.values())


def _changed_columns(before: BoardItem, item: BoardItem) -> list[int]:
    pairs = zip(before.cells, item.cells, strict=True)
    changed = [
        FIRST_STAGE + place for place, (old, new) in enumerate(pairs) if old != new or new.running_units
    ]
    if (before.state, before.on_hold, before.hold_reason) != (item.state, item.on_hold, item.hold_reason):
        # the next cell says that it is on hold, whichever it is
        return [STATE_COLUMN, FIRST_STAGE + len(item.stages) - 1]
    if changed:
        changed.append(STATE_COLUMN)
    if before.pages != item.pages:
        changed.append(PAGES_COLUMN)
    return changed


def _plain(item: BoardItem, column: int, role: int) -> Any:
    if role == Qt.ItemDataRole.DisplayRole:
        return item.name if column == ITEM_COLUMN else str(item.pages)
    if role == Qt.ItemDataRole.ToolTipRole and column == ITEM_COLUMN:
        return plain_tip(f"{item.name}\n{item.title}") if item.title else item.name
    if role == Qt.ItemDataRole.AccessibleTextRole:
        title = say(HEADERS[column])
        return f"{title}: {item.name} {item.title}" if column == ITEM_COLUMN else f"{title}: {item.pages}"
    return None
