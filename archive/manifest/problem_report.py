# SPDX-License-Identifier: Apache-2.0
"""A spreadsheet given back with two columns that say, row by row, how much is wrong with it and what."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import get_column_letter

from archive.durable import write_durably
from archive.errors import ManifestAccessRefused, ManifestMissing, ManifestNotASpreadsheet
from archive.manifest.decoding import decode
from archive.manifest.grid import Grid
from archive.manifest.problems import Problem
from archive.manifest.reader import SEPARATED_SUFFIXES
from archive.manifest.separated import divide, read_separated, write_separated
from archive.manifest.sheet import find_layout
from archive.manifest.workbook import chosen_sheet, read_workbook

HEADINGS = ("Problems", "Problem messages")
"""Heads of the two columns: how many problems a row has, and what they are."""

_SHADES = {"error": PatternFill("solid", fgColor="F8D0C8"), "warning": PatternFill("solid", fgColor="FCEFB4")}


def with_problem_columns(path: Path, problems: Iterable[Problem], destination: Path) -> None:
    """Write a CSV or XLSX manifest back with its problems beside the rows that they are about.

    Two columns behind the last one tell their number and what they are; reading the sheet again ignores
    both, and writing them again replaces them. Problems of the file as a whole stand in the header's row.
    All other cells stay as they are, and so do their order, the separator, the encoding and the line ends.

    Args:
        path: The manifest; it is not changed unless `destination` is the same file.
        problems: What `read_manifest` reported of it.
        destination: The file to write; an existing one is replaced when all is on disk.

    Raises:
        ManifestNotASpreadsheet: The manifest is JSON or YAML, or cannot be read as a sheet.
        ManifestMissing: There is no such manifest.
        ManifestAccessRefused: The manifest may not be read.
        OSError: `destination` cannot be written; it is as it was.
    """
    suffix = path.suffix.lower()
    if suffix not in SEPARATED_SUFFIXES and suffix != ".xlsx":
        raise ManifestNotASpreadsheet(f"{path} has no rows and columns.", path=str(path))
    content = _content(path)
    try:
        write = _in_workbook if suffix == ".xlsx" else _in_separated
        result = write(content, list(problems))
    except (UnicodeDecodeError, _NoCellsError) as error:
        raise ManifestNotASpreadsheet(f"{path} cannot be read as a spreadsheet.", path=str(path)) from error
    write_durably(destination, result)


class _NoCellsError(Exception):
    """There are no cells to write problems beside."""


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ManifestMissing(f"There is no file {path}.", path=str(path)) from error
    except OSError as error:
        raise ManifestAccessRefused(f"{path} cannot be read: {error.strerror}.", path=str(path)) from error


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the two columns stand, by number from 0, and what they say of each row, by number from 1."""

    count: int
    messages: int
    header: int
    by_row: dict[int, list[Problem]]

    def texts(self, row: int) -> dict[int, str | int | None]:
        """The texts of a row's two cells, by column."""
        said = self.by_row.get(row, [])
        if row == self.header:
            return {self.count: HEADINGS[0], self.messages: "\n".join([HEADINGS[1], *map(_sentence, said)])}
        return {self.count: len(said) or None, self.messages: "\n".join(map(_sentence, said)) or None}


def _columns(grid: Grid, problems: list[Problem]) -> _Columns:
    if not grid.rows:
        raise _NoCellsError
    layout = find_layout(grid)
    header = layout.header_row if layout else 1
    width = max(map(len, grid.rows))
    # those of an earlier report are written again; where one is missing, it comes behind the last column
    count, messages = [*sorted(layout.ignored if layout else ()), width, width + 1][:2]
    by_row: dict[int, list[Problem]] = {}
    for problem in problems:
        by_row.setdefault(problem.row or header, []).append(problem)
    return _Columns(count, messages, header, by_row)


def _sentence(problem: Problem) -> str:
    return f"{f'{problem.column}: ' if problem.column else ''}{problem.message} {problem.remedy}"


def _in_separated(content: bytes, problems: list[Problem]) -> bytes:
    decoded = decode(content)
    separated = divide(decoded.text)
    if not separated.complete:
        raise _NoCellsError
    columns = _columns(read_separated(decoded.text), problems)
    for number, row in enumerate(separated.rows, start=1):
        for column, text in columns.texts(number).items():
            if text is not None or len(row) > column:
                row.extend([""] * (column + 1 - len(row)))
                row[column] = "" if text is None else str(text)
    line_end = "\r\n" if "\r\n" in decoded.text or "\n" not in decoded.text else "\n"
    written = separated.preamble + write_separated(separated.rows, separated.delimiter, line_end)
    try:
        return written.encode(decoded.encoding)
    except UnicodeEncodeError:
        # a message quotes what Windows-1252 cannot write; with the mark, spreadsheets know UTF-8
        return written.encode("utf-8-sig")


def _in_workbook(content: bytes, problems: list[Problem]) -> bytes:
    columns = _columns(read_workbook(content), problems)
    with warnings.catch_warnings():
        # openpyxl warns of parts it cannot keep, such as conditional formats of newer versions
        warnings.simplefilter("ignore")
        workbook = openpyxl.load_workbook(io.BytesIO(content))
    sheet: Any = chosen_sheet(workbook)
    _unmerge(sheet, {columns.count + 1, columns.messages + 1})
    for number in range(1, max(sheet.max_row, columns.header, *columns.by_row) + 1):
        for column, text in columns.texts(number).items():
            if text is None and sheet.max_column <= column:
                continue
            cell = sheet.cell(number, column + 1)
            cell.value = text
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        for problem in columns.by_row.get(number, []):
            _shade(sheet, number, problem)
    sheet.column_dimensions[get_column_letter(columns.messages + 1)].width = 60
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _unmerge(sheet: Any, columns: set[int]) -> None:
    """Part merged cells that would lie over the columns, such as a heading across the whole sheet."""
    for merged in list(sheet.merged_cells.ranges):
        if any(merged.min_col <= column <= merged.max_col for column in columns):
            sheet.unmerge_cells(str(merged))


def _shade(sheet: Any, row: int, problem: Problem) -> None:
    """Colour the cell that a problem is about; errors win over warnings."""
    if problem.column is None:
        return
    cell = sheet[f"{problem.column}{row}"]
    if cell.fill != _SHADES["error"]:
        cell.fill = _SHADES[problem.severity]
