# SPDX-License-Identifier: Apache-2.0
"""From addresses to storage targets."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.command_line import main
from archive.errors import StorageUrlInvalid, StoredBytesDiffer
from archive.progress import ProgressCallback, no_progress
from archive.storage import open_target as open_target_module
from archive.storage.local_directory import LocalDirectoryTarget
from archive.storage.open_target import open_target, register_scheme, sends_parts
from archive.storage.s3 import S3Target
from archive.storage.stream_upload import ComparedStream, StoredStream
from archive.storage.target import Proof, StoredCopy, UploadSession, url_below


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
    assert (target.bucket, target.prefix) == ("bucket", "some/prefix")
    assert (target.options.endpoint, target.options.region) == ("http://127.0.0.1:8", "eu-x")


def test_equal_buckets_at_two_services_have_two_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    assert open_target("s3://bucket/in?region=eu-west-1").url == "s3://bucket/in"
    near = open_target("s3://bucket/in?endpoint=https://minio.example.org:9000/")
    assert near.url == "s3://bucket/in?endpoint=https://minio.example.org:9000"
    assert url_below(near.url, "a.tar") == "s3://bucket/in/a.tar?endpoint=https://minio.example.org:9000"
    assert open_target(near.url).url == near.url
    # the environment names a service as well as an address does, and may carry a password
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "https://user:secret@s3.example.net/store")
    assert open_target("s3://bucket").url == "s3://bucket?endpoint=https://s3.example.net/store"


def test_credentials_in_an_endpoint_are_refused_and_not_told() -> None:
    with pytest.raises(StorageUrlInvalid, match="credentials") as refused:
        open_target("s3://bucket?endpoint=https://user:secret@minio.example.org")
    assert "secret" not in refused.value.message


class Shelf:
    """A storage in memory, to see that one class is all that a new kind of storage takes."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.files: dict[str, bytes] = {}

    @contextlib.contextmanager
    def streaming(self, key: str, *, progress: ProgressCallback = no_progress, **_: Any) -> Iterator[Any]:
        stream = ShelfStream(self, key)
        if key in self.files:
            yield ComparedStream(self, stream.copy(), progress)
        else:
            yield stream

    def upload(self, source: Path, key: str, **facts: Any) -> StoredCopy:
        with self.streaming(key) as stream:
            stream.write(source.read_bytes())
            stored: StoredCopy = stream.finish().copy
        assert stored.sha256 == facts["sha256"]
        return stored

    def first_bytes(self, key: str, size: int) -> bytes:
        return self.files.get(key, b"")[:size]

    def confirm(self, copy: StoredCopy, progress: ProgressCallback = no_progress) -> StoredCopy:
        if hashlib.sha256(self.files[copy.key]).hexdigest() != copy.sha256:
            raise StoredBytesDiffer(f"{copy.url} is something else.")
        return dataclasses.replace(copy, proof=Proof.WHOLE_DIGEST_READ_BACK)

    def abandon(self, session: UploadSession) -> None:
        session.clear()

    def abandon_orphans(self, *_: Any, **__: Any) -> list[Any]:
        return []


class ShelfStream:
    def __init__(self, shelf: Shelf, key: str) -> None:
        self.shelf, self.key, self.content = shelf, key, b""

    def write(self, block: bytes) -> None:
        self.content += block

    def copy(self) -> StoredCopy:
        digest = hashlib.sha256(self.content).hexdigest()
        return StoredCopy(
            f"{self.shelf.url}/{self.key}", self.key, len(self.content), digest, "", "size-only"
        )

    def finish(self) -> StoredStream:
        self.shelf.files[self.key] = self.content
        return StoredStream(self.copy(), 0, ())


def test_another_kind_of_storage_is_one_class_and_serves_both_commands(
    tmp_path: Path, recto_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_target_module, "_OPENERS", dict(open_target_module._OPENERS))
    shelf = Shelf("shelf://third")
    register_scheme("shelf", lambda url, _: shelf)
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "1.txt").write_text("dear reader")
    straight = ["bag", "create", str(tmp_path / "letters"), "--profile", "bagit", "--json"]
    sent = CliRunner().invoke(main, [*straight, "--to", "shelf://third"])
    assert sent.exit_code == 0, sent.output
    assert list(shelf.files) == ["letters.tar"]
    CliRunner().invoke(main, [*straight, "-o", str(tmp_path), "--tar"])
    assert (tmp_path / "letters.tar").read_bytes() == shelf.files["letters.tar"]
    uploaded = CliRunner().invoke(
        main, ["upload", str(tmp_path / "letters.tar"), "--to", "shelf://third", "--json"]
    )
    assert json.loads(uploaded.stdout)[0]["proof"] == "whole-digest-read-back"


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


@pytest.mark.parametrize(
    ("url", "expected"), [("/srv/bags", False), ("file:///srv/bags", False), ("s3://bucket/bags", True)]
)
def test_only_storages_behind_a_network_prove_an_upload_part_by_part(url: str, expected: bool) -> None:  # noqa: FBT001
    assert sends_parts(url) is expected
