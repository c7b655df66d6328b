# SPDX-License-Identifier: Apache-2.0
"""The table that shows a manifest; its header keeps the names of the columns in sight however far one scrolls."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.desktop.importing.sheet_model import SheetModel

ROW_HEIGHT = 28
ROWS_MEASURED = 200
"""Rows whose texts say how wide a column is to be: measuring ten thousand would hold the window up."""
TEXT_ROOM, MARK_ROOM = 28, 52
"""Pixels around the text of a cell, without and with an icon."""
NARROWEST, WIDEST = 8, 36
"""Characters that a column is wide at first; the operator may draw it wider."""


class SheetTable(QTableView):
    """A manifest as a table, read only.

    Args:
        model: What is shown.
        parent: Owner.
    """

    cell_chosen = Signal(int, int)
    """The operator went to a cell: row and column, from 0."""

    def __init__(self, model: SheetModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._telling = True
        self.setModel(model)
        self._sheet = model
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setAccessibleName(self.tr("Cells of the manifest"))
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        rows.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        columns.setHighlightSections(True)
        model.modelReset.connect(self._measure)
        self.selectionModel().currentChanged.connect(self._tell)

    def go_to(self, row: int | None, column: int | None) -> None:
        """Show a cell, or a row, and make it the current one; nothing is told of it."""
        if row is None:
            self.clearSelection()
            return
        index = self._sheet.index(row, column or 0)
        self._telling = False
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._telling = True
        # in the middle from top to bottom, but no further to the side than needed: ids stay in sight
        sideways = self.horizontalScrollBar().value()
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        self.horizontalScrollBar().setValue(sideways)
        self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)

    def _tell(self) -> None:
        index = self.currentIndex()
        if self._telling and index.isValid():
            self.cell_chosen.emit(index.row(), index.column())

    def _measure(self) -> None:
        """Make columns as wide as what stands in their first rows, and the last one as wide as is left."""
        view = self._sheet.view
        advance = self.fontMetrics().averageCharWidth()
        longest = [NARROWEST] * view.width
        for cells in view.rows[:ROWS_MEASURED]:
            for column, text in enumerate(() if cells and cells[0].startswith("#") else cells):
                longest[column] = max(longest[column], len(text))
        marked = self._sheet.marked_columns
        for column, characters in enumerate(longest):
            room = MARK_ROOM if column in marked else TEXT_ROOM
            self.setColumnWidth(column, min(characters, WIDEST) * advance + room)
        self.horizontalHeader().setStretchLastSection(view.kind != "sheet")
        digits = len(str(view.labels[-1])) if view.labels else 1
        self.verticalHeader().setFixedWidth(advance * digits + 44)
