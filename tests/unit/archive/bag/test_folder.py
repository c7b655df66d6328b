# SPDX-License-Identifier: Apache-2.0
"""Making bags from folders: nothing dropped silently, the folder never touched."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from archive.bag.folder import bag_folder
from archive.bag.profile import load_profile
from archive.bag.validator import verify_bag
from archive.bag.writer import WrittenBag
from archive.errors import AlreadyABag, BagContentsRefused, BagUnwritable, PayloadMissing


def _bag(folder: Path, out: Path, *, tar: bool = True) -> WrittenBag:
    return bag_folder(
        folder,
        profile=load_profile("bagit"),
        tags={},
        destination_dir=out,
        tar=tar,
        bagging_date="2026-03-31",
    )


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """A folder with hidden files, subfolders and an empty folder."""
    folder = tmp_path / "letter 7"
    (folder / "sub" / "deep").mkdir(parents=True)
    (folder / "empty").mkdir()
    (folder / ".hidden").write_bytes(b"h")
    (folder / "sub" / "deep" / "1.tif").write_bytes(b"1")
    return folder


def _state(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path): (path.lstat().st_mtime_ns, path.lstat().st_mode) for path in [folder, *folder.rglob("*")]
    }


@pytest.mark.parametrize("tar", [True, False])
def test_a_folder_becomes_a_bag_and_is_not_touched(letter: Path, tmp_path: Path, *, tar: bool) -> None:
    before = _state(letter)
    written = _bag(letter, tmp_path / "out", tar=tar)
    assert _state(letter) == before
    assert (written.name, written.payload_files, written.payload_bytes) == ("letter 7", 2, 2)
    assert written.empty_folders == ("empty",)
    report = verify_bag(written.path)
    assert (report.errors, report.second_opinion) == ((), "valid")


def test_bagit_python_accepts_the_untarred_bag_on_its_command_line(letter: Path, tmp_path: Path) -> None:
    written = _bag(letter, tmp_path / "out")
    subprocess.run(["/bin/tar", "-C", tmp_path, "-xf", written.path, "--one-top-level=x"], check=True)
    subprocess.run(
        [sys.executable, "-m", "bagit", "--quiet", "--validate", tmp_path / "x" / "letter 7"], check=True
    )


def test_a_bag_is_not_bagged_again(letter: Path, tmp_path: Path) -> None:
    bag = _bag(letter, tmp_path / "out", tar=False).path
    with pytest.raises(AlreadyABag):
        _bag(bag, tmp_path / "again")


@pytest.mark.parametrize("tar", [True, False])
def test_what_cannot_fit_is_refused_before_the_first_byte(letter: Path, tmp_path: Path, *, tar: bool) -> None:
    free = shutil.disk_usage(tmp_path).free
    with (letter / "vast.tif").open("wb") as vast:
        vast.truncate(free + (1 << 40))
    with pytest.raises(BagUnwritable, match="are free there") as caught:
        _bag(letter, tmp_path / "out" / "deeper", tar=tar)
    assert caught.value.facts["needed"] > free
    assert not (tmp_path / "out").exists()


def test_a_bag_further_down_is_not_hidden_in_another(letter: Path, tmp_path: Path) -> None:
    (letter / "notes").mkdir()
    (letter / "notes" / "bagit.md").write_text("what bagit.txt is for\n")
    inner = letter / "sub" / "delivery"
    _bag(letter / "notes", tmp_path / "inner", tar=False).path.rename(inner)
    with pytest.raises(AlreadyABag, match="holds a bag already, in sub/delivery"):
        _bag(letter, tmp_path / "again")
    # a file of that name alone makes no bag
    shutil.rmtree(inner / "data")
    for manifest in inner.glob("*manifest*"):
        manifest.unlink()
    assert _bag(letter, tmp_path / "out").payload_files
    assert not (tmp_path / "again").exists()


def test_the_bag_cannot_be_written_into_its_own_source(letter: Path) -> None:
    before = _state(letter)
    with pytest.raises(BagContentsRefused):
        _bag(letter, letter / "sub")
    assert _state(letter) == before


@pytest.mark.parametrize("target", ["/etc", "/etc/hostname", "nowhere"])
def test_links_to_folders_files_and_nothing_are_refused(letter: Path, tmp_path: Path, target: str) -> None:
    (letter / "link").symlink_to(target)
    with pytest.raises(BagContentsRefused, match="symbolic link"):
        _bag(letter, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_name_that_is_no_utf8_is_refused(letter: Path, tmp_path: Path) -> None:
    os.close(os.open(os.fsencode(letter) + b"/\xff", os.O_CREAT))
    with pytest.raises(BagContentsRefused, match="not UTF-8"):
        _bag(letter, tmp_path / "out")


def test_what_is_no_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(PayloadMissing):
        _bag(tmp_path / "nothing", tmp_path / "out")
