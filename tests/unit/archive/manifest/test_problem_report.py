# SPDX-License-Identifier: Apache-2.0
"""A sheet given back with its problems, mended there, and read again."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path

import openpyxl
import pytest

from archive.errors import ManifestMissing, ManifestNotASpreadsheet
from archive.manifest.problem_report import with_problem_columns
from archive.manifest.problems import Code, Place, Problem
from archive.manifest.reader import read_manifest
from archive.manifest.template import template_bytes

WRONG = "id,title,pages,langauge\r\nA,T,0,deu\r\nB,,2,deu\r\nC,T,3,deu\r\n"


@pytest.fixture
def wrong(tmp_path: Path, block: str) -> Path:
    path = tmp_path / "wrong.csv"
    path.write_text(block.replace("sRGB", "RGB") + WRONG, newline="")
    return path


def rows_of(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def test_each_row_says_what_is_wrong_with_it(wrong: Path, tmp_path: Path) -> None:
    with_problem_columns(wrong, read_manifest(wrong).problems, tmp_path / "told.csv")
    rows = rows_of(tmp_path / "told.csv")
    assert rows[6][4:] == ["Problems", rows[6][5]]
    assert rows[6][5].startswith("Problem messages\nD: The column")
    assert [row[4:5] for row in rows[5:6] + rows[7:]] == [["1"], ["1"], ["1"], []]
    assert rows[5][5].startswith("B: “RGB” is not a colour profile")
    assert rows[7][5].startswith("C: An item cannot have 0 pages. Write")
    assert rows[8][5].startswith("B: ")
    assert all(len(row) <= 6 for row in rows)


def test_what_stood_in_the_sheet_stands_there_still(wrong: Path, tmp_path: Path) -> None:
    before = rows_of(wrong)
    with_problem_columns(wrong, read_manifest(wrong).problems, tmp_path / "told.csv")
    after = rows_of(tmp_path / "told.csv")
    assert [row[: len(old)] for row, old in zip(after, before, strict=True)] == before


def test_reading_the_told_sheet_again_finds_the_same_problems(wrong: Path, tmp_path: Path) -> None:
    told = tmp_path / "told.csv"
    problems = read_manifest(wrong).problems
    with_problem_columns(wrong, problems, told)
    assert read_manifest(told).problems == problems


# requirement 08
def test_the_mended_sheet_passes_and_the_column_empties(wrong: Path, tmp_path: Path) -> None:
    told = tmp_path / "told.csv"
    with_problem_columns(wrong, read_manifest(wrong).problems, told)
    mended = told.read_text(encoding="utf-8-sig")
    for old, new in [(",RGB", ",sRGB"), ("langauge", "language"), ("A,T,0", "A,T,1"), ("B,,2", "B,T,2")]:
        assert old in mended
        mended = mended.replace(old, new)
    told.write_text(mended, newline="")
    reading = read_manifest(told)
    assert reading.problems == ()
    with_problem_columns(told, reading.problems, told)
    assert [row[4:] for row in rows_of(told) if len(row) > 4 and row[4]] == [["Problems", "Problem messages"]]
    assert read_manifest(told).manifest == reading.manifest


def test_the_delimiter_zeros_and_text_beyond_ascii_are_kept(tmp_path: Path, block: str) -> None:
    path = tmp_path / "wrong.csv"
    text = (block + 'id,title,pages\n"=""0012""",Grüße; auch,0\n').replace(",", ";")
    path.write_bytes(text.replace("Grüße; auch", '"Grüße; auch"').encode("utf-16"))
    with_problem_columns(path, read_manifest(path).problems, path)
    written = path.read_bytes().decode("utf-16")
    assert '"=""0012""";"Grüße; auch";0;1;C: An item' in written
    assert read_manifest(path).problems[0].code == Code.PAGES_RANGE


@pytest.mark.parametrize(
    ("encoding", "line_end", "preamble"),
    [
        ("utf-8", "\n", ""),
        ("utf-8-sig", "\r\n", ""),
        ("cp1252", "\r\n", "sep=;\r\n"),
        ("utf-16", "\r\n", ""),
    ],
)
def test_encoding_line_ends_and_the_separator_line_stay_as_they_were(
    tmp_path: Path, block: str, encoding: str, line_end: str, preamble: str
) -> None:
    path = tmp_path / "wrong.csv"
    text = (block + "id,title,pages\nA,Grüße,0\n").replace(",", ";").replace("\n", line_end)
    path.write_bytes((preamble + text).encode(encoding))
    with_problem_columns(path, read_manifest(path).problems, path)
    written = path.read_bytes().decode(encoding)
    heads = f"id;title;pages;Problems;Problem messages{line_end}"
    if encoding == "cp1252":
        heads = 'id;title;pages;Problems;"Problem messages\nThe file is not in UTF-8'
    assert written.startswith(preamble + "batch_id;B-1")
    assert heads in written
    assert "A;Grüße;0;1;C: An item" in written
    assert (path.read_bytes()[:3] == codecs.BOM_UTF8) == (encoding == "utf-8-sig")


def test_a_message_that_the_encoding_cannot_write_makes_it_utf_8(tmp_path: Path, block: str) -> None:
    path = tmp_path / "wrong.csv"
    path.write_bytes((block + "id,title,pages\nA,Grüße,0\n").encode("cp1252"))
    problem = Problem.at(
        Place(row=8, column="B"), Code.FILE_MISSING, "There is no file “日本.tif”.", "Copy it."
    )
    with_problem_columns(path, [problem], path)
    assert "日本" in path.read_bytes().decode("utf-8-sig")


def test_the_single_column_of_an_earlier_recto_becomes_the_first_of_the_two(
    tmp_path: Path, block: str
) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text(block + "id,Problems,title,pages\nA,C: An old message.,T,0\n")
    with_problem_columns(path, read_manifest(path).problems, path)
    assert [row[:2] + row[4:] for row in rows_of(path)[6:]] == [
        ["id", "Problems", "Problem messages"],
        ["A", "1", "D: An item cannot have 0 pages. Write the number of pages to capture, from 1 to 100000."],
    ]


def test_broken_quoting_loses_nothing(tmp_path: Path, block: str) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text(block + 'id,title,pages\nA,"T" U,1\nB,"V,2\nC,W,3\n')
    with_problem_columns(path, read_manifest(path).problems, path)
    written = path.read_text(encoding="utf-8-sig")
    assert "T U" in written
    assert "V,2" in written
    assert "C,W,3" in written


def test_a_workbook_keeps_its_cells_and_shows_the_wrong_ones_in_colour(tmp_path: Path) -> None:
    path, told = tmp_path / "m.xlsx", tmp_path / "told.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(template_bytes("xlsx")))
    sheet = book.active
    header = next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == "id")
    sheet.cell(header + 1, 7).value = 0
    sheet.cell(header + 2, 2).value = "=A1"
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=12)
    book.save(path)
    problems = read_manifest(path).problems
    with_problem_columns(path, problems, told)
    after = openpyxl.load_workbook(told).active
    assert [after.cell(header, column).value for column in (9, 10)] == ["Problems", "Problem messages"]
    assert after.cell(header + 1, 9).value == 1
    assert after.cell(header + 1, 10).value.startswith("G: An item cannot have 0 pages.")
    assert after.cell(header + 1, 7).fill.fgColor.rgb == "00F8D0C8"
    assert after.cell(header + 2, 2).value == "=A1"
    assert read_manifest(told).problems == problems
    with_problem_columns(told, problems, told)
    assert openpyxl.load_workbook(told).active.max_column <= 12


def test_documents_have_no_columns(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.write_bytes(template_bytes("json"))
    with pytest.raises(ManifestNotASpreadsheet):
        with_problem_columns(path, [], tmp_path / "told.json")
    assert not (tmp_path / "told.json").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("m.csv", b""),
        ("m.csv", b"\x81\x8d\x8f\x90\x9d"),
        ("m.xlsx", b""),
        ("m.xlsx", b"id,title"),
        ("m.xlsx", b"PK\x03\x04"),
    ],
)
def test_what_cannot_be_read_as_a_sheet_is_refused_and_nothing_is_written(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ManifestNotASpreadsheet):
        with_problem_columns(path, read_manifest(path).problems, path)
    assert path.read_bytes() == content


def test_a_cell_too_long_to_be_kept_makes_it_refuse(tmp_path: Path, block: str) -> None:
    path = tmp_path / "m.csv"
    path.write_text(block + f"id,title,pages\nA,{'x' * 140_000},1\n")
    before = path.read_bytes()
    with pytest.raises(ManifestNotASpreadsheet):
        with_problem_columns(path, read_manifest(path).problems, path)
    assert path.read_bytes() == before


def test_a_missing_manifest_is_named(tmp_path: Path) -> None:
    with pytest.raises(ManifestMissing):
        with_problem_columns(tmp_path / "gone.csv", [], tmp_path / "told.csv")
