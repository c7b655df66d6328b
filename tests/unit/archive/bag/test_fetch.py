# SPDX-License-Identifier: Apache-2.0
"""fetch.txt: what is still to be fetched is told as such, and nothing leads out of the bag."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from archive.bag.report import BagReport
from archive.bag.validator import verify_bag


def _bag(folder: Path, fetch: bytes, *, version: str = "1.0", present: bool = False) -> BagReport:
    """A bag that lists data/far.tif and data/near.tif, and holds the near one."""
    (folder / "data").mkdir(parents=True)
    (folder / "bagit.txt").write_text(f"BagIt-Version: {version}\nTag-File-Character-Encoding: UTF-8\n")
    (folder / "data" / "near.tif").write_bytes(b"near")
    if present:
        (folder / "data" / "far.tif").write_bytes(b"far")
    lines = [f"{hashlib.sha256(name.encode()).hexdigest()}  data/{name}.tif\n" for name in ("far", "near")]
    (folder / "manifest-sha256.txt").write_text("".join(lines))
    (folder / "fetch.txt").write_bytes(fetch)
    return verify_bag(folder, second_opinion=False)


def _told(report: BagReport) -> list[tuple[str, str]]:
    return [(str(finding.rule), finding.file) for finding in report.errors]


def test_a_file_still_to_be_fetched_is_told_apart_from_a_lost_one(tmp_path: Path) -> None:
    assert _told(_bag(tmp_path / "lost", b"")) == [("file-missing", "data/far.tif")]
    report = _bag(tmp_path / "bag", b"https://example.org/far 3 data/far.tif\n")
    assert _told(report) == [("file-not-fetched", "data/far.tif")]


def test_a_fetched_file_makes_the_bag_whole(tmp_path: Path) -> None:
    report = _bag(tmp_path / "bag", b"https://example.org/far - data/far.tif\r\n", present=True)
    assert (report.errors, report.warnings) == ((), ())


def test_a_fetched_file_of_another_length_is_worth_a_warning(tmp_path: Path) -> None:
    report = _bag(tmp_path / "bag", b"https://example.org/far 4 data/far.tif\n", present=True)
    assert report.valid
    assert [str(finding.rule) for finding in report.warnings] == ["fetch"]


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../secret",
        "data/../../secret",
        "data\\..\\..\\secret",
        "C:\\secret",
        "~/secret",
        "C:x",
    ],
)
def test_a_path_out_of_the_bag_is_refused(path: str, tmp_path: Path) -> None:
    report = _bag(tmp_path / "bag", f"https://example.org/x - {path}\n".encode(), present=True)
    assert _told(report) == [("unsafe-path", path)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"one two\n", ("fetch", "fetch.txt")),
        (b"https://x/y many data/far.tif\n", ("fetch", "fetch.txt")),
        (b"nowhere - data/far.tif\n", ("fetch", "data/far.tif")),
        (b"https://x/y - data/unlisted.tif\n", ("fetch", "data/unlisted.tif")),
        (b"https://x/y - bag-info.txt\n", ("fetch", "bag-info.txt")),
    ],
)
def test_entries_that_break_the_form_are_errors(
    line: bytes, expected: tuple[str, str], tmp_path: Path
) -> None:
    assert _told(_bag(tmp_path / "bag", line, present=True)) == [expected]


def test_the_drafts_forgive_a_tag_file_to_fetch(tmp_path: Path) -> None:
    report = _bag(tmp_path / "bag", b"https://x/y - bag-info.txt\n", version="0.97", present=True)
    assert report.valid
    assert [str(finding.rule) for finding in report.warnings if finding.file == "bag-info.txt"] == ["fetch"]


def test_percent_signs_are_decoded_as_in_manifests(tmp_path: Path) -> None:
    report = _bag(tmp_path / "bag", b"https://x/y - data/100%25.tif\n", present=True)
    assert ("fetch", "data/100%.tif") in _told(report)
