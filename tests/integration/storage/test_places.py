# SPDX-License-Identifier: Apache-2.0
"""What every place must do, asked of a directory, of moto's S3 and of the strict double alike."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import io
import os
import resource
import signal
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from moto.s3.models import s3_backends

from archive.bag.readers import TarReader
from archive.errors import (
    BucketMissing,
    ObjectExists,
    StorageFull,
    StorageUnreachable,
    StorageUrlInvalid,
    StoredBytesDiffer,
    StoredObjectChanged,
    StoredObjectMissing,
    UploadSourceChanged,
)
from archive.progress import Progress
from archive.storage import s3_place, s3_reader
from archive.storage.open_place import open_place
from archive.storage.place import Place
from archive.storage.s3 import S3Target
from archive.storage.s3_client import S3Options
from archive.storage.s3_place import S3Place
from archive.storage.target import Proof, StoredCopy
from tests.integration.storage.conftest import SMALL_PART, StrictS3

MOTO_ACCOUNT = "123456789012"
CONTENT = bytes(range(256)) * 1024
LARGE = os.urandom(5 * SMALL_PART + 77)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def put(place: Place, key: str, content: bytes = CONTENT, **more: Any) -> StoredCopy:
    blocks = (content[start : start + 50_000] for start in range(0, len(content), 50_000))
    return place.put(key, blocks, size=len(content), sha256=sha256(content), **more)


def content_of(place: Place, key: str) -> bytes:
    with contextlib.closing(place.open(key)) as opened:
        return opened.read()


def keys(place: Place, below: str = "") -> list[str]:
    return [found.key for found in place.objects(below)]


@pytest.fixture(params=["directory", "moto", "strict"])
def place(
    request: pytest.FixtureRequest, tmp_path: Path, small_parts: None, monkeypatch: pytest.MonkeyPatch
) -> Place:
    """A place with small parts."""
    monkeypatch.setattr(s3_place, "PART", SMALL_PART)
    monkeypatch.setattr(s3_reader, "READ_ON", 1000)
    if request.param == "directory":
        (tmp_path / "place").mkdir()
        return open_place(str(tmp_path / "place"))
    if request.param == "moto":
        request.getfixturevalue("moto_client")
        return open_place("s3://receiving/below", endpoint=request.getfixturevalue("moto_endpoint"))
    return open_place("s3://strict/below", endpoint=request.getfixturevalue("strict_s3").endpoint)


def test_what_was_put_is_found_listed_read_and_proved(place: Place) -> None:
    copy = put(place, "a/ä b.bin")
    assert (copy.key, copy.size, copy.sha256) == ("a/ä b.bin", len(CONTENT), sha256(CONTENT))
    found = place.look("a/ä b.bin")
    assert found is not None
    assert found.size == len(CONTENT)
    assert dt.timedelta(seconds=-2) < found.age < dt.timedelta(minutes=1)
    assert abs(dt.datetime.now(dt.UTC) - found.modified) < dt.timedelta(minutes=1)
    (listed,) = place.objects()
    assert (listed.key, listed.size, listed.etag) == (found.key, found.size, found.etag)
    reader = place.open("a/ä b.bin", found.etag)
    assert (reader.size, reader.read()) == (len(CONTENT), CONTENT)
    assert reader.read() == b""
    reader.close()
    proof = place.prove("a/ä b.bin", size=len(CONTENT), sha256=sha256(CONTENT))
    assert proof.startswith(Proof.WHOLE_DIGEST_READ_BACK)


def test_a_large_object_comes_through_in_parts(place: Place, request: pytest.FixtureRequest) -> None:
    told: list[Progress] = []
    copy = put(place, "large", LARGE, progress=told.append)
    assert place.prove("large", size=len(LARGE), sha256=copy.sha256)
    assert told[-1].done == len(LARGE)
    if "strict" in request.node.name:
        sent = [line for line in request.getfixturevalue("strict_s3").requests if "partNumber" in line]
        assert len(sent) == 6
        assert copy.proof == Proof.COMPOSITE_SHA256


def test_an_empty_object_is_an_object(place: Place) -> None:
    put(place, "empty", b"")
    reader = place.open("empty")
    assert (reader.size, reader.read()) == (0, b"")
    reader.close()
    assert place.prove("empty", size=0, sha256=sha256(b""))


def test_the_same_bytes_again_are_read_and_count_as_stored(place: Place) -> None:
    for content in (CONTENT, LARGE):
        put(place, sha256(content), content)
        again = place.put(sha256(content), iter(()), size=len(content), sha256=sha256(content))
        assert again.was_read_back


def test_nothing_is_overwritten(place: Place) -> None:
    put(place, "key", b"first")
    for other in (b"other", LARGE):
        with pytest.raises(ObjectExists):
            put(place, "key", other)
    assert place.prove("key", size=5, sha256=sha256(b"first"))


def test_only_the_object_that_is_named_is_overwritten(place: Place) -> None:
    for good in (b"good", LARGE):
        key = sha256(good)
        put(place, key, b"damaged")
        damaged = place.look(key)
        assert damaged is not None
        with pytest.raises(StoredObjectChanged):
            put(place, key, good, instead_of="another-tag")
        assert place.prove(key, size=7, sha256=sha256(b"damaged"))
        put(place, key, good, instead_of=damaged.etag)
        assert place.prove(key, size=len(good), sha256=sha256(good))
        with pytest.raises(StoredObjectChanged):
            put(place, f"{key}-none", good, instead_of=damaged.etag)


def test_other_bytes_than_were_recorded_are_not_stored(place: Place, request: pytest.FixtureRequest) -> None:
    for content in (CONTENT[:1000], LARGE):
        for more in (-1, 0, 1):
            digest = sha256(content) if more else sha256(b"others")
            with pytest.raises(UploadSourceChanged):
                place.put("key", [content], size=len(content) + more, sha256=digest)
    assert keys(place) == []
    nothing_left(request)


def test_a_source_that_breaks_off_leaves_nothing(place: Place, request: pytest.FixtureRequest) -> None:
    class Stop(Exception):
        """What a listener raises to stop."""

    def blocks(error: Exception) -> Iterator[bytes]:
        yield LARGE[:-1000]
        raise error

    for error, told in ((OSError(5, "broken"), UploadSourceChanged), (Stop(), Stop)):
        with pytest.raises(told):
            place.put("key", blocks(error), size=len(LARGE), sha256=sha256(LARGE))
        assert keys(place) == []
        nothing_left(request)


def nothing_left(request: pytest.FixtureRequest) -> None:
    """No temporary file and no part of an upload."""
    if "directory" in request.node.name:
        place = request.getfixturevalue("place")
        assert [path for path in place.directory.rglob("*") if path.is_file()] == []
    elif "moto" in request.node.name:
        uploads = request.getfixturevalue("moto_client").list_multipart_uploads(Bucket="receiving")
        assert uploads.get("Uploads", []) == []
    else:
        assert request.getfixturevalue("strict_s3").uploads == {}


def test_facts_are_kept_where_the_storage_can(place: Place, request: pytest.FixtureRequest) -> None:
    put(place, "key", metadata={"Institution": "Bücherei 100%", "empty": ""})
    found = place.look("key")
    assert found is not None
    expected = {"institution": "Bücherei 100%", "sha256": sha256(CONTENT)}
    assert found.metadata == ({} if "directory" in request.node.name else expected)


def test_a_document_is_replaced_whole(place: Place) -> None:
    for content in (b"{}", b'{"more": 1}'):
        place.replace("notes/report.json", content, metadata={"of": "bag"})
        reader = place.open("notes/report.json")
        assert reader.read() == content
        reader.close()


def test_what_is_missing_is_said_to_be_missing(place: Place) -> None:
    assert place.look("none") is None
    with pytest.raises(StoredObjectMissing):
        place.open("none")
    with pytest.raises(StoredObjectMissing):
        place.prove("none", size=1, sha256=sha256(b"x"))


def test_a_key_that_leads_elsewhere_is_refused(place: Place) -> None:
    works: list[Callable[[str], object]] = [
        place.look,
        place.open,
        lambda key: place.delete([key]),
        lambda key: put(place, key),
    ]
    for key in ("", "/a", "../a", "a//b", "a/../b", "a\nb"):
        for work in works:
            with pytest.raises(StorageUrlInvalid):
                work(key)


def test_removing_what_is_gone_is_no_error(place: Place) -> None:
    for key in ("a", "b/c"):
        put(place, key, b"x")
    place.delete(["a", "b/c", "never/there"])
    place.delete([])
    assert keys(place) == []


def test_only_the_object_that_is_meant_is_removed(place: Place) -> None:
    put(place, "bag.tar", b"one")
    first = place.look("bag.tar")
    place.delete(["bag.tar"])
    put(place, "bag.tar", b"another")
    second = place.look("bag.tar")
    assert first is not None
    assert second is not None
    assert not place.remove("bag.tar", first.etag)
    assert content_of(place, "bag.tar") == b"another"
    assert place.remove("bag.tar", second.etag)
    assert not place.remove("bag.tar", second.etag)
    assert keys(place) == []


def test_an_object_that_comes_between_the_look_and_the_removal_stays(
    strict_s3: StrictS3, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = S3Place(S3Target("strict", "", S3Options(endpoint=strict_s3.endpoint)))
    put(place, "bag.tar", b"one")
    head = place._head

    def overwritten_behind_it(key: str) -> Any:
        answer = head(key)
        place.replace(key, b"another")
        return answer

    monkeypatch.setattr(place, "_head", overwritten_behind_it)
    found = head("bag.tar")
    assert not place.remove("bag.tar", found["ETag"].strip('"'))
    assert content_of(place, "bag.tar") == b"another"


def test_a_removal_from_a_directory_that_was_killed_is_ended_by_the_next_one(tmp_path: Path) -> None:
    place = open_place(str(tmp_path))
    put(place, "bag.tar", b"one")
    found = place.look("bag.tar")
    assert found is not None
    (tmp_path / "bag.tar").rename(tmp_path / ".bag.tar.removed")
    assert place.remove("bag.tar", found.etag)
    assert list(tmp_path.iterdir()) == []
    put(place, "bag.tar", b"another")
    (tmp_path / "bag.tar").rename(tmp_path / ".bag.tar.removed")
    assert not place.remove("bag.tar", found.etag)
    assert content_of(place, "bag.tar") == b"another"


def test_a_list_has_the_order_of_the_keys_and_only_what_was_asked_for(place: Place) -> None:
    names = ["a-b", "a.b", "a/b", "a/b/c", "a0", "aa/b", "b"]
    # a directory cannot have a file and a folder of one name
    names.remove("a/b")
    for name in names:
        put(place, name, b"x")
    assert keys(place) == sorted(names)
    assert keys(place, "a/") == ["a/b/c"]
    assert keys(place, "a/b") == ["a/b/c"]
    assert keys(place, "aa") == ["aa/b"]
    assert keys(place, "none") == []


def test_reading_goes_on_anywhere(place: Place) -> None:
    put(place, "key", LARGE)
    reader = place.open("key")
    for start, size in ((0, 10), (500, 3), (200_000, 1000), (100, 2), (len(LARGE) - 5, 100), (0, 7)):
        assert reader.seek(start) == start
        assert reader.read(size) == LARGE[start : start + size]
        assert reader.tell() == min(start + size, len(LARGE))
    assert reader.seek(-4, os.SEEK_END) == len(LARGE) - 4
    assert reader.seek(2, os.SEEK_CUR) == len(LARGE) - 2
    assert reader.read() == LARGE[-2:]
    reader.seek(len(LARGE) + 10)
    assert reader.read(5) == b""
    reader.close()


def test_an_object_that_changes_under_its_reader_is_noticed(place: Place) -> None:
    place.replace("key", LARGE)
    reader = place.open("key")
    reader.read(10)
    place.replace("key", bytes(reversed(LARGE)))
    reader.seek(300_000)
    with pytest.raises(StoredObjectChanged):
        reader.read(10)
    reader.close()


def test_only_the_object_of_a_tag_is_opened(place: Place) -> None:
    place.replace("key", b"old")
    old = place.look("key")
    assert old is not None
    place.replace("key", b"newer")
    with pytest.raises(StoredObjectChanged):
        place.open("key", old.etag)


def test_a_bag_is_read_from_a_place_without_unpacking_it(place: Place, tmp_path: Path) -> None:
    folder = tmp_path / "bag" / "data"
    folder.mkdir(parents=True)
    (folder / "page").write_bytes(b"page" * 5000)
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as tar:
        tar.add(folder, "bag/data")
    put(place, "bag.tar", written.getvalue())
    reader = place.open("bag.tar")
    bag = TarReader(reader, "bag", reader.size)  # type: ignore[arg-type]
    read = {member.path: b"".join(bag.blocks(member)) for member in bag.members()}
    assert read == {"data/page": b"page" * 5000}
    reader.close()


def test_more_than_a_page_of_keys_is_listed(strict_s3: StrictS3, tmp_path: Path) -> None:
    strict_s3.page_keys = 10
    bucket = open_place("s3://strict", endpoint=strict_s3.endpoint)
    directory = open_place(str(tmp_path))
    names = sorted(f"{number % 3}/{number}" for number in range(35))
    for place in (bucket, directory):
        for name in names:
            put(place, name, b"x")
        strict_s3.requests.clear()
        assert keys(place) == names
        assert len(strict_s3.requests) == (4 if place is bucket else 0)


def test_a_thousand_and_one_keys_of_moto_are_listed_and_removed(moto_endpoint: str, moto_client: Any) -> None:
    place = open_place("s3://receiving", endpoint=moto_endpoint)
    # past the requests, which take moto a hundred times as long
    behind = s3_backends[MOTO_ACCOUNT]["aws"]
    for number in range(1001):
        behind.put_object("receiving", f"{number:04}", b"")
    assert keys(place) == [f"{number:04}" for number in range(1001)]
    place.delete([f"{number:04}" for number in range(1001)])
    assert keys(place) == []


def test_a_connection_that_breaks_is_taken_up_where_it_broke(strict_s3: StrictS3) -> None:
    place = open_place("s3://strict", endpoint=strict_s3.endpoint)
    put(place, "key", LARGE)
    strict_s3.faults["GET"] = ["cut", None, "cut"]
    strict_s3.requests.clear()
    reader = place.open("key")
    assert reader.read() == LARGE
    reader.close()
    assert strict_s3.requests.count("GET") >= 2
    strict_s3.faults["GET"] = ["cut"] * 40
    reader = place.open("key")
    with pytest.raises(StorageUnreachable):
        reader.read()
    reader.close()


def test_a_storage_without_conditions_overwrites_nothing_either(strict_s3: StrictS3) -> None:
    strict_s3.knows_conditions = False
    place = open_place("s3://strict", endpoint=strict_s3.endpoint)
    put(place, "key", b"first")
    with pytest.raises(ObjectExists):
        put(place, "key", b"other")
    assert strict_s3.objects["key"].body == b"first"


def test_of_two_that_put_at_once_the_later_finds_the_first(strict_s3: StrictS3) -> None:
    place = open_place("s3://strict", endpoint=strict_s3.endpoint)

    def race(request: str, moment: str) -> bool:
        if request == "PUT" and moment == "before":
            strict_s3.on_request = lambda *_: False
            put(open_place("s3://strict", endpoint=strict_s3.endpoint), "key", b"the same")
        return False

    strict_s3.on_request = race
    assert put(place, "key", b"the same").was_read_back


def test_a_bucket_that_is_missing_is_not_taken_for_an_empty_one(strict_s3: StrictS3) -> None:
    place = open_place("s3://nowhere", endpoint=strict_s3.endpoint)
    for work in (lambda: list(place.objects()), lambda: place.look("a"), lambda: put(place, "a")):
        with pytest.raises(BucketMissing):
            work()


def test_a_directory_that_is_missing_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    place = open_place(str(tmp_path / "unmounted"))
    works: list[Callable[[], object]] = [
        lambda: list(place.objects()),
        lambda: place.look("a"),
        lambda: place.open("a"),
        lambda: place.prove("a", size=1, sha256=sha256(b"x")),
        lambda: place.delete(["a"]),
    ]
    for work in works:
        with pytest.raises(StorageUnreachable):
            work()
    put(place, "a")
    assert keys(place) == ["a"]


def test_links_pipes_and_hidden_files_are_nobodys_objects(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"of somebody else")
    top = tmp_path / "place"
    top.mkdir()
    (top / ".hidden.tar").write_bytes(b"x")
    (top / ".folder").mkdir()
    (top / ".folder" / "bag.tar").write_bytes(b"x")
    (top / "link.tar").symlink_to(tmp_path / "secret")
    (top / "elsewhere").symlink_to(tmp_path)
    os.mkfifo(top / "pipe.tar")
    place = open_place(str(top))
    assert keys(place) == []
    for key in ("link.tar", "pipe.tar"):
        assert place.look(key) is None
        with pytest.raises(StoredObjectMissing):
            place.open(key)
    with pytest.raises(StoredObjectMissing):
        place.prove("link.tar", size=16, sha256=sha256(b"of somebody else"))


def test_a_file_from_the_future_is_as_old_as_its_arrival(tmp_path: Path) -> None:
    (tmp_path / "bag.tar").write_bytes(b"x")
    os.utime(tmp_path / "bag.tar", (4e9, 4e9))
    (found,) = open_place(str(tmp_path)).objects()
    assert dt.timedelta(seconds=-1) < found.age < dt.timedelta(minutes=1)


def test_a_full_disk_keeps_nothing_half_written(tmp_path: Path) -> None:
    place = open_place(str(tmp_path))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(StorageFull):
            put(place, "key")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert list(tmp_path.iterdir()) == []
    put(place, "key")


KILLED = """
import os, signal, sys
from archive.storage.open_place import open_place
def blocks():
    yield b"x" * 1000
    os.kill(os.getpid(), signal.SIGKILL)
open_place(sys.argv[1]).put("key", blocks(), size=2000, sha256="0" * 64)
"""


def test_a_killed_writer_leaves_nothing_that_counts_and_the_next_one_sweeps(tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False, timeout=60)
    assert ended.returncode == -signal.SIGKILL
    place = open_place(str(tmp_path))
    assert keys(place) == []
    assert len(list(tmp_path.iterdir())) == 1
    put(place, "key")
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_damage_in_a_stored_object_is_told(place: Place, request: pytest.FixtureRequest) -> None:
    put(place, "key")
    damaged = bytes([CONTENT[0] ^ 1]) + CONTENT[1:]
    place.replace("key", damaged)
    with pytest.raises(StoredBytesDiffer):
        place.prove("key", size=len(CONTENT), sha256=sha256(CONTENT))


def test_an_address_that_can_only_be_uploaded_to_is_no_place(tmp_path: Path) -> None:
    for address in ("", "ftp://host/folder", "s3://"):
        with pytest.raises(StorageUrlInvalid):
            open_place(address)
