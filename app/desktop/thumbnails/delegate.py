# SPDX-License-Identifier: Apache-2.0
"""Paints one thumbnail: the page, its label, its state as icon and word, and whether it is the current one."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from app.desktop.thumbnails.model import BROKEN_ROLE, PIXMAP_ROLE, ROW_ROLE
from app.desktop.thumbnails.row import PageState, ThumbnailRow, mark_of
from app.desktop.viewer.byte_lru import ByteLru

_MARGIN = 8
_ICON = 16
_FRAME = 3
_PICTURE_BYTES = 16_000_000
"""Some screens of pictures in the size in which they are painted."""


class ThumbnailDelegate(QStyledItemDelegate):
    """Paints thumbnails of one size.

    Args:
        theme: Colours and icons.
        parent: Owner.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._page = QSize(120, 150)
        self._pictures: ByteLru[QPixmap] = ByteLru(_PICTURE_BYTES)
        self.current = ""
        """Key of the page that the workspace shows."""

    def set_page_size(self, size: QSize) -> None:
        """How large the pictures are at most, in pixels of the widget."""
        self._page = size

    def item_size(self, line_height: int) -> QSize:
        """The size of every item, with two lines of text of this height."""
        lines = line_height + max(_ICON, line_height) + 12
        return QSize(self._page.width() + 2 * _MARGIN, self._page.height() + 2 * _MARGIN + lines)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The same for all."""
        del index
        return self.item_size(option.fontMetrics.height())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint a page."""
        row: ThumbnailRow | None = index.data(ROW_ROLE)
        if row is None:
            return
        pixmap: QPixmap | None = index.data(PIXMAP_ROLE)
        item: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        self._paint_ground(painter, item, row, state)
        if pixmap is None:
            self._paint_sheet(painter, item, row, broken=bool(index.data(BROKEN_ROLE)))
        else:
            self._paint_picture(painter, item, pixmap)
        self._paint_words(painter, item, row)
        painter.restore()

    def _paint_ground(
        self, painter: QPainter, item: QRect, row: ThumbnailRow, state: QStyle.StateFlag
    ) -> None:
        frame = item.adjusted(2, 2, -2, -2)
        accent = self._theme.color(Role.ACCENT)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(frame, self._theme.color(Role.RAISED))
            painter.setPen(QPen(accent, 1))
            painter.drawRect(frame)
        if row.key == self.current:
            painter.setPen(QPen(accent, _FRAME))
            painter.drawRect(frame.adjusted(1, 1, -1, -1))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(self._theme.color(Role.TEXT), 1, Qt.PenStyle.DotLine))
            painter.drawRect(frame.adjusted(3, 3, -3, -3))

    def _place(self, item: QRect) -> QRect:
        return QRect(item.x() + _MARGIN, item.y() + _MARGIN, self._page.width(), self._page.height())

    def _paint_picture(self, painter: QPainter, item: QRect, pixmap: QPixmap) -> None:
        place = self._place(item)
        size = pixmap.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
        picture = QRect(
            place.center().x() - size.width() // 2 + 1,
            place.bottom() - size.height() + 1,
            size.width(),
            size.height(),
        )
        painter.drawPixmap(picture.topLeft(), self._fitted(pixmap, size, painter.device().devicePixelRatio()))
        painter.setPen(QPen(self._theme.color(Role.OUTLINE), 1))
        painter.drawRect(picture.adjusted(0, 0, -1, -1))

    def _fitted(self, pixmap: QPixmap, size: QSize, ratio: float) -> QPixmap:
        """The picture in the size of its place, scaled once and not with every painting."""
        key = (pixmap.cacheKey(), size.width(), size.height(), ratio)
        fitted = self._pictures.get(key)
        if fitted is None:
            fitted = pixmap.scaled(
                size * ratio,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            fitted.setDevicePixelRatio(ratio)
            self._pictures.put(key, fitted, fitted.width() * fitted.height() * 4)
        return fitted

    def _paint_sheet(self, painter: QPainter, item: QRect, row: ThumbnailRow, *, broken: bool) -> None:
        """A page whose picture is not there: on its way, not to be had, or missing itself."""
        missing = row.state == PageState.MISSING
        sheet = self._sheet(self._place(item), row)
        painter.setPen(
            QPen(
                self._theme.color(Role.HELD if missing else Role.OUTLINE),
                2 if missing else 1,
                Qt.PenStyle.DashLine if missing else Qt.PenStyle.SolidLine,
            )
        )
        painter.drawRect(sheet)
        if broken:
            icon = QRect(0, 0, 2 * _ICON, 2 * _ICON)
            icon.moveCenter(sheet.center())
            self._theme.icon("trouble", Role.TROUBLE).paint(painter, icon)

    @staticmethod
    def _sheet(place: QRect, row: ThumbnailRow) -> QRect:
        """Where the outline of a page without picture goes: in the page's own shape, where it is known."""
        size = QSize(100, 141)
        if row.source is not None:
            size = QSize(row.source.width, row.source.height)
            size = size.transposed() if row.turns % 2 else size
        size = size.scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left = place.center().x() - size.width() // 2
        return QRect(left, place.bottom() - size.height() + 1, size.width() - 1, size.height() - 1)

    def _paint_words(self, painter: QPainter, item: QRect, row: ThumbnailRow) -> None:
        font = painter.font()
        font.setBold(row.key == self.current)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        width = item.width() - 2 * _MARGIN
        top = item.y() + _MARGIN + self._page.height() + 4
        line = QRect(item.x() + _MARGIN, top, width, metrics.height())
        painter.setPen(self._theme.color(Role.TEXT))
        label = metrics.elidedText(row.label, Qt.TextElideMode.ElideMiddle, width)
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, label)
        mark = mark_of(row)
        if mark is None:
            return
        font.setBold(False)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        word = metrics.elidedText(mark.text, Qt.TextElideMode.ElideRight, width - _ICON - 4)
        taken = _ICON + 4 + metrics.horizontalAdvance(word)
        left = item.x() + (item.width() - taken) // 2
        height = max(_ICON, metrics.height())
        icon = self._theme.icon(mark.icon, mark.role)
        icon.paint(painter, QRect(left, line.bottom() + 2, _ICON, height))
        painter.setPen(self._theme.color(mark.role))
        words = QRect(left + _ICON + 4, line.bottom() + 2, taken, height)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, word)
