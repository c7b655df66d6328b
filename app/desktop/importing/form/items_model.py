# SPDX-License-Identifier: Apache-2.0
"""The items of the form as a table that is written in; its last row is the item that does not exist yet."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QFont, QIcon

from app.desktop.importing.form.state import FormState
from app.desktop.importing.problem_words import whole_words
from app.desktop.importing.severity import ROLES, Standing, mark, word
from app.desktop.importing.sheet_model import tint
from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from app.desktop.widgets.plain_words import plain_tip
from archive.manifest.form import FOR_ALL_ITEMS, ITEM_COLUMNS, Item, ManifestForm

Index = QModelIndex | QPersistentModelIndex

_NOWHERE = QModelIndex()
_EDITABLE = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable


class ItemsModel(QAbstractTableModel):
    """One item a row, and an empty row to write the next one into.

    Args:
        state: The form.
        theme: Colours and icons.
    """

    def __init__(self, state: FormState, theme: Theme) -> None:
        super().__init__(state)
        self._state = state
        self._theme = theme
        self._items: tuple[Item, ...] = ()
        self._standings: dict[tuple[int, int], Standing] = {}
        self._icons: dict[Standing, QIcon] = {}
        self._tints: dict[Standing, QBrush] = {}
        self._muted = QBrush()
        self._slanted = QFont()
        self._slanted.setItalic(True)
        self._titles = {
            "id": self.tr("Id"),
            "title": self.tr("Title"),
            "creator": self.tr("Creator"),
            "date": self.tr("Date"),
            "language": self.tr("Language"),
            "rights": self.tr("Rights"),
            "pages": self.tr("Pages"),
        }
        theme.changed.connect(self._paint)
        state.changed.connect(self._follow)
        state.checked.connect(self._show_check)
        self._paint()

    def _paint(self) -> None:
        for standing in Standing:
            self._icons[standing] = mark(self._theme, standing)
            self._tints[standing] = tint(self._theme, ROLES[standing])
        self._muted = QBrush(self._theme.color(Role.MUTED))
        self._redraw()

    def _redraw(self) -> None:
        self.dataChanged.emit(self.index(0, 0), self.index(len(self._items), len(ITEM_COLUMNS) - 1))

    def _follow(self) -> None:
        """Show the items that the form has now, with as little commotion as can be."""
        items = self._state.form.items
        if items == self._items:
            self._redraw()
            return
        self._standings = {}
        before, after = len(self._items), len(items)
        if after > before:
            at = _first_difference(self._items, items)
            self.beginInsertRows(_NOWHERE, at, at + after - before - 1)
            self._items = items
            self.endInsertRows()
        elif after < before:
            at = _first_difference(self._items, items)
            self.beginRemoveRows(_NOWHERE, at, at + before - after - 1)
            self._items = items
            self.endRemoveRows()
        else:
            self._items = items
        self._redraw()

    def _show_check(self) -> None:
        check = self._state.check
        if check is None:
            return
        self._standings = {
            cell: Standing.ERROR if any(each.severity == "error" for each in found) else Standing.WARNING
            for cell, found in check.by_cell.items()
        }
        self._redraw()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Items, and the row for the next one."""
        return 0 if parent.isValid() else len(self._items) + 1

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """What is asked of an item."""
        return 0 if parent.isValid() else len(ITEM_COLUMNS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every cell can be written in."""
        return _EDITABLE if index.isValid() else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What was written, or what is said of all items; and what is wrong with it."""
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        written = self._items[row][column] if row < len(self._items) else ""
        if role == Qt.ItemDataRole.EditRole:
            return written
        common = "" if written or row == len(self._items) else self._common(self._state.form, column)
        if role == Qt.ItemDataRole.DisplayRole:
            return written or common
        if common and role in {Qt.ItemDataRole.ForegroundRole, Qt.ItemDataRole.FontRole}:
            return self._muted if role == Qt.ItemDataRole.ForegroundRole else self._slanted
        standing = self._standings.get((row, column))
        return self._mark(row, column, standing, role) if standing is not None else None

    def _mark(self, row: int, column: int, standing: Standing, role: int) -> Any:
        if role == Qt.ItemDataRole.BackgroundRole:
            return self._tints[standing]
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icons[standing]
        check = self._state.check
        if role in {Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole} and check:
            found = check.by_cell.get((row, column), ())
            told = "\n\n".join(whole_words(each) for each in found)
            told = f"{word(standing)}: {told}"
            return plain_tip(told) if role == Qt.ItemDataRole.ToolTipRole else told
        return None

    @staticmethod
    def _common(form: ManifestForm, column: int) -> str:
        name = ITEM_COLUMNS[column]
        return form.for_all.get(name, "") if name in FOR_ALL_ITEMS else ""

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take over what was written; in the last row it makes an item."""
        row, column, text = index.row(), index.column(), str(value)
        if role != Qt.ItemDataRole.EditRole or text == self.data(index, Qt.ItemDataRole.EditRole):
            return False
        step = self.tr("change of item {number}").format(number=row + 1)
        self._state.change(self._state.form.with_cell(row, column, text), step)
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Names of the columns, numbers of the items, and a star for the one to come."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Horizontal:
            return self._titles[ITEM_COLUMNS[section]]
        return str(section + 1) if section < len(self._items) else "*"


def _first_difference(one: tuple[Item, ...], other: tuple[Item, ...]) -> int:
    for number, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return number
    return min(len(one), len(other))
