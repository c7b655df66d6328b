# SPDX-License-Identifier: Apache-2.0
"""A PRONOM identifier is given only where the format is certain."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from archive.metadata.description import FileDescription
from archive.metadata.formats import format_of


@pytest.mark.parametrize(
    ("use", "pronom"),
    [
        ("master", "fmt/353"),
        ("pdf", "fmt/477"),
        ("text", "x-fmt/111"),
        ("alto", "fmt/101"),
        ("technical", "fmt/817"),
        ("access", ""),
    ],
)
def test_files_that_recto_writes_have_their_identifier(
    make_file: Callable[..., FileDescription], use: str, pronom: str
) -> None:
    assert format_of(make_file(use, "0001")).pronom == pronom


@pytest.mark.parametrize(
    ("mime", "version", "pronom"),
    [
        ("image/tiff", "6.0", "fmt/353"),
        ("image/tiff", "BigTIFF", ""),
        ("image/jpeg", "1.01", "fmt/43"),
        ("image/jpeg", "1.02", "fmt/44"),
        ("image/png", "", ""),
    ],
)
def test_the_version_in_the_header_decides(
    make_file: Callable[..., FileDescription], mime: str, version: str, pronom: str
) -> None:
    master = dataclasses.replace(make_file("master", "0001"), mime=mime)
    assert format_of(master, version).pronom == pronom
