# SPDX-License-Identifier: Apache-2.0
"""The cells of a manifest as a Qt model: everything is looked up, nothing is worked out while painting."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QBrush, QFont, QIcon

from app.desktop.importing.problem_words import whole_words
from app.desktop.importing.severity import ROLES, Standing, mark, word, worst
from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from app.desktop.widgets.plain_words import plain_tip
from archive.manifest.problems import Problem
from archive.manifest.sheet_view import Marks, SheetView

Index = QModelIndex | QPersistentModelIndex

TINT = 0.22
"""How much of a problem's colour is mixed into the surface of its cell: the text stays readable on it."""

_NOWHERE = QModelIndex()
_NOTHING = SheetView("nothing")
_UNMARKED = Marks((), {}, {})


class SheetModel(QAbstractTableModel):
    """A manifest as its spreadsheet shows it, with the cells marked that have problems.

    Args:
        theme: Colours and icons.
        parent: Owner.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view = _NOTHING
        self._marks = _UNMARKED
        self._problems: tuple[Problem, ...] = ()
        self._standings: dict[tuple[int, int], Standing] = {}
        self._row_standings: dict[int, Standing] = {}
        self._tints: dict[Standing, QBrush] = {}
        self._icons: dict[Standing, QIcon] = {}
        self._head = QFont()
        self._head.setBold(True)
        self._raised = QBrush()
        theme.changed.connect(self._paint)
        self._paint()

    @property
    def view(self) -> SheetView:
        """What is shown."""
        return self._view

    @property
    def marked_columns(self) -> set[int]:
        """The columns in which some cell has an icon."""
        return {column for _, column in self._marks.by_cell}

    def show_sheet(self, view: SheetView, problems: tuple[Problem, ...], marks: Marks) -> None:
        """Show another file."""
        self.beginResetModel()
        self._view, self._problems, self._marks = view, problems, marks
        self._standings, self._row_standings = {}, {}
        self._stand(marks.by_cell, marks.by_row, ())
        self.endResetModel()

    def show_accepted(self, changed: Iterable[int], accepted: Collection[int]) -> None:
        """Mark warnings as accepted, or as open again.

        Args:
            changed: Numbers of the problems that changed.
            accepted: Numbers of all accepted ones.
        """
        cells, rows = set(), set()
        for number in changed:
            row, column = self._marks.places[number]
            if row is not None and column is not None:
                cells.add((row, column))
            elif row is not None:
                rows.add(row)
        self._stand(cells, rows, accepted)
        touched = {row for row, _ in cells} | rows
        if touched:
            # one message for all: views draw only what is in sight
            first, last = min(touched), max(touched)
            self.dataChanged.emit(self.index(first, 0), self.index(last, max(0, self._view.width - 1)))
            self.headerDataChanged.emit(Qt.Orientation.Vertical, first, last)

    def _stand(
        self, cells: Iterable[tuple[int, int]], rows: Iterable[int], accepted: Collection[int]
    ) -> None:
        """Work out the standing of cells and of whole rows, and of the rows the cells are in."""
        touched = set(rows)
        for cell in cells:
            found = worst(self._numbered(self._marks.by_cell[cell]), accepted)
            if found is not None:
                self._standings[cell] = found
            touched.add(cell[0])
        by_row: dict[int, list[Standing]] = {}
        for (row, _), standing in self._standings.items():
            if row in touched:
                by_row.setdefault(row, []).append(standing)
        for row in touched:
            whole = worst(self._numbered(self._marks.by_row.get(row, ())), accepted)
            standings = {*by_row.get(row, []), whole}
            self._row_standings[row] = next(standing for standing in Standing if standing in standings)

    def _numbered(self, numbers: Iterable[int]) -> list[tuple[int, Problem]]:
        return [(number, self._problems[number]) for number in numbers]

    def _paint(self) -> None:
        for standing in Standing:
            self._tints[standing] = tint(self._theme, ROLES[standing])
            self._icons[standing] = mark(self._theme, standing)
        self._raised = QBrush(self._theme.color(Role.RAISED))
        if self._view.rows:
            self.dataChanged.emit(
                self.index(0, 0), self.index(len(self._view.rows) - 1, max(0, self._view.width - 1))
            )

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Rows of the file."""
        return 0 if parent.isValid() else len(self._view.rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Columns of the file."""
        return 0 if parent.isValid() else self._view.width

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text of a cell, its colour, its icon and, in words, its problems."""
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            cells = self._view.rows[row]
            return cells[column] if column < len(cells) else None
        if row == self._view.header and role == Qt.ItemDataRole.FontRole:
            return self._head
        standing = self._standing(row, column)
        if standing is not None:
            return self._mark(row, column, standing, role)
        heads = row == self._view.header and role == Qt.ItemDataRole.BackgroundRole
        return self._raised if heads else None

    def _standing(self, row: int, column: int) -> Standing | None:
        """What a cell's own problems mean; those of its whole row where it has none."""
        if (row, column) in self._standings:
            return self._standings[row, column]
        return self._row_standings[row] if row in self._marks.by_row else None

    def _mark(self, row: int, column: int, standing: Standing, role: int) -> Any:
        if role == Qt.ItemDataRole.BackgroundRole:
            return self._tints[standing]
        if role == Qt.ItemDataRole.DecorationRole:
            # a problem of the whole row has its icon once, at the row's beginning
            return self._icons[standing] if (row, column) in self._standings or not column else None
        if role in {Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole}:
            told = self._told(self._marks.at(row, column), standing)
            return plain_tip(told) if role == Qt.ItemDataRole.ToolTipRole else told
        return None

    def _told(self, numbers: Iterable[int], standing: Standing | None) -> str:
        sentences = [whole_words(self._problems[n]) for n in numbers]
        return (
            "\n\n".join([f"{word(standing)}: {sentences[0]}", *sentences[1:]])
            if standing and sentences
            else ""
        )

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Column letters with the words of the table's header below them, and row numbers with marks."""
        if orientation == Qt.Orientation.Horizontal:
            return self._column_words(section) if role == Qt.ItemDataRole.DisplayRole else None
        if section >= len(self._view.labels):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return str(self._view.labels[section])
        standing = self._row_standings.get(section)
        if role == Qt.ItemDataRole.DecorationRole and standing is not None:
            return self._icons[standing]
        if role == Qt.ItemDataRole.ToolTipRole and section in self._marks.by_row:
            return plain_tip(self._told(self._marks.by_row[section], standing))
        return None

    def _column_words(self, column: int) -> str:
        view = self._view
        if view.kind == "document":
            if column:
                return QCoreApplication.translate("manifest", "Value")
            return QCoreApplication.translate("manifest", "Name")
        if view.kind == "text":
            return QCoreApplication.translate("manifest", "Text of the file")
        if view.header is None or column >= len(view.rows[view.header]):
            return view.columns[column]
        heading = view.rows[view.header][column].strip().splitlines()[:1]
        return "\n".join([view.columns[column], *heading])


def tint(theme: Theme, role: Role) -> QBrush:
    """The surface with a little of a role's colour in it."""
    surface, ink, mixed = theme.color(Role.SURFACE), theme.color(role), theme.color(Role.SURFACE)
    mixed.setRgbF(
        surface.redF() + (ink.redF() - surface.redF()) * TINT,
        surface.greenF() + (ink.greenF() - surface.greenF()) * TINT,
        surface.blueF() + (ink.blueF() - surface.blueF()) * TINT,
    )
    return QBrush(mixed)
