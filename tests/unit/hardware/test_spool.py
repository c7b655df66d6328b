# SPDX-License-Identifier: Apache-2.0
"""Pages lie in the spool with their facts beside them."""

from __future__ import annotations

from pathlib import Path

from hardware.spool import forget_page, raw_path, remove_leftovers, write_facts


def test_a_forgotten_page_leaves_nothing_of_itself_and_all_of_the_others(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    for number in (1, 2):
        raw_path(spool, number).touch()
        write_facts(spool, number, {"number": number})
    forget_page(spool, 1)
    forget_page(spool, 1)
    assert [path.name for path in spool.iterdir()] == ["0002.raw"]
    assert [path.name for path in (tmp_path / "spool-facts").iterdir()] == ["0002.json"]


def test_leftovers_of_one_page_are_removed_and_others_kept(tmp_path: Path) -> None:
    for name in ("0001.raw.part", "0001.raw.red.part", "0001.raw", "0002.raw.part", "00010.raw.part"):
        (tmp_path / name).touch()
    remove_leftovers(tmp_path, 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0001.raw", "00010.raw.part", "0002.raw.part"]
