# SPDX-License-Identifier: Apache-2.0
"""Checking bags: whatever is done to a bag is found, in the folder and in the tar."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.bag import validator
from archive.bag.findings import Rule
from archive.bag.profile import load_profile
from archive.bag.report import BagReport
from archive.bag.validator import verify_bag
from archive.bag.writer import WrittenBag
from archive.errors import BagUnreadable
from archive.progress import Progress
from tests.broken_bags import DAMAGES, Damage, flip, seal, tar_of

BagMaker = Callable[..., WrittenBag]


def _verify(path: Path) -> BagReport:
    return verify_bag(path, second_opinion=False)


def _rules(report: BagReport) -> set[tuple[str, str]]:
    return {(str(finding.rule), finding.file) for finding in report.errors}


@pytest.mark.parametrize("form", ["tar_bag", "folder_bag"])
def test_a_bag_of_ours_is_valid_for_us_and_for_bagit_python(
    form: str, request: pytest.FixtureRequest
) -> None:
    report = verify_bag(request.getfixturevalue(form)().path)
    assert (report.valid, report.errors, report.second_opinion) == (True, (), "valid")
    assert report.profile == "aptrust-2.3"


def test_the_report_has_the_json_form_scripts_rely_on(folder_bag: BagMaker) -> None:
    path = folder_bag().path
    (path / "data" / "extra").write_bytes(b"")
    assert _verify(path).to_json() == {
        "path": str(path),
        "valid": False,
        "errors": [
            {
                "rule": "file-unexpected",
                "file": "data/extra",
                "message": "No payload manifest lists this file.",
            },
            {
                "rule": "payload-oxum",
                "file": "bag-info.txt",
                "message": "Payload-Oxum is 7332.4, and the payload has 7332.5.",
            },
        ],
        "warnings": [
            {
                "rule": "profile-serialization",
                "file": "",
                "message": "APTrust 2.3 takes this bag as a tar, not as a folder.",
            }
        ],
        "profile": "aptrust-2.3",
        "second_opinion": "not asked",
    }


@pytest.mark.parametrize(("damage", "expected"), DAMAGES)
def test_damage_is_found_in_folder_and_tar_alike(
    damage: Damage, expected: tuple[str, str], folder_bag: BagMaker, tmp_path: Path
) -> None:
    bag = folder_bag().path
    damage(bag)
    assert expected in _rules(_verify(bag))
    assert expected in _rules(_verify(tar_of(bag, tmp_path)))


def test_all_damage_is_told_at_once(folder_bag: BagMaker) -> None:
    bag = folder_bag().path
    flip(bag)
    (bag / "data/empty.txt").unlink()
    (bag / "data/new.tif").write_bytes(b"new")
    (bag / "aptrust-info.txt").write_text("Title: T\nAccess: Nobody\n")
    found = _rules(_verify(bag))
    assert {
        ("file-changed", "data/masters/0001.tif"),
        ("file-missing", "data/empty.txt"),
        ("file-unexpected", "data/new.tif"),
        ("file-changed", "aptrust-info.txt"),
        ("profile-tag", "aptrust-info.txt"),
        ("payload-oxum", "bag-info.txt"),
    } <= found


def test_an_extra_tag_file_is_a_warning(folder_bag: BagMaker) -> None:
    bag = folder_bag().path
    (bag / "note.txt").write_text("hello")
    report = _verify(bag)
    assert report.valid
    assert {finding.file for finding in report.warnings if finding.rule == Rule.TAG_FILE_UNLISTED} == {
        "note.txt"
    }


def test_a_storage_option_that_the_archive_fills_in_may_be_absent(folder_bag: BagMaker) -> None:
    bag = folder_bag().path
    (bag / "aptrust-info.txt").write_text("Title: T\nAccess: Restricted\n")
    seal(bag)
    report = _verify(bag)
    assert report.valid
    assert any("will become Standard" in finding.message for finding in report.warnings)


def test_a_bag_is_held_against_the_profile_that_is_asked_for(tar_bag: BagMaker) -> None:
    report = verify_bag(tar_bag().path, profile=load_profile("btr"), second_opinion=False)
    assert report.profile == "btr-1.0"
    assert [finding.message for finding in report.errors] == [
        "Source-Organization is missing (profile Beyond the Repository 1.0)."
    ]


def test_an_unknown_profile_is_a_warning(folder_bag: BagMaker) -> None:
    bag = folder_bag(
        profile=load_profile("bagit"), tags={"bag-info.txt": {"BagIt-Profile-Identifier": "urn:x"}}
    ).path
    report = _verify(bag)
    assert report.valid
    assert report.profile == ""
    assert [finding.rule for finding in report.warnings] == [Rule.PROFILE_UNKNOWN]


@pytest.mark.parametrize("profile", ["aptrust", "bagit", None])
def test_a_tar_named_unlike_its_folder_is_an_error_only_where_the_profile_minds(
    profile: str | None, tar_bag: BagMaker
) -> None:
    path = tar_bag().path
    other = path.with_name("letter_2.tar")
    path.rename(other)
    report = verify_bag(other, profile=load_profile(profile) if profile else None)
    minds = profile != "bagit"
    assert report.valid == (not minds)
    (finding,) = [*report.errors, *report.warnings]
    assert finding.rule == Rule.TOP_FOLDER
    assert finding.message == "The folder in the tar is named letter_1, unlike the tar."
    assert report.second_opinion == ("valid" if not minds else report.second_opinion)


def test_a_file_that_cannot_be_read_is_told_and_the_rest_is_checked(
    folder_bag: BagMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    bag = folder_bag().path
    flip(bag)
    honest = os.open

    def failing(path: Path, *arguments: int) -> int:
        if str(path).endswith("0001.txt"):
            raise OSError(5, "Input/output error")
        return honest(path, *arguments)

    monkeypatch.setattr(os, "open", failing)
    assert {("file-unreadable", "data/ocr/0001.txt"), ("file-changed", "data/masters/0001.tif")} <= _rules(
        _verify(bag)
    )


def test_what_is_not_there_or_no_bag_at_all(tmp_path: Path) -> None:
    with pytest.raises(BagUnreadable):
        verify_bag(tmp_path / "nothing")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BagUnreadable):
        verify_bag(tmp_path / "pipe")
    (tmp_path / "empty").mkdir()
    assert {("bagit-txt", "bagit.txt"), ("manifest-needed", ""), ("payload-folder", "data")} <= _rules(
        verify_bag(tmp_path / "empty")
    )


def test_a_folder_with_a_name_that_is_no_utf8_is_told(folder_bag: BagMaker) -> None:
    bag = folder_bag().path
    os.close(os.open(os.fsencode(bag) + b"/data/\xff.tif", os.O_CREAT, 0o644))
    assert ("file-unexpected", "data/\\xff.tif") in _rules(_verify(bag))


def test_progress_counts_every_byte_once_and_may_cancel(tar_bag: BagMaker) -> None:
    written = tar_bag()
    seen: list[Progress] = []
    verify_bag(written.path, second_opinion=True, progress=seen.append)
    assert seen[0].done == 0
    assert seen[-1].done == seen[-1].total

    class Cancelled(Exception):
        pass

    def cancel(_: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        verify_bag(written.path, progress=cancel)


def test_manifests_of_many_algorithms_do_not_fill_the_memory(
    folder_bag: BagMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    bag = folder_bag().path
    texts = sum(path.stat().st_size for path in bag.glob("*.txt"))
    monkeypatch.setattr(validator, "LARGEST_TEXTS", texts)
    assert _verify(bag).errors == ()
    monkeypatch.setattr(validator, "LARGEST_TEXTS", texts - 1)
    unread = [finding.file for finding in _verify(bag).errors if finding.rule == Rule.FILE_UNREADABLE]
    assert unread == ["tagmanifest-sha256.txt"]
