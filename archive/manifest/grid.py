# SPDX-License-Identifier: Apache-2.0
"""A spreadsheet as rows of cells, whatever file it came from."""

from __future__ import annotations

from dataclasses import dataclass, field

from archive.manifest.problems import Code, Place, Problem

MOST_ROWS = 1_048_576
"""Rows that a spreadsheet can have (Excel 2007 and later)."""

MOST_COLUMNS = 1_000
"""Columns that are looked at; a manifest has a few dozen."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes:
        value: What is in it; None when empty; with a fault, what the spreadsheet holds in place of a value.
        fault: Why the value cannot be read, where it cannot.
        was_date: Whether the spreadsheet holds a date, of which `value` is the text.
    """

    value: str | int | float | bool | None
    fault: Code | None = None
    was_date: bool = False

    @property
    def blank(self) -> bool:
        """Whether nobody wrote anything into the cell."""
        return self.fault is None and (
            self.value is None or (isinstance(self.value, str) and not self.value.strip())
        )


EMPTY_CELL = Cell(None)


@dataclass(slots=True)
class Grid:
    """Rows of cells; row n of the spreadsheet is `rows[n - 1]`. Rows may differ in length.

    Attributes:
        rows: The rows.
        problems: What was found wrong in reading them.
    """

    rows: list[list[Cell]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def cell(self, row: int, column: int) -> Cell:
        """The cell in a row (from 1) and column (from 0)."""
        cells = self.rows[row - 1]
        return cells[column] if column < len(cells) else EMPTY_CELL


def column_letter(column: int) -> str:
    """The letter of a column counted from 0: A, B, ... Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The number, from 0, of the column that has these letters: the inverse of `column_letter`."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def at(row: int, column: int | None = None) -> Place:
    """The place of a cell, or of a row; rows from 1, columns from 0."""
    return Place(row=row, column=None if column is None else column_letter(column))
