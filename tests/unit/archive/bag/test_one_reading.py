# SPDX-License-Identifier: Apache-2.0
"""Every byte is read once, when a bag is made and when it is verified, as the kernel counts it."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.bag.folder import bag_folder
from archive.bag.profile import load_profile
from archive.bag.validator import verify_bag

SIZES = [3_000_000, 200_000, 70_000, *[4_096] * 200]
"""Bytes of the files: large ones, whose blocks go to threads, and many small ones."""

BESIDE = 60_000
"""Bytes that are read for other reasons: profiles, and the kernel's own accounts."""


def _read_by(work: Callable[[], object]) -> int:
    """Bytes that read calls of this process returned meanwhile (proc(5), /proc/pid/io)."""
    before = _read_so_far()
    work()
    return _read_so_far() - before


def _read_so_far() -> int:
    return int(Path("/proc/self/io").read_text(encoding="ascii").split()[1])


@pytest.fixture(scope="module")
def tar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bag of such files, made in one reading of them."""
    place = tmp_path_factory.mktemp("once")
    (place / "pages").mkdir()
    for number, size in enumerate(SIZES):
        (place / "pages" / f"{number:04d}.tif").write_bytes(os.urandom(size))
    profile = load_profile("bagit")
    read = _read_by(
        lambda: bag_folder(place / "pages", profile=profile, tags={}, destination_dir=place, tar=True)
    )
    assert sum(SIZES) <= read < sum(SIZES) + BESIDE
    return place / "pages.tar"


def test_a_tar_is_made_and_verified_in_one_reading(tar: Path) -> None:
    read = _read_by(lambda: verify_bag(tar, second_opinion=False))
    assert tar.stat().st_size <= read < tar.stat().st_size + BESIDE


def test_a_packed_tar_is_verified_in_one_reading(tar: Path, tmp_path: Path) -> None:
    packed = tmp_path / "pages.tar.gz"
    packed.write_bytes(gzip.compress(tar.read_bytes(), compresslevel=1))
    read = _read_by(lambda: verify_bag(packed, second_opinion=False))
    assert packed.stat().st_size <= read < packed.stat().st_size + BESIDE


def test_a_folder_is_verified_in_one_reading(tar: Path) -> None:
    profile = load_profile("bagit")
    written = bag_folder(
        tar.parent / "pages", profile=profile, tags={}, destination_dir=tar.parent / "out", tar=False
    )
    read = _read_by(lambda: verify_bag(written.path, second_opinion=False))
    assert written.size <= read < written.size + BESIDE
