# SPDX-License-Identifier: Apache-2.0
"""The pages of an item side by side: chosen, selected and dragged into another order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from app.desktop.thumbnails.delegate import ThumbnailDelegate
from app.desktop.thumbnails.loader import SIDES, ThumbnailKey, ThumbnailLoader
from app.desktop.thumbnails.model import PLACES_MIME, ThumbnailModel
from app.desktop.thumbnails.row import ThumbnailRow

REST_MS = 60
"""Rows that stay in view so long are loaded; what only flies past is not."""

Arrangement = Literal["strip", "grid"]


class ThumbnailStrip(QListView):
    """Thumbnails in one row, or in a grid.

    Args:
        loader: Where thumbnails come from.
        theme: Colours and icons.
        parent: Owner.
    """

    chosen = Signal(str)
    """The operator has gone to another page: its key."""
    opened = Signal(str)
    """The operator has pressed Enter on a page or double-clicked it: its key."""
    selected = Signal(list)
    """Other rows are selected: their numbers, in order."""
    moved = Signal(list, object)
    """The operator wishes rows to stand before another row, or at the end: numbers, and number or None."""

    def __init__(self, loader: ThumbnailLoader, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loader = loader
        self._theme = theme
        self._pages = ThumbnailModel(loader, self)
        self._delegate = ThumbnailDelegate(theme, self)
        self._arrangement: Arrangement = "strip"
        self._picture: QSize | None = None
        self._drop_before: int | None = None
        self._dropping = False
        self._quiet = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._load_what_rests)
        self.setAccessibleName(self.tr("Pages"))
        self.setModel(self._pages)
        self.setItemDelegate(self._delegate)
        self._behave()
        self.set_arrangement("strip")
        self.selectionModel().currentChanged.connect(self._tell_chosen)
        self.selectionModel().selectionChanged.connect(self._tell_selected)
        self.activated.connect(lambda index: self.opened.emit(self._pages.rows[index.row()].key))
        self.horizontalScrollBar().valueChanged.connect(self._wait_for_rest)
        self.verticalScrollBar().valueChanged.connect(self._wait_for_rest)
        for signal in (self._pages.rowsInserted, self._pages.rowsRemoved):
            signal.connect(self._wait_for_rest)
        loader.may_be_had.connect(self._wait_for_rest)
        theme.changed.connect(self._color)
        self._color()

    # What is shown

    def set_rows(self, rows: Sequence[ThumbnailRow]) -> None:
        """Show these pages. Current page, selection and place stay with the pages that are still there."""
        keys = {self._pages.rows[row].key for row in self.selected_rows()}
        current = self.current_key
        self._quiet = True
        self._pages.set_rows(rows)
        self._restore(current, keys)
        self._quiet = False
        self._wait_for_rest()

    def set_current(self, key: str) -> None:
        """Show which page the workspace shows, and bring it into view; nothing is signalled."""
        before = self._pages.row_of(self._delegate.current)
        self._delegate.current = key
        row = self._pages.row_of(key)
        self._quiet = True
        if row >= 0 and row != self.currentIndex().row():
            index = self._pages.index(row)
            self.selectionModel().setCurrentIndex(
                index,
                QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
            )
            self.scrollTo(index)
        self._quiet = False
        for changed in {before, row} - {-1}:
            self.update(self._pages.index(changed))

    def set_arrangement(self, arrangement: Arrangement, page: QSize | None = None) -> None:
        """Show one row of thumbnails, or a grid of them.

        Args:
            arrangement: "strip" or "grid".
            page: The largest size of a picture, in pixels of the widget.
        """
        self._arrangement, self._picture = arrangement, page
        strip = arrangement == "strip"
        self._delegate.set_page_size(page or (QSize(110, 140) if strip else QSize(170, 220)))
        size = self._delegate.item_size(self.fontMetrics().height())
        self.setGridSize(size)
        self.setWrapping(not strip)
        on, off = Qt.ScrollBarPolicy.ScrollBarAsNeeded, Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(off if strip else on)
        self.setHorizontalScrollBarPolicy(on if strip else off)
        if strip:
            self.setFixedHeight(size.height() + self.horizontalScrollBar().sizeHint().height() + 6)
        else:
            self.setMinimumHeight(size.height())
            self.setMaximumHeight(16777215)
        self._choose_side()
        self._wait_for_rest()

    @property
    def pages(self) -> ThumbnailModel:
        """The model of the pages."""
        return self._pages

    @property
    def current_key(self) -> str:
        """Key of the current page, or ""."""
        row = self.currentIndex().row()
        return self._pages.rows[row].key if 0 <= row < len(self._pages.rows) else ""

    def selected_rows(self) -> list[int]:
        """Numbers of the selected rows, in order."""
        return sorted(index.row() for index in self.selectionModel().selectedIndexes())

    def move_selected(self, step: int) -> None:
        """Ask for the selected pages to stand one place earlier (-1) or later (1)."""
        rows = self.selected_rows()
        if not rows or (step < 0 and rows[0] == 0) or (step > 0 and rows[-1] == len(self._pages.rows) - 1):
            return
        before = rows[0] - 1 if step < 0 else rows[-1] + 2
        self.moved.emit(rows, before if before < len(self._pages.rows) else None)

    def visible_rows(self) -> range:
        """Numbers of the rows that are in view, wholly or in part."""
        grid, count = self.gridSize(), len(self._pages.rows)
        if not count or grid.isEmpty():
            return range(0)
        if not self.isWrapping():
            offset = self.horizontalOffset()
            first = offset // grid.width()
            return range(max(0, first), min(count, (offset + self.viewport().width()) // grid.width() + 1))
        columns = max(1, self.viewport().width() // grid.width())
        offset = self.verticalOffset()
        first = offset // grid.height() * columns
        last = ((offset + self.viewport().height()) // grid.height() + 1) * columns
        return range(max(0, first), min(count, last))

    # Reordering with the mouse

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Pages of this strip may be dropped between others."""
        if event.source() is self and event.mimeData().hasFormat(PLACES_MIME):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show where the pages would go."""
        super().dragMoveEvent(event)  # it scrolls at the edges
        if event.source() is self:
            self._dropping, self._drop_before = True, self._row_behind(event.position().toPoint())
            self.viewport().update()
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """The pages go elsewhere."""
        super().dragLeaveEvent(event)
        self._dropping = False
        self.viewport().update()

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask for the new order; the rows here move when it has been made."""
        self._dropping = False
        self.viewport().update()
        rows = [int(word) for word in bytes(event.mimeData().data(PLACES_MIME).data()).split(b",") if word]
        before = self._row_behind(event.position().toPoint())
        # the view must not take the rows out of the model: whoever reorders tells the new rows
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if rows and not self._stays(rows, before):
            self.moved.emit(sorted(rows), before)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the thumbnails, and where dragged pages would go."""
        super().paintEvent(event)
        if not self._dropping:
            return
        painter = QPainter(self.viewport())
        painter.setPen(QPen(self._theme.color(Role.ACCENT), 4))
        row = self._drop_before
        last = len(self._pages.rows) - 1
        rect = self.visualRect(self._pages.index(last if row is None else row))
        x = rect.right() if row is None else rect.left()
        painter.drawLine(x, rect.top(), x, rect.bottom())
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer rows are in view."""
        super().resizeEvent(event)
        self._choose_side()
        self._wait_for_rest()

    def changeEvent(self, event: QEvent) -> None:
        """Larger letters need larger places."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.set_arrangement(self._arrangement, self._picture)

    # Inside

    def _behave(self) -> None:
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        # in batches it would be quicker still, but then the last of 10,000 pages cannot be brought into view
        self.setLayoutMode(QListView.LayoutMode.SinglePass)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionRectVisible(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDragEnabled(True)
        self.setDropIndicatorShown(False)
        # a list view whose items do not move freely refuses drops until it is told otherwise
        self.viewport().setAcceptDrops(True)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def _color(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, self._theme.color(Role.SURFACE))
        self.setPalette(palette)

    def _choose_side(self) -> None:
        """Load the smallest kept size that has a pixel for each of the display."""
        grid = self.gridSize() * self.devicePixelRatioF()
        longest = max(grid.width(), grid.height()) * 3 // 4
        self._pages.side = next((side for side in SIDES if side >= longest), SIDES[-1])

    def _wait_for_rest(self, *changed: object) -> None:
        del changed
        self._rest.start()

    def _load_what_rests(self) -> None:
        rows = self.visible_rows()
        near = len(rows)
        count = len(self._pages.rows)
        around = [
            *range(rows.stop, min(count, rows.stop + near)),
            *range(max(0, rows.start - near), rows.start),
        ]
        keys = (self._pages.key_at(row) for row in [*rows, *around])
        wishes: list[ThumbnailKey] = [key for key in keys if key is not None]
        self._loader.wish(self, wishes)

    def _row_behind(self, point: QPoint) -> int | None:
        """The row before which something dropped here would go; None for the end."""
        index = self.indexAt(point)
        if not index.isValid():
            return None
        row = index.row() + (point.x() > self.visualRect(index).center().x())
        return row if row < len(self._pages.rows) else None

    def _stays(self, rows: list[int], before: int | None) -> bool:
        """Whether rows that lie together would go where they are."""
        place = len(self._pages.rows) if before is None else before
        together = rows == list(range(rows[0], rows[-1] + 1))
        return together and rows[0] <= place <= rows[-1] + 1

    def _restore(self, current: str, keys: set[str]) -> None:
        selection = QItemSelection()
        for row, page in enumerate(self._pages.rows):
            if page.key in keys:
                selection.select(self._pages.index(row), self._pages.index(row))
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(selection, flags.ClearAndSelect)
        row = self._pages.row_of(current) if current else -1
        if row >= 0:
            self.selectionModel().setCurrentIndex(self._pages.index(row), flags.NoUpdate)

    def _tell_chosen(self, index: QModelIndex) -> None:
        if not self._quiet and index.isValid():
            self.chosen.emit(self._pages.rows[index.row()].key)

    def _tell_selected(self) -> None:
        if not self._quiet:
            self.selected.emit(self.selected_rows())
