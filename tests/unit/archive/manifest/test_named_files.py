# SPDX-License-Identifier: Apache-2.0
"""Files that a manifest names: there, regular, readable, inside its folder, and meant once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.errors import ManifestAccessRefused, ManifestMissing, ManifestNotRegularFile
from archive.manifest.problems import Code, Problem
from archive.manifest.reader import Reading, read_manifest
from tests.conftest import without_root_rights

Read = Callable[..., Reading]
Only = Callable[[Reading], Problem]

CODES = """
import sys
from pathlib import Path
from archive.manifest.reader import read_manifest
print(*[problem.code for problem in read_manifest(Path(sys.argv[1])).problems])
"""
"""Tells the problem codes of a manifest."""


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    folder = tmp_path / "scans"
    folder.mkdir()
    for name in ("1.tif", "2.tif", "with;semicolon.tif"):
        (folder / name).write_bytes(b"II*\x00" + name.encode())
    return folder


@pytest.mark.parametrize(
    "cell",
    [
        "scans/1.tif|scans/2.tif",
        "scans/1.tif;scans/2.tif",
        '"scans/1.tif\n scans/2.tif"',
        "scans/1.tif | scans/2.tif|",
    ],
)
def test_paths_in_a_cell_are_divided(read_items: Read, scans: Path, cell: str) -> None:
    reading = read_items(f"id\ttitle\tfile_paths\nA\tT\t{cell}\n".replace("\t", ","))
    assert reading.problems == ()
    assert reading.manifest.items[0].file_paths == ("scans/1.tif", "scans/2.tif")
    assert reading.manifest.items[0].pages is None


def test_a_semicolon_may_be_part_of_a_name_where_a_bar_divides(read_items: Read, scans: Path) -> None:
    reading = read_items("id,title,file_paths\nA,T,scans/with;semicolon.tif|\n")
    assert reading.manifest.items[0].file_paths == ("scans/with;semicolon.tif",)


def test_a_list_of_paths_may_go_on_in_a_second_column(read_items: Read, scans: Path) -> None:
    reading = read_items("id,title,file_paths,file_paths\nA,T,scans/1.tif,scans/2.tif\n")
    assert reading.problems == ()
    assert reading.manifest.items[0].file_paths == ("scans/1.tif", "scans/2.tif")


def test_items_of_files_need_no_scanner(read: Read, block: str, scans: Path) -> None:
    text = block.replace("scanner_id,simulated:flatbed\n", "")
    assert read(text + "id,title,file_paths\nA,T,scans/1.tif|scans/2.tif\n").problems == ()


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("scans/3.tif", Code.FILE_MISSING),
        ("nowhere/1.tif", Code.FILE_MISSING),
        ("scans/1.tif/x.tif", Code.FILE_MISSING),
        (f"scans/{'x' * 250}.tif", Code.FILE_MISSING),
        ("scans", Code.FILE_NOT_REGULAR),
        ("scans/pipe.tif", Code.FILE_NOT_REGULAR),
        ("scans/empty.tif", Code.FILE_EMPTY),
        ("scans/loop.tif", Code.FILE_MISSING),
        ("scans/dangling.tif", Code.FILE_MISSING),
        ("scans/outside.tif", Code.PATH_LEAVES_FOLDER),
        ("elsewhere/secret.tif", Code.PATH_LEAVES_FOLDER),
        ("../secret.tif", Code.PATH_LEAVES_FOLDER),
        ("/etc/hostname", Code.PATH_LEAVES_FOLDER),
        (r"scans\1.tif", Code.PATH_FORM),
    ],
)
def test_a_file_that_cannot_be_taken_is_reported_at_its_cell(
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    read_items: Read,
    scans: Path,
    only: Only,
    path: str,
    code: Code,
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.tif").write_bytes(b"II")
    (scans / "empty.tif").touch()
    (scans / "loop.tif").symlink_to("loop.tif")
    (scans / "dangling.tif").symlink_to("gone.tif")
    (scans / "outside.tif").symlink_to(outside / "secret.tif")
    (tmp_path / "elsewhere").symlink_to(outside)
    os.mkfifo(scans / "pipe.tif")
    problem = only(read_items(f"id,title,file_paths\nA,T,scans/1.tif|{path}|scans/2.tif\n"))
    assert (problem.row, problem.column, problem.code) == (9, "C", code)


def test_links_that_stay_inside_the_folder_are_followed(read_items: Read, scans: Path) -> None:
    (scans / "link.tif").symlink_to("1.tif")
    assert read_items("id,title,file_paths\nA,T,scans/link.tif\n").problems == ()


def test_a_manifest_reached_through_a_link_looks_beside_itself(
    tmp_path: Path, read_items: Read, scans: Path, block: str
) -> None:
    (tmp_path / "way").symlink_to(tmp_path)
    read_items("id,title,file_paths\nA,T,scans/1.tif\n")
    assert read_manifest(tmp_path / "way" / "manifest.csv").problems == ()


def test_a_missing_file_is_reported_with_the_nearest_name_beside_it(
    read_items: Read, scans: Path, only: Only
) -> None:
    assert "1.tif" in only(read_items("id,title,file_paths\nA,T,scans/1.tiff\n")).remedy
    (scans / "Page.TIF").write_bytes(b"II")
    assert "Page.TIF" in only(read_items("id,title,file_paths\nA,T,scans/page.tif\n")).remedy


def test_a_file_named_twice_is_a_warning_that_says_where(read_items: Read, scans: Path) -> None:
    reading = read_items("id,title,file_paths\nA,T,scans/1.tif|./scans/1.tif\nB,T,scans/1.tif\n")
    assert [(p.row, p.code, p.severity) for p in reading.problems] == [
        (9, Code.FILE_TWICE, "warning"),
        (10, Code.FILE_TWICE, "warning"),
    ]
    assert "this item" in reading.problems[0].message
    assert "another item" in reading.problems[1].message
    assert reading.valid


def test_a_file_that_does_not_look_like_an_image_is_a_warning(
    read_items: Read, scans: Path, only: Only
) -> None:
    (scans / "notes.docx").write_bytes(b"PK")
    problem = only(read_items("id,title,file_paths\nA,T,scans/notes.docx\n"))
    assert (problem.code, problem.severity) == (Code.FILE_TYPE, "warning")


def test_a_file_that_may_not_be_read_is_reported(tmp_path: Path, read_items: Read, scans: Path) -> None:
    assert read_items("id,title,file_paths\nA,T,scans/1.tif\n").valid
    (scans / "1.tif").chmod(0)
    command = [sys.executable, "-c", CODES, str(tmp_path / "manifest.csv")]
    done = subprocess.run(without_root_rights(command), capture_output=True, text=True, check=True)
    assert done.stdout.split() == [Code.FILE_UNREADABLE]


def test_reading_creates_and_changes_nothing(tmp_path: Path, read_items: Read, scans: Path) -> None:
    read_items("id,title,file_paths\nA,T,scans/1.tif\n")
    before = sorted((path, path.stat().st_mtime_ns) for path in tmp_path.rglob("*"))
    read_manifest(tmp_path / "manifest.csv")
    assert sorted((path, path.stat().st_mtime_ns) for path in tmp_path.rglob("*")) == before


def test_a_manifest_that_is_not_there_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(ManifestMissing) as error:
        read_manifest(tmp_path / "gone.csv")
    assert "template" in error.value.remedy
    assert "No batch was created" in error.value.consequence


def test_a_folder_or_a_pipe_is_no_manifest(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for path in (tmp_path, tmp_path / "pipe.csv"):
        with pytest.raises(ManifestNotRegularFile):
            read_manifest(path)


def test_a_manifest_on_a_failing_path_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    with pytest.raises(ManifestAccessRefused):
        read_manifest(tmp_path / "loop.csv")


def test_a_file_bigger_than_any_manifest_is_one_problem(tmp_path: Path, only: Only) -> None:
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.truncate(65 << 20)
    reading = read_manifest(path)
    assert only(reading).code == Code.TOO_BIG
    assert reading.sha256 == ""


def test_addresses_and_attachments_are_read_from_a_cell_as_paths_are(scans: Path, read_items: Read) -> None:
    digest = "ab" * 32
    reading = read_items(
        "id,title,file_paths,attachments\n"
        f"A,T,https://host/a%20b.tif#sha256={digest}|s3://bucket/c.tif,scans/1.tif|sftp://host/x.pdf\n"
    )
    assert reading.problems == ()
    assert reading.manifest is not None
    item = reading.manifest.items[0]
    assert item.file_paths == (f"https://host/a%20b.tif#sha256={digest}", "s3://bucket/c.tif")
    assert item.attachments == ("scans/1.tif", "sftp://host/x.pdf")


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("file:///etc/passwd", "address-form"),
        ("ftp://host/a.tif", "address-form"),
        ("https://host/../a.tif", "address-form"),
        ("https://host/a.tif#page=2", "address-form"),
        ("https://anna:opensesame@host/a.tif", "address-secret"),
        ("https://host/a.tif?X-Amz-Signature=opensesame", "address-secret"),
    ],
)
def test_an_address_that_cannot_be_fetched_is_a_problem(
    read_items: Read, only: Only, address: str, code: str
) -> None:
    problem = only(read_items(f"id,title,file_paths\nA,T,{address}\n"))
    assert problem.code == code
    assert "opensesame" not in problem.message + problem.remedy


def test_the_same_address_twice_is_doubtful_whatever_is_declared_of_it(read_items: Read, only: Only) -> None:
    problem = only(read_items("id,title,file_paths\nA,T,https://h/a.tif|https://h/a.tif#size=1\n"))
    assert (problem.code, problem.severity) == ("file-twice", "warning")


def test_an_attachment_must_be_there_but_need_not_be_an_image(
    scans: Path, read_items: Read, only: Only
) -> None:
    reading = read_items("id,title,file_paths,attachments\nA,T,scans/1.tif,scans/none.pdf\n")
    assert only(reading).code == "file-missing"
