# SPDX-License-Identifier: Apache-2.0
"""XLSX manifests: what spreadsheets make of ids, dates and numbers, and archives that are not what they say."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from archive.manifest import workbook as workbook_module
from archive.manifest.problems import Code, Problem
from archive.manifest.reader import Reading
from archive.manifest.template import template_bytes

Read = Callable[..., Reading]
Only = Callable[[Reading], Problem]

HEAD = [
    ["batch_id", "B-1"],
    ["institution", "Library"],
    ["scanner_id", "simulated:flatbed"],
    ["scanner_model", "Flatbed X"],
    ["resolution_dpi", 300],
    ["color_profile", "sRGB"],
    [],
]


def sheet(
    *rows: list[Any],
    formats: dict[str, str] | None = None,
    title: str = "Sheet1",
    change: Callable[[openpyxl.Workbook], None] | None = None,
) -> bytes:
    """A workbook with the block in order and the given rows below; the table's header is in row 8."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = title
    for row in [*HEAD, *rows]:
        page.append(row)
    for address, number_format in (formats or {}).items():
        page[address].number_format = number_format
    if change:
        change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.fixture
def read_sheet(read: Read) -> Read:
    return lambda *rows, **how: read(sheet(*rows, **how), "manifest.xlsx")


def test_a_workbook_makes_a_manifest(read_sheet: Read) -> None:
    reading = read_sheet(
        ["id", "title", "pages", "settings.mode", "settings.depth"], ["A-1", "First", 4, "Gray", 8]
    )
    assert reading.problems == ()
    assert reading.manifest.items[0].pages == 4
    assert reading.manifest.items[0].settings == {"mode": "Gray", "depth": 8}


def test_numbers_in_text_columns_become_text_without_decimals(read_sheet: Read) -> None:
    item = read_sheet(["id", "title", "pages", "date"], [12, 1984, 4.0, 1915]).manifest.items[0]
    assert (item.id, item.title, item.pages, item.date) == ("12", "1984", 4, "1915")


def test_leading_zeros_that_a_number_format_shows_are_kept(read_sheet: Read) -> None:
    reading = read_sheet(["id", "title", "pages"], [12, "First", 4], formats={"A9": "0000"})
    assert reading.manifest.items[0].id == "0012"


def test_fractions_of_a_page_are_refused(read_sheet: Read, only: Only) -> None:
    problem = only(read_sheet(["id", "title", "pages"], ["A", "First", 4.5]))
    assert (problem.row, problem.column, problem.code) == (9, "C", Code.WRONG_TYPE)


@pytest.mark.parametrize(
    ("number_format", "date"),
    [
        ("yyyy-mm-dd", "1915-03-02"),
        ("d. mmmm yyyy", "1915-03-02"),
        ("mmm yyyy", "1915-03"),
        ("yyyy", "1915"),
        ('"day" yyyy', "1915"),
        ("[$-407]mmmm yyyy;@", "1915-03"),
    ],
)
def test_a_date_is_as_precise_as_the_cell_shows_it(read_sheet: Read, number_format: str, date: str) -> None:
    reading = read_sheet(
        ["id", "title", "pages", "date"], ["A", "T", 1, dt.date(1915, 3, 2)], formats={"D9": number_format}
    )
    assert reading.problems == ()
    assert reading.manifest.items[0].date == date


def test_an_id_that_the_spreadsheet_made_a_date_of_is_an_error(read_sheet: Read, only: Only) -> None:
    problem = only(read_sheet(["id", "title", "pages"], [dt.date(2026, 4, 3), "T", 1]))
    assert (problem.row, problem.column, problem.code, problem.severity) == (
        9,
        "A",
        Code.CELL_BECAME_DATE,
        "error",
    )


def test_a_title_that_became_a_date_is_a_warning(read_sheet: Read, only: Only) -> None:
    reading = read_sheet(["id", "title", "pages"], ["A", dt.date(2026, 4, 3), 1])
    assert (only(reading).column, only(reading).severity) == ("B", "warning")
    assert reading.manifest.items[0].title == "2026-04-03"


def test_a_formula_is_reported_and_makes_no_second_problem(read_sheet: Read, only: Only) -> None:
    problem = only(read_sheet(["id", "title", "pages"], ["A", "=B8", 1], ["B", "T", 1]))
    assert (problem.row, problem.column, problem.code) == (9, "B", Code.FORMULA)


def test_a_formula_in_the_block_and_in_a_list_is_reported(read_sheet: Read) -> None:
    reading = read_sheet(
        ["id", "title", "file_paths"],
        ["A", "T", '=CONCATENATE("a","b")'],
        change=lambda book: book.active.__setitem__("B5", "=100*3"),
    )
    assert [(p.row, p.column, p.code) for p in reading.problems] == [
        (5, "B", Code.FORMULA),
        (9, "C", Code.FORMULA),
    ]


def test_an_error_value_is_reported(read_sheet: Read, only: Only) -> None:
    problem = only(read_sheet(["id", "title", "pages"], ["A", "#N/A", 1]))
    assert (problem.row, problem.column, problem.code) == (9, "B", Code.CELL_ERROR)


def test_true_in_a_text_column_is_the_word(read_sheet: Read) -> None:
    assert read_sheet(["id", "title", "pages"], ["A", True, 1]).manifest.items[0].title == "TRUE"


def test_the_sheet_named_manifest_is_read_whatever_its_place(read: Read) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_bytes("xlsx")))
    notes = book.create_sheet("Notes", 0)
    notes["A1"] = "call the bindery"
    file = io.BytesIO()
    book.save(file)
    reading = read(file.getvalue(), "manifest.xlsx")
    assert reading.manifest.id == "letters-2026-01"
    assert [p.code for p in reading.problems] == [Code.OTHER_SHEETS]
    assert "Notes" in reading.problems[0].message


def test_hidden_sheets_are_passed_over_silently(read_sheet: Read) -> None:
    def hide_a_sheet_in_front(book: openpyxl.Workbook) -> None:
        lists = book.create_sheet("Lists", 0)
        lists["A1"] = "sRGB"
        lists.sheet_state = "hidden"

    reading = read_sheet(["id", "title", "pages"], ["A", "T", 1], change=hide_a_sheet_in_front)
    assert reading.problems == ()


def test_formatted_but_empty_rows_to_the_end_of_the_sheet_mean_nothing(read_sheet: Read) -> None:
    def format_far_away(book: openpyxl.Workbook) -> None:
        book.active["XFD90000"].number_format = "0.00"

    assert read_sheet(["id", "title", "pages"], ["A", "T", 1], change=format_far_away).problems == ()


def replaced(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """A workbook with bytes of one part replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(file, "w") as target:
        for info in source.infolist():
            data = source.read(info)
            if info.filename == part:
                assert old in data
                data = data.replace(old, new)
            target.writestr(info.filename, data)
    return file.getvalue()


def test_what_the_workbook_says_of_its_size_is_not_believed(read: Read) -> None:
    content = sheet(["id", "title", "pages"], ["A", "T", 1])
    lying = replaced(content, "xl/worksheets/sheet1.xml", b'ref="A1:C9"', b'ref="A1:XFD1048576"')
    assert read(lying, "manifest.xlsx").manifest.items[0].id == "A"


def test_a_row_number_beyond_any_sheet_is_refused_quickly(read: Read, only: Only) -> None:
    content = sheet(["id", "title", "pages"], ["A", "T", 1])
    far = replaced(content, "xl/worksheets/sheet1.xml", b'<row r="9"', b'<row r="999999999999"')
    assert only(read(far, "manifest.xlsx")).code == Code.NOT_A_WORKBOOK


def test_a_workbook_that_unpacks_to_gigabytes_is_refused_before_unpacking(
    read: Read, only: Only, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_module, "LARGEST_UNPACKED", 1 << 20)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (2 << 20))
    problem = only(read(file.getvalue(), "manifest.xlsx"))
    assert problem.code == Code.NOT_A_WORKBOOK
    assert "unpacks" in problem.message


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml"])
def test_entities_that_multiply_are_refused(read: Read, only: Only, part: str) -> None:
    content = sheet(["id", "title", "pages"], ["A", "T", 1])
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{levels}]><worksheet>&l9;</worksheet>'
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(file, "w") as target:
        for info in source.infolist():
            target.writestr(info.filename, bomb.encode() if info.filename == part else source.read(info))
    assert only(read(file.getvalue(), "manifest.xlsx")).code == Code.NOT_A_WORKBOOK


@pytest.mark.parametrize(
    "content",
    [
        b"id,title,pages\nA,T,1\n",
        b"PK\x03\x04rubbish",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
        template_bytes("xlsx")[:3000],
        template_bytes("xlsx")[:-30],
    ],
    ids=["csv", "rubbish", "old-or-locked", "cut", "cut-directory"],
)
def test_what_is_no_workbook_is_one_problem(read: Read, only: Only, content: bytes) -> None:
    problem = only(read(content, "manifest.xlsx"))
    assert problem.code == Code.NOT_A_WORKBOOK
    assert ".xlsx" in problem.remedy


def test_a_workbook_without_any_of_its_parts_is_one_problem(read: Read, only: Only) -> None:
    content = template_bytes("xlsx")
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    for missing in names:
        file = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(file, "w") as target:
            for name in names:
                if name != missing:
                    target.writestr(name, source.read(name))
        reading = read(file.getvalue(), "manifest.xlsx")
        assert reading.valid or only(reading).code == Code.NOT_A_WORKBOOK, missing


def test_an_empty_sheet_is_one_problem(read: Read, only: Only) -> None:
    file = io.BytesIO()
    openpyxl.Workbook().save(file)
    assert only(read(file.getvalue(), "manifest.xlsx")).code == Code.EMPTY
