# SPDX-License-Identifier: Apache-2.0
"""Sweeping up after killed writers, and only after them."""

from __future__ import annotations

from pathlib import Path

from archive.durable import durable_file
from archive.unfinished_files import living_folder, mark_alive, remove_all_unfinished, remove_unfinished


def test_what_dead_writers_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / ".x.tar.abc.part").write_bytes(b"half")
    (tmp_path / ".x.tar.def.part").mkdir()
    (tmp_path / ".x.tar.def.part" / "data").mkdir()
    remove_unfinished(tmp_path / "x.tar")
    assert list(tmp_path.iterdir()) == []


def test_files_of_living_writers_of_others_and_links_stay(tmp_path: Path) -> None:
    names = {".y.tar.abc.part", "x.tar", ".x.tar", "x.tar.abc.part", ".x.tar.link.part", ".x.tar.live.part"}
    for name in names - {".x.tar.link.part", ".x.tar.live.part"}:
        (tmp_path / name).write_bytes(b"")
    (tmp_path / ".x.tar.link.part").symlink_to("x.tar")
    (tmp_path / ".x.tar.live.part").mkdir()
    with living_folder(tmp_path / ".x.tar.live.part"), durable_file(tmp_path / "x.tar") as file:
        mark_alive(file.fileno())
        before = set(tmp_path.iterdir())
        remove_unfinished(tmp_path / "x.tar")
        assert set(tmp_path.iterdir()) == before
    assert {path.name for path in tmp_path.iterdir()} == names


def test_a_folder_that_does_not_exist_holds_nothing_unfinished(tmp_path: Path) -> None:
    remove_unfinished(tmp_path / "nowhere" / "x.tar")
    assert list(tmp_path.iterdir()) == []


def test_a_whole_tree_is_swept_of_dead_writers_and_of_nothing_else(tmp_path: Path) -> None:
    masters = tmp_path / "item" / "masters"
    masters.mkdir(parents=True)
    (masters / ".0003.tif.abc.part").write_bytes(b"half")
    (masters / "0001.tif").write_bytes(b"whole")
    with durable_file(masters / "0002.tif") as file:
        file.write(b"being written")
        remove_all_unfinished(tmp_path)
    assert sorted(path.name for path in masters.iterdir()) == ["0001.tif", "0002.tif"]
