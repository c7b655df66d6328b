# SPDX-License-Identifier: Apache-2.0
"""Audits of copies in buckets: what is damaged there is mended in place, a dead endpoint is no damage."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.audited_copies import Archive, make_archive
from workers.receiving.audit_report import AuditRequest
from workers.receiving.audits import audit_copies
from workers.settings import load_settings

PAGE, OTHER = b"the first page" * 100, b"another page" * 100


@pytest.fixture
def archive(recto_home: Path, tmp_path: Path, moto_client: Any, moto_endpoint: str) -> Iterator[Archive]:
    """An archive with a copy in a bucket, and one in a directory."""
    bucket = f"s3://receiving/kept?endpoint={moto_endpoint}&region=us-east-1"
    made = make_archive([bucket, str(tmp_path / "there")])
    made.keep("letters", [PAGE, OTHER])
    yield made
    made.node.close()


def key_of(archive: Archive, index: int) -> str:
    copies = [copy for copy in archive.copies() if copy.location == archive.locations[0]]
    return "kept/" + copies[index].url.split("/kept/")[1].partition("?")[0]


def test_damage_in_a_bucket_is_mended_in_place_and_kept_aside(archive: Archive, moto_client: Any) -> None:
    key = key_of(archive, 0)
    damaged = PAGE[:-1] + b"!"
    moto_client.put_object(Bucket="receiving", Key=key, Body=damaged)
    moto_client.delete_object(Bucket="receiving", Key=key_of(archive, 1))
    report = audit_copies(archive.node, AuditRequest())
    assert (report.good, report.damaged, report.missing, report.mended) == (2, 1, 1, 2)
    assert moto_client.get_object(Bucket="receiving", Key=key)["Body"].read() == PAGE
    aside = next(bad.aside for bad in report.bad if bad.aside)
    assert moto_client.get_object(Bucket="receiving", Key=f"kept/{aside}")["Body"].read() == damaged
    assert archive.states(0) == ["verified", "verified"]
    assert archive.chain("letters").whole


def test_a_copy_in_a_bucket_mends_one_on_a_disk(archive: Archive) -> None:
    file = archive.file("letters", PAGE, 1)
    file.write_bytes(b"")
    assert audit_copies(archive.node, AuditRequest()).mended == 1
    assert file.read_bytes() == PAGE


def test_a_bucket_or_service_that_is_not_there_is_no_damage(
    recto_home: Path, tmp_path: Path, moto_client: Any, moto_endpoint: str
) -> None:
    targets = {
        "bucket": {"url": f"s3://receiving/kept?endpoint={moto_endpoint}&region=us-east-1"},
        "disk": {"url": str(tmp_path / "there")},
    }
    (tmp_path / "there").mkdir()
    archive = make_archive(["bucket", "disk"], load_settings({"storage": targets}))
    archive.keep("letters", [PAGE])
    for url in (
        "s3://elsewhere/kept?endpoint=" + moto_endpoint,
        "s3://receiving/kept?endpoint=http://127.0.0.1:9",
    ):
        targets["bucket"]["url"] = f"{url}&region=us-east-1"
        archive.node.settings = load_settings({"storage": targets})
        report = audit_copies(archive.node, AuditRequest(older_than=0.0))
        assert (report.good, report.unreachable, report.found_bad) == (1, 1, 0)
    archive.node.close()
