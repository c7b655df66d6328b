# SPDX-License-Identifier: Apache-2.0
"""Fetching from a bucket: listed page by page, continued where it broke off, refused by name."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.errors import SourceGone, SourceRefused, SourceUnreachable
from archive.fetching.access import Access
from archive.fetching.addresses import parse_address
from archive.fetching.download import download
from archive.fetching.listing import list_server
from archive.fetching.servers import Servers
from archive.storage.s3_client import S3Options
from archive.storage.s3_source import S3Source
from tests.integration.storage.conftest import (  # noqa: F401 - fixtures
    StrictS3,
    aws_environment,
    moto_client,
    moto_endpoint,
    strict_s3,
)

CONTENT = random.Random(6).randbytes(2 << 20)  # noqa: S311 - contents, no secret
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def access_to(endpoint: str) -> Access:
    return Access(
        bucket_of=lambda _: {"endpoint": endpoint, "region": "us-east-1", "attempts": 1}, timeout=10
    )


def test_a_bucket_is_listed_to_its_end_and_each_folder_is_an_item(
    moto_endpoint: str,  # noqa: F811
    moto_client: Any,  # noqa: F811
) -> None:
    for number in range(1, 4):
        moto_client.put_object(Bucket="receiving", Key=f"in/vol-1/p{number}.tif", Body=b"x" * number)
    moto_client.put_object(Bucket="receiving", Key="in/vol-2/", Body=b"")
    moto_client.put_object(Bucket="receiving", Key="in/vol-2/ß;a.tif", Body=b"y")
    moto_client.put_object(Bucket="receiving", Key="in/../up.tif", Body=b"z")
    moto_client.put_object(Bucket="receiving", Key="inside.tif", Body=b"z")
    with Servers(access_to(moto_endpoint)) as servers:
        found = list_server(servers, parse_address("s3://receiving/in"))
    assert [(item.name, item.pages) for item in found.items] == [
        ("vol-1", tuple(f"s3://receiving/in/vol-1/p{number}.tif#size={number}" for number in (1, 2, 3))),
        ("vol-2", ("s3://receiving/in/vol-2/%C3%9F%3Ba.tif#size=1",)),
    ]
    assert [(finding.severity, finding.code, finding.name) for finding in found.findings] == [
        ("error", "name", "../up.tif")
    ]


def test_more_objects_than_one_answer_holds_are_all_listed(
    moto_endpoint: str,  # noqa: F811
    moto_client: Any,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(30):
        moto_client.put_object(Bucket="receiving", Key=f"in/vol/p{number}.tif", Body=b"x")
    source = S3Source("receiving", S3Options(endpoint=moto_endpoint))
    with monkeypatch.context() as small_pages:
        small_pages.setattr("moto.settings.get_s3_default_max_keys", lambda: 7)
        assert len(list(source.objects("in/"))) == 30
    source.close()


def test_an_object_that_broke_off_is_continued(
    moto_endpoint: str,  # noqa: F811
    moto_client: Any,  # noqa: F811
    tmp_path: Path,
) -> None:
    moto_client.put_object(Bucket="receiving", Key="a b.tif", Body=CONTENT)
    address = parse_address(f"s3://receiving/a%20b.tif#sha256={DIGEST}")

    class Cancelled(Exception):
        pass

    def cancel() -> None:
        raise Cancelled

    with Servers(access_to(moto_endpoint)) as servers:
        with pytest.raises(Cancelled):
            download(servers, address, tmp_path / "a.tif", still=cancel)
        fetched = download(servers, address, tmp_path / "a.tif")
        assert fetched.resumed_at > 0
        assert (fetched.sha256, (tmp_path / "a.tif").read_bytes()) == (DIGEST, CONTENT)
        # and one that was replaced meanwhile comes whole
        with pytest.raises(Cancelled):
            download(servers, replace_digest(address), tmp_path / "b.tif", still=cancel)
        moto_client.put_object(Bucket="receiving", Key="a b.tif", Body=CONTENT[::-1])
        anew = download(servers, replace_digest(address), tmp_path / "b.tif")
    assert (anew.resumed_at, anew.sha256) == (0, hashlib.sha256(CONTENT[::-1]).hexdigest())


def replace_digest(address: Any) -> Any:
    return replace(address, declared=type(address.declared)())


def test_what_the_store_answers_names_the_state(strict_s3: StrictS3, tmp_path: Path) -> None:  # noqa: F811
    address = parse_address("s3://strict/a.tif")
    with Servers(access_to(strict_s3.endpoint)) as servers:
        with pytest.raises(SourceGone) as gone:
            download(servers, address, tmp_path / "a.tif")
        assert "upload" not in gone.value.consequence
        strict_s3.faults["GET"] = [("status", 503, "SlowDown")]
        with pytest.raises(SourceUnreachable):
            download(servers, address, tmp_path / "a.tif")
        strict_s3.faults["GET"] = [("status", 403, "AccessDenied")]
        with pytest.raises(SourceRefused):
            download(servers, address, tmp_path / "a.tif")
