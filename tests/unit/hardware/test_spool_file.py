# SPDX-License-Identifier: Apache-2.0
"""A raw file is in the spool whole, or not at all, whatever the size of the blocks that make it."""

from __future__ import annotations

import errno
import hashlib
import os
import random
import threading
from pathlib import Path

import pytest

from hardware.errors import SpoolFull
from hardware.spool import raw_path
from hardware.spool_file import PIXEL_OFFSET, SpoolFile

MEGABYTE = 1 << 20


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("spool")]


def test_a_file_has_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    destination = raw_path(tmp_path / "new" / "spool", 7)
    file = SpoolFile(destination)
    file.write(b"first ")
    file.write(memoryview(b"second"))
    assert not destination.exists()
    assert file.commit() == destination
    assert destination.read_bytes() == b"first second"
    assert file.sha256 == hashlib.sha256(b"first second").hexdigest()
    assert [path.name for path in destination.parent.iterdir()] == ["0007.raw"]
    file.discard()
    assert destination.exists()


@pytest.mark.parametrize("size", [0, 1, MEGABYTE - 1, MEGABYTE, MEGABYTE + 1, 9 * MEGABYTE + 17])
def test_blocks_of_any_size_come_in_order_from_a_buffer_that_is_used_again(size: int, tmp_path: Path) -> None:
    content = random.Random(size).randbytes(size)  # noqa: S311  # any bytes will do
    lengths = random.Random(1)  # noqa: S311
    buffer = bytearray(3 * MEGABYTE)
    file = SpoolFile(raw_path(tmp_path, 1))
    done = 0
    while done < size:
        length = min(size - done, lengths.choice([1, 1000, 65536, 2 * MEGABYTE + 3]))
        buffer[:length] = content[done : done + length]
        file.write(memoryview(buffer)[:length])
        done += length
    buffer[:] = bytes(len(buffer))
    assert file.commit().read_bytes() == content
    assert (file.size, file.sha256) == (size, hashlib.sha256(content).hexdigest())
    assert threads() == []


def test_room_in_front_is_zeros_and_not_part_of_the_digest(tmp_path: Path) -> None:
    file = SpoolFile(raw_path(tmp_path, 1), PIXEL_OFFSET)
    file.write(b"pixels")
    assert file.commit().read_bytes() == bytes(PIXEL_OFFSET) + b"pixels"
    assert (file.size, file.sha256) == (6, hashlib.sha256(b"pixels").hexdigest())


def test_a_flushed_file_can_be_read_under_its_temporary_name(tmp_path: Path) -> None:
    file = SpoolFile(raw_path(tmp_path, 1))
    file.write(bytes(2 * MEGABYTE + 1))
    file.flush()
    assert file.part.stat().st_size == 2 * MEGABYTE + 1
    file.discard()


@pytest.mark.parametrize("size", [4, 7 * MEGABYTE])
def test_a_discarded_file_leaves_nothing(size: int, tmp_path: Path) -> None:
    file = SpoolFile(raw_path(tmp_path, 1))
    file.write(bytes(size))
    file.discard()
    assert list(tmp_path.iterdir()) == []
    assert threads() == []


@pytest.mark.parametrize("size", [1, 2 * MEGABYTE])
def test_a_full_disk_is_said_as_such(size: int, tmp_path: Path) -> None:
    destination = raw_path(tmp_path, 1)
    destination.with_name("0001.raw.part").symlink_to("/dev/full")
    file = SpoolFile(destination)
    file.write(bytes(size))
    with pytest.raises(SpoolFull, match="No space left") as caught:
        file.commit()
    assert caught.value.facts["errno"] == "ENOSPC"
    file.discard()
    assert list(tmp_path.iterdir()) == []
    assert threads() == []


def test_a_full_disk_is_noticed_long_before_the_end_of_the_page(tmp_path: Path) -> None:
    destination = raw_path(tmp_path, 1)
    destination.with_name("0001.raw.part").symlink_to("/dev/full")
    file = SpoolFile(destination)
    with pytest.raises(SpoolFull):
        file.write(bytes(6 * MEGABYTE))
    file.discard()


def test_a_disk_that_fails_at_the_sync_gives_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    file = SpoolFile(raw_path(tmp_path, 1))
    file.write(b"pixels")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(SpoolFull) as caught:
        file.commit()
    assert caught.value.facts["errno"] == "EIO"
    file.discard()
    assert list(tmp_path.iterdir()) == []


def test_a_spool_that_is_no_folder_is_said_as_such(tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("a file")
    with pytest.raises(SpoolFull):
        SpoolFile(raw_path(tmp_path / "spool", 1))
