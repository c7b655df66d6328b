# SPDX-License-Identifier: Apache-2.0
"""Restoring and deleting where copies and restored bags lie in buckets."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.errors import CopiesLost
from archive.receiving import good_bytes, restoring
from archive.receiving.keys import content_key
from archive.registry.deletions import Person
from archive.storage import parts
from archive.storage.file_url import path_of
from tests.arrivals import ReceivingSite, make_bag
from tests.integration.storage.conftest import ACCESS_KEY, SMALL_PART, Stored, StrictS3, serve_strictly
from tests.kept_objects import KeptBag, keep_bag
from workers.receiving.audit_report import AuditRequest
from workers.receiving.audits import audit_copies
from workers.receiving.deletions import approve_deletion, execute_deletions, request_deletion
from workers.receiving.restores import restore
from workers.restore_settings import DeletionSettings

CONTENT = {"large.bin": os.urandom(7 * SMALL_PART + 33), "small.txt": b"small", "empty": b""}


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StrictS3]:
    """An S3 service that holds every digest and condition against what it gets, with parts of 64 KiB."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": "not-a-secret",
        "AWS_CONFIG_FILE": str(tmp_path / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(parts, "SMALLEST_PART", SMALL_PART)
    monkeypatch.setattr(restoring, "choose_part_size", lambda _: SMALL_PART)
    monkeypatch.setattr(good_bytes, "SMALL", 100)
    with serve_strictly() as served:
        yield served


def address(bucket: StrictS3, prefix: str) -> str:
    return f"s3://strict/{prefix}?endpoint={bucket.endpoint}"


def rot(bucket: StrictS3, kept: KeptBag, path: str) -> None:
    """Flip a bit of a copy in the bucket."""
    (key,) = (key for key in bucket.objects if key.endswith(content_key(kept.row.uid, kept.files[path])))
    stored = bucket.objects[key]
    body = bytearray(stored.body)
    body[-5] ^= 1
    bucket.objects[key] = Stored(bytes(body), stored.metadata, stored.checksum)


@pytest.fixture
def kept(site: ReceivingSite, bucket: StrictS3, tmp_path: Path) -> KeptBag:
    return keep_bag(
        site, make_bag(tmp_path, content=CONTENT), locations=[address(bucket, "kept"), site.locations[0]]
    )


def test_a_rotten_object_costs_one_more_beginning_and_no_wrong_byte(kept: KeptBag, bucket: StrictS3) -> None:
    rot(bucket, kept, "data/large.bin")
    restored = restore(kept.site.node, kept.identifier, to=address(bucket, "restored"))
    assert restored.same_tar
    assert restored.valid
    assert [each.file.path for each in restored.troubles] == ["data/large.bin"]
    assert restored.proof.startswith("whole-digest-read-back")
    assert not bucket.uploads, "no parts are left behind"
    audited = audit_copies(kept.site.node, AuditRequest())
    assert (audited.copies, audited.damaged, audited.mended) == (1, 1, 1), (
        "an audit begins with what was told"
    )
    assert not restore(kept.site.node, kept.identifier, to=address(bucket, "again")).troubles


def test_what_cannot_be_restored_leaves_no_parts_in_a_bucket(kept: KeptBag, bucket: StrictS3) -> None:
    rot(bucket, kept, "data/large.bin")
    kept.damage("data/large.bin")
    before = set(bucket.objects)
    with pytest.raises(CopiesLost):
        restore(kept.site.node, kept.identifier, to=address(bucket, "restored"))
    assert set(bucket.objects) == before
    assert not bucket.uploads


def test_a_file_goes_from_a_bucket_into_a_folder(kept: KeptBag, tmp_path: Path) -> None:
    restored = restore(kept.site.node, f"{kept.identifier}/data/large.bin", to=str(tmp_path / "out"))
    assert path_of(restored.url).read_bytes() == CONTENT["large.bin"]


def test_a_deletion_clears_its_prefix_of_a_bucket_and_no_other(kept: KeptBag, bucket: StrictS3) -> None:
    node = kept.site.node
    node.settings = node.settings.model_copy(update={"deletion": DeletionSettings(delay_days=0)})
    own = [key for key in bucket.objects if f"objects/{kept.row.uid}/" in key]
    assert own
    neighbour = own[0].replace(kept.row.uid, f"{kept.row.uid}0")
    bucket.objects[neighbour] = bucket.objects[own[0]]
    number = request_deletion(node, kept.identifier, "why", Person("Ada", "ada@desk"))
    approve_deletion(node, number, Person("Ben", "ben@desk"))
    (done,) = execute_deletions(node)
    assert done.executed, done
    assert list(bucket.objects) == [neighbour]
