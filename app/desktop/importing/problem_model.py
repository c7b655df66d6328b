# SPDX-License-Identifier: Apache-2.0
"""The problems of a manifest as a list that can be narrowed to errors or to warnings."""

from __future__ import annotations

import bisect
from collections.abc import Collection
from typing import Any, Literal

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QIcon

from app.desktop.importing.problem_words import message_words, whole_words
from app.desktop.importing.severity import ROLES, Standing, mark, place_words, standing_of, word
from app.desktop.theme.theme import Theme
from app.desktop.widgets.plain_words import plain_tip
from archive.manifest.problems import Problem

Index = QModelIndex | QPersistentModelIndex
Filter = Literal["all", "errors", "warnings"]

PLACE, MESSAGE = 0, 1
_NOWHERE = QModelIndex()


class ProblemModel(QAbstractTableModel):
    """One problem a row: where it stands, and what it is.

    Args:
        theme: Colours and icons.
        parent: Owner.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._problems: tuple[Problem, ...] = ()
        self._accepted: Collection[int] = ()
        self._filter: Filter = "all"
        self._shown: list[int] = []
        self._icons: dict[Standing, QIcon] = {}
        self._colors: dict[Standing, QColor] = {}
        theme.changed.connect(self._paint)
        self._paint()

    def show_problems(self, problems: tuple[Problem, ...], accepted: Collection[int]) -> None:
        """Show the problems of another file; `accepted` has numbers of problems."""
        self.beginResetModel()
        self._problems, self._accepted = problems, accepted
        self._narrow()
        self.endResetModel()

    def show_only(self, which: Filter) -> None:
        """Narrow the list down, or show all again."""
        self.beginResetModel()
        self._filter = which
        self._narrow()
        self.endResetModel()

    def show_accepted(self, accepted: Collection[int]) -> None:
        """Show which warnings are accepted now."""
        self._accepted = accepted
        self._paint()

    def number_at(self, row: int) -> int | None:
        """The number of the problem in a row of the list; None where there is no such row."""
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def row_of(self, number: int) -> int | None:
        """The row of a problem; None where the list is narrowed to others."""
        row = bisect.bisect_left(self._shown, number)
        return row if row < len(self._shown) and self._shown[row] == number else None

    def _narrow(self) -> None:
        wanted = {"all": "", "errors": "error", "warnings": "warning"}[self._filter]
        self._shown = [
            number
            for number, problem in enumerate(self._problems)
            if not wanted or problem.severity == wanted
        ]

    def _paint(self) -> None:
        for standing in Standing:
            self._icons[standing] = mark(self._theme, standing)
            self._colors[standing] = self._theme.color(ROLES[standing])
        if self._shown:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown) - 1, MESSAGE))

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Problems that are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Place and message."""
        return 0 if parent.isValid() else 2

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Place or message of a problem, its icon and colour."""
        if not index.isValid():
            return None
        number = self._shown[index.row()]
        problem = self._problems[number]
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(whole_words(problem))
        if index.column() == MESSAGE:
            return message_words(problem) if role == Qt.ItemDataRole.DisplayRole else None
        return self._of_place(problem, standing_of(problem, accepted=number in self._accepted), role)

    def _of_place(self, problem: Problem, standing: Standing, role: int) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return place_words(problem)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{word(standing)}, {place_words(problem)}"
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icons[standing]
        return self._colors[standing] if role == Qt.ItemDataRole.ForegroundRole else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Heads of the two columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.tr("Place") if section == PLACE else self.tr("Problem")
        return None
