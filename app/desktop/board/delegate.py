# SPDX-License-Identifier: Apache-2.0
"""Paints a cell of the board: icon and word in one colour, a quieter second line, and a bar."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.desktop.board.cell_look import CellLook
from app.desktop.board.model import ITEM_COLUMN, ITEM_ROLE, LOOK_ROLE
from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme

ICON = 16
MARGIN = 5
BAR = 4
SMALLER = 0.88
"""Size of the second line beside the first."""

Index = QModelIndex | QPersistentModelIndex


class BoardDelegate(QStyledItemDelegate):
    """Two lines to a cell.

    Args:
        theme: Colours and icons.
        parent: Owner.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def row_height(self, font: QFont) -> int:
        """Height of a row in pixels: two lines, the bar, and room around them."""
        first, second = self._lines(QRect(), font)
        return first.height() + second.height() + BAR + 2 + 2 * MARGIN

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Room for icon, word and second line."""
        look = index.data(LOOK_ROLE)
        metrics = QFontMetrics(option.font)
        word = look.mark.text if isinstance(look, CellLook) else str(index.data())
        return QSize(metrics.horizontalAdvance(word) + ICON + 4 * MARGIN, self.row_height(option.font))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        self.initStyleOption(option, index)
        style = option.widget.style() if option.widget else QApplication.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        place = option.rect.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        look = index.data(LOOK_ROLE)
        if isinstance(look, CellLook):
            self._paint_look(painter, place, look, option, chosen=chosen)
        elif index.column() == ITEM_COLUMN:
            self._paint_item(painter, place, index, option, chosen=chosen)
        else:
            painter.setPen(self._ink(option, Role.TEXT, chosen=chosen))
            painter.drawText(place, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, str(index.data()))
        painter.restore()
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.save()
            painter.setPen(self._ink(option, Role.TEXT, chosen=chosen))
            painter.drawRect(option.rect.adjusted(1, 1, -2, -2))
            painter.restore()

    def _ink(self, option: QStyleOptionViewItem, role: Role, *, chosen: bool) -> QColor:
        # what is chosen stands on the accent colour, where only its own text colour can be read
        if chosen:
            return option.palette.color(QPalette.ColorRole.HighlightedText)
        return self._theme.color(role)

    def _paint_item(
        self, painter: QPainter, place: QRect, index: Index, option: QStyleOptionViewItem, *, chosen: bool
    ) -> None:
        item = index.data(ITEM_ROLE)
        first, second = self._lines(place, option.font)
        font = QFont(option.font)
        font.setBold(True)
        self._text(painter, first, item.name, font, self._ink(option, Role.TEXT, chosen=chosen))
        quiet = self._ink(option, Role.MUTED, chosen=chosen)
        self._text(painter, second, item.title, self._small(option.font), quiet)

    def _paint_look(
        self, painter: QPainter, place: QRect, look: CellLook, option: QStyleOptionViewItem, *, chosen: bool
    ) -> None:
        role = Role.MUTED if look.faint else look.mark.role
        ink = self._ink(option, role, chosen=chosen)
        first, second = self._lines(place, option.font)
        icon_role = Role.ON_ACCENT if chosen else role
        picture = QRect(first.left(), first.top() + (first.height() - ICON) // 2, ICON, ICON)
        self._theme.icon(look.mark.icon, icon_role).paint(painter, picture)
        self._text(painter, first.adjusted(ICON + MARGIN - 1, 0, 0, 0), look.mark.text, option.font, ink)
        quiet = self._ink(option, Role.MUTED, chosen=chosen)
        self._text(painter, second, look.detail, self._small(option.font), quiet)
        if look.fraction is not None or look.busy:
            self._bar(painter, place, look, ink)

    def _bar(self, painter: QPainter, place: QRect, look: CellLook, ink: QColor) -> None:
        groove = QRect(place.left(), place.bottom() - BAR + 1, place.width(), BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillRect(groove, self._theme.color(Role.RAISED))
        if look.fraction is not None:
            groove.setWidth(round(groove.width() * look.fraction))
            painter.fillRect(groove, ink)
            return
        # nobody knows how far it is: a pattern that has no end that could be taken for one
        for left in range(groove.left(), groove.right(), 3 * BAR):
            painter.fillRect(QRect(left, groove.top(), min(BAR, groove.right() - left), BAR), ink)

    def _lines(self, place: QRect, font: QFont) -> tuple[QRect, QRect]:
        height = QFontMetrics(font).height()
        small = QFontMetrics(self._small(font)).height()
        first = QRect(place.left(), place.top(), place.width(), max(height, ICON))
        return first, QRect(place.left(), first.bottom() + 1, place.width(), small)

    def _small(self, font: QFont) -> QFont:
        small = QFont(font)
        small.setPointSizeF(font.pointSizeF() * SMALLER)
        return small

    def _text(self, painter: QPainter, place: QRect, text: str, font: QFont, ink: QColor) -> None:
        if not text:
            return
        painter.setFont(font)
        painter.setPen(ink)
        elided = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, elided)
