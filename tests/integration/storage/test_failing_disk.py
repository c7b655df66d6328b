# SPDX-License-Identifier: Apache-2.0
"""Disks that are full, read-only or broken, under a directory target and under the notes of an upload."""

from __future__ import annotations

import errno
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from archive.bag.profile import load_profile
from archive.bag.straight_upload import send_folder
from archive.errors import Retry, StorageFull, StorageUnreachable, UploadSourceChanged, UploadUnrecorded
from archive.storage import local_file
from archive.storage.local_directory import LocalDirectoryTarget
from archive.storage.parts import digest_for_upload
from archive.storage.s3 import S3Options, S3Target
from archive.storage.target import FileUploadSession, MemoryUploadSession
from tests.integration.storage.conftest import SMALL_PART, StrictS3

SIZE = 3 * SMALL_PART


@pytest.fixture
def box(tmp_path: Path) -> Path:
    """A folder with one file of three parts."""
    folder = tmp_path / "box"
    folder.mkdir()
    (folder / "page.tif").write_bytes(os.urandom(SIZE))
    return folder


def _send(target: Any, box: Path, session: Any = None) -> Any:
    return send_folder(
        box,
        target,
        profile=load_profile("bagit"),
        tags={},
        session=session or MemoryUploadSession(),
        part_size=SMALL_PART,
        bagging_date="2026-03-31",
    )


def _upload(target: Any, file: Path, session: Any = None) -> Any:
    found = digest_for_upload(file, SMALL_PART)
    return target.upload(
        file,
        "page.tif",
        sha256=found.sha256,
        part_size=SMALL_PART,
        part_sha256=found.part_sha256,
        metadata={},
        session=session or MemoryUploadSession(),
    )


@contextmanager
def _no_file_larger_than(size: int) -> Iterator[None]:
    """What a full disk does to a writer, done by the kernel to this process."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_directory_that_fills_up_under_a_stream_keeps_nothing_of_it(box: Path, tmp_path: Path) -> None:
    target = LocalDirectoryTarget(tmp_path / "vault")
    with _no_file_larger_than(SMALL_PART), pytest.raises(StorageFull):
        _send(target, box)
    assert list(target.directory.iterdir()) == []
    assert _send(target, box).copy.proof == "whole-digest-read-back"


@pytest.mark.parametrize("how", [_send, _upload])
def test_a_disk_that_breaks_before_the_bytes_are_safe_gets_no_name(
    how: Any, box: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    target = LocalDirectoryTarget(tmp_path / "vault")
    with monkeypatch.context() as patch:
        patch.setattr(local_file.os, "fsync", broken)
        with pytest.raises(StorageUnreachable) as caught:
            how(target, box if how is _send else box / "page.tif")
    assert caught.value.retry == Retry.AUTO
    assert "Input/output error" in caught.value.message
    assert list(target.directory.iterdir()) == []


def test_a_directory_that_cannot_be_made_is_told(box: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    for how, source in ((_send, box), (_upload, box / "page.tif")):
        for folder in (tmp_path / "file" / "vault", tmp_path / "file"):
            with pytest.raises(StorageFull, match="Not a directory"):
                how(LocalDirectoryTarget(folder), source)


def test_a_source_that_cannot_be_read_is_not_taken_for_a_full_storage(
    box: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Path.open

    def unreadable(path: Path, *arguments: Any, **options: Any) -> Any:
        if path.name == "page.tif" and path.parent == box:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return opened(path, *arguments, **options)

    found = digest_for_upload(box / "page.tif", SMALL_PART)
    target = LocalDirectoryTarget(tmp_path / "vault")
    monkeypatch.setattr(Path, "open", unreadable)
    with pytest.raises(UploadSourceChanged, match="cannot be read"):
        target.upload(
            box / "page.tif",
            "page.tif",
            sha256=found.sha256,
            part_size=SMALL_PART,
            part_sha256=found.part_sha256,
            metadata={},
            session=MemoryUploadSession(),
        )
    assert list(target.directory.iterdir()) == []


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("how", [_send, _upload])
def test_notes_that_can_no_longer_be_written_stop_the_upload_and_cost_the_parts_on_their_way(
    how: Any, strict_s3: StrictS3, box: Path, tmp_path: Path
) -> None:
    notes = tmp_path / "notes" / "upload.json"
    source = box if how is _send else box / "page.tif"
    target = S3Target("strict", "", S3Options(endpoint=strict_s3.endpoint, parts_at_once=1, attempts=1))

    def take_the_folder_away(line: str, moment: str) -> bool:
        if (line, moment) == ("PUT partNumber 2", "before"):
            (tmp_path / "notes").rename(tmp_path / "unmounted")
            (tmp_path / "notes").write_text("read-only")
        return False

    strict_s3.on_request = take_the_folder_away
    with pytest.raises(UploadUnrecorded) as caught:
        how(target, source, FileUploadSession(notes))
    assert caught.value.retry == Retry.AFTER_OPERATOR
    assert strict_s3.objects == {}
    before = len([line for line in strict_s3.requests if line.startswith("PUT")])
    strict_s3.on_request = lambda line, moment: False
    (tmp_path / "notes").unlink()
    (tmp_path / "unmounted").rename(tmp_path / "notes")
    how(target, source, FileUploadSession(notes))
    again = [line for line in strict_s3.requests if line.startswith("PUT")][before:]
    # the storage still tells what it holds, also of the part that was not noted
    assert "PUT partNumber 1" not in again
    assert "PUT partNumber 2" not in again
    assert len(strict_s3.objects) == 1


def test_notes_that_cannot_be_written_at_all_stop_before_the_first_part(
    strict_s3: StrictS3, box: Path, tmp_path: Path, small_parts: None
) -> None:
    (tmp_path / "file").write_text("no folder")
    target = S3Target("strict", "", S3Options(endpoint=strict_s3.endpoint, attempts=1))
    with pytest.raises(UploadUnrecorded):
        _upload(target, box / "page.tif", FileUploadSession(tmp_path / "file" / "notes.json"))
    assert [line for line in strict_s3.requests if line.startswith("PUT")] == []
