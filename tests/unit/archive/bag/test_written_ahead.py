# SPDX-License-Identifier: Apache-2.0
"""Writing while earlier bytes are synced: nothing is left out, and no failure of the disk is lost."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from archive.bag import written_ahead
from archive.bag.contents import PayloadFile
from archive.bag.profile import load_profile
from archive.bag.writer import write_tar
from archive.bag.written_ahead import WrittenAhead
from archive.digest_threads import DigestThreads
from archive.errors import BagUnwritable
from archive.progress import Progress, ProgressCallback, no_progress

PayloadMaker = Callable[[Mapping[str, bytes]], list[PayloadFile]]


@pytest.fixture(autouse=True)
def all_threads_end(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A sync begins after every 100 kB here, and no thread outlives its bag."""
    monkeypatch.setattr(written_ahead, "_SYNCED_AT_ONCE", 100_000)
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


def _write(payload: list[PayloadFile], folder: Path, progress: ProgressCallback = no_progress) -> bytes:
    written = write_tar(
        "x",
        payload,
        {},
        folder / "x.tar",
        profile=load_profile("bagit"),
        bagging_date="2026-03-31",
        progress=progress,
    )
    return written.path.read_bytes()


@pytest.fixture
def pages(payload_of: PayloadMaker) -> list[PayloadFile]:
    """Three pages that are worth threads."""
    return payload_of({f"{number}.tif": bytes([number]) * 300_000 for number in range(3)})


def test_a_write_that_takes_less_than_it_was_given_goes_on(
    pages: list[PayloadFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = _write(pages, tmp_path / "one")
    genuine = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: genuine(descriptor, bytes(data)[:70_001]))
    assert _write(pages, tmp_path / "two") == whole


@pytest.mark.parametrize("failing", [1, 2, 6])
def test_a_sync_that_fails_beside_the_writing_stops_the_bag(
    failing: int, pages: list[PayloadFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    def fdatasync(_: int) -> None:
        calls.append(1)
        if len(calls) == failing:
            raise OSError(errno.EIO, "the disk is broken")

    monkeypatch.setattr(os, "fdatasync", fdatasync)
    with pytest.raises(BagUnwritable, match="the disk is broken"):
        _write(
            [*pages, *(PayloadFile(f"more/{p.path}", p.source, p.size, {}) for p in pages)], tmp_path / "out"
        )
    assert list((tmp_path / "out").iterdir()) == []


def test_the_last_sync_that_failed_is_told_when_the_threads_are_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fdatasync(_: int) -> None:
        raise OSError(errno.EIO, "the disk is broken")

    def write(descriptor: int) -> None:
        with DigestThreads() as threads:
            WrittenAhead(descriptor, threads).write(bytes(100_000))

    monkeypatch.setattr(os, "fdatasync", fdatasync)
    with (tmp_path / "file").open("wb") as file, pytest.raises(OSError, match="the disk is broken"):
        write(file.fileno())


class Cancelled(Exception):
    """The listener wants no more."""


def test_a_bag_cancelled_among_large_files_leaves_no_thread_and_no_file(
    pages: list[PayloadFile], tmp_path: Path
) -> None:
    def cancel(progress: Progress) -> None:
        if progress.done:
            raise Cancelled

    with pytest.raises(Cancelled):
        _write(pages, tmp_path / "out", cancel)
    assert list((tmp_path / "out").iterdir()) == []
