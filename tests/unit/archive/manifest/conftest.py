# SPDX-License-Identifier: Apache-2.0
"""A small manifest in pieces, so that a test changes one thing and reads what follows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from archive.manifest.problems import Problem
from archive.manifest.reader import Reading, read_manifest

BLOCK = (
    "batch_id,B-1\ninstitution,Library\nscanner_id,simulated:flatbed\nscanner_model,Flatbed X\n"
    "resolution_dpi,300\ncolor_profile,sRGB\n"
)

Read = Callable[..., Reading]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write content to a file and read it as a manifest."""

    def read_content(content: str | bytes, name: str = "manifest.csv") -> Reading:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_manifest(path)

    return read_content


@pytest.fixture
def read_items(read: Read) -> Read:
    """Read a CSV table of items below a block that is in order; the header is in row 8."""

    def read_table(table: str) -> Reading:
        return read(BLOCK + "\n" + table)

    return read_table


@pytest.fixture
def block() -> str:
    """Batch values that are in order, as six rows of CSV."""
    return BLOCK


@pytest.fixture
def only() -> Callable[[Reading], Problem]:
    """The one problem of a reading."""

    def the_one(reading: Reading) -> Problem:
        assert len(reading.problems) == 1, reading.problems
        return reading.problems[0]

    return the_one
