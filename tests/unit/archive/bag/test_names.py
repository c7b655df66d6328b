# SPDX-License-Identifier: Apache-2.0
"""Which names a bag refuses."""

from __future__ import annotations

import pytest

from archive.bag.names import path_problem, twin_problems


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../secret",
        "a/../../b",
        "~root/x",
        "C:/x",
        "a\\b",
        "..\\x",
        "a//b",
        "./a",
        "a/.",
        "tab\tname",
        "line\nbreak",
        "carriage\rreturn",
        "del\x7f",
        "nel\x85",
        "separator\u2028",
        "null\0",
        "not-utf8-\udcff",
        "trailing ",
        "trailing\u00a0",
        " leading",
        "dot.",
        "con",
        "CON.txt",
        "a/Lpt1.tif",
        "nul .txt",
        "x" * 256,
        "ü" * 128,
    ],
)
def test_a_name_that_some_system_cannot_give_back_is_refused(path: str) -> None:
    assert path_problem(path)


@pytest.mark.parametrize(
    "path",
    ["0001.tif", "a b.tif", "ü/é.txt", "100%.txt", "con_1.tif", "comet/x", ".keep", "-x", "12:30", "x" * 255],
)
def test_ordinary_and_merely_unusual_names_are_taken(path: str) -> None:
    assert path_problem(path) is None


@pytest.mark.parametrize(
    "paths",
    [
        ["a.tif", "A.TIF"],
        ["N\u00fa.txt", "Nu\u0301.txt"],
        ["straße", "STRASSE"],
        ["Masters/1.tif", "masters/2.tif"],
        ["a", "a/b"],
        ["a/b", "A"],
        ["same", "same"],
    ],
)
def test_names_that_fall_together_somewhere_are_twins(paths: list[str]) -> None:
    assert [path for path, _ in twin_problems(paths)] == paths[1:]


def test_siblings_in_one_folder_are_no_twins() -> None:
    assert twin_problems(["a/1", "a/2", "a/b/1", "b/1", "ab"]) == []
