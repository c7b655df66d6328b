# SPDX-License-Identifier: Apache-2.0
"""Sweeping up after killed writers, and only after them."""

from __future__ import annotations

from pathlib import Path

from archive.durable import durable_file
from archive.unfinished_files import living_folder, mark_alive, remove_unfinished


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
