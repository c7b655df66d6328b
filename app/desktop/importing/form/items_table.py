# SPDX-License-Identifier: Apache-2.0
"""The table of items with what can be done to them: add, duplicate, paste, delete, and write by key."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from app.desktop.importing.form.items_model import ItemsModel
from app.desktop.importing.form.state import FormState
from app.desktop.importing.sheet_table import ROW_HEIGHT
from archive.manifest.form import ITEM_COLUMNS, Item
from archive.manifest.pasted_rows import pasted_items

WIDTHS = {"id": 16, "title": 34, "creator": 20, "date": 16, "language": 11, "rights": 24, "pages": 9}
"""Characters that columns are wide at first."""


class ItemsTable(QTableView):
    """Items that are written as in a spreadsheet.

    Args:
        state: The form.
        model: Its items.
    """

    def __init__(self, state: FormState, model: ItemsModel) -> None:
        super().__init__()
        self._state = state
        self.setModel(model)
        self.setAccessibleName(self.tr("Items of the batch"))
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head = self.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        advance = self.fontMetrics().averageCharWidth()
        for column, name in enumerate(ITEM_COLUMNS):
            self.setColumnWidth(column, WIDTHS[name] * advance + 16)
        head.setStretchLastSection(True)

    @property
    def chosen(self) -> list[int]:
        """Numbers of the items that are selected, without the row of the item to come."""
        last = len(self._state.form.items)
        return sorted({index.row() for index in self.selectedIndexes() if index.row() < last})

    def add(self) -> None:
        """Go to the empty row and write there."""
        self._write_at(len(self._state.form.items))

    def duplicate(self) -> None:
        """Repeat the selected items behind the last of them; ids are left out, for they must differ."""
        chosen = self.chosen
        if chosen:
            copies = [("", *self._state.form.items[number][1:]) for number in chosen]
            self._insert(chosen[-1] + 1, copies, self.tr("duplicates of %n item(s)", "", len(copies)))

    def paste(self) -> None:
        """Make items of the rows on the clipboard, behind the selected ones or at the end."""
        items = pasted_items(QGuiApplication.clipboard().text())
        if items:
            at = self.chosen[-1] + 1 if self.chosen else len(self._state.form.items)
            self._insert(at, items, self.tr("paste of %n item(s)", "", len(items)))

    def delete(self) -> None:
        """Take the selected items out; it can be undone."""
        chosen = self.chosen
        if chosen:
            step = self.tr("deletion of %n item(s)", "", len(chosen))
            self._state.change(self._state.form.without_items(chosen), step)
            self._go_to(min(chosen[0], len(self._state.form.items)), 0)

    def next_problem(self, by: int) -> bool:
        """Go to the next cell with a problem, or to the one before; tells whether there is one."""
        check = self._state.check
        cells = sorted(check.by_cell) if check is not None else []
        if not cells:
            return False
        here = (self.currentIndex().row(), self.currentIndex().column())
        beyond = (
            [cell for cell in cells if cell > here] if by > 0 else [cell for cell in cells if cell < here]
        )
        row, column = (beyond or cells)[0] if by > 0 else (beyond or cells)[-1]
        self._go_to(row, column)
        self.setFocus()
        return True

    def _insert(self, at: int, items: list[Item], step: str) -> None:
        self._state.change(self._state.form.with_items(at, items), step)
        self._go_to(at, 0)
        self.setFocus()

    def _write_at(self, row: int) -> None:
        index = self.model().index(row, 0)
        self.setFocus()
        self._go_to(row, 0)
        self.scrollToBottom()
        self.edit(index)

    def _go_to(self, row: int, column: int) -> None:
        """Choose one cell, whichever keys are held down: Ctrl would have it added to those chosen before."""
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().setCurrentIndex(self.model().index(row, column), flags)
