# SPDX-License-Identifier: Apache-2.0
"""A manifest as the spreadsheet shows it, and where its problems stand there."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from archive.manifest.problems import Problem
from archive.manifest.reader import read_with_contents
from archive.manifest.sheet_view import SheetView, sheet_view
from archive.manifest.template import template_bytes

TABLE = "\nid,title,pages\nA,Grüße,0\nB,,2\n"


def view_of(path: Path, content: bytes) -> tuple[tuple[Problem, ...], SheetView]:
    path.write_bytes(content)
    reading, contents = read_with_contents(path)
    return reading.problems, sheet_view(contents)


def workbook(text: str) -> bytes:
    """The same cells as an XLSX workbook."""
    book = openpyxl.Workbook()
    for row, line in enumerate(text.splitlines(), start=1):
        for column, word in enumerate(line.split(","), start=1):
            if word:
                book.active.cell(row, column).value = int(word) if word.isdigit() else word
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


# requirement 07
@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("plain.csv", lambda text: text.encode()),
        ("mark.csv", lambda text: text.encode("utf-8-sig")),
        ("crlf.csv", lambda text: text.replace("\n", "\r\n").encode()),
        ("semicolon.csv", lambda text: text.replace(",", ";").encode()),
        ("tab.tsv", lambda text: text.replace(",", "\t").encode("utf-16")),
        ("german-excel.csv", lambda text: text.replace(",", ";").replace("\n", "\r\n").encode("cp1252")),
        (
            "sep.csv",
            lambda text: ("sep=;\n" + text.replace(",", ";")).replace("\n", "\r\n").encode("utf-8-sig"),
        ),
        ("book.xlsx", workbook),
    ],
)
def test_every_problem_stands_in_the_cell_that_the_spreadsheet_shows(
    tmp_path: Path, block: str, name: str, make: object
) -> None:
    assert callable(make)
    problems, view = view_of(tmp_path / name, make(block + TABLE))
    placed = [(p.code, view.place_of(p)) for p in problems if p.row is not None]
    assert placed == [("pages-range", (8, 2)), ("required", (9, 1))]
    assert view.columns == ("A", "B", "C")
    assert view.labels[8] == 9
    assert view.rows[8] == ("A", "Grüße", "0")
    assert view.header == 7
    assert view.rows[0][:2] == ("batch_id", "B-1")


def test_a_long_cell_and_one_with_line_ends_are_shown_on_one_line(tmp_path: Path, block: str) -> None:
    cell = "first\nsecond" + "x" * 9_000
    _, view = view_of(tmp_path / "m.csv", f'{block}\nid,title,pages\nA,"{cell}",1\n'.encode())
    assert view.rows[8][1].startswith("first ↵ secondxxx")
    assert len(view.rows[8][1]) < 310


def test_a_formula_is_shown_as_it_stands_in_the_workbook(tmp_path: Path, block: str) -> None:
    problems, view = view_of(tmp_path / "m.xlsx", workbook(block + "\nid,title,pages\nA,=B1,2\n"))
    assert [problem.code for problem in problems] == ["formula"]
    row, column = view.place_of(problems[0])
    assert row is not None
    assert column is not None
    assert view.rows[row][column] == "=B1"


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_a_document_is_shown_as_names_and_values_with_the_lines_of_the_file(
    tmp_path: Path, form: str
) -> None:
    content = template_bytes(form).replace(b"sRGB", b"sRBG")  # type: ignore[arg-type]
    problems, view = view_of(tmp_path / f"m.{form}", content)
    row, column = view.place_of(problems[0])
    assert (view.kind, row is not None, column) == ("document", True, 1)
    assert view.rows[row or 0] == ("color_profile", "sRBG")
    assert view.labels[row or 0] == problems[0].line
    assert ("        pages", "4") in view.rows


def test_a_missing_value_is_shown_at_what_it_is_missing_from(tmp_path: Path) -> None:
    content = template_bytes("yaml").replace(b"title: Postcard from the coast", b"creator: X", 1)
    problems, view = view_of(
        tmp_path / "m.yaml", content.replace(b"  creator: Weber, Marie\n  date: 1916~", b"")
    )
    missing = next(problem for problem in problems if problem.code == "required")
    row, _ = view.place_of(missing)
    assert view.rows[row or 0][0].strip() == "2"


def test_a_document_that_is_broken_is_shown_line_by_line(tmp_path: Path) -> None:
    problems, view = view_of(tmp_path / "m.yaml", b"id: a\nitems:\n  - id: [\n")
    assert view.kind == "text"
    assert view.rows[0] == ("id: a",)
    assert view.place_of(problems[0])[0] in {2, 3}


def test_what_cannot_be_read_at_all_shows_nothing_and_places_nothing(tmp_path: Path) -> None:
    problems, view = view_of(tmp_path / "m.xlsx", b"no workbook")
    assert (view.kind, view.rows) == ("nothing", ())
    assert view.place_of(problems[0]) == (None, None)
