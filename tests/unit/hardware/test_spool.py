# SPDX-License-Identifier: Apache-2.0
"""A raw file is in the spool whole, or not at all."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from hardware.errors import SpoolFull
from hardware.spool import SpoolFile, raw_path, remove_leftovers


def test_a_file_has_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    destination = raw_path(tmp_path / "new" / "spool", 7)
    file = SpoolFile(destination)
    file.write(b"first ")
    file.write(memoryview(b"second"))
    assert not destination.exists()
    assert file.commit() == destination
    assert destination.read_bytes() == b"first second"
    assert file.sha256 == hashlib.sha256(b"first second").hexdigest()
    assert [path.name for path in destination.parent.iterdir()] == ["0007.raw"]
    file.discard()
    assert destination.exists()


def test_a_discarded_file_leaves_nothing(tmp_path: Path) -> None:
    file = SpoolFile(raw_path(tmp_path, 1))
    file.write(b"half")
    file.discard()
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_as_such(tmp_path: Path) -> None:
    destination = raw_path(tmp_path, 1)
    destination.with_name("0001.raw.part").symlink_to("/dev/full")
    file = SpoolFile(destination)
    with pytest.raises(SpoolFull, match="No space left") as caught:
        file.write(b"x")
    assert caught.value.facts["errno"] == "ENOSPC"
    file.discard()
    assert list(tmp_path.iterdir()) == []


def test_a_spool_that_is_no_folder_is_said_as_such(tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("a file")
    with pytest.raises(SpoolFull):
        SpoolFile(raw_path(tmp_path / "spool", 1))


def test_leftovers_of_one_page_are_removed_and_others_kept(tmp_path: Path) -> None:
    for name in ("0001.raw.part", "0001.raw.red.part", "0001.raw", "0002.raw.part", "00010.raw.part"):
        (tmp_path / name).touch()
    remove_leftovers(tmp_path, 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0001.raw", "00010.raw.part", "0002.raw.part"]
