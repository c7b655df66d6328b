# SPDX-License-Identifier: Apache-2.0
"""Bags that go straight into a storage target: same bytes as on disk, resumed by writing them again."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import tempfile
import threading
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.command_line import main
from archive import progress_meter
from archive.bag import straight_upload
from archive.bag.folder import bag_folder, payload_of
from archive.bag.plan import plan_bag
from archive.bag.profile import load_profile
from archive.bag.straight_upload import SentBag, send_folder
from archive.errors import (
    AccessRefused,
    ObjectExists,
    PayloadChanged,
    StorageFull,
    StorageRefused,
    StorageUnreachable,
)
from archive.progress import Progress
from archive.storage.local_directory import LocalDirectoryTarget
from archive.storage.s3 import S3Options, S3Target
from archive.storage.target import FileUploadSession, MemoryUploadSession, StorageTarget, UploadSession
from tests.integration.storage.conftest import SMALL_PART, StrictS3

PART = SMALL_PART
DAY = "2026-03-31"
PROFILE = load_profile("bagit")


@pytest.fixture(autouse=True)
def short_parts(small_parts: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test with small parts, and told of every one of them."""
    monkeypatch.setattr(progress_meter, "INTERVAL", 0.0)


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose bag has four parts."""
    folder = tmp_path_factory.mktemp("boxes") / "box"
    (folder / "letters").mkdir(parents=True)
    for number in range(3):
        (folder / "letters" / f"{number}.tif").write_bytes(os.urandom(PART + 1000 * number))
    return folder


@pytest.fixture(scope="module")
def tar(box: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bag of the box, as it is written to the disk."""
    out = tmp_path_factory.mktemp("bags")
    return bag_folder(
        box, profile=PROFILE, tags={}, destination_dir=out, tar=True, bagging_date=DAY
    ).path.read_bytes()


def _target(state: StrictS3, **options: Any) -> S3Target:
    return S3Target(
        "strict", "in", S3Options(**{"endpoint": state.endpoint, "attempts": 1, "timeout": 10, **options})
    )


def _send(target: StorageTarget, box: Path, session: UploadSession | None = None, **more: Any) -> SentBag:
    options = {"bagging_date": DAY, "part_size": PART, **more}
    return send_folder(
        box, target, profile=PROFILE, tags={}, session=session or MemoryUploadSession(), **options
    )


def _parts(state: StrictS3) -> list[str]:
    return [request for request in state.requests if request.startswith("PUT partNumber")]


def test_what_arrives_is_the_bag_that_would_have_been_written_here(
    strict_s3: StrictS3, box: Path, tar: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_file(*_: Any, **__: Any) -> None:
        pytest.fail("nothing of the bag may be written to a disk here")

    monkeypatch.setattr(tempfile, "TemporaryFile", no_file)
    sent = _send(_target(strict_s3), box)
    stored = strict_s3.objects["in/box.tar"]
    assert stored.body == tar
    assert (sent.copy.size, sent.copy.proof) == (len(tar), "whole-digest-read-back+composite-sha256")
    assert stored.metadata["payload-oxum"] == f"{sum(f.stat().st_size for f in box.rglob('*.tif'))}.3"
    assert stored.metadata["bag-profile"] == PROFILE.name
    assert sorted(_parts(strict_s3)) == [f"PUT partNumber {number}" for number in (1, 2, 3, 4)]
    assert strict_s3.refusals == []


def test_a_bag_of_one_part_goes_in_one_request_and_names_its_digest(
    strict_s3: StrictS3, tmp_path: Path
) -> None:
    small = tmp_path / "small"
    small.mkdir()
    (small / "letter.txt").write_text("dear reader")
    sent = _send(_target(strict_s3), small)
    assert strict_s3.objects["in/small.tar"].metadata["bag-sha256"] == sent.copy.sha256
    assert _parts(strict_s3) == []
    again = _send(_target(strict_s3), small)
    assert (again.already_there, again.copy.sha256) == (True, sent.copy.sha256)


def test_a_directory_gets_the_same_bytes_under_the_final_name_only(
    box: Path, tar: bytes, tmp_path: Path
) -> None:
    target = LocalDirectoryTarget(tmp_path / "vault")
    target.directory.mkdir()
    # what a killed writer leaves carries no lock any more
    (target.directory / ".box.tar.killed.part").write_bytes(b"half a bag")
    seen: list[list[str]] = []

    def watch(_: Progress) -> None:
        seen.append([path.name for path in target.directory.glob("*.tar")])

    sent = _send(target, box, progress=watch)
    assert (target.directory / "box.tar").read_bytes() == tar
    assert sent.copy.proof == "whole-digest-read-back"
    assert seen[0] == []
    assert [path.name for path in target.directory.iterdir()] == ["box.tar"]
    assert _send(target, box).already_there


@pytest.mark.parametrize("silent_about", ["nothing", "checksums of parts"])
def test_an_interrupted_stream_written_again_sends_only_what_is_missing(
    silent_about: str, strict_s3: StrictS3, box: Path, tar: bytes, tmp_path: Path
) -> None:
    strict_s3.lists_checksums = silent_about == "nothing"
    strict_s3.faults["PUT partNumber"] = [None, None, ("status", 403, "AccessDenied")]
    session = tmp_path / "session.json"
    with pytest.raises(AccessRefused):
        _send(_target(strict_s3, parts_at_once=1), box, FileUploadSession(session))
    assert (strict_s3.objects, len(_parts(strict_s3))) == ({}, 3)
    # another process, the next day: the bag keeps the date it was begun with
    sent = _send(_target(strict_s3, parts_at_once=1), box, FileUploadSession(session), bagging_date="")
    assert strict_s3.objects["in/box.tar"].body == tar
    assert _parts(strict_s3)[3:] == ["PUT partNumber 3", "PUT partNumber 4"]
    assert sent.copy.sha256
    assert (strict_s3.uploads, session.exists()) == ({}, False)


def test_parts_that_the_storage_garbled_or_that_changed_since_are_sent_again(
    strict_s3: StrictS3, box: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "box"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.tif").write_bytes(bytes([number]) * (PART + 7))
    strict_s3.faults["PUT partNumber"] = [None, None, "drop"]
    session = MemoryUploadSession()
    with pytest.raises(StorageUnreachable):
        _send(_target(strict_s3, parts_at_once=1), folder, session)
    (held,) = strict_s3.uploads.values()
    held[1] = bytes(len(held[1]))
    (folder / "1.tif").write_bytes(b"9" * (PART + 7))
    sent = _send(_target(strict_s3, parts_at_once=1), folder, session)
    expected = bag_folder(
        folder, profile=PROFILE, tags={}, destination_dir=tmp_path / "out", tar=True, bagging_date=DAY
    )
    assert (sent.copy.sha256, strict_s3.objects["in/box.tar"].body) == (
        expected.sha256,
        expected.path.read_bytes(),
    )


def test_the_same_bag_there_already_is_a_success_on_any_day_and_another_is_refused(
    strict_s3: StrictS3, box: Path, tar: bytes, tmp_path: Path
) -> None:
    target = _target(strict_s3)
    _send(target, box)
    sent = len(_parts(strict_s3))
    again = _send(target, box, bagging_date="")
    assert (again.already_there, len(_parts(strict_s3))) == (True, sent)
    assert "whole-digest-read-back" in again.copy.proof
    other = tmp_path / "box"
    other.mkdir()
    (other / "x").write_bytes(b"another")
    with pytest.raises(ObjectExists):
        _send(target, other, bagging_date="")
    assert strict_s3.objects["in/box.tar"].body == tar
    strict_s3.objects["in/box.tar"].body = b""
    with pytest.raises(ObjectExists):
        _send(target, other, bagging_date="")


def test_a_rival_that_takes_the_name_meanwhile_is_not_overwritten(
    strict_s3: StrictS3, box: Path, tmp_path: Path
) -> None:
    rival = tmp_path / "box"
    rival.mkdir()
    (rival / "x").write_bytes(b"rival")

    def appear(_: Progress) -> None:
        if "in/box.tar" not in strict_s3.objects:
            _send(_target(strict_s3), rival)

    with pytest.raises(ObjectExists):
        _send(_target(strict_s3), box, progress=appear)
    assert len(strict_s3.objects["in/box.tar"].body) < PART
    assert strict_s3.uploads == {}


def test_a_lost_answer_to_the_completion_is_no_loss(strict_s3: StrictS3, box: Path, tar: bytes) -> None:
    strict_s3.faults["POST uploadId"] = ["lose-answer"]
    session = MemoryUploadSession()
    with pytest.raises(StorageUnreachable):
        _send(_target(strict_s3), box, session)
    assert _send(_target(strict_s3), box, session).already_there
    assert strict_s3.objects["in/box.tar"].body == tar


def test_a_file_that_changes_under_the_reader_makes_no_object_and_leaves_no_parts(
    strict_s3: StrictS3, tmp_path: Path
) -> None:
    folder = tmp_path / "box"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.tif").write_bytes(bytes(PART))

    def grow(_: Progress) -> None:
        with (folder / "2.tif").open("ab") as file:
            file.write(b"more")

    session = MemoryUploadSession()
    with pytest.raises(PayloadChanged):
        _send(_target(strict_s3), folder, session, progress=grow)
    assert (strict_s3.objects, strict_s3.uploads, session.load()) == ({}, {}, None)


@pytest.mark.parametrize("mtime", [b"\x80\0\0\0\x10" + bytes(7), b"\x80" + b"\xff" * 11, b"rubbish"])
def test_an_object_whose_day_no_calendar_knows_is_another_object(
    mtime: bytes, box: Path, tar: bytes, tmp_path: Path
) -> None:
    (tmp_path / "vault").mkdir()
    header = bytearray(tar[:512])
    header[136 : 136 + len(mtime)] = mtime
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    (tmp_path / "vault" / "box.tar").write_bytes(header + tar[512:])
    with pytest.raises(ObjectExists):
        _send(LocalDirectoryTarget(tmp_path / "vault"), box, bagging_date="")


def test_a_cancelled_stream_makes_no_object_and_can_be_taken_up(
    strict_s3: StrictS3, box: Path, tar: bytes
) -> None:
    class Cancelled(Exception):
        pass

    def cancel(progress: Progress) -> None:
        if progress.done:
            raise Cancelled

    session = MemoryUploadSession()
    with pytest.raises(Cancelled):
        _send(_target(strict_s3, parts_at_once=1), box, session, progress=cancel)
    assert strict_s3.objects == {}
    sent = len(_parts(strict_s3))
    _send(_target(strict_s3, parts_at_once=1), box, session)
    assert strict_s3.objects["in/box.tar"].body == tar
    assert len(_parts(strict_s3)) == 4
    assert sent


def test_no_more_parts_than_allowed_are_on_their_way(strict_s3: StrictS3, box: Path) -> None:
    both = threading.Barrier(2)

    def wait_for_the_other(line: str, moment: str) -> bool:
        if line.startswith("PUT") and moment == "before":
            both.wait(20)
        return False

    strict_s3.on_request = wait_for_the_other
    _send(_target(strict_s3, parts_at_once=2), box)
    assert strict_s3.most_at_once == 2


def test_more_parts_than_s3_takes_are_not_sent(
    strict_s3: StrictS3, box: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.storage.s3_stream.MOST_PARTS", 2)
    with pytest.raises(StorageRefused, match="more than 2 parts"):
        _send(_target(strict_s3), box)
    assert strict_s3.objects == {}


def test_too_little_room_in_a_directory_is_told_before_the_first_byte(
    box: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=PART))
    with pytest.raises(StorageFull):
        _send(LocalDirectoryTarget(tmp_path / "vault"), box)
    assert list((tmp_path / "vault").iterdir()) == []


def test_large_parts_wait_on_the_disk_and_not_in_memory(
    strict_s3: StrictS3, box: Path, tar: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.storage.s3_stream.IN_MEMORY", PART - 1)
    _send(_target(strict_s3), box)
    assert strict_s3.objects["in/box.tar"].body == tar


def test_the_expected_size_is_close_and_never_too_small(box: Path, tar: bytes) -> None:
    plan = plan_bag("box", payload_of(box)[0], {}, (), PROFILE, dt.date(2026, 3, 31).isoformat())
    assert len(tar) <= straight_upload.expected_tar_size(plan) < len(tar) + 40_000


def test_the_command_sends_folders_straight_and_again_sends_nothing(
    strict_s3: StrictS3, box: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTO_HOME", str(tmp_path / "home"))
    missing = tmp_path / "missing"
    to = ["--to", f"s3://strict/in?endpoint={strict_s3.endpoint}", "--profile", "bagit", "--json"]
    ended = CliRunner().invoke(main, ["bag", "create", str(box), str(missing), *to])
    assert ended.exit_code == 1
    stored, failed = json.loads(ended.stdout)
    assert stored["url"] == f"s3://strict/in/box.tar?endpoint={strict_s3.endpoint}"
    assert stored["proof"].startswith("whole-digest-read-back")
    assert failed["error"]["code"] == "bag.payload_missing"
    assert "1 of 2 bags" in ended.stderr
    sent = strict_s3.requests.count("PUT")
    again = CliRunner().invoke(main, ["bag", "create", str(box), *to])
    assert (again.exit_code, strict_s3.requests.count("PUT")) == (0, sent)
    assert json.loads(again.stdout)[0]["already_there"]
    assert list((tmp_path / "home").rglob("*.tar")) == []
