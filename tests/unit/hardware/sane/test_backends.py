# SPDX-License-Identifier: Apache-2.0
"""The backends that the system lists are read as libsane reads them."""

from __future__ import annotations

from pathlib import Path

from hardware.sane.backends import DEFAULT_FOLDERS, configuration_folders, listed_backends


def test_the_folders_of_the_environment_count_and_the_defaults_after_a_trailing_colon() -> None:
    assert configuration_folders({}) == [*DEFAULT_FOLDERS]
    assert configuration_folders({"SANE_CONFIG_DIR": "/a:/b"}) == [Path("/a"), Path("/b")]
    assert configuration_folders({"SANE_CONFIG_DIR": "/a:"}) == [Path("/a"), *DEFAULT_FOLDERS]


def test_comments_duplicates_leftovers_and_what_is_no_name_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "dll.conf").write_text("# all of them\nnet\n  epson2  \n#hp\n\nnet\n../evil\n")
    more = tmp_path / "dll.d"
    more.mkdir()
    (more / "airscan").write_text("airscan\nnet\n")
    for name in (".hidden", "old~", "hplip.dpkg-old"):
        (more / name).write_text("wrong\n")
    assert listed_backends([tmp_path]) == ("net", "epson2", "airscan")


def test_the_first_file_and_the_first_folder_win(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
    (tmp_path / "b" / "dll.conf").write_text("b\n")
    (tmp_path / "c" / "dll.conf").write_text("c\n")
    (tmp_path / "c" / "dll.d").mkdir()
    (tmp_path / "c" / "dll.d" / "more").write_text("more\n")
    assert listed_backends([tmp_path / "a", tmp_path / "b", tmp_path / "c"]) == ("b", "more")


def test_without_a_configuration_nothing_is_known(tmp_path: Path) -> None:
    assert listed_backends([tmp_path]) is None
