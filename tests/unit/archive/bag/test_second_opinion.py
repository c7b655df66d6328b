# SPDX-License-Identifier: Apache-2.0
"""The second opinion: asked only where it is safe, and told when it differs."""

from __future__ import annotations

import hashlib
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.bag import second_opinion
from archive.bag.findings import Rule
from archive.bag.profile import load_profile
from archive.bag.validator import verify_bag
from archive.bag.writer import WrittenBag

BagMaker = Callable[..., WrittenBag]


@pytest.fixture(autouse=True)
def private_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where copies are unpacked in these tests."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


def test_a_tar_is_unpacked_for_it_and_the_copy_is_removed(
    tar_bag: BagMaker, private_temporary_folder: Path
) -> None:
    assert verify_bag(tar_bag().path).second_opinion == "valid"
    assert list(private_temporary_folder.iterdir()) == []


def test_the_copy_is_removed_when_the_check_is_cancelled(
    tar_bag: BagMaker, private_temporary_folder: Path
) -> None:
    def cancel(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        verify_bag(tar_bag().path, progress=cancel)
    assert list(private_temporary_folder.iterdir()) == []


def test_its_verdict_names_files_of_the_bag_and_not_of_the_copy(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "box.tar", "w") as tar:
        member = tarfile.TarInfo("box/data/page.txt")
        tar.addfile(member)
    told = verify_bag(tmp_path / "box.tar").second_opinion
    assert told == "invalid: Expected bagit.txt does not exist: box/bagit.txt"


def test_both_find_a_changed_page(folder_bag: BagMaker) -> None:
    bag = folder_bag().path
    (bag / "data/ocr/0001.txt").write_bytes(b"Ein Brief aus Bonn\n")
    report = verify_bag(bag)
    assert not report.valid
    assert report.second_opinion.startswith("invalid: ")
    assert all(finding.rule != Rule.SECOND_OPINION for finding in report.warnings)


def test_a_disagreement_is_a_warning_of_its_own(folder_bag: BagMaker) -> None:
    """bagit-python accepts a version 1.0 bag whose second manifest leaves a file out; RFC 8493 does not."""
    bag = folder_bag(profile=load_profile("bagit"), tags={}).path
    (bag / "manifest-md5.txt").write_text("")
    for seal in bag.glob("tagmanifest-*.txt"):
        seal.unlink()
    report = verify_bag(bag)
    assert {finding.rule for finding in report.errors} == {Rule.MANIFEST_INCOMPLETE}
    assert report.second_opinion == "valid"
    assert [finding.rule for finding in report.warnings] == [Rule.SECOND_OPINION]


def test_it_is_not_run_on_an_unsafe_bag(folder_bag: BagMaker) -> None:
    bag = folder_bag().path
    (bag / "data/link").symlink_to("/etc")
    assert verify_bag(bag).second_opinion == "not run: our own check found it unsafe (link)"


def test_it_is_not_run_where_it_cannot_read_the_names(tar_bag: BagMaker) -> None:
    report = verify_bag(tar_bag({"100%.tif": b"x"}).path)
    assert report.valid
    assert report.second_opinion.startswith("not run: bagit-python does not read percent signs")


def test_a_tar_above_the_limit_is_not_unpacked(tar_bag: BagMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_opinion, "LARGEST_UNPACKED", 1000)
    report = verify_bag(tar_bag().path)
    assert report.valid
    assert report.second_opinion.startswith("not run: its ")


def test_a_full_temporary_disk_costs_the_second_opinion_and_not_the_check(
    tar_bag: BagMaker, private_temporary_folder: Path
) -> None:
    def fill(_: object) -> None:
        for folder in private_temporary_folder.glob("*/letter_1/data"):
            if folder.is_dir():
                folder.rename(folder.with_name("moved"))
                folder.write_bytes(b"in the way")

    report = verify_bag(tar_bag().path, progress=fill)
    assert report.valid
    assert report.second_opinion.startswith("not run: it cannot be unpacked")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bagit.txt", b""),
        ("bagit.txt", b"BagIt-Version: x\nTag-File-Character-Encoding: hex\n"),
        ("bagit.txt", b"\xff\xfe\x00"),
        ("bag-info.txt", b"\xff\xff: \n:\n::"),
        ("bag-info.txt", b"Payload-Oxum: rubbish\n"),
        ("manifest-md5.txt", b"\x00\xff\xfe"),
        ("manifest-md5.txt", b"d41d8cd98f00b204e9800998ecf8427e\n"),
        ("fetch.txt", b"one two\n"),
        ("fetch.txt", b"x y z\n" * 3),
    ],
)
def test_rubbish_in_tag_files_is_a_report_and_never_an_exception(
    folder_bag: BagMaker, name: str, content: bytes
) -> None:
    bag = folder_bag(profile=load_profile("bagit"), tags={}).path
    (bag / name).write_bytes(content)
    for seal in bag.glob("tagmanifest-*.txt"):
        seal.unlink()
    report = verify_bag(bag)
    assert not report.valid
    assert report.second_opinion.startswith(("invalid: ", "valid"))


def test_asking_does_not_log_to_the_terminal(folder_bag: BagMaker, capfd: pytest.CaptureFixture[str]) -> None:
    bag = folder_bag().path
    (bag / "data/empty.txt").write_text(hashlib.sha256(b"").hexdigest())
    verify_bag(bag)
    assert capfd.readouterr() == ("", "")
