# SPDX-License-Identifier: Apache-2.0
"""A file is digested as it is on disk, whole and in part, in one reading."""

from __future__ import annotations

import hashlib
import os
import random
import threading
from pathlib import Path

import pytest

from archive.imaging.read_back import read_back

MEGABYTE = 1 << 20


def written(path: Path, size: int) -> bytes:
    content = random.Random(size).randbytes(size)  # noqa: S311 - any bytes will do
    path.write_bytes(content)
    return content


@pytest.mark.parametrize("size", [0, 1, MEGABYTE - 1, MEGABYTE, MEGABYTE + 1, 6 * MEGABYTE + 5])
def test_all_digests_are_those_of_the_bytes(size: int, tmp_path: Path) -> None:
    content = written(tmp_path / "file", size)
    for part in (range(0), range(size), range(4096, max(4096, size - 3)), range(MEGABYTE, MEGABYTE + 1)):
        with (tmp_path / "file").open("r+b") as file:
            found = read_back(file, part)
        assert found.size == size
        assert found.sha256 == hashlib.sha256(content).hexdigest()
        assert found.md5 == hashlib.md5(content, usedforsecurity=False).hexdigest()
        assert found.part_sha256 == hashlib.sha256(content[part.start : part.stop]).hexdigest()


def test_what_is_still_in_the_writers_buffer_is_on_disk_first(tmp_path: Path) -> None:
    with (tmp_path / "file").open("w+b") as file:
        file.write(b"buffered")
        assert read_back(file).sha256 == hashlib.sha256(b"buffered").hexdigest()


def test_a_disk_that_fails_under_way_is_an_error_and_leaves_no_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / "file", 3 * MEGABYTE)
    before = threading.active_count()
    preadv = os.preadv

    def fail_later(descriptor: int, buffers: list[memoryview], offset: int) -> int:
        if offset:
            raise OSError(5, "Input/output error")
        return preadv(descriptor, buffers, offset)

    monkeypatch.setattr(os, "preadv", fail_later)
    with (tmp_path / "file").open("r+b") as file, pytest.raises(OSError, match="Input/output"):
        read_back(file)
    assert threading.active_count() == before
