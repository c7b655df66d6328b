# SPDX-License-Identifier: Apache-2.0
"""Uploading to S3: proved bytes, resumed parts, named failures, nothing overwritten."""

from __future__ import annotations

import dataclasses
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from archive import progress_meter
from archive.errors import (
    AccessRefused,
    BucketMissing,
    ClockSkewed,
    CredentialsMissing,
    DamagedInTransit,
    ObjectExists,
    Retry,
    StorageError,
    StorageFull,
    StorageRefused,
    StorageUnreachable,
    StoredBytesDiffer,
    StoredObjectMissing,
    UploadSourceChanged,
)
from archive.progress import Progress, ProgressCallback, no_progress
from archive.storage.open_target import open_target
from archive.storage.parts import StreamDigests, digest_for_upload
from archive.storage.s3 import S3Options, S3Target
from archive.storage.target import FileUploadSession, MemoryUploadSession, StoredCopy, UploadSession
from tests.integration.storage.conftest import SMALL_PART

PART = SMALL_PART


@pytest.fixture(autouse=True)
def every_report(small_parts: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small parts, and progress told at every one of them, however fast they go."""
    monkeypatch.setattr(progress_meter, "INTERVAL", 0.0)


class Bag(NamedTuple):
    """A file to upload and what is known of it."""

    path: Path
    digests: StreamDigests
    part_size: int


@pytest.fixture
def small(tmp_path: Path) -> Bag:
    """A file of one part."""
    path = tmp_path / "small.tar"
    path.write_bytes(os.urandom(PART - 100))
    return Bag(path, digest_for_upload(path, PART), PART)


@pytest.fixture
def large(tmp_path: Path) -> Bag:
    """A file of three parts."""
    path = tmp_path / "large.tar"
    path.write_bytes(os.urandom(2 * PART + PART // 5))
    return Bag(path, digest_for_upload(path, PART), PART)


def _upload(
    target: Any,
    bag: Bag,
    *,
    key: str = "bag.tar",
    session: UploadSession | None = None,
    metadata: Mapping[str, str] | None = None,
    progress: ProgressCallback = no_progress,
) -> StoredCopy:
    copy = target.upload(
        bag.path,
        key,
        sha256=bag.digests.sha256,
        part_size=bag.part_size,
        part_sha256=bag.digests.part_sha256,
        metadata=metadata or {},
        session=session or MemoryUploadSession(),
        progress=progress,
    )
    assert isinstance(copy, StoredCopy)
    return copy


# moto: the whole way on a full S3 implementation


@pytest.fixture
def receiving(moto_endpoint: str, moto_client: Any) -> S3Target:
    """The bucket `receiving` of moto, below the prefix `in`."""
    target = open_target(f"s3://receiving/in?endpoint={moto_endpoint}")
    assert isinstance(target, S3Target)
    return target


@pytest.mark.parametrize("size", ["small", "large"])
def test_an_upload_arrives_whole_with_its_facts_and_is_confirmed(
    size: str, request: pytest.FixtureRequest, receiving: S3Target, moto_client: Any
) -> None:
    bag: Bag = request.getfixturevalue(size)
    copy = _upload(receiving, bag, metadata={"Profile": "aptrust-2.3", "item": "Köln 100%", "batch": ""})
    stored = moto_client.get_object(Bucket="receiving", Key="in/bag.tar")
    with closing(stored["Body"]) as body:
        assert body.read() == bag.path.read_bytes()
    assert stored["ContentType"] == "application/x-tar"
    assert stored["Metadata"] == {
        "profile": "aptrust-2.3",
        "item": "K%C3%B6ln 100%25",
        "bag-sha256": bag.digests.sha256,
        "part-size": str(PART),
    }
    address = f"s3://receiving/in/bag.tar?endpoint={receiving.options.endpoint}"
    assert (copy.url, copy.key, copy.size) == (address, "bag.tar", bag.digests.size)
    confirmed = receiving.confirm(copy)
    assert confirmed.proof == (
        "whole-digest-read-back" if size == "small" else "whole-digest-read-back+composite-sha256"
    )
    assert confirmed.etag == stored["ETag"].strip('"')


def test_an_interrupted_upload_is_resumed_by_another_process_from_its_parts(
    receiving: S3Target, large: Bag, moto_client: Any, moto_endpoint: str, tmp_path: Path
) -> None:
    session_file = tmp_path / "session.json"

    class Killed(Exception):
        pass

    def kill_after_two_parts(progress: Progress) -> None:
        if progress.done >= 2 * PART:
            raise Killed

    with pytest.raises(Killed):
        _upload(receiving, large, session=FileUploadSession(session_file), progress=kill_after_two_parts)
    (unfinished,) = moto_client.list_multipart_uploads(Bucket="receiving")["Uploads"]
    seen: list[Progress] = []
    other = open_target(f"s3://receiving/in?endpoint={moto_endpoint}")
    copy = _upload(other, large, session=FileUploadSession(session_file), progress=seen.append)
    # the parts on their way when it was stopped arrived and were remembered
    assert seen[0].done >= 2 * PART
    assert "whole-digest-read-back" in other.confirm(copy).proof
    assert unfinished["Key"] == "in/bag.tar"
    assert "Uploads" not in moto_client.list_multipart_uploads(Bucket="receiving")
    assert not session_file.exists()


def test_an_upload_aborted_at_the_storage_begins_again(
    receiving: S3Target, large: Bag, moto_client: Any
) -> None:
    session = MemoryUploadSession()

    def stop(progress: Progress) -> None:
        if progress.done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _upload(receiving, large, session=session, progress=stop)
    state = session.load()
    assert state is not None
    moto_client.abort_multipart_upload(Bucket="receiving", Key="in/bag.tar", UploadId=state["upload_id"])
    copy = _upload(receiving, large, session=session)
    assert receiving.confirm(copy).sha256 == large.digests.sha256


def test_abandoning_removes_the_parts_from_the_bucket(
    receiving: S3Target, large: Bag, moto_client: Any
) -> None:
    session = MemoryUploadSession()

    def stop(progress: Progress) -> None:
        if progress.done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _upload(receiving, large, session=session, progress=stop)
    receiving.abandon(session)
    assert session.load() is None
    assert "Uploads" not in moto_client.list_multipart_uploads(Bucket="receiving")
    receiving.abandon(session)


@pytest.mark.parametrize("size", ["small", "large"])
def test_the_same_bag_again_is_a_success_and_another_is_refused(
    size: str, request: pytest.FixtureRequest, receiving: S3Target, moto_client: Any
) -> None:
    bag: Bag = request.getfixturevalue(size)
    _upload(receiving, bag)
    before = moto_client.head_object(Bucket="receiving", Key="in/bag.tar")["LastModified"]
    again = _upload(receiving, bag)
    assert again.proof.startswith("whole-digest-read-back")
    content = bytearray(bag.path.read_bytes())
    content[0] ^= 1
    bag.path.write_bytes(content)
    with pytest.raises(ObjectExists):
        _upload(receiving, Bag(bag.path, digest_for_upload(bag.path, PART), PART))
    after = moto_client.head_object(Bucket="receiving", Key="in/bag.tar")
    assert after["LastModified"] == before
    assert after["Metadata"]["bag-sha256"] == bag.digests.sha256


def test_an_object_that_only_claims_to_be_the_bag_is_found_out(
    receiving: S3Target, small: Bag, moto_client: Any
) -> None:
    moto_client.put_object(
        Bucket="receiving",
        Key="in/bag.tar",
        Body=bytes(small.digests.size),
        Metadata={"bag-sha256": small.digests.sha256},
    )
    with pytest.raises(ObjectExists, match="claims to be"):
        _upload(receiving, small)


def test_a_bucket_that_does_not_exist_has_its_own_error(moto_endpoint: str, small: Bag, large: Bag) -> None:
    target = open_target(f"s3://no-such-bucket/in?endpoint={moto_endpoint}")
    for bag in (small, large):
        with pytest.raises(BucketMissing) as caught:
            _upload(target, bag)
        assert caught.value.retry == Retry.NEVER
        assert "no-such-bucket" in caught.value.message


def test_what_was_removed_or_replaced_behind_our_back_is_told_by_confirm(
    receiving: S3Target, small: Bag, moto_client: Any
) -> None:
    copy = _upload(receiving, small)
    moto_client.put_object(Bucket="receiving", Key="in/bag.tar", Body=bytes(small.digests.size))
    with pytest.raises(StoredBytesDiffer):
        receiving.confirm(copy)
    moto_client.delete_object(Bucket="receiving", Key="in/bag.tar")
    with pytest.raises(StoredObjectMissing):
        receiving.confirm(copy)


def test_an_empty_file_can_be_stored(receiving: S3Target, tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.touch()
    copy = _upload(receiving, Bag(path, digest_for_upload(path, PART), PART))
    assert receiving.confirm(copy).size == 0


# the strict double: digests, faults and unusual services


@pytest.fixture
def strict(strict_s3: Any) -> S3Target:
    """A target on the double that gives up quickly."""
    return S3Target(
        "strict", "", S3Options(endpoint=strict_s3.endpoint, parts_at_once=1, attempts=1, timeout=10)
    )


@pytest.fixture
def patient(strict_s3: Any) -> S3Target:
    """A target on the double that tries again."""
    return S3Target(
        "strict", "", S3Options(endpoint=strict_s3.endpoint, parts_at_once=1, attempts=3, timeout=10)
    )


def test_every_part_is_sent_once_with_its_digest_and_the_composite_is_compared(
    strict: S3Target, strict_s3: Any, large: Bag
) -> None:
    copy = _upload(strict, large)
    assert copy.proof == "composite-sha256"
    assert [line for line in strict_s3.requests if line.startswith("PUT")] == [
        "PUT partNumber 1",
        "PUT partNumber 2",
        "PUT partNumber 3",
    ]
    assert strict.confirm(copy).proof == "whole-digest-read-back+composite-sha256"


def test_the_parts_of_a_bag_that_was_made_without_them_are_digested_before_they_are_sent(
    strict: S3Target, strict_s3: Any, large: Bag
) -> None:
    bare = StreamDigests(large.digests.size, large.digests.sha256, ())
    assert _upload(strict, Bag(large.path, bare, PART)).proof == "composite-sha256"
    changed = StreamDigests(large.digests.size, "0" * 64, ())
    with pytest.raises(UploadSourceChanged):
        _upload(strict, Bag(large.path, changed, PART), key="another.tar")
    assert list(strict_s3.objects) == ["bag.tar"]


def test_a_single_request_is_proved_by_the_digest_the_storage_answers(strict: S3Target, small: Bag) -> None:
    assert _upload(strict, small).proof == "store-sha256"


def test_a_bit_flipped_on_the_way_is_refused_and_the_part_sent_again(
    strict: S3Target, strict_s3: Any, large: Bag
) -> None:
    strict_s3.faults["PUT partNumber"] = [None, "flip"]
    session = MemoryUploadSession()
    with pytest.raises(DamagedInTransit) as caught:
        _upload(strict, large, session=session)
    assert caught.value.retry == Retry.AUTO
    copy = _upload(strict, large, session=session)
    assert strict.confirm(copy).sha256 == large.digests.sha256
    assert [line for line in strict_s3.requests if line.startswith("PUT")].count("PUT partNumber 1") == 1


@pytest.mark.parametrize(
    "fault", ["drop", ("status", 503, "SlowDown"), ("status", 500, "InternalError"), "lose-answer"]
)
def test_a_passing_fault_is_overcome_without_the_caller_noticing(
    fault: Any, patient: S3Target, strict_s3: Any, large: Bag
) -> None:
    strict_s3.faults["PUT partNumber"] = [None, fault]
    copy = _upload(patient, large)
    assert patient.confirm(copy).sha256 == large.digests.sha256


def test_a_lost_answer_to_the_completion_is_no_loss(patient: S3Target, strict_s3: Any, large: Bag) -> None:
    strict_s3.faults["POST uploadId"] = ["lose-answer"]
    copy = _upload(patient, large)
    assert copy.proof == "whole-digest-read-back+composite-sha256"


def test_a_crash_right_after_the_completion_is_no_loss(strict: S3Target, strict_s3: Any, large: Bag) -> None:
    strict_s3.faults["POST uploadId"] = ["lose-answer"]
    session = MemoryUploadSession()
    with pytest.raises(StorageUnreachable):
        _upload(strict, large, session=session)
    assert _upload(strict, large, session=session).proof == "whole-digest-read-back+composite-sha256"
    assert session.load() is None


def test_a_part_that_the_storage_lost_or_garbled_is_sent_again(
    strict: S3Target, strict_s3: Any, large: Bag
) -> None:
    for lists_checksums in (True, False):
        strict_s3.lists_checksums = lists_checksums
        strict_s3.objects.clear()
        strict_s3.faults["PUT partNumber"] = [None, None, "drop"]
        session = MemoryUploadSession()
        with pytest.raises(StorageUnreachable):
            _upload(strict, large, session=session)
        (upload,) = strict_s3.uploads.values()
        del upload[1]
        upload[2] = bytes(PART)
        copy = _upload(strict, large, session=session)
        assert strict.confirm(copy).sha256 == large.digests.sha256


def test_an_upload_forgotten_before_its_completion_begins_anew_at_the_next_attempt(
    strict: S3Target, strict_s3: Any, large: Bag
) -> None:
    strict_s3.faults["POST uploadId"] = [("status", 404, "NoSuchUpload")]
    session = MemoryUploadSession()
    with pytest.raises(StorageUnreachable) as caught:
        _upload(strict, large, session=session)
    assert caught.value.retry == Retry.AUTO
    strict_s3.uploads.clear()
    assert strict.confirm(_upload(strict, large, session=session)).sha256 == large.digests.sha256


def test_a_remembered_upload_of_another_file_is_abandoned(
    strict: S3Target, strict_s3: Any, large: Bag, tmp_path: Path
) -> None:
    strict_s3.faults["PUT partNumber"] = [None, "drop"]
    session = MemoryUploadSession()
    with pytest.raises(StorageUnreachable):
        _upload(strict, large, session=session)
    other = tmp_path / "other.tar"
    other.write_bytes(bytes(PART + 1))
    _upload(strict, Bag(other, digest_for_upload(other, PART), PART), session=session)
    assert strict_s3.uploads == {}


def test_an_object_that_appears_during_the_upload_is_not_overwritten(
    strict: S3Target, strict_s3: Any, small: Bag, large: Bag
) -> None:
    rival_path = small.path.with_name("rival.tar")
    rival_path.write_bytes(b"rival")
    rival = Bag(rival_path, digest_for_upload(rival_path, PART), PART)

    def appear(progress: Progress) -> None:
        if progress.done == 0:
            _upload(strict, rival)

    for bag in (small, large):
        strict_s3.objects.clear()
        with pytest.raises(ObjectExists):
            _upload(strict, bag, progress=appear)
        assert strict_s3.objects["bag.tar"].body == b"rival"
        assert strict_s3.uploads == {}


def test_a_storage_without_conditional_writes_still_serves(
    strict: S3Target, strict_s3: Any, small: Bag, large: Bag
) -> None:
    strict_s3.knows_conditions = False
    for bag in (small, large):
        copy = _upload(strict, bag, key=bag.path.name)
        assert strict.confirm(copy).sha256 == bag.digests.sha256


def test_a_storage_that_tells_no_checksums_is_proved_by_reading_back_alone(
    strict: S3Target, strict_s3: Any, large: Bag
) -> None:
    strict_s3.tells_checksums = False
    copy = _upload(strict, large)
    assert copy.proof == "size-only"
    assert strict.confirm(copy).proof == "whole-digest-read-back"


def test_a_storage_that_lies_about_its_bytes_is_found_out(
    strict: S3Target, strict_s3: Any, large: Bag
) -> None:
    copy = _upload(strict, large)
    stored = strict_s3.objects["bag.tar"]
    body = bytearray(stored.body)
    body[PART + 5] ^= 1
    stored.body = bytes(body)
    with pytest.raises(StoredBytesDiffer):
        strict.confirm(copy)


def test_a_completed_object_with_another_checksum_is_told(
    strict: S3Target, strict_s3: Any, large: Bag
) -> None:
    strict_s3.checks_parts = False

    def garble(progress: Progress) -> None:
        for upload in strict_s3.uploads.values():
            if progress.done > 2 * PART:
                upload[1] = bytes(PART)

    with pytest.raises(StoredBytesDiffer):
        _upload(strict, large, progress=garble)


@pytest.mark.parametrize("size", ["small", "large"])
def test_a_file_changed_since_bagging_becomes_no_object(
    size: str, request: pytest.FixtureRequest, strict: S3Target, strict_s3: Any
) -> None:
    bag: Bag = request.getfixturevalue(size)
    content = bytearray(bag.path.read_bytes())
    content[-1] ^= 1
    bag.path.write_bytes(content)
    session = MemoryUploadSession()
    with pytest.raises(UploadSourceChanged):
        _upload(strict, bag, session=session)
    assert (strict_s3.objects, strict_s3.uploads, session.load()) == ({}, {}, None)


def test_parts_s3_does_not_take_are_refused_before_the_first_request(
    strict: S3Target, small: Bag, strict_s3: Any
) -> None:
    with pytest.raises(StorageRefused):
        _upload(strict, Bag(small.path, digest_for_upload(small.path, 1000), 1000))
    assert [line for line in strict_s3.requests if not line.startswith("HEAD")] == []


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (403, "AccessDenied", AccessRefused),
        (403, "SignatureDoesNotMatch", AccessRefused),
        (403, "RequestTimeTooSkewed", ClockSkewed),
        (507, "XMinioStorageFull", StorageFull),
        (503, "SlowDown", StorageUnreachable),
        (409, "ConditionalRequestConflict", StorageUnreachable),
        (400, "InvalidArgument", StorageRefused),
        (418, "Teapot", StorageRefused),
    ],
)
def test_every_answer_of_the_storage_becomes_a_named_state(
    status: int, code: str, expected: type[StorageError], strict: S3Target, strict_s3: Any, small: Bag
) -> None:
    strict_s3.faults["PUT"] = [("status", status, code)]
    with pytest.raises(expected) as caught:
        _upload(strict, small)
    assert type(caught.value) is expected
    assert caught.value.facts["code"] == code
    assert caught.value.consequence
    assert caught.value.remedy


def test_wrong_credentials_are_refused_for_good(
    strict_s3: Any, small: Bag, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "SOMEBODYELSE")
    target = open_target(f"s3://strict?endpoint={strict_s3.endpoint}")
    with pytest.raises(AccessRefused) as caught:
        _upload(target, small)
    assert caught.value.retry == Retry.NEVER
    assert "not-a-secret" not in str(caught.value.to_json())


def test_no_credentials_at_all_are_told_with_how_to_give_them(
    strict_s3: Any, small: Bag, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(CredentialsMissing) as caught:
        _upload(open_target(f"s3://strict?endpoint={strict_s3.endpoint}"), small)
    assert "AWS_ACCESS_KEY_ID" in caught.value.remedy
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(CredentialsMissing):
        open_target(f"s3://strict?endpoint={strict_s3.endpoint}")


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port on which nobody listens."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        yield int(reserved.getsockname()[1])


def test_an_endpoint_nobody_listens_on_is_unreachable_and_may_be_tried_again(
    closed_port: int, small: Bag
) -> None:
    target = S3Target("b-b", "", S3Options(endpoint=f"http://127.0.0.1:{closed_port}", attempts=1))
    with pytest.raises(StorageUnreachable) as caught:
        _upload(target, small)
    assert caught.value.retry == Retry.AUTO
    copy = StoredCopy("s3://b-b/x", "x", 1, "00", "", "")
    with pytest.raises(StorageUnreachable):
        target.confirm(copy)


def test_a_body_that_breaks_off_while_reading_back_is_unreachable_not_different(
    strict: S3Target, strict_s3: Any, small: Bag
) -> None:
    copy = _upload(strict, small)
    strict_s3.faults["GET"] = ["cut"]
    with pytest.raises(StorageUnreachable):
        strict.confirm(copy)


def test_a_copy_of_another_size_is_different(strict: S3Target, small: Bag) -> None:
    copy = _upload(strict, small)
    with pytest.raises(StoredBytesDiffer):
        strict.confirm(dataclasses.replace(copy, size=copy.size + 1))
