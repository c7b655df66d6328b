# SPDX-License-Identifier: Apache-2.0
"""Memory grows by little with each file of a bag, when it is made and when it is verified."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.bag.folder import bag_folder
from archive.bag.profile import load_profile
from archive.bag.validator import verify_bag

FEW, MANY = 300, 1500

LARGEST_FOR_A_FILE = 1000
"""Bytes for each file; 100,000 files then need less than 150 MB with the interpreter."""


def _peak(work: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Folders of few and of many files of no size that counts."""
    place = tmp_path_factory.mktemp("files")
    for count in (FEW, MANY):
        folder = place / f"bag_{count}"
        folder.mkdir()
        for number in range(count):
            (folder / f"{number:06d}.tif").write_bytes(b"II*\0")
    return {count: place / f"bag_{count}" for count in (FEW, MANY)}


def test_neither_making_nor_verifying_holds_much_of_a_file(folders: dict[int, Path], tmp_path: Path) -> None:
    profile = load_profile("aptrust")
    tags = {"aptrust-info.txt": {"Title": "T"}}

    def make(count: int) -> None:
        bag_folder(folders[count], profile=profile, tags=tags, destination_dir=tmp_path, tar=True)

    def verify(count: int) -> None:
        assert verify_bag(tmp_path / f"bag_{count}.tar", profile=profile, second_opinion=False).valid

    for work in (make, verify):
        work(FEW) if work is verify else None
        few, many = (_peak(lambda count=count: work(count)) for count in (FEW, MANY))  # noqa: B023
        assert (many - few) / (MANY - FEW) < LARGEST_FOR_A_FILE, work.__name__
