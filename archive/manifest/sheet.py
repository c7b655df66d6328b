# SPDX-License-Identifier: Apache-2.0
"""From the cells of a spreadsheet to a draft: the block of batch values, the table of items, their problems."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.manifest.columns import (
    BATCH_WORDS,
    COLUMN_WORDS,
    Meaning,
    is_problems_column,
    meaning_in_block,
    meaning_in_table,
)
from archive.manifest.draft import FAULTY, Draft, Field, Kind, Record
from archive.manifest.grid import Cell, Grid, at, column_letter
from archive.manifest.nearest import did_you_mean, nearest
from archive.manifest.problems import Code, Place, Problem, shown

_CORE_WORDS = frozenset({"id", "title", "creator", "date", "language", "rights", "pages", "file_paths"})
_NEVER_A_DATE = frozenset({"id", "scanner_id", "language", "file_paths", "attachments", "scanner_model"})
_LONG_LISTS = frozenset({"file_paths", "attachments"})
"""What may go on in a second column of the same name."""
_NEEDED_COLUMNS = ("id", "title")
_ROWS_SEARCHED = 200
"""Rows in which the table's header is looked for."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the table of items stands in a grid.

    Attributes:
        header_row: Row of the header, from 1.
        columns: Meaning of each known column, by number from 0.
        ignored: Columns that hold Recto's own problems.
    """

    header_row: int
    columns: dict[int, Meaning]
    ignored: frozenset[int]


def find_layout(grid: Grid) -> Layout | None:
    """Find the header of the table of items.

    It is the first row with two of an item's own columns, or with three known columns of any kind; a
    row of the block above names one field. Where no row is so, the first with two misspelt ones counts.
    """
    for like in (_is_header, _is_misspelt_header):
        for row, cells in enumerate(grid.rows[:_ROWS_SEARCHED], start=1):
            words = [cell.value if isinstance(cell.value, str) else "" for cell in cells]
            if like(words):
                meanings = ((column, meaning_in_table(word)) for column, word in enumerate(words))
                columns = {column: meaning for column, meaning in meanings if meaning}
                ignored = frozenset(column for column, word in enumerate(words) if is_problems_column(word))
                return Layout(row, columns, ignored)
    return None


def _is_header(words: Sequence[str]) -> bool:
    meanings = [meaning for meaning in map(meaning_in_table, words) if meaning]
    core = {meaning.name for meaning in meanings if not meaning.of_batch and meaning.name in _CORE_WORDS}
    return len(core) > 1 or len(meanings) > 2  # noqa: PLR2004 - as the docstring of find_layout says


def _is_misspelt_header(words: Sequence[str]) -> bool:
    core = {nearest(word.strip(), _CORE_WORDS) for word in words if 1 < len(word.strip()) < 20}  # noqa: PLR2004
    return len(core - {None}) > 1


def read_sheet(grid: Grid) -> tuple[Draft | None, list[Problem]]:
    """The draft that a sheet describes, None when it has no table of items; and the problems of its layout."""
    layout = find_layout(grid)
    if layout is None:
        return None, [*grid.problems, _no_table(grid)]
    reading = _SheetReading(grid, layout)
    reading.block()
    reading.header()
    reading.table()
    return reading.draft, [*grid.problems, *reading.problems]


def _no_table(grid: Grid) -> Problem:
    if not any(not cell.blank for row in grid.rows for cell in row):
        return Problem.at(
            Place(), Code.EMPTY, "The sheet is empty.", "Fill in a template from `recto manifest template`."
        )
    return Problem.at(
        at(1),
        Code.NO_ITEM_TABLE,
        "No row of the sheet heads a table of items.",
        "Write a row with the column names id, title, pages and so on above the items; see `recto manifest template`.",
    )


class _SheetReading:
    """One reading of a sheet: collects the draft and the problems as it goes down the rows."""

    def __init__(self, grid: Grid, layout: Layout) -> None:
        self._grid = grid
        self._layout = layout
        self._missing_columns: list[str] = []
        self.problems: list[Problem] = []
        head = at(layout.header_row)
        self.draft = Draft(Record(head), [], head)

    def block(self) -> None:
        """Read the `key,value` rows above the table."""
        for row in range(1, self._layout.header_row):
            cells = [
                (column, cell)
                for column, cell in enumerate(self._grid.rows[row - 1])
                if not cell.blank and column not in self._layout.ignored
            ]
            if not cells or str(cells[0][1].value).startswith("#"):
                continue
            key_column, key = cells[0]
            meaning = meaning_in_block(str(key.value)) if key_column == 0 else None
            if meaning is None:
                self._problem(
                    at(row, key_column),
                    Code.UNKNOWN_KEY,
                    f"{shown(key.value)} is not a value of the batch.",
                    f"{did_you_mean(str(key.value), BATCH_WORDS)} Begin the row with '#' to make it a remark.",
                )
                continue
            self._block_row(row, meaning, cells[1:])

    def _block_row(self, row: int, meaning: Meaning, cells: list[tuple[int, Cell]]) -> None:
        if meaning.kind is Kind.LIST:
            entries = [
                entry for column, cell in cells for entry in self._entries(cell, at(row, column), meaning)
            ]
            self._say_of_batch(meaning, Field(tuple(entries), at(row, cells[0][0] if cells else 1)))
            return
        for column, cell in cells:
            if column != 1:
                self._problem(
                    at(row, column),
                    Code.EXTRA_CELL,
                    f"The value {shown(cell.value)} is outside of the two columns for batch values.",
                    "Write the name of the value into column A and the value into column B.",
                )
        self._say_of_batch(meaning, self._field(self._grid.cell(row, 1), at(row, 1), meaning))

    def header(self) -> None:
        """Report columns that mean nothing, and columns that are there twice."""
        row = self._layout.header_row
        first: dict[Meaning, int] = {}
        for column, cell in enumerate(self._grid.rows[row - 1]):
            meaning = self._layout.columns.get(column)
            if column in self._layout.ignored or cell.blank:
                continue
            if meaning is None:
                self._problem(
                    at(row, column),
                    Code.UNKNOWN_COLUMN,
                    f"The column {shown(cell.value)} is not known.",
                    did_you_mean(str(cell.value), COLUMN_WORDS),
                )
            elif meaning in first and meaning.name not in _LONG_LISTS:
                self._problem(
                    at(row, column),
                    Code.DUPLICATE_COLUMN,
                    f"The column {shown(cell.value)} is there already, as column {column_letter(first[meaning])}.",
                    "Keep one of them.",
                )
            else:
                first.setdefault(meaning, column)
        for word in _NEEDED_COLUMNS:
            if Meaning(of_batch=False, name=word) not in first:
                self._missing_columns.append(word)
                self._problem(
                    at(row),
                    Code.REQUIRED,
                    f"The table of items has no column {word}.",
                    f"Add the column {word} and fill it in for every item.",
                )

    def table(self) -> None:
        """Read one item a row."""
        unnamed: set[int] = set()
        for row in range(self._layout.header_row + 1, len(self._grid.rows) + 1):
            cells = self._grid.rows[row - 1]
            filled = [
                column
                for column, cell in enumerate(cells)
                if not cell.blank and column not in self._layout.ignored
            ]
            if not filled:
                continue
            for column in filled:
                if column not in unnamed and self._grid.cell(self._layout.header_row, column).blank:
                    unnamed.add(column)
                    self._problem(
                        at(row, column),
                        Code.UNNAMED_COLUMN,
                        f"The value {shown(cells[column].value)} stands in a column without a name.",
                        "Name the column in the header, or clear it; a stray separator shifts all cells after it.",
                    )
            self._item(row)

    def _item(self, row: int) -> None:
        record = Record(at(row))
        for word in self._missing_columns:
            record.fields[word] = Field(FAULTY, at(row))  # reported once, at the header
        for column, meaning in self._layout.columns.items():
            field = self._field(self._grid.cell(row, column), at(row, column), meaning)
            if meaning.of_batch:
                self._say_of_batch(meaning, field)
            else:
                _say(record, meaning, field)
        self.draft.items.append(record)

    def _say_of_batch(self, meaning: Meaning, field: Field) -> None:
        """Take a batch value over, unless it was said before; then it must be the same."""
        before = _said(self.draft.batch, meaning)
        if before is None or _means_nothing(before):
            _say(self.draft.batch, meaning, field)
        elif not _means_nothing(field) and _plain(field) != _plain(before):
            label = meaning.name if meaning.key is None else f"{meaning.name}.{meaning.key}"
            where = f"{before.place.column or ''}{before.place.row}"
            self._problem(
                field.place,
                Code.CONFLICTING_VALUES,
                f"{label} of the batch is {shown(_plain(field))} here, but {shown(_plain(before))} in {where}.",
                "Write the same value in every row, or once above the table.",
            )

    def _field(self, cell: Cell, place: Place, meaning: Meaning) -> Field:
        if cell.fault:
            self._problem(place, cell.fault, *_FAULTS[cell.fault])
            return Field(FAULTY, place)
        if cell.was_date and not self._date_is_bearable(cell, place, meaning):
            return Field(FAULTY, place)
        if cell.blank:
            return Field(None, place)
        if meaning.kind is Kind.LIST:
            return Field(tuple(self._entries(cell, place, meaning)), place)
        return Field(cell.value, place, loose=True)

    def _entries(self, cell: Cell, place: Place, meaning: Meaning) -> Iterator[Field]:
        if cell.fault:
            self._problem(place, cell.fault, *_FAULTS[cell.fault])
            yield Field(FAULTY, place)
        elif not cell.was_date or self._date_is_bearable(cell, place, meaning):
            for entry in split_list(str(cell.value)):
                yield Field(entry, place)

    def _date_is_bearable(self, cell: Cell, place: Place, meaning: Meaning) -> bool:
        """Whether a date may stand in a column; spreadsheets turn ids such as 3-4 into dates unasked."""
        if meaning.name in ("date", "tags"):
            return True
        fatal = meaning.name in _NEVER_A_DATE or meaning.kind is not Kind.TEXT
        self._problem(
            place,
            Code.CELL_BECAME_DATE,
            f"The spreadsheet holds the date {cell.value} in a column for {meaning.name}.",
            "Format the cell as text and type the value again.",
            warning=not fatal,
        )
        return not fatal

    def _problem(self, place: Place, code: Code, message: str, remedy: str, *, warning: bool = False) -> None:
        self.problems.append(Problem.at(place, code, message, remedy, "warning" if warning else "error"))


_FAULTS = {
    Code.FORMULA: (
        "The cell holds a formula; a manifest takes values only.",
        "Copy the column and paste it as values.",
    ),
    Code.CELL_ERROR: (
        "The cell holds an error of the spreadsheet, such as #REF! or #N/A.",
        "Correct the cell, and write the value itself.",
    ),
}


def split_list(text: str) -> list[str]:
    """The entries of a list in one cell: separated by '|' or line ends or, where neither is there, by ';'."""
    separators = r"[|\r\n]+" if re.search(r"[|\r\n]", text) else r";"
    return [entry.strip() for entry in re.split(separators, text) if entry.strip()]


def _say(record: Record, meaning: Meaning, field: Field) -> None:
    """Put a field into a record; lists in several columns follow each other, mappings gain a key."""
    there = record.fields.get(meaning.name)
    if meaning.key is not None:
        entries = there.value if there is not None and isinstance(there.value, dict) else {}
        if meaning.key not in entries or _means_nothing(entries[meaning.key]):
            record.fields[meaning.name] = Field({**entries, meaning.key: field}, field.place)
    elif there is None or _means_nothing(there):
        record.fields[meaning.name] = field
    elif isinstance(there.value, tuple) and isinstance(field.value, tuple):
        record.fields[meaning.name] = Field((*there.value, *field.value), there.place)


def _said(record: Record, meaning: Meaning) -> Field | None:
    there = record.fields.get(meaning.name)
    if meaning.key is None or there is None:
        return there
    return there.value.get(meaning.key) if isinstance(there.value, dict) else None


def _means_nothing(field: Field) -> bool:
    return field.value is None or field.value == ()


def _plain(field: Field) -> str:
    """A value for comparing and showing: 300 and 300.0 and " 300" are the same."""
    if isinstance(field.value, tuple):
        return " | ".join(_plain(entry) for entry in field.value)
    if isinstance(field.value, float) and field.value.is_integer():
        return str(int(field.value))
    return str(field.value).strip()
