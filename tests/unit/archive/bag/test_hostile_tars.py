# SPDX-License-Identifier: Apache-2.0
"""Tars made to do harm: all are reported, none is unpacked, none hangs or fills the memory."""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.bag.readers import open_bag
from archive.bag.report import BagReport
from archive.bag.validator import verify_bag
from archive.bag.writer import WrittenBag
from tests.broken_bags import HOSTILE_MEMBERS, LONG_NAMES, LYING_HEADERS, add_members, tar_member

BagMaker = Callable[..., WrittenBag]


@pytest.fixture
def unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a second opinion would unpack."""
    place = tmp_path / "unpacked"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


def _with(path: Path, *members: tarfile.TarInfo) -> BagReport:
    """Append members to the tar and verify it with everything on."""
    return verify_bag(add_members(path, *members))


@pytest.mark.parametrize(
    ("member", "rule"),
    HOSTILE_MEMBERS,
    ids=lambda value: value.name if isinstance(value, tarfile.TarInfo) else value,
)
def test_members_that_would_escape_or_hide_are_told_and_nothing_is_unpacked(
    member: tarfile.TarInfo, rule: str, tar_bag: BagMaker, unpacked: Path
) -> None:
    report = _with(tar_bag().path, member)
    assert rule in {str(finding.rule) for finding in report.errors}
    assert not report.valid
    assert report.second_opinion.startswith("not run: our own check found it unsafe")
    assert list(unpacked.iterdir()) == []


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
@pytest.mark.parametrize(
    "name",
    LONG_NAMES,
    ids=["climbs", "absolute", "no UTF-8"],
)
def test_long_names_are_judged_by_what_they_say_in_full(form: int, name: str, tar_bag: BagMaker) -> None:
    path = tar_bag().path
    with tarfile.open(path, "a", format=form, errors="surrogateescape") as tar:
        tar.addfile(tar_member(name, size=3), io.BytesIO(b"new"))
    found = {str(finding.rule) for finding in verify_bag(path).errors}
    assert ("file-unexpected" if "\udcff" in name else "unsafe-path") in found


@pytest.mark.parametrize(
    ("records", "rule"),
    LYING_HEADERS,
    ids=str,
)
def test_extended_headers_that_lie_are_told(records: dict[str, str], rule: str, tar_bag: BagMaker) -> None:
    report = _with(tar_bag().path, tar_member("letter_1/data/honest.txt", size=512, pax_headers=records))
    assert rule in {str(finding.rule) for finding in report.errors}


def test_a_file_of_five_gibibytes_is_found_with_what_follows_it(tmp_path: Path) -> None:
    """Sizes above 32 bits: a sparse file on disk, of which nothing but headers and the last file is read."""
    path, size = tmp_path / "bag.tar", (5 << 30) + 1
    after = tar_member("bag/data/after.txt", size=5)
    with path.open("wb") as tar:
        tar.write(tar_member("bag/data/vast.tif", size=size).tobuf(tarfile.PAX_FORMAT))
        tar.seek(-(-size // 512) * 512, os.SEEK_CUR)
        tar.write(after.tobuf(tarfile.PAX_FORMAT) + b"after".ljust(512, b"\0") + bytes(1024))
    with open_bag(path) as reader:
        vast, last = reader.inventory.members
        assert (vast.path, vast.size) == ("data/vast.tif", size)
        assert b"".join(reader.blocks(last)) == b"after"
        assert reader.inventory.errors == []


def test_a_file_whose_folder_is_a_file_is_invalid_and_harmless(tar_bag: BagMaker) -> None:
    report = _with(tar_bag().path, tar_member("letter_1/data/empty.txt/below", size=3))
    assert not report.valid


@pytest.mark.parametrize("lost", [1, 511, 512, 1024, 5000, 12_000])
def test_a_tar_that_was_cut_off_is_invalid(lost: int, tar_bag: BagMaker) -> None:
    path = tar_bag().path
    data = path.read_bytes().rstrip(b"\0")
    path.write_bytes(data[:-lost])
    assert not verify_bag(path).valid


def test_a_tar_without_its_end_mark_is_invalid(tar_bag: BagMaker) -> None:
    path = tar_bag().path
    with tarfile.open(path) as tar:
        last = tar.getmembers()[-1]
    end = last.offset_data + -(-last.size // 512) * 512
    path.write_bytes(path.read_bytes()[:end])
    assert [str(finding.rule) for finding in verify_bag(path).errors] == ["tar-damaged"]


def test_bytes_after_the_end_are_told(tar_bag: BagMaker) -> None:
    path = tar_bag().path
    with path.open("ab") as file:
        file.write(b"hidden")
    assert "tar-damaged" in {str(finding.rule) for finding in verify_bag(path).errors}


def test_a_broken_header_does_not_hide_what_follows(tar_bag: BagMaker) -> None:
    path = tar_bag().path
    with tarfile.open(path) as tar:
        last = tar.getmembers()[-1]
    data = bytearray(path.read_bytes())
    data[last.offset + 100] ^= 1
    path.write_bytes(data)
    assert "tar-damaged" in {str(finding.rule) for finding in verify_bag(path).errors}


def _header(name: str, size: int, kind: bytes) -> bytes:
    member = tar_member(name, kind, size=max(size, 0))
    block = bytearray(member.tobuf(tarfile.GNU_FORMAT))
    if size < 0:
        block[124:136] = (256**12 + size).to_bytes(12, "big")  # base-256, two's complement
        checksum = sum(block[:148]) + 8 * 32 + sum(block[156:512])
        block[148:156] = b"%06o\0 " % checksum
    return bytes(block)


@pytest.mark.parametrize("kind", [tarfile.REGTYPE, tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME])
@pytest.mark.parametrize("size", [-512, -1024, -(2**62), 2**62, 64 << 20])
@pytest.mark.timeout(20)
def test_a_header_with_an_absurd_length_neither_loops_nor_fills_memory(
    kind: bytes, size: int, tmp_path: Path
) -> None:
    path = tmp_path / "x.tar"
    with path.open("wb") as file:
        file.write(_header("x/a", 0, tarfile.REGTYPE) + _header("x/b", size, kind))
        file.truncate(80 << 20)
    report = verify_bag(path)
    assert not report.valid


def test_a_sparse_member_is_no_plain_file(tmp_path: Path) -> None:
    folder = tmp_path / "x"
    (folder / "data").mkdir(parents=True)
    with (folder / "data" / "hole").open("wb") as file:
        file.truncate(1 << 20)
        file.seek(1 << 19)
        file.write(b"x")
    subprocess.run(["/bin/tar", "-C", tmp_path, "--sparse", "-cf", tmp_path / "x.tar", "x"], check=True)
    assert ("special-file", "data/hole") in {
        (str(f.rule), f.file) for f in verify_bag(tmp_path / "x.tar").errors
    }


@pytest.mark.parametrize(
    "content", [b"", b"rubbish", bytes(10240), b"\x1f\x8b\x08" + bytes(600), b"PK\x03\x04" * 200]
)
def test_what_is_no_tar_is_an_invalid_bag(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.tar"
    path.write_bytes(content)
    assert not verify_bag(path).valid


@pytest.mark.parametrize("form", ["--format=gnu", "--format=ustar", "--format=posix", "--format=v7"])
def test_a_foreign_but_honest_tar_is_valid(form: str, folder_bag: BagMaker, tmp_path: Path) -> None:
    bag = folder_bag().path
    path = tmp_path / "letter_1.tar"
    subprocess.run(["/bin/tar", "-C", bag.parent, form, "-cf", path, "letter_1"], check=True)
    report = verify_bag(path)
    assert (report.valid, report.second_opinion) == (True, "valid")


def test_names_beginning_with_a_dot_slash_are_valid_with_a_warning(
    folder_bag: BagMaker, tmp_path: Path
) -> None:
    bag = folder_bag().path
    path = tmp_path / "letter_1.tar"
    subprocess.run(["/bin/tar", "-C", bag.parent, "-cf", path, "./letter_1"], check=True)
    report = verify_bag(path)
    assert report.valid
    assert "top-folder" in {str(finding.rule) for finding in report.warnings}


def test_nonzero_padding_is_a_warning(tar_bag: BagMaker) -> None:
    path = tar_bag().path
    with tarfile.open(path) as tar:
        text = tar.getmember("letter_1/data/ocr/0001.txt")
    data = bytearray(path.read_bytes())
    data[text.offset_data + text.size] = 1
    path.write_bytes(data)
    report = verify_bag(path)
    assert report.valid
    assert ("tar-padding", "data/ocr/0001.txt") in {(str(f.rule), f.file) for f in report.warnings}
