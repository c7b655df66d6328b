# SPDX-License-Identifier: Apache-2.0
"""How a row of the palette is drawn: icon, title, section, and the key at the right."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

KEY = Qt.ItemDataRole.UserRole
SECTION = Qt.ItemDataRole.UserRole + 1

HEIGHT = 38
MARGIN = 10
ICON = 20


class PaletteRow(QStyledItemDelegate):
    """Draws the row of an action."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """A height that a glove hits."""
        del index
        return QSize(200, max(HEIGHT, option.fontMetrics.height() + 14))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the row."""
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        palette: QPalette = option.palette
        area = QRect(option.rect)
        painter.save()
        if chosen:
            painter.fillRect(area, palette.highlight())
        text = palette.color(QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text)
        quiet = text if chosen else palette.color(QPalette.ColorRole.PlaceholderText)
        area = area.adjusted(MARGIN, 0, -MARGIN, 0)
        icon = index.data(Qt.ItemDataRole.DecorationRole)
        if icon is not None and not icon.isNull():
            place = QRect(area.left(), area.center().y() - ICON // 2, ICON, ICON)
            mode = QIcon.Mode.Selected if chosen else QIcon.Mode.Normal
            icon.paint(painter, place, Qt.AlignmentFlag.AlignCenter, mode)
        area.setLeft(area.left() + ICON + MARGIN)
        painter.setPen(quiet)
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        aside = "   ".join(part for part in (index.data(SECTION), index.data(KEY)) if part)
        painter.drawText(area, right, aside)
        area.setRight(area.right() - painter.fontMetrics().horizontalAdvance(aside) - MARGIN)
        painter.setPen(text)
        title = painter.fontMetrics().elidedText(
            str(index.data(Qt.ItemDataRole.DisplayRole)), Qt.TextElideMode.ElideRight, area.width()
        )
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)
        painter.restore()
