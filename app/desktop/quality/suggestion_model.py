# SPDX-License-Identifier: Apache-2.0
"""What programs suggest about a page as a table: what about, which value, how sure, and what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.desktop.quality.check_model import ICON, SHARP
from app.desktop.quality.marked_icon import marked_icon
from app.desktop.quality.suggestion_words import STATUSES, confidence_words, kind_word, value_words, word
from app.desktop.theme.theme import Theme
from archive.registry.suggestions import SUGGESTED, KnownSuggestion

Index = QModelIndex | QPersistentModelIndex


class SuggestionModel(QAbstractTableModel):
    """Suggestions in the order in which they come; a decision changes a row in its place.

    Args:
        theme: Colours and icons.
        parent: Owner.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.suggestions: list[KnownSuggestion] = []
        theme.changed.connect(self._repaint)

    def show_suggestions(self, suggestions: Sequence[KnownSuggestion]) -> None:
        """Show other suggestions, or the same ones as they stand now."""
        shown = list(suggestions)
        if [each.id for each in shown] == [each.id for each in self.suggestions]:
            self.suggestions = shown
            self._repaint()
            return
        self.beginResetModel()
        self.suggestions = shown
        self.endResetModel()

    def next_open(self, behind: int) -> int:
        """The row of the next suggestion behind a row that nobody has decided, round to the first; -1 for none."""
        count = len(self.suggestions)
        rows = ((behind + step) % count for step in range(1, count + 1))
        return next((row for row in rows if self.suggestions[row].status == SUGGESTED), -1)

    def rowCount(self, parent: Index | None = None) -> int:
        """How many suggestions there are."""
        return 0 if parent is not None and parent.isValid() else len(self.suggestions)

    def columnCount(self, parent: Index | None = None) -> int:
        """What about, value, confidence."""
        return 0 if parent is not None and parent.isValid() else 3

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The names of the columns."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("About"), self.tr("Suggested"), self.tr("Sure"))[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What is shown of a suggestion."""
        if not index.isValid() or index.row() >= len(self.suggestions):
            return None
        suggestion, column = self.suggestions[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._texts(suggestion)[column]
        if role in {Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole}:
            status = word(STATUSES[suggestion.status][0])
            return (
                f"{self._texts(suggestion)[column]}: {status}"
                if column == 0
                else self._texts(suggestion)[column]
            )
        if role == Qt.ItemDataRole.DecorationRole and column == 0:
            _, icon, color = STATUSES[suggestion.status]
            return marked_icon(self._theme, icon, color, ICON, SHARP)
        return None

    def _texts(self, suggestion: KnownSuggestion) -> tuple[str, str, str]:
        return (
            kind_word(suggestion.kind),
            value_words(suggestion.kind, suggestion.value),
            confidence_words(suggestion.confidence),
        )

    def _repaint(self) -> None:
        if self.suggestions:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.suggestions) - 1, 2))
