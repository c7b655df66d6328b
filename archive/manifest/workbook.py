# SPDX-License-Identifier: Apache-2.0
"""XLSX workbooks as grids of cells: values only, formulas and errors reported, hostile archives refused."""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from lxml.etree import LxmlError
from openpyxl.utils.exceptions import InvalidFileException

from archive.manifest.grid import EMPTY_CELL, MOST_COLUMNS, MOST_ROWS, Cell, Grid
from archive.manifest.problems import Code, Place, Problem, shown

LARGEST_UNPACKED = 256 << 20
"""Bytes that a workbook may unpack to, all parts together; a manifest of 50,000 items has some 50 MB."""

MOST_CELLS = 5_000_000
"""Cells that are read; more is not a manifest."""

_ZEROS = re.compile(r"0{2,40}")
_DAY = re.compile(r"d", re.IGNORECASE)
_NOT_FORMAT = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


class _NotAWorkbookError(Exception):
    """The file cannot be read as a workbook, for the reason given."""


def read_workbook(content: bytes) -> Grid:
    """The cells of the sheet that holds the manifest.

    It is the sheet named "manifest", else the first that is not hidden.
    """
    try:
        _refuse_hostile_archive(content)
        return _read(content)
    except _NotAWorkbookError as error:
        reason = str(error)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, InvalidFileException, ParseError, LxmlError) as error:
        reason = f"its parts cannot be read: {error}"
    except (
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
        EOFError,
        OverflowError,
    ) as error:
        # openpyxl answers to a damaged part with whatever Python raises there
        reason = f"its parts do not fit together: {type(error).__name__}"
    except (NotImplementedError, RuntimeError, zlib.error) as error:
        reason = f"it is packed in a way that cannot be read: {error}"
    grid = Grid()
    grid.problems.append(
        Problem.at(
            Place(),
            Code.NOT_A_WORKBOOK,
            f"This is not an XLSX workbook that can be read: {reason}.",
            "Open it in the spreadsheet program and save it as Excel workbook (.xlsx) without a password, or as CSV.",
        )
    )
    return grid


def _refuse_hostile_archive(content: bytes) -> None:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _NotAWorkbookError("it is an old .xls workbook, or one locked with a password")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
            raise _NotAWorkbookError(f"it unpacks to more than {LARGEST_UNPACKED >> 20} MiB")
        if any(part.flag_bits & 1 for part in archive.infolist()):
            raise _NotAWorkbookError("it is locked with a password")


def _read(content: bytes) -> Grid:
    with warnings.catch_warnings():
        # openpyxl warns of styles and validations that it drops; values are all that is read here
        warnings.simplefilter("ignore")
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        try:
            chosen = chosen_sheet(workbook)
            if chosen is None:
                raise _NotAWorkbookError("it has no visible sheet")
            grid = _grid(chosen)
            others = [
                sheet.title for sheet in visible_sheets(workbook) if sheet is not chosen and _has_cells(sheet)
            ]
        finally:
            workbook.close()
    if others:
        grid.problems.append(
            Problem.at(
                Place(),
                Code.OTHER_SHEETS,
                f"Only the sheet {shown(chosen.title)} was read, not {', '.join(map(shown, others))}.",
                "Name the sheet that holds the manifest Manifest, and keep one manifest a workbook.",
                "warning",
            )
        )
    return grid


def visible_sheets(workbook: Any) -> list[Any]:
    """The worksheets that a person sees."""
    return [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]


def chosen_sheet(workbook: Any) -> Any:
    """The sheet that holds the manifest: the one named "manifest", else the first visible; None without any."""
    visible = visible_sheets(workbook)
    named = [sheet for sheet in visible if sheet.title.strip().casefold() == "manifest"]
    return next(iter(named or visible), None)


def _grid(sheet: Any) -> Grid:
    """The cells of a sheet; trailing empty rows and columns are dropped."""
    grid = Grid()
    sheet.reset_dimensions()  # what a workbook says of its size may be wrong, or meant to exhaust memory
    filled_rows = cells_read = 0
    for row, cells in enumerate(sheet.iter_rows(), start=1):
        cells_read += len(cells)
        if row > MOST_ROWS or cells_read > MOST_CELLS:
            raise _NotAWorkbookError("its sheet has more cells than any manifest")
        line = [_cell(cell) for cell in cells[:MOST_COLUMNS]]
        while line and line[-1].blank:
            line.pop()
        grid.rows.append(line)
        if line:
            filled_rows = row
    del grid.rows[filled_rows:]
    return grid


def _has_cells(sheet: Any) -> bool:
    sheet.reset_dimensions()
    rows: Iterable[Any] = sheet.iter_rows(max_row=100)
    return any(cell.value is not None for row in rows for cell in row)


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return EMPTY_CELL
    if cell.data_type == "f":
        # an array formula is an object; what is shown of it is that there is one
        return Cell(value if isinstance(value, str) else "=", fault=Code.FORMULA)
    if cell.data_type == "e":
        return Cell(str(value), fault=Code.CELL_ERROR)
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        return Cell(_date_text(value, cell.number_format), was_date=True)
    if (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and _ZEROS.fullmatch(cell.number_format or "")
    ):
        return Cell(f"{value:0{len(cell.number_format)}.0f}")  # shown with leading zeros, meant with them
    return Cell(value)


def _date_text(value: dt.date | dt.time | dt.timedelta, number_format: str) -> str:
    """A date as precise as the cell shows it: a format without days shows a month or a year."""
    if not isinstance(value, dt.date):
        return str(value)
    if isinstance(value, dt.datetime):
        if value.time() != dt.time():
            return value.isoformat()
        value = value.date()
    tokens = _NOT_FORMAT.sub("", number_format or "")
    if _DAY.search(tokens) or "y" not in tokens.casefold():
        return value.isoformat()
    return f"{value:%Y-%m}" if "m" in tokens.casefold() else f"{value:%Y}"
