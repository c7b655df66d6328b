# SPDX-License-Identifier: Apache-2.0
"""A directory as storage: never half a file, never another one overwritten."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from archive.errors import (
    ObjectExists,
    StorageFull,
    StorageUrlInvalid,
    StoredBytesDiffer,
    StoredObjectMissing,
    UploadSourceChanged,
)
from archive.progress import Progress, ProgressCallback, no_progress
from archive.storage.local_directory import LocalDirectoryTarget
from archive.storage.local_file import SPARE
from archive.storage.parts import StreamDigests, digest_for_upload
from archive.storage.target import MemoryUploadSession, StoredCopy
from tests.conftest import without_root_rights

PART = 1 << 20


class Bag(NamedTuple):
    """A file to store and what is known of it."""

    path: Path
    digests: StreamDigests


@pytest.fixture
def bag(tmp_path: Path) -> Bag:
    """A file of three parts."""
    path = tmp_path / "letter.tar"
    path.write_bytes(os.urandom(PART * 2 + 77))
    return Bag(path, digest_for_upload(path, PART))


@pytest.fixture
def target(tmp_path: Path) -> LocalDirectoryTarget:
    """A target that does not exist yet."""
    return LocalDirectoryTarget(tmp_path / "archive")


def _store(
    target: LocalDirectoryTarget,
    bag: Bag,
    key: str = "batch/letter.tar",
    progress: ProgressCallback = no_progress,
) -> StoredCopy:
    return target.upload(
        bag.path,
        key,
        sha256=bag.digests.sha256,
        part_size=PART,
        part_sha256=bag.digests.part_sha256,
        metadata={},
        session=MemoryUploadSession(),
        progress=progress,
    )


def _files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_stored_file_is_read_back_and_can_be_confirmed(target: LocalDirectoryTarget, bag: Bag) -> None:
    copy = _store(target, bag)
    stored = target.directory / "batch" / "letter.tar"
    assert stored.read_bytes() == bag.path.read_bytes()
    assert copy == StoredCopy(
        stored.as_uri(), "batch/letter.tar", PART * 2 + 77, bag.digests.sha256, "", "whole-digest-read-back"
    )
    assert target.confirm(copy) == copy


def test_the_same_file_again_is_a_success_and_not_rewritten(target: LocalDirectoryTarget, bag: Bag) -> None:
    first = _store(target, bag)
    inode = (target.directory / first.key).stat().st_ino
    assert _store(target, bag) == first
    assert (target.directory / first.key).stat().st_ino == inode


@pytest.mark.parametrize("there", [b"", b"another bag", None])
def test_another_file_is_never_overwritten(
    target: LocalDirectoryTarget, bag: Bag, there: bytes | None
) -> None:
    content = os.urandom(PART * 2 + 77) if there is None else there
    place = target.directory / "batch" / "letter.tar"
    place.parent.mkdir(parents=True)
    place.write_bytes(content)
    with pytest.raises(ObjectExists):
        _store(target, bag)
    assert place.read_bytes() == content


def test_a_broken_link_or_a_folder_under_the_key_is_not_replaced(
    target: LocalDirectoryTarget, bag: Bag
) -> None:
    target.directory.mkdir()
    (target.directory / "link").symlink_to("nowhere")
    (target.directory / "folder").mkdir()
    for key in ("link", "folder"):
        with pytest.raises(ObjectExists):
            _store(target, bag, key)


def test_a_file_that_is_not_the_recorded_one_is_not_stored(target: LocalDirectoryTarget, bag: Bag) -> None:
    content = bytearray(bag.path.read_bytes())
    content[-1] ^= 1
    bag.path.write_bytes(content)
    with pytest.raises(UploadSourceChanged):
        _store(target, bag)
    assert _files(target.directory) == []


def test_a_file_that_grows_while_it_is_stored_is_not_stored(target: LocalDirectoryTarget, bag: Bag) -> None:
    def grow(_: Progress) -> None:
        with bag.path.open("ab") as file:
            file.write(b"more")

    with pytest.raises(UploadSourceChanged):
        _store(target, bag, progress=grow)
    assert _files(target.directory) == []


def test_damage_and_loss_after_storing_are_told_by_confirm(target: LocalDirectoryTarget, bag: Bag) -> None:
    copy = _store(target, bag)
    stored = target.directory / copy.key
    content = bytearray(stored.read_bytes())
    content[PART] ^= 1
    stored.write_bytes(content)
    with pytest.raises(StoredBytesDiffer):
        target.confirm(copy)
    stored.unlink()
    with pytest.raises(StoredObjectMissing):
        target.confirm(copy)


def test_a_key_cannot_lead_out_of_the_directory(target: LocalDirectoryTarget, bag: Bag) -> None:
    with pytest.raises(StorageUrlInvalid):
        _store(target, bag, "../letter.tar")


def test_too_little_room_is_told_before_the_first_byte(
    target: LocalDirectoryTarget, bag: Bag, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(bag.path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=PART * 2))
    with pytest.raises(StorageFull) as caught:
        _store(target, bag)
    assert caught.value.facts["needed"] == PART * 2 + 77 + SPARE
    assert _files(target.directory) == []


def test_a_cancelled_copy_leaves_nothing(target: LocalDirectoryTarget, bag: Bag) -> None:
    def cancel(_: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _store(target, bag, progress=cancel)
    assert _files(target.directory) == []


CHILD = """
import sys
from pathlib import Path
from archive.errors import StorageError
from archive.storage.open_target import open_target
from archive.storage.parts import digest_for_upload
from archive.storage.target import MemoryUploadSession
source = Path(sys.argv[1])
found = digest_for_upload(source)
try:
    open_target(sys.argv[2]).upload(source, "x.tar", sha256=found.sha256, part_size=16 << 20,
        part_sha256=found.part_sha256, metadata={}, session=MemoryUploadSession())
except StorageError as error:
    print(error.code)
"""


def test_a_disk_that_fills_up_on_the_way_leaves_nothing(bag: Bag, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, bag.path, tmp_path / "archive"],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (PART, PART)),
    )
    assert done.stdout == "storage.full\n"
    assert _files(tmp_path / "archive") == []


def test_a_directory_without_leave_to_write_is_told(bag: Bag, tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir(mode=0o555)
    command = [sys.executable, "-c", CHILD, str(bag.path), str(tmp_path / "archive")]
    done = subprocess.run(without_root_rights(command), capture_output=True, text=True, check=True)
    assert done.stdout == "storage.full\n"
