# SPDX-License-Identifier: Apache-2.0
"""Bags that arrive in a bucket: read by one request, taken up where the network broke, put aside there when refused."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.registry.ingest_facts import Outcome
from archive.registry.states import State
from tests.arrivals import Arrival, ReceivingSite, make_bag
from tests.broken_bags import add_members, tar_member
from tests.integration.storage.conftest import ACCESS_KEY, StrictS3, serve_strictly

PAGES = {f"masters/{number:04d}.tif": b"II*\0" + bytes([number]) * (1 << 19) for number in range(6)}


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StrictS3]:
    for name, value in {
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": "not-a-secret",
        "AWS_CONFIG_FILE": str(tmp_path / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    with serve_strictly() as served:
        yield served


def _deposit(site: ReceivingSite, bucket: StrictS3, tar: Path, *, told: bool) -> Arrival:
    address = f"s3://strict/arriving?endpoint={bucket.endpoint}"
    content = tar.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    site.node.place(address).put(tar.name, [content], size=len(content), sha256=sha256)
    arrived = site.register(tar.name, sha256 if told else "", address=address)
    bucket.requests.clear()
    return arrived


def test_one_request_brings_the_whole_bag(site: ReceivingSite, bucket: StrictS3, tmp_path: Path) -> None:
    arrived = _deposit(site, bucket, make_bag(tmp_path, content=PAGES), told=True)
    arrived.run("receive", "validate-bag", "identify")
    assert arrived.unit("identify").state == State.DONE
    assert bucket.requests == ["GET"]


def test_a_connection_that_breaks_is_taken_up_where_it_broke(
    site: ReceivingSite, bucket: StrictS3, tmp_path: Path
) -> None:
    arrived = _deposit(site, bucket, make_bag(tmp_path, content=PAGES), told=True)
    bucket.faults["GET"] = ["cut", "drop"]
    arrived.run()
    assert arrived.item.outcome == Outcome.INGESTED
    assert arrived.unit("receive").attempts == 1


def test_a_refused_bag_is_put_aside_in_the_same_bucket(
    site: ReceivingSite, bucket: StrictS3, tmp_path: Path
) -> None:
    tar = add_members(make_bag(tmp_path), tar_member("letter_1/data/new", size=3))
    arrived = _deposit(site, bucket, tar, told=False)
    arrived.run()
    assert arrived.item.outcome == Outcome.REFUSED
    aside = f"quarantine/{arrived.key}/letter_1.tar"
    keys = [aside, *(f"{key}.refused.{end}" for key in (aside, "letter_1.tar") for end in ("json", "txt"))]
    assert {key.partition("arriving/")[2] for key in bucket.objects} == set(keys)
    (stored,) = (stored for key, stored in bucket.objects.items() if key.endswith(aside))
    assert stored.body == tar.read_bytes()
    assert site.kept() == []
