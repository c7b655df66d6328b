# SPDX-License-Identifier: Apache-2.0
"""The table of the board: columns that share the width, whole words before anything else."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from app.desktop.board.columns import FIRST_STAGE, ITEM_COLUMN, PAGES_COLUMN, STATE_COLUMN
from app.desktop.board.delegate import ICON, MARGIN, BoardDelegate
from app.desktop.board.model import ITEM_ROLE, BoardModel
from app.desktop.board.words import AT_DESK, MARKS, ON_HOLD
from app.desktop.theme.theme import Theme

LEAST_STAGE = 78
"""Pixels; below that not even an icon with a short word fits."""


class BoardView(QTableView):
    """The board's table.

    Args:
        theme: Colours and icons.
        rows: What it shows.
    """

    def __init__(self, theme: Theme, rows: BoardModel) -> None:
        super().__init__()
        self._delegate = BoardDelegate(theme, self)
        self.setItemDelegate(self._delegate)
        self.setModel(rows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSortingEnabled(True)
        self.sortByColumn(ITEM_COLUMN, Qt.SortOrder.AscendingOrder)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        # Tab leaves the table; the arrow keys walk in it
        self.setTabKeyNavigation(False)
        self.setAccessibleName(self.tr("Board: items by steps"))
        self.verticalHeader().hide()
        rows_of = self.verticalHeader()
        rows_of.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows_of.setDefaultSectionSize(self._delegate.row_height(self.font()))
        self._left: tuple[int, int, int] | None = None
        self._columns = rows.columnCount()
        rows.modelAboutToBeReset.connect(self._leave_cell)
        rows.modelReset.connect(self._find_cell)
        rows.modelReset.connect(self._share_out)
        rows.headerDataChanged.connect(self._share_width)
        head = self.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setHighlightSections(False)
        head.setMinimumSectionSize(40)
        head.setMinimumHeight(30)

    def _leave_cell(self) -> None:
        """The rows are about to be others: remember which cell was chosen."""
        index = self.currentIndex()
        if index.isValid():
            self._left = index.data(ITEM_ROLE).key, index.row(), index.column()

    def _find_cell(self) -> None:
        """Choose the cell again; where its item is not shown any more, the row that has taken its place."""
        model = self.model()
        if self._left is None or not isinstance(model, BoardModel) or not model.rowCount():
            return
        key, row, column = self._left
        found = model.row_of_key(key)
        if found is None:
            found, column = min(row, model.rowCount() - 1), STATE_COLUMN
        self.setCurrentIndex(model.index(found, column))

    def forget_cell(self) -> None:
        """Another batch comes: no cell of the one before is looked for."""
        self._left = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width out anew."""
        super().resizeEvent(event)
        self._share_width()

    def changeEvent(self, event: QEvent) -> None:
        """Rows follow the size of the font."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self.verticalHeader().setDefaultSectionSize(self._delegate.row_height(self.font()))
            self._share_width()

    def _share_out(self) -> None:
        """Another batch may have other columns."""
        if self.model().columnCount() != self._columns:
            self._columns = self.model().columnCount()
            self._share_width()

    def _share_width(self) -> None:
        metrics = self.fontMetrics()
        longest = max(metrics.horizontalAdvance(mark.text) for mark in (*MARKS.values(), AT_DESK, ON_HOLD))
        fixed = {
            ITEM_COLUMN: 18 * metrics.averageCharWidth(),
            STATE_COLUMN: longest + ICON + 4 * MARGIN,
            PAGES_COLUMN: self._title_width(PAGES_COLUMN),
        }
        left = self.viewport().width() - sum(fixed.values())
        stages = self.model().columnCount() - FIRST_STAGE
        least = [max(LEAST_STAGE, self._title_width(FIRST_STAGE + place)) for place in range(stages)]
        spare = max(0, left - sum(least))
        # the wider share goes to the item: its title is the longest text of all
        each = round(spare * 0.75) // max(1, stages)
        fixed[ITEM_COLUMN] += spare - each * stages
        for column, width in fixed.items():
            self.setColumnWidth(column, width)
        for place, width in enumerate(least):
            self.setColumnWidth(FIRST_STAGE + place, width + each)

    def _title_width(self, column: int) -> int:
        title = self.model().headerData(column, Qt.Orientation.Horizontal)
        mark = self.model().headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.DecorationRole)
        # beside it stand the arrow of the column that is sorted by, and the mark of one that is held
        icons = ICON if mark is None else 2 * ICON + MARGIN
        return self.horizontalHeader().fontMetrics().horizontalAdvance(str(title)) + icons + 2 * MARGIN

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters are keys of actions here, not a search in the first column."""
        if event.text() and event.text().isalnum() and not event.modifiers():
            event.ignore()
            return
        super().keyPressEvent(event)
