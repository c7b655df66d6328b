# SPDX-License-Identifier: Apache-2.0
"""From addresses to storage targets."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import StorageUrlInvalid
from archive.storage.local_directory import LocalDirectoryTarget
from archive.storage.open_target import open_target
from archive.storage.s3 import S3Target


@pytest.fixture(autouse=True)
def private_aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of this machine's AWS configuration."""
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.delenv("AWS_PROFILE", raising=False)


def test_paths_and_file_addresses_are_directories(tmp_path: Path) -> None:
    for url in (str(tmp_path / "a b"), (tmp_path / "a b").as_uri(), f"file://localhost{tmp_path}/a%20b"):
        target = open_target(url)
        assert isinstance(target, LocalDirectoryTarget)
        assert target.directory == tmp_path / "a b"
        assert target.url == (tmp_path / "a b").as_uri()


def test_s3_options_stand_in_the_address_or_are_given() -> None:
    target = open_target(
        "s3://bucket/some/prefix/?endpoint=http://127.0.0.1:9&region=eu-x", endpoint="http://127.0.0.1:8"
    )
    assert isinstance(target, S3Target)
    assert (target.bucket, target.prefix, target.url) == ("bucket", "some/prefix", "s3://bucket/some/prefix")
    assert (target.options.endpoint, target.options.region) == ("http://127.0.0.1:8", "eu-x")


def test_how_the_network_is_used_stands_in_the_address() -> None:
    target = open_target("s3://bucket?proxy=http://127.0.0.1:3128&parts-at-once=2&bandwidth=1.5M")
    assert isinstance(target, S3Target)
    options = target.options
    assert (options.proxy, options.parts_at_once, options.bytes_per_second) == (
        "http://127.0.0.1:3128",
        2,
        1_500_000,
    )


@pytest.mark.parametrize(
    "url",
    [
        "",
        " ",
        "ftp://host/x",
        "file://otherhost/x",
        "file:///x?y=1",
        "s3://",
        "s3:///key",
        "s3://key:secret@bucket/x",
        "s3://bucket/a/../b",
        "s3://bucket?colour=red",
        "s3://bucket#x",
        "s3://bucket?endpoint=no-address",
        "s3://bucket?addressing=sideways",
        "s3://bucket?parts-at-once=0",
        "s3://bucket?parts-at-once=many",
        "s3://bucket?bandwidth=fast",
        "s3://[bucket",
    ],
)
def test_addresses_that_mean_nothing_are_refused(url: str) -> None:
    with pytest.raises(StorageUrlInvalid) as caught:
        open_target(url)
    assert "secret" not in str(caught.value.to_json())
