# SPDX-License-Identifier: Apache-2.0
"""A manifest file as a person sees it: the cells of the spreadsheet, or the lines of the document, and where problems stand."""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from archive.manifest import nodes
from archive.manifest.grid import Cell, Grid, column_letter, column_number
from archive.manifest.nodes import Node
from archive.manifest.problems import Problem
from archive.manifest.reader import Contents
from archive.manifest.sheet import find_layout

INDENTATION = "    "

LONGEST_SHOWN = 300
"""Characters of a cell that are shown: no column is as wide, and to lay out a cell of 30,000 takes long."""


@dataclass(frozen=True, slots=True)
class SheetView:
    """Rows and columns to show, all as text.

    Attributes:
        kind: "sheet" with the spreadsheet's own rows and columns; "document" with a name and a value in each
            row; "text" with the lines of a document that cannot be understood; "nothing".
        columns: Column letters; empty unless it is a sheet.
        labels: For each row its number in the spreadsheet, or the line of the file.
        rows: The texts; rows may be shorter than there are columns.
        width: How many columns there are.
        header: Index of the row that heads the table of items; None where there is none.
    """

    kind: Literal["sheet", "document", "text", "nothing"]
    columns: tuple[str, ...] = ()
    labels: tuple[int, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    width: int = 0
    header: int | None = None
    _by_pointer: dict[str, int] = field(default_factory=dict)

    def place_of(self, problem: Problem) -> tuple[int | None, int | None]:
        """Indices of the row and column that a problem is about; None for a whole row, or the whole file."""
        if self.kind == "sheet":
            row = problem.row - 1 if problem.row is not None and problem.row <= len(self.rows) else None
            column = column_number(problem.column) if problem.column else None
            return row, column if column is not None and column < self.width else None
        if problem.pointer and self._by_pointer:
            return self._row_of_pointer(problem.pointer), 1
        if problem.line is not None and self.rows and (problem.pointer or problem.line > 1):
            return max(0, bisect.bisect_right(self.labels, problem.line) - 1), None
        return None, None

    def _row_of_pointer(self, pointer: str) -> int | None:
        """The row of a value, or of the nearest one around it that is there."""
        while pointer:
            if pointer in self._by_pointer:
                return self._by_pointer[pointer]
            pointer = pointer.rpartition("/")[0]
        return None


@dataclass(frozen=True, slots=True)
class Marks:
    """Which problems stand where in a view; problems by their number in the list.

    Attributes:
        places: Row and column of each problem, as `SheetView.place_of` gives them.
        by_cell: Problems of one cell, by row and column.
        by_row: Problems of a whole row, by row.
    """

    places: tuple[tuple[int | None, int | None], ...]
    by_cell: Mapping[tuple[int, int], Sequence[int]]
    by_row: Mapping[int, Sequence[int]]

    def at(self, row: int, column: int) -> Sequence[int]:
        """The problems of a cell; those of its whole row where it has none of its own."""
        return self.by_cell.get((row, column)) or self.by_row.get(row, ())


def marks_of(view: SheetView, problems: Sequence[Problem]) -> Marks:
    """Place all problems of a file in its view."""
    places = tuple(map(view.place_of, problems))
    by_cell: dict[tuple[int, int], list[int]] = {}
    by_row: dict[int, list[int]] = {}
    for number, (row, column) in enumerate(places):
        if row is not None and column is not None:
            by_cell.setdefault((row, column), []).append(number)
        elif row is not None:
            by_row.setdefault(row, []).append(number)
    return Marks(places, by_cell, by_row)


def sheet_view(contents: Contents) -> SheetView:
    """The view of what was read from a file."""
    if contents.grid is not None:
        return _of_grid(contents.grid)
    if contents.tree is not None:
        return _of_tree(contents.tree)
    lines = contents.text.splitlines()
    if not lines:
        return SheetView("nothing")
    return SheetView(
        "text", labels=tuple(range(1, len(lines) + 1)), rows=tuple((_line(line),) for line in lines), width=1
    )


def cell_text(cell: Cell) -> str:
    """What the spreadsheet shows in a cell, as far as it can be known without its number formats."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _of_grid(grid: Grid) -> SheetView:
    if not grid.rows:
        return SheetView("nothing")
    width = max(1, *map(len, grid.rows))
    layout = find_layout(grid)
    return SheetView(
        "sheet",
        columns=tuple(column_letter(column) for column in range(width)),
        labels=tuple(range(1, len(grid.rows) + 1)),
        rows=tuple(tuple(_line(cell_text(cell)) for cell in row) for row in grid.rows),
        width=width,
        header=layout.header_row - 1 if layout else None,
    )


def _of_tree(root: Node) -> SheetView:
    rows: list[tuple[str, ...]] = []
    labels: list[int] = []
    by_pointer: dict[str, int] = {}
    for pointer, depth, name, line, node in _walk(root, "", 0):
        by_pointer[pointer] = len(rows)
        labels.append(line)
        rows.append((INDENTATION * depth + name, _scalar_text(node)))
    return SheetView("document", labels=tuple(labels), rows=tuple(rows), width=2, _by_pointer=by_pointer)


def _walk(node: Node, pointer: str, depth: int) -> Iterator[tuple[str, int, str, int, Node]]:
    """Pointer, depth, name, line and value of everything below a node, in the order of the file."""
    if isinstance(node.value, nodes.Mapping):
        for entry in node.value.entries:
            below = f"{pointer}/{entry.key.replace('~', '~0').replace('/', '~1')}"
            yield below, depth, entry.key, entry.line, entry.value
            yield from _walk(entry.value, below, depth + 1)
    elif isinstance(node.value, tuple):
        for index, each in enumerate(node.value):
            below = f"{pointer}/{index}"
            yield below, depth, str(index + 1), each.line, each
            yield from _walk(each, below, depth + 1)


def _scalar_text(node: Node) -> str:
    if isinstance(node.value, nodes.Mapping | tuple):
        return ""
    return _line(cell_text(Cell(node.value)))


def _line(text: str) -> str:
    """A text on one line, its end left out when it is long."""
    if len(text) > LONGEST_SHOWN:
        text = text[: LONGEST_SHOWN - 1] + "…"
    return " ↵ ".join(text.splitlines()) if "\n" in text or "\r" in text else text
