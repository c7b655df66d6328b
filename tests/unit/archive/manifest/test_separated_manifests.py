# SPDX-License-Identifier: Apache-2.0
"""CSV manifests as spreadsheets write them, and the addresses of what is wrong in them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from archive.manifest.problems import Code, Problem
from archive.manifest.reader import Reading
from archive.manifest.template import template_bytes

Read = Callable[..., Reading]
Only = Callable[[Reading], Problem]


def test_a_block_of_batch_values_and_a_table_of_items_make_a_manifest(read_items: Read) -> None:
    reading = read_items(
        "id,title,pages,language,tag.Access\nA-1,First,4,deu+fra,Institution\nA-2,Second,2,,\n"
    )
    assert reading.problems == ()
    manifest = reading.manifest
    assert (manifest.id, manifest.institution, manifest.resolution_dpi) == ("B-1", "Library", 300)
    assert [item.id for item in manifest.items] == ["A-1", "A-2"]
    assert manifest.items[0].pages == 4
    assert manifest.items[0].language == "deu+fra"
    assert manifest.items[0].tags == {"Access": "Institution"}
    assert manifest.items[1].language is None
    assert len(reading.sha256) == 64


REPEATED = [
    [
        "batch_id",
        "institution",
        "scanner_id",
        "scanner_model",
        "resolution_dpi",
        "color_profile",
        "id",
        "title",
        "pages",
    ],
    ["B-1", "Library", "", "Flatbed X", "300", "sRGB", "A-1", "First", "4"],
    ["B-1", "Library", "", "Flatbed X", "300", "sRGB", "A-2", "Second", "2"],
]


def repeated(delimiter: str = ",", end: str = "\n") -> str:
    rows = [row.copy() for row in REPEATED]
    rows[0][2] = "batch.scanner_id"
    rows[1][2] = "sane:test:0"
    return end.join(delimiter.join(row) for row in rows) + end


def test_batch_values_may_stand_in_columns_repeated_or_given_once(read: Read) -> None:
    reading = read(repeated())
    assert reading.problems == ()
    assert reading.manifest.id == "B-1"
    assert reading.manifest.scanner_id == "sane:test:0"
    assert len(reading.manifest.items) == 2


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_delimiter_line_end_and_encoding_of_spreadsheets_reads_the_same(
    read: Read, delimiter: str, end: str, encoding: str
) -> None:
    text = repeated(delimiter, end)
    assert read(text.encode(encoding)).manifest == read(repeated()).manifest is not None


@pytest.mark.parametrize("name", ["manifest.tsv", "manifest.txt", "MANIFEST.CSV"])
def test_the_suffix_does_not_decide_the_delimiter(read: Read, name: str) -> None:
    assert read(repeated("\t"), name).valid
    assert read(repeated(";"), name).valid


def test_windows_1252_is_read_with_a_warning(read_items: Read, read: Read, block: str, only: Only) -> None:
    reading = read((block + "id,title,pages\nA-1,Grüße,4\n").encode("cp1252"))
    assert only(reading).code == Code.ENCODING_GUESSED
    assert only(reading).severity == "warning"
    assert reading.valid
    assert reading.manifest.items[0].title == "Grüße"


def test_the_separator_line_of_excel_names_the_delimiter_and_is_no_row(read: Read, only: Only) -> None:
    reading = read("sep=;\r\n" + repeated(";").replace("300", "3"))
    assert {(p.row, p.column) for p in reading.problems} == {(2, "E")}


def test_semicolons_win_where_titles_are_full_of_commas(read: Read) -> None:
    text = repeated(";").replace("First", '"One, two, three, four, five, six, seven, eight, nine, ten"')
    assert read(text).manifest.items[0].title.startswith("One, two")


def test_a_cell_with_line_ends_is_one_cell_and_rows_count_as_the_spreadsheet_counts_them(
    read_items: Read, only: Only
) -> None:
    reading = read_items('id,title,pages\nA-1,"One\r\ntwo\nthree",4\nA-2,,2\n')
    problem = only(reading)
    assert (problem.row, problem.column, problem.code) == (10, "B", Code.REQUIRED)


def test_line_ends_inside_a_title_are_kept_as_line_feeds(read_items: Read) -> None:
    reading = read_items('id,title,pages\nA-1,"One\r\ntwo",4\n')
    assert reading.manifest.items[0].title == "One\ntwo"


def test_empty_rows_and_columns_behind_the_table_mean_nothing(read_items: Read) -> None:
    reading = read_items("id,title,pages,,,\nA-1,First,4,,,\n,,,,,\n\n,,\nA-2,Second,2,,,\n,,,,,\n,,,,,\n")
    assert reading.problems == ()
    assert len(reading.manifest.items) == 2


def test_empty_rows_count_for_the_addresses_below_them(read_items: Read, only: Only) -> None:
    problem = only(read_items("id,title,pages\n\n\nA-1,First,0\n"))
    assert (problem.row, problem.column, problem.code) == (11, "C", Code.PAGES_RANGE)


def test_zeros_kept_with_the_formula_trick_are_kept(read_items: Read) -> None:
    assert read_items('id,title,pages\n"=""0012""",First,4\n').manifest.items[0].id == "0012"


def test_column_names_may_be_written_with_capitals_spaces_and_hyphens(read_items: Read) -> None:
    reading = read_items(
        "ID,Title ,Pages,Scanner-ID,Tag.Access,Settings.test-picture\nA,T,1,sane:test:0,Institution,Grid\n"
    )
    assert reading.problems == ()
    item = reading.manifest.items[0]
    assert (item.scanner_id, item.tags, item.settings) == (
        "sane:test:0",
        {"Access": "Institution"},
        {"test-picture": "Grid"},
    )


def test_columns_may_stand_in_any_order_and_beyond_z(read_items: Read, only: Only) -> None:
    many = ",".join(f"tag.T{n}" for n in range(26))
    problem = only(read_items(f"title,id,{many},pages\nFirst,A-1,{',' * 25},four\n"))
    assert (problem.row, problem.column, problem.code) == (9, "AC", Code.WRONG_TYPE)


def test_settings_get_the_type_they_look_like(read_items: Read) -> None:
    table = (
        "id,title,pages,settings.a,settings.b,settings.c,settings.d,settings.e,settings.f\n"
        'A,T,1,300,210.5,TRUE,Color,"""300""",007\n'
    )
    assert read_items(table).manifest.items[0].settings == {
        "a": 300, "b": 210.5, "c": True, "d": "Color", "e": "300", "f": "007",
    }  # fmt: skip


def test_a_setting_with_decimal_comma_is_a_problem(read_items: Read, only: Only) -> None:
    problem = only(read_items('id,title,pages,settings.br-x\nA,T,1,"210,5"\n'))
    assert problem.code == Code.SETTING_VALUE
    assert "210.5" in problem.remedy


def test_settings_and_tags_of_the_batch_stand_in_the_block(read: Read, block: str) -> None:
    reading = read(
        block + "settings.mode,Gray\ntag.Access,Institution\nstorage,attic|s3://b/p\nid,title,pages\nA,T,1\n"
    )
    assert reading.manifest.settings == {"mode": "Gray"}
    assert reading.manifest.tags == {"Access": "Institution"}
    assert reading.manifest.storage == ("attic", "s3://b/p")


def test_storage_targets_may_stand_in_several_cells_of_their_row(read: Read, block: str) -> None:
    reading = read(block + "storage,attic,s3://b/p\nid,title,pages\nA,T,1\n")
    assert reading.manifest.storage == ("attic", "s3://b/p")


def test_remarks_above_the_table_are_skipped_but_an_id_that_begins_with_a_hash_is_not(
    read: Read, block: str
) -> None:
    reading = read("# a remark, with comma\n" + block + "id,title,pages\n#A,T,1\n")
    assert reading.problems == ()
    assert reading.manifest.items[0].id == "#A"


def test_all_problems_are_reported_at_once_each_at_its_cell(read_items: Read) -> None:
    reading = read_items(
        "id,titel,pages,language,date,unknown thing\n"
        "A/1,,0,german,1915-02-30,x\n"
        "A-2,T,,deu,1915,\n"
        "a-2,T,4,deu,1915,\n"
        "A-2,T,4,deu,1915,\n"
    )
    found = {(p.row, p.column, p.code) for p in reading.problems}
    assert found == {
        (8, None, Code.REQUIRED),
        (8, "B", Code.UNKNOWN_COLUMN),
        (8, "F", Code.UNKNOWN_COLUMN),
        (9, "A", Code.NAME_ILLEGAL),
        (9, "C", Code.PAGES_RANGE),
        (9, "D", Code.LANGUAGE_FORM),
        (9, "E", Code.DATE_FORM),
        (10, "C", Code.PAGES_OR_FILES),
        (11, "A", Code.ID_COLLISION),
        (12, "A", Code.DUPLICATE_ID),
    }
    assert reading.manifest is None
    assert not reading.valid
    assert list(reading.problems) == sorted(
        reading.problems, key=lambda p: (p.row, len(p.column or ""), p.column or "")
    )


def test_an_unknown_column_is_reported_with_the_nearest_name(read_items: Read, only: Only) -> None:
    problem = only(read_items("id,title,pages,langauge\nA,T,1,deu\n"))
    assert "language" in problem.remedy


def test_a_header_in_which_all_names_are_misspelt_is_still_found(read_items: Read) -> None:
    reading = read_items("idd,titel,pagess\nA,T,1\n")
    assert {(p.row, p.column) for p in reading.problems if p.code == Code.UNKNOWN_COLUMN} >= {
        (8, "B"),
        (8, "C"),
    }


def test_missing_batch_values_are_all_named(read: Read) -> None:
    reading = read("id,title,pages\nA,T,1\n")
    missing = {p.message.split()[2] for p in reading.problems if p.code == Code.REQUIRED}
    assert missing == {"id", "institution", "scanner_model", "resolution_dpi", "color_profile"}
    assert all(p.row == 1 for p in reading.problems if p.code == Code.REQUIRED)
    assert Code.SCANNER_MISSING in {p.code for p in reading.problems}


def test_batch_values_that_differ_between_rows_are_reported_at_the_cell_that_differs(
    read: Read, only: Only
) -> None:
    problem = only(read(repeated().replace("300,sRGB,A-2", "400,sRGB,A-2")))
    assert (problem.row, problem.column, problem.code) == (3, "E", Code.CONFLICTING_VALUES)
    assert "E2" in problem.message


def test_batch_values_in_block_and_column_must_agree(read_items: Read, only: Only) -> None:
    problem = only(read_items("id,title,pages,resolution_dpi\nA,T,1,600\n"))
    assert (problem.row, problem.column, problem.code) == (9, "D", Code.CONFLICTING_VALUES)
    assert read_items("id,title,pages,resolution_dpi\nA,T,1, 300 \n").valid


def test_a_value_in_a_column_without_name_is_reported_once(read_items: Read, only: Only) -> None:
    problem = only(read_items("id,title,pages\nA,T,1,oops\nB,T,1,oops\n"))
    assert (problem.row, problem.column, problem.code) == (9, "D", Code.UNNAMED_COLUMN)


def test_a_column_that_is_there_twice_is_reported(read_items: Read, only: Only) -> None:
    problem = only(read_items("id,title,pages,Title\nA,T,1,U\n"))
    assert (problem.row, problem.column, problem.code) == (8, "D", Code.DUPLICATE_COLUMN)


def test_an_unknown_key_above_the_table_is_reported_with_the_nearest_name(
    read: Read, block: str, only: Only
) -> None:
    problem = only(read(block + "colection,Letters\nid,title,pages\nA,T,1\n"))
    assert (problem.row, problem.column, problem.code) == (7, "A", Code.UNKNOWN_KEY)
    assert "collection" in problem.remedy


def test_a_batch_value_in_a_third_column_is_reported(read: Read, block: str, only: Only) -> None:
    problem = only(read(block + "collection,Letters,more\nid,title,pages\nA,T,1\n"))
    assert (problem.row, problem.column, problem.code) == (7, "C", Code.EXTRA_CELL)


def test_a_quotation_mark_that_is_never_closed_is_reported_at_its_row(read_items: Read) -> None:
    reading = read_items('id,title,pages\nA,T,1\nB,"U,1\nC,V,1\n')
    assert (10, Code.SYNTAX) in {(p.row, p.code) for p in reading.problems}


def test_a_quotation_mark_inside_a_quoted_cell_is_reported_and_the_rest_is_checked_too(
    read_items: Read,
) -> None:
    reading = read_items('id,title,pages\nA,"T" U,1\nB,V,0\n')
    assert {(p.row, p.code) for p in reading.problems} == {(9, Code.SYNTAX), (10, Code.PAGES_RANGE)}


def test_a_cell_longer_than_any_cell_is_reported(read_items: Read) -> None:
    reading = read_items(f'id,title,pages\nA,"{"x" * 140_000}",1\nB,V,0\n')
    assert {(p.row, p.code) for p in reading.problems} == {(9, Code.TOO_LONG), (10, Code.PAGES_RANGE)}


@pytest.mark.parametrize("content", ["", "\n\n", " \t\r\n", ",,,\n,,,\n", "﻿"])
def test_an_empty_file_is_one_problem(read: Read, only: Only, content: str) -> None:
    assert only(read(content)).code == Code.EMPTY


def test_a_file_without_a_table_is_one_problem(read: Read, only: Only, block: str) -> None:
    assert only(read("Dear all,\nplease find attached\n")).code == Code.NO_ITEM_TABLE
    assert only(read(block)).code == Code.NO_ITEM_TABLE


def test_a_table_without_items_is_one_problem(read_items: Read, only: Only) -> None:
    problem = only(read_items("id,title,pages\n"))
    assert (problem.row, problem.code) == (8, Code.NO_ITEMS)


def test_a_workbook_named_csv_says_what_it_is(read: Read, only: Only) -> None:
    problem = only(read(template_bytes("xlsx")))
    assert problem.code == Code.UNDECODABLE
    assert "xlsx" in problem.remedy


@pytest.mark.parametrize("name", ["manifest.xls", "manifest.ods", "manifest.pdf", "manifest"])
def test_a_file_of_another_format_is_one_problem(read: Read, only: Only, name: str) -> None:
    problem = only(read("id,title\n", name))
    assert problem.code == Code.UNKNOWN_FORMAT
    assert ".xlsx" in problem.remedy


def test_the_column_of_problems_is_ignored(read_items: Read) -> None:
    assert read_items("id,title,pages,Problems\nA,T,1,C: was wrong\n").problems == ()


def test_control_characters_are_reported_at_their_cell(read_items: Read) -> None:
    reading = read_items("id,title,creator,pages\nA,T\x0bU,ok,1\nB\x00,T,\x1b[31m,1\n")
    assert {(p.row, p.column, p.code) for p in reading.problems} == {
        (9, "B", Code.ILLEGAL_CHARACTER),
        (10, "A", Code.ILLEGAL_CHARACTER),
        (10, "C", Code.ILLEGAL_CHARACTER),
    }
    assert all(p.message.isprintable() for p in reading.problems)


def test_ten_thousand_wrong_rows_are_ten_thousand_problems_in_bearable_time(read_items: Read) -> None:
    rows = "".join(f"A-{n},T,1,x{n}.tif\n" for n in range(10_000))
    reading = read_items("id,title,pages,file_paths\n" + rows)
    assert len(reading.problems) == 20_000
