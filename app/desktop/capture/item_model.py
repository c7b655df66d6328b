# SPDX-License-Identifier: Apache-2.0
"""The items of the batch as a list: each with its state in a word, a colour and an icon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.desktop.language.marking import QT_TRANSLATE_NOOP
from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from app.desktop.widgets.plain_words import plain_tip
from archive.registry.capture_list import CaptureItem, Standing

ITEM_ROLE = int(Qt.ItemDataRole.UserRole)
"""The CaptureItem of a row."""

CURRENT_ROLE = ITEM_ROLE + 1
"""Whether it is the item that is captured now."""

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Look:
    """How a standing is shown."""

    word: str
    role: Role
    icon: str


LOOKS: dict[Standing, Look] = {
    Standing.RETAKE: Look(QT_TRANSLATE_NOOP("items", "Retake"), Role.TROUBLE, "retake"),
    Standing.BEGUN: Look(QT_TRANSLATE_NOOP("items", "Begun"), Role.BUSY, "pages"),
    Standing.WAITING: Look(QT_TRANSLATE_NOOP("items", "Waiting"), Role.WAITING, "waiting"),
    Standing.DONE: Look(QT_TRANSLATE_NOOP("items", "Done"), Role.DONE, "done"),
    Standing.ELSEWHERE: Look(QT_TRANSLATE_NOOP("items", "Not captured here"), Role.WAITING, "folder"),
}
CURRENT = Look(QT_TRANSLATE_NOOP("items", "Current"), Role.ACCENT, "capture")


def look_of(item: CaptureItem, *, current: bool) -> Look:
    """How an item is shown; one that is captured now says so, unless it is to be retaken."""
    if current and item.standing in {Standing.BEGUN, Standing.WAITING}:
        return CURRENT
    return LOOKS[item.standing]


class ItemModel(QAbstractListModel):
    """The items of a batch in the manifest's order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: tuple[CaptureItem, ...] = ()
        self._current = ""

    def show_items(self, items: tuple[CaptureItem, ...]) -> None:
        """Show these items in the place of those before."""
        if [item.name for item in items] == [item.name for item in self._items]:
            self._items = items
            if items:
                self.dataChanged.emit(self.index(0), self.index(len(items) - 1))
            return
        self.beginResetModel()
        self._items = items
        self.endResetModel()

    def show_current(self, name: str) -> None:
        """Mark the item that is captured now."""
        self._current = name
        if self._items:
            self.dataChanged.emit(self.index(0), self.index(len(self._items) - 1))

    def row_of(self, name: str) -> int:
        """The row of an item; -1 where there is none of this name."""
        return next((row for row, item in enumerate(self._items) if item.name == name), -1)

    def rowCount(self, parent: Index | None = None) -> int:
        """How many items there are."""
        return 0 if parent is not None and parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What is shown of an item."""
        if not index.isValid() or index.row() >= len(self._items):
            return None
        item = self._items[index.row()]
        current = item.name == self._current
        shown = {
            Qt.ItemDataRole.DisplayRole: item.name,
            ITEM_ROLE: item,
            CURRENT_ROLE: current,
            Qt.ItemDataRole.ToolTipRole: plain_tip(item.title),
        }
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{item.name}, {item.title}, {state_words(item, current=current)}"
        return shown.get(role)


def state_words(item: CaptureItem, *, current: bool) -> str:
    """The state of an item in words, with its count of pages."""
    word = QCoreApplication.translate("items", look_of(item, current=current).word)
    if item.standing is Standing.RETAKE:
        again = QCoreApplication.translate("items", "%n page(s)", "", item.rejected)
        return f"{word} · {again}"
    if item.standing is Standing.ELSEWHERE:
        return word
    return f"{word} · {item.pages} / {item.expected}" if item.expected else f"{word} · {item.pages}"


class ItemDelegate(QStyledItemDelegate):
    """Draws an item in three lines: id, title, and state with its icon.

    Args:
        theme: Colours and icons.
        parent: Owner.
    """

    MARGIN = 8
    ICON = 16

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All items are of one height, so that lists of thousands are laid out at once."""
        del index
        lines = QFontMetrics(option.font).height()
        return QSize(160, 3 * lines + 2 * self.MARGIN + 4)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one item."""
        item = index.data(ITEM_ROLE)
        current = bool(index.data(CURRENT_ROLE))
        self.initStyleOption(option, index)
        option.text = ""
        style = option.widget.style() if option.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        look = look_of(item, current=current)
        ink = Role.ON_ACCENT if selected else Role.TEXT
        inner = option.rect.adjusted(self.MARGIN, self.MARGIN, -self.MARGIN, -self.MARGIN)
        line = QFontMetrics(option.font).height()
        painter.save()
        bold = QFont(option.font)
        bold.setBold(True)
        self._line(painter, bold, QRect(inner.x(), inner.y(), inner.width(), line), item.name, ink)
        middle = QRect(inner.x(), inner.y() + line, inner.width(), line)
        self._line(painter, option.font, middle, item.title, Role.ON_ACCENT if selected else Role.MUTED)
        state_role = Role.ON_ACCENT if selected else look.role
        top = inner.y() + 2 * line + 4
        icon = self._theme.icon(look.icon, state_role)
        icon.paint(painter, QRect(inner.x(), top + (line - self.ICON) // 2, self.ICON, self.ICON))
        words = QRect(inner.x() + self.ICON + 6, top, inner.width() - self.ICON - 6, line)
        self._line(painter, option.font, words, state_words(item, current=current), state_role)
        if current and not selected:
            painter.fillRect(
                QRect(option.rect.x(), option.rect.y(), 4, option.rect.height()),
                option.palette.color(QPalette.ColorRole.Highlight),
            )
        painter.restore()

    def _line(self, painter: QPainter, font: QFont, rect: QRect, text: str, role: Role) -> None:
        painter.setFont(font)
        painter.setPen(self._theme.color(role))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
