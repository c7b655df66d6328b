# SPDX-License-Identifier: Apache-2.0
"""CSV and TSV as spreadsheets write them: the delimiter found out, rows as the spreadsheet counts them."""

from __future__ import annotations

import bisect
import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.manifest.columns import meaning_in_block, meaning_in_table
from archive.manifest.grid import EMPTY_CELL, MOST_COLUMNS, MOST_ROWS, Cell, Grid, at
from archive.manifest.problems import Code, Problem

DELIMITERS = (",", ";", "\t")
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_KEPT_AS_TEXT = re.compile(r'="((?:[^"]|"")*)"', re.DOTALL)
_LINES_LOOKED_AT = 100


@dataclass(frozen=True, slots=True)
class SeparatedRows:
    """The rows of a CSV or TSV text, divided as a spreadsheet divides them.

    Attributes:
        rows: Cells as text, row n of the spreadsheet at n - 1.
        delimiter: What separates the cells.
        problems: Rows that break the rules of quoting; spreadsheets guess at them silently.
        complete: Whether every character of the text is in `rows`.
        preamble: The `sep=` line before the rows, with its line end; "" where there is none.
    """

    rows: list[list[str]]
    delimiter: str
    problems: list[Problem]
    complete: bool
    preamble: str = ""


def read_separated(text: str) -> Grid:
    """The cells of a CSV or TSV text."""
    separated = divide(text)
    rows = [[_cell(word) for word in row[:MOST_COLUMNS]] for row in separated.rows]
    return Grid(rows, separated.problems)


def divide(text: str) -> SeparatedRows:
    """Divide a CSV or TSV text into rows and cells, leniently, and find what is broken, strictly."""
    delimiter = find_delimiter(text)
    said = _SEPARATOR_LINE.match(text)
    if said:
        text = text[said.end() :]  # Excel's own way to name the delimiter; it shows no row for this line
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    last_lines: list[int] = []
    problems: list[Problem] = []
    while len(rows) < MOST_ROWS:
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            problems.append(_broken_row(len(rows) + 1, str(error)))
            row = []
        rows.append(row)
        last_lines.append(reader.line_num)
    complete = not problems
    for line, reason in _strict_faults(text, delimiter):
        row_number = bisect.bisect_left(last_lines, line) + 1
        if not any(problem.row == row_number for problem in problems):
            problems.append(_broken_row(row_number, reason))
    return SeparatedRows(rows, delimiter, problems, complete, said[0] if said else "")


def _strict_faults(text: str, delimiter: str) -> Iterator[tuple[int, str]]:
    """Line and reason of each place where quoting is broken."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        try:
            next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield reader.line_num, str(error)


def find_delimiter(text: str) -> str:
    """The delimiter: as the `sep=` line says, else the one that makes most known words, else the most frequent."""
    if said := _SEPARATOR_LINE.match(text):
        return said[1] if said[1] in DELIMITERS else ","
    lines = list(itertools.islice(io.StringIO(text, newline=""), _LINES_LOOKED_AT))
    return max(DELIMITERS, key=lambda delimiter: (_known_words(lines, delimiter), _count(lines, delimiter)))


def _known_words(lines: list[str], delimiter: str) -> int:
    known = 0
    for line in lines:
        try:
            words = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            continue  # a row that goes on in the next line; the others suffice to tell
        if len(words) > 1:
            known += bool(meaning_in_block(words[0])) + sum(bool(meaning_in_table(word)) for word in words)
    return known


def _count(lines: list[str], delimiter: str) -> int:
    return sum(line.count(delimiter) for line in lines)


def _cell(word: str) -> Cell:
    if not word:
        return EMPTY_CELL
    if kept := _KEPT_AS_TEXT.fullmatch(word):
        return Cell(kept[1].replace('""', '"'))  # ="0012" is how zeros are kept from Excel
    return Cell(word)


def _broken_row(row: int, reason: str) -> Problem:
    if "unexpected end" in reason:
        return Problem.at(
            at(row),
            Code.SYNTAX,
            "A quotation mark opened in this row is never closed, so that all rows after it are lost in one cell.",
            "Close it, or write a quotation mark that belongs to the text twice.",
        )
    if "field larger" in reason:
        return Problem.at(
            at(row),
            Code.TOO_LONG,
            "A cell of this row is longer than any cell may be.",
            "Look for a quotation mark that is not closed; divide a long list of files over several file_paths columns.",
        )
    return Problem.at(
        at(row),
        Code.SYNTAX,
        f"The row cannot be divided into cells ({reason}).",
        "Put a cell with quotation marks into quotation marks as a whole, and write those inside it twice.",
    )


def write_separated(rows: Iterable[list[str]], delimiter: str = ",", line_end: str = "\r\n") -> str:
    """Rows as CSV text, with CRLF as RFC 4180 has it unless told otherwise."""
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    return file.getvalue()


def kept_as_text(word: str) -> str:
    """Text that a spreadsheet would run as a formula in the form ="...", which it shows as text."""
    return '="' + word.replace('"', '""') + '"' if word.startswith(("=", "+", "-", "@")) else word
