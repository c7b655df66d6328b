# SPDX-License-Identifier: Apache-2.0
"""Paints a cell of the board: icon and word in one colour, a quieter second line, and a bar."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.desktop.board.cell_look import CellLook
from app.desktop.board.columns import ITEM_COLUMN
from app.desktop.board.model import ITEM_ROLE, LOOK_ROLE
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
        self._made: _Letters | None = None

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
        letters = self._letters(option.font)
        ink = self._ink(option, Role.TEXT, chosen=chosen)
        self._text(painter, first, item.name, (letters.bold, letters.heading), ink)
        quiet = self._ink(option, Role.MUTED, chosen=chosen)
        self._text(painter, second, item.title, (letters.small, letters.second), quiet)

    def _paint_look(
        self, painter: QPainter, place: QRect, look: CellLook, option: QStyleOptionViewItem, *, chosen: bool
    ) -> None:
        role = Role.MUTED if look.faint else look.mark.role
        ink = self._ink(option, role, chosen=chosen)
        first, second = self._lines(place, option.font)
        icon_role = Role.ON_ACCENT if chosen else role
        picture = QRect(first.left(), first.top() + (first.height() - ICON) // 2, ICON, ICON)
        self._theme.icon(look.mark.icon, icon_role).paint(painter, picture)
        letters = self._letters(option.font)
        beside = first.adjusted(ICON + MARGIN - 1, 0, 0, 0)
        self._text(painter, beside, look.mark.text, (letters.ordinary, letters.first), ink)
        quiet = self._ink(option, Role.MUTED, chosen=chosen)
        self._text(painter, second, look.detail, (letters.small, letters.second), quiet)
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
        letters = self._letters(font)
        first = QRect(place.left(), place.top(), place.width(), max(letters.first.height(), ICON))
        return first, QRect(place.left(), first.bottom() + 1, place.width(), letters.second.height())

    def _letters(self, font: QFont) -> _Letters:
        """Fonts and their measures; a cell is painted far too often to make them anew."""
        if self._made is None or self._made.ordinary != font:
            self._made = _Letters(font)
        return self._made

    def _text(
        self, painter: QPainter, place: QRect, text: str, letters: tuple[QFont, QFontMetrics], ink: QColor
    ) -> None:
        if not text:
            return
        # titles come from spreadsheets: of any length, and with lines of their own
        text = " ".join(text[:MOST_LETTERS].split())
        font, metrics = letters
        painter.setFont(font)
        painter.setPen(ink)
        if metrics.horizontalAdvance(text) > place.width():
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


MOST_LETTERS = 200
"""No cell is wide enough for more."""


class _Letters:
    """The fonts of a cell and their measures.

    Args:
        font: The table's font.
    """

    def __init__(self, font: QFont) -> None:
        self.ordinary, self.bold, self.small = QFont(font), QFont(font), QFont(font)
        self.bold.setBold(True)
        self.small.setPointSizeF(font.pointSizeF() * SMALLER)
        self.first, self.second = QFontMetrics(font), QFontMetrics(self.small)
        self.heading = QFontMetrics(self.bold)
