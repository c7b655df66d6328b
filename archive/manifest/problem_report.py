# SPDX-License-Identifier: Apache-2.0
"""A spreadsheet given back with a column that says, row by row, what is wrong with it."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable
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

HEADING = "Problems"
_SHADES = {"error": PatternFill("solid", fgColor="F8D0C8"), "warning": PatternFill("solid", fgColor="FCEFB4")}


def with_problems_column(path: Path, problems: Iterable[Problem], destination: Path) -> None:
    """Write a CSV or XLSX manifest back with its problems beside the rows that they are about.

    The column is headed "Problems" and stands behind the last one; reading the sheet again ignores
    it, and writing it again replaces it. Problems of the file as a whole stand in the header's row.

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


def _placed(grid: Grid, problems: list[Problem]) -> tuple[int, dict[int, list[Problem]]]:
    """The number of the column to write, from 0; and the problems by row, from 1."""
    if not grid.rows:
        raise _NoCellsError
    layout = find_layout(grid)
    header = layout.header_row if layout else 1
    existing = min(layout.ignored, default=None) if layout else None
    column = max(map(len, grid.rows)) if existing is None else existing
    by_row: dict[int, list[Problem]] = {header: []}
    for problem in problems:
        by_row.setdefault(problem.row or header, []).append(problem)
    return column, by_row


def _text(problems: list[Problem], *, is_header: bool) -> str:
    sentences = [
        f"{f'{problem.column}: ' if problem.column else ''}{problem.message} {problem.remedy}"
        for problem in problems
    ]
    return "\n".join([HEADING, *sentences] if is_header else sentences)


def _in_separated(content: bytes, problems: list[Problem]) -> bytes:
    text = decode(content).text
    separated = divide(text)
    if not separated.complete:
        raise _NoCellsError
    column, by_row = _placed(read_separated(text), problems)
    header = next(iter(by_row))
    rows = separated.rows
    for number, row in enumerate(rows, start=1):
        said = _text(by_row.get(number, []), is_header=number == header)
        if said or len(row) > column:
            row.extend([""] * (column + 1 - len(row)))
            row[column] = said
    return write_separated(rows, separated.delimiter).encode("utf-8-sig")


def _in_workbook(content: bytes, problems: list[Problem]) -> bytes:
    column, by_row = _placed(read_workbook(content), problems)
    header = next(iter(by_row))
    with warnings.catch_warnings():
        # openpyxl warns of parts it cannot keep, such as conditional formats of newer versions
        warnings.simplefilter("ignore")
        workbook = openpyxl.load_workbook(io.BytesIO(content))
    sheet: Any = chosen_sheet(workbook)
    for merged in list(sheet.merged_cells.ranges):
        if merged.min_col <= column + 1 <= merged.max_col:
            sheet.unmerge_cells(str(merged))  # a heading merged across the sheet would lie over the column
    for number in range(1, max(sheet.max_row, *by_row) + 1):
        said = by_row.get(number, [])
        text = _text(said, is_header=number == header)
        if not text and sheet.max_column <= column:
            continue
        cell = sheet.cell(number, column + 1)
        cell.value = text or None
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        for problem in said:
            _shade(sheet, number, problem)
    sheet.column_dimensions[get_column_letter(column + 1)].width = 60
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _shade(sheet: Any, row: int, problem: Problem) -> None:
    """Colour the cell that a problem is about; errors win over warnings."""
    if problem.column is None:
        return
    cell = sheet[f"{problem.column}{row}"]
    if cell.fill != _SHADES["error"]:
        cell.fill = _SHADES[problem.severity]
