# SPDX-License-Identifier: Apache-2.0
"""The items of the batch with what quality says of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem

from app.desktop.quality.marked_icon import marked_icon
from app.desktop.quality.words import STANDINGS, word
from app.desktop.theme.theme import Theme
from app.desktop.widgets.plain_words import plain_tip
from archive.registry.review import ReviewItem, ReviewStanding


class ItemList(QListWidget):
    """One line an item: id, and below it the state with its icon and word.

    Args:
        theme: Colours and icons.
    """

    opened = Signal(str)
    """The operator wants to see an item: its name."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: tuple[ReviewItem, ...] = ()
        self.setAccessibleName(self.tr("Items of the batch"))
        self.setUniformItemSizes(True)
        self.setIconSize(QSize(20, 20))
        self.setMinimumWidth(150)
        self.setSpacing(3)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.itemClicked.connect(self._open)
        self.itemActivated.connect(self._open)
        theme.changed.connect(self._paint)

    def _open(self, entry: QListWidgetItem) -> None:
        self.opened.emit(str(entry.data(Qt.ItemDataRole.UserRole)))

    def show_items(self, items: Sequence[ReviewItem]) -> None:
        """Show these items; a batch may have thousands, and with each verdict one of them changes."""
        before, self._shown = self._shown, tuple(items)
        while self.count() > len(items):
            self.takeItem(self.count() - 1)
        while self.count() < len(items):
            self.addItem(QListWidgetItem())
        known = dict(enumerate(before))
        self._paint_rows(row for row, item in enumerate(self._shown) if known.get(row) != item)

    def show_current(self, name: str) -> None:
        """Mark the item that is looked at."""
        row = next((row for row, item in enumerate(self._shown) if item.name == name), -1)
        self.setCurrentRow(row)

    def _paint(self) -> None:
        self._paint_rows(range(len(self._shown)))

    def _paint_rows(self, rows: Iterable[int]) -> None:
        icons: dict[ReviewStanding, QIcon] = {}
        for row in rows:
            item, entry = self._shown[row], self.item(row)
            text, icon, color = STANDINGS[item.standing]
            if item.standing not in icons:
                size, scale = self.iconSize(), self.devicePixelRatio()
                icons[item.standing] = marked_icon(self._theme, icon, color, size, scale)
            entry.setText(f"{item.name}\n{state_words(item)}")
            entry.setIcon(icons[item.standing])
            entry.setToolTip(plain_tip(item.title))
            entry.setData(Qt.ItemDataRole.UserRole, item.name)
            entry.setData(Qt.ItemDataRole.AccessibleTextRole, f"{item.name}, {item.title}, {word(text)}")


def state_words(item: ReviewItem) -> str:
    """The state of an item in words, with the count that matters."""
    text = word(STANDINGS[item.standing][0])
    if item.standing is ReviewStanding.REJECTED:
        rejected = QCoreApplication.translate("quality", "%n page(s)", "", item.rejected)
        return f"{text} · {rejected}"
    if item.standing in {ReviewStanding.EMPTY, ReviewStanding.HELD}:
        return text
    return f"{text} · {item.accepted} / {item.pages}"
