# SPDX-License-Identifier: Apache-2.0
"""Files in the staging place: sent once, fetched from where it broke off, and never placed with other bytes."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.errors import (
    StorageUnreachable,
    StorageUrlInvalid,
    StoredBytesDiffer,
    StoredObjectMissing,
    UploadSourceChanged,
)
from archive.storage import staging_place
from archive.storage.staging_place import StagingPlace, open_staging_place
from archive.storage.target import FileUploadSession
from tests.servers.link import linked

CONTENT = bytes(range(256)) * 8192
SHA256 = hashlib.sha256(CONTENT).hexdigest()
KEY = f"=batch/items/=item/{SHA256}"


@pytest.fixture
def place(moto_endpoint: str, moto_client: Any) -> StagingPlace:
    return open_staging_place("s3://receiving/staging", endpoint=moto_endpoint)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source"
    path.write_bytes(CONTENT)
    return path


def put(place: StagingPlace, source: Path) -> int:
    return place.put(source, KEY, sha256=SHA256, size=len(CONTENT))


def fetch(place: StagingPlace, path: Path, going_on: Callable[[], None] = lambda: None) -> int:
    return place.fetch(KEY, path, sha256=SHA256, size=len(CONTENT), going_on=going_on)


def test_what_is_there_is_not_sent_again(place: StagingPlace, source: Path, tmp_path: Path) -> None:
    assert put(place, source) == len(CONTENT)
    assert put(place, source) == 0
    assert fetch(place, tmp_path / "deep" / "copy") == len(CONTENT)
    assert (tmp_path / "deep" / "copy").read_bytes() == CONTENT
    assert [file.name for file in (tmp_path / "deep").iterdir()] == ["copy"]


def test_a_large_file_goes_in_parts(
    place: StagingPlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging_place, "ONE_REQUEST", 1 << 20)
    monkeypatch.setattr(staging_place, "PART", 5 << 20)
    content = CONTENT * 3
    source, sha256 = tmp_path / "bag.tar", hashlib.sha256(content).hexdigest()
    source.write_bytes(content)
    session = FileUploadSession(tmp_path / "session.json")
    for sent in (len(content), 0):
        assert place.put(source, "=b/items/=i/bag", sha256=sha256, size=len(content), session=session) == sent
    place.fetch("=b/items/=i/bag", tmp_path / "copy", sha256=sha256, size=len(content))
    assert (tmp_path / "copy").read_bytes() == content
    assert not (tmp_path / "session.json").exists()


def test_an_empty_file_comes_through(place: StagingPlace, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    nothing = hashlib.sha256(b"").hexdigest()
    place.put(tmp_path / "empty", nothing, sha256=nothing, size=0)
    place.fetch(nothing, tmp_path / "copy", sha256=nothing, size=0)
    assert (tmp_path / "copy").read_bytes() == b""


def test_a_changed_file_is_refused_and_not_kept_there(place: StagingPlace, source: Path) -> None:
    source.write_bytes(CONTENT[:-1] + b"?")
    with pytest.raises(UploadSourceChanged):
        put(place, source)
    assert list(place.objects()) == []


def test_an_interrupted_fetch_goes_on_where_it_stopped(
    place: StagingPlace, source: Path, tmp_path: Path
) -> None:
    put(place, source)
    blocks = iter([None])

    def once() -> None:
        if next(blocks, "cut") == "cut":
            raise StorageUnreachable("The link is cut.")

    with pytest.raises(StorageUnreachable):
        fetch(place, tmp_path / "copy", once)
    assert not (tmp_path / "copy").exists()
    assert 0 < fetch(place, tmp_path / "copy") < len(CONTENT)
    assert (tmp_path / "copy").read_bytes() == CONTENT


def test_what_is_left_of_another_version_does_no_harm(
    place: StagingPlace, source: Path, tmp_path: Path
) -> None:
    put(place, source)
    left = tmp_path / f".copy.{SHA256[:16]}.fetched"
    left.write_bytes(b"?" * 1000)
    fetch(place, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == CONTENT
    assert not left.exists()


def test_other_bytes_are_never_placed(
    place: StagingPlace, moto_client: Any, source: Path, tmp_path: Path
) -> None:
    (tmp_path / "copy").write_bytes(b"as it was")
    with pytest.raises(StoredObjectMissing):
        fetch(place, tmp_path / "copy")
    moto_client.put_object(Bucket="receiving", Key=f"staging/{KEY}", Body=CONTENT[:-1] + b"?")
    with pytest.raises(StoredBytesDiffer):
        fetch(place, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b"as it was"


def test_two_that_fetch_the_same_file_do_not_disturb_each_other(
    place: StagingPlace, source: Path, tmp_path: Path
) -> None:
    put(place, source)
    threads = [threading.Thread(target=fetch, args=(place, tmp_path / "copy")) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (tmp_path / "copy").read_bytes() == CONTENT
    assert sorted(file.name for file in tmp_path.iterdir() if "fetched" in file.name) == []


def test_a_cut_link_is_told_as_such(moto_endpoint: str, moto_client: Any, source: Path) -> None:
    with linked(int(moto_endpoint.rpartition(":")[2])) as [link]:
        place = open_staging_place("s3://receiving/staging", endpoint=f"http://127.0.0.1:{link.port}")
        link.cut()
        with pytest.raises(StorageUnreachable):
            put(place, source)
        link.mend()
        assert put(place, source) == len(CONTENT)


def test_only_the_prefix_is_listed_and_removed(place: StagingPlace, moto_client: Any, source: Path) -> None:
    moto_client.put_object(Bucket="receiving", Key="staging-of-others", Body=b"theirs")
    put(place, source)
    [found] = place.objects()
    assert (found.key, found.size) == (KEY, len(CONTENT))
    assert found.age < dt.timedelta(minutes=5)
    assert list(place.objects("=another/")) == []
    place.delete([found.key, "gone-already"])
    assert list(place.objects()) == []
    assert moto_client.get_object(Bucket="receiving", Key="staging-of-others")["Body"].read() == b"theirs"
    moto_client.delete_object(Bucket="receiving", Key="staging-of-others")


@pytest.mark.parametrize("url", ["s3://bucket", "s3://bucket/", "file:///folder", "/folder"])
def test_a_place_is_a_prefix_of_a_bucket(url: str) -> None:
    with pytest.raises(StorageUrlInvalid):
        open_staging_place(url, endpoint="http://127.0.0.1:1")
