# SPDX-License-Identifier: Apache-2.0
"""The CSV of folders to bag: read as dart-runner reads it, with all problems by spreadsheet row."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.bag.batch_sheet import read_batch_sheet
from archive.bag.profile import BagProfile, load_profile
from archive.errors import BatchSheetInvalid

HEADINGS = (
    "Bag-Name,Root-Directory,bag-info.txt/Source-Organization,aptrust-info.txt/Title,aptrust-info.txt/Access"
)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """Where the CSV stands, beside two folders."""
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    return tmp_path / "batch.csv"


def _problems(
    sheet: Path, profile: BagProfile, tags: dict[str, dict[str, str]] | None = None
) -> list[tuple[int, str]]:
    with pytest.raises(BatchSheetInvalid) as caught:
        read_batch_sheet(sheet, profile, tags or {})
    return [(problem["row"], problem["column"]) for problem in caught.value.facts["problems"]]


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_rows_become_requests_with_their_tags(
    start: bytes, end: str, sheet: Path, aptrust: BagProfile
) -> None:
    rows = [
        HEADINGS,
        f'bag_1,{sheet.parent / "one"},"Library, The",Letters,Institution',
        "",
        "bag_2.tar,two,,Köln,",
    ]
    sheet.write_bytes(start + end.join(rows).encode())
    given = {
        "bag-info.txt": {"source-organization": "All of us"},
        "aptrust-info.txt": {"Access": "Restricted"},
    }
    first, second = read_batch_sheet(sheet, aptrust, given)
    assert (first.name, first.folder) == ("bag_1", sheet.parent / "one")
    assert first.tags == {
        "bag-info.txt": {"Source-Organization": "Library, The"},
        "aptrust-info.txt": {"Title": "Letters", "Access": "Institution"},
    }
    assert (second.name, second.folder) == ("bag_2", sheet.parent / "two")
    assert second.tags == {
        "bag-info.txt": {"source-organization": "All of us"},
        "aptrust-info.txt": {"Title": "Köln", "Access": "Restricted"},
    }


def test_all_problems_are_told_at_once_with_their_rows(sheet: Path, aptrust: BagProfile) -> None:
    rows = [
        HEADINGS,
        "bag_1,one,L,T,Institution",
        ",one,L,T,Institution",
        "BAG_1,nowhere,L,T,Nobody",
        '"two\nlines",,L,T,Institution',
        "a/b,two,L,,Institution,too,much",
    ]
    sheet.write_text("\n".join(rows))
    assert _problems(sheet, aptrust) == [
        (3, "Bag-Name"),
        (4, "Bag-Name"),
        (4, "Root-Directory"),
        (4, "aptrust-info.txt"),
        (5, "Bag-Name"),
        (5, "Root-Directory"),
        (6, ""),
        (6, "Bag-Name"),
        (6, "aptrust-info.txt"),
    ]


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        ("Bag-Name,bag-info.txt/Title", [(1, "Root-Directory")]),
        ("Root-Directory", [(1, "Bag-Name")]),
        ("Bag-Name|Root-Directory", [(1, "Bag-Name"), (1, "Root-Directory")]),
        ("Bag-Name,Root-Directory,notes/Title,bag-info.txt/", [(1, "notes/Title"), (1, "bag-info.txt/")]),
        (
            "Bag-Name,Root-Directory,bag-name,,x.txt/a:b,Root-directory",
            [(1, "bag-name"), (1, ""), (1, "x.txt/a:b"), (1, "Root-directory")],
        ),
        ("Bag-Name,Root-Directory,bag-name,,x.txt/a:b", [(1, "bag-name"), (1, ""), (1, "x.txt/a:b")]),
        ("Bag-Name,Root-Directory", [(1, "")]),
        ("", [(1, "Bag-Name"), (1, "Root-Directory")]),
    ],
)
def test_headings_that_mean_nothing_are_told(
    headings: str, expected: list[tuple[int, str]], sheet: Path, aptrust: BagProfile
) -> None:
    sheet.write_text(headings)
    assert _problems(sheet, aptrust) == expected


@pytest.mark.parametrize("content", [b"Bag-Name,Root-Directory\nK\xf6ln,one\n", b'Bag-Name,"Root'])
def test_what_is_no_utf8_or_no_csv_is_told(content: bytes, sheet: Path, aptrust: BagProfile) -> None:
    sheet.write_bytes(content)
    assert len(_problems(sheet, aptrust)) >= 1


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_whatever_a_spreadsheet_writes_between_columns_is_understood(
    mark: str, sheet: Path, aptrust: BagProfile
) -> None:
    rows = [["Bag-Name", "Root-Directory", '"aptrust-info.txt/Title"'], ["bag_1", "one", '"A letter"']]
    sheet.write_text("\n".join(mark.join(row) for row in rows))
    (request,) = read_batch_sheet(sheet, aptrust, {})
    assert request.tags == {"aptrust-info.txt": {"Title": "A letter"}}


def test_a_heading_without_a_file_means_where_the_profile_has_the_tag_else_bag_info(
    sheet: Path, aptrust: BagProfile
) -> None:
    sheet.write_text("Bag-Name,Root-Directory,title,Contact-Name\nbag_1,one,Letters,Ada\n")
    (request,) = read_batch_sheet(sheet, aptrust, {})
    assert request.tags == {"aptrust-info.txt": {"title": "Letters"}, "bag-info.txt": {"Contact-Name": "Ada"}}


def test_a_column_of_bagit_txt_may_say_only_what_is_written(sheet: Path, aptrust: BagProfile) -> None:
    headings = "Bag-Name,Root-Directory,Title,bagit.txt/BagIt-Version,bagit.txt/Tag-File-Character-Encoding"
    sheet.write_text(f"{headings}\nbag_1,one,T,1.0,UTF-8\nbag_2,two,T,,\n")
    assert [request.tags for request in read_batch_sheet(sheet, aptrust, {})] == [
        {"aptrust-info.txt": {"Title": "T"}}
    ] * 2
    sheet.write_text(f"{headings}\nbag_1,one,T,0.97,UTF-8\n")
    assert _problems(sheet, aptrust) == [(2, "bagit.txt/BagIt-Version")]


def test_bags_of_one_group_have_their_own_numbers_and_agree_on_how_many_they_are(
    sheet: Path, aptrust: BagProfile
) -> None:
    headings = "Bag-Name,Root-Directory,Title,Bag-Group-Identifier,Bag-Count"
    rows = ["a,one,T,g,1 of 3", "b,one,T,g,2 of 3", "c,one,T,h,1 of ?", "d,one,T,,"]
    sheet.write_text("\n".join([headings, *rows]))
    assert len(read_batch_sheet(sheet, aptrust, {})) == 4
    rows = ["a,one,T,g,1 of 3", "b,one,T,g,1 of 3", "c,one,T,g,2 of 4", "d,one,T,,2 of 3", "e,one,T,g,third"]
    sheet.write_text("\n".join([headings, *rows]))
    assert _problems(sheet, aptrust) == [(row, "Bag-Count") for row in (3, 4, 5, 6)]


def test_a_column_that_comes_again_gives_the_tag_another_value(sheet: Path) -> None:
    headings = "Bag-Name,Root-Directory,Contact-Name,bag-info.txt/contact-name,bag-info.txt/Contact-Name"
    sheet.write_text(f"{headings}\nbag_1,one,Ada,,Grace\nbag_2,two,,Joan,\n")
    first, second = read_batch_sheet(sheet, load_profile("bagit"), {"bag-info.txt": {"Contact-Name": "All"}})
    assert first.tags == {"bag-info.txt": {"Contact-Name": ("Ada", "Grace")}}
    assert second.tags == {"bag-info.txt": {"contact-name": "Joan"}}


def test_a_folder_counts_from_the_sheet_and_else_from_where_the_command_runs(
    sheet: Path, aptrust: BagProfile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here" / "one").mkdir(parents=True)
    (tmp_path / "here" / "only").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    sheet.write_text("Bag-Name,Root-Directory,Title\na,./one,T\nb,./only,T\nc,nowhere,T\n")
    assert _problems(sheet, aptrust) == [(4, "Root-Directory")]
    sheet.write_text("Bag-Name,Root-Directory,Title\na,./one,T\nb,./only,T\n")
    first, second = read_batch_sheet(sheet, aptrust, {})
    assert first.folder.resolve() == tmp_path / "one"
    assert second.folder.resolve() == tmp_path / "here" / "only"


def test_a_sheet_that_is_not_there_is_told(sheet: Path, aptrust: BagProfile) -> None:
    assert _problems(sheet, aptrust) == [(0, "")]


def test_tags_that_are_computed_need_no_column(sheet: Path) -> None:
    sheet.write_text("Bag-Name,Root-Directory,bag-info.txt/Source-Organization\nbag_1,one,Library\n")
    assert len(read_batch_sheet(sheet, load_profile("btr"), {})) == 1
