# SPDX-License-Identifier: Apache-2.0
"""What is refused before the first byte of a bag is written."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.bag.contents import PayloadFile, TagFile, bag_name_problem, check_contents
from archive.bag.profile_rules import NameRule
from archive.errors import BagContentsRefused, PayloadChanged, PayloadMissing


def _file(tmp_path: Path, path: str = "a.tif", size: int = 3) -> PayloadFile:
    source = tmp_path / "source"
    source.write_bytes(b"abc")
    return PayloadFile(path, source, size, {})


def test_all_bad_names_are_told_at_once(tmp_path: Path) -> None:
    payload = [_file(tmp_path, path) for path in ("../a", "con.tif", "b.tif", "B.tif", "\udcff")]
    with pytest.raises(BagContentsRefused) as caught:
        check_contents("bag", payload, [TagFile("data/x", b""), TagFile("BagIt.txt", b"")], [], NameRule())
    told = {problem["file"]: problem["message"] for problem in caught.value.facts["problems"]}
    assert set(told) == {"data/../a", "data/con.tif", "data/B.tif", "data/?", "data/x", "BagIt.txt"}


@pytest.mark.parametrize(
    "path",
    [
        "manifest-md5.txt",
        "TagManifest-sha256.txt",
        "fetch.txt",
        "bag-info.txt",
        "Data/x",
        "*x",
        "~/x",
        "aptrust-info.txt",
    ],
)
def test_a_tag_file_cannot_take_a_reserved_or_taken_name(path: str) -> None:
    with pytest.raises(BagContentsRefused):
        check_contents("bag", [], [TagFile(path, b"")], ["bag-info.txt", "aptrust-info.txt"], NameRule())


def _link(source: Path) -> None:
    source.symlink_to("/etc/hostname")


@pytest.mark.parametrize("make", [_link, os.mkfifo, Path.mkdir])
def test_links_pipes_and_folders_are_refused(tmp_path: Path, make: Callable[[Path], None]) -> None:
    source = tmp_path / "odd"
    make(source)
    with pytest.raises(BagContentsRefused, match="odd"):
        check_contents("bag", [PayloadFile("odd", source, 3, {})], [], [], NameRule())


def test_an_absent_source_and_one_of_another_size_have_their_own_errors(tmp_path: Path) -> None:
    with pytest.raises(PayloadMissing):
        check_contents("bag", [PayloadFile("a", tmp_path / "nothing", 3, {})], [], [], NameRule())
    with pytest.raises(PayloadChanged):
        check_contents("bag", [_file(tmp_path, size=4)], [], [], NameRule())


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "-x", ".x", "x ", "nul", "x" * 252, "a\nb"])
def test_a_bag_name_must_do_as_folder_and_as_tar(name: str) -> None:
    assert bag_name_problem(name)


def test_a_profiles_own_name_rules_hold(tmp_path: Path) -> None:
    with pytest.raises(BagContentsRefused, match="starts with '-'"):
        check_contents("bag", [_file(tmp_path, "x/-a")], [], [], NameRule(forbidden_first="-"))
