# SPDX-License-Identifier: Apache-2.0
"""Cards side by side, as many in a row as there is room for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

GAP = 12


class CardGrid(QWidget):
    """A grid whose columns follow its width; cards of one row are equally high.

    Args:
        least_width: Width of a card in pixels below which a column less is better.
    """

    def __init__(self, least_width: int = 340) -> None:
        super().__init__()
        self._least = least_width
        self._columns = 0
        self._cards: list[QWidget] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP)

    @property
    def columns(self) -> int:
        """How many cards stand side by side."""
        return self._columns

    def show_cards(self, cards: Sequence[QWidget]) -> None:
        """Show these cards, in this order; whoever made them removes those that are gone."""
        self._cards = list(cards)
        self._arrange(self._columns_for(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the cards anew when another number fits."""
        super().resizeEvent(event)
        columns = self._columns_for(event.size().width())
        if columns != self._columns:
            self._arrange(columns)

    def _columns_for(self, width: int) -> int:
        least = max(self._least, *(card.minimumSizeHint().width() for card in self._cards), 1)
        return max(1, (width + GAP) // (least + GAP))

    def _arrange(self, columns: int) -> None:
        for column in range(max(columns, self._columns)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        for row in range(self._grid.rowCount() + 1):
            self._grid.setRowStretch(row, 0)
        self._columns = columns
        for place, card in enumerate(self._cards):
            self._grid.addWidget(card, place // columns, place % columns)
        # rows keep their height; what is left stays below
        self._grid.setRowStretch(self._grid.rowCount(), 1)
