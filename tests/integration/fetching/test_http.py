# SPDX-License-Identifier: Apache-2.0
"""Fetching over HTTP from a real server: whole, broken off and continued, and refused."""

from __future__ import annotations

import hashlib
import json
import random
import ssl
from dataclasses import replace
from pathlib import Path

import pytest

from archive.errors import (
    AnswerUnusable,
    HostNotAllowed,
    HostNotTrusted,
    SourceBusy,
    SourceDiffers,
    SourceGone,
    SourceRefused,
    SourceTooLarge,
    SourceUnreachable,
    SourceUrlInvalid,
)
from archive.fetching import unfinished
from archive.fetching.access import Access
from archive.fetching.addresses import Declared, SourceAddress, parse_address
from archive.fetching.download import Fetched, download
from archive.fetching.remote import BLOCK
from archive.fetching.servers import Servers
from archive.progress import Progress
from tests.integration.fetching.web import Web, serve_web
from tests.integration.storage.test_strictness import authority  # noqa: F401 - a fixture

CONTENT = random.Random(4).randbytes(3 << 20)  # noqa: S311 - contents, no secret
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def fetch(
    web: Web, path: str, destination: Path, access: Access | None = None, **declared: object
) -> Fetched:
    address = replace(parse_address(web.url + path), declared=Declared(**declared))  # type: ignore[arg-type]
    with Servers(access or Access(timeout=10)) as servers:
        return download(servers, address, destination)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_arrives_whole_with_its_digests_and_nothing_beside_it(web: Web, tmp_path: Path) -> None:
    web.files["/vol 1/0001.tif"] = CONTENT
    fetched = fetch(web, "/vol%201/0001.tif", tmp_path / "in" / "0001.tif", sha256=DIGEST, size=len(CONTENT))
    assert (tmp_path / "in" / "0001.tif").read_bytes() == CONTENT
    assert fetched.sha256 == DIGEST
    assert fetched.md5 == hashlib.md5(CONTENT).hexdigest()  # noqa: S324 - as bags have it
    assert (fetched.size, fetched.etag, fetched.resumed_at) == (
        len(CONTENT),
        web.etag_of("/vol 1/0001.tif"),
        0,
    )
    assert names_in(tmp_path / "in") == ["0001.tif"]


def test_a_broken_connection_is_told_and_the_next_attempt_goes_on_from_there(
    web: Web, tmp_path: Path
) -> None:
    web.files["/a.tif"] = CONTENT
    web.faults["/a.tif"] = [("cut", 2 << 20)]
    with pytest.raises(SourceUnreachable, match=r"ended after 2097152 of 3145728 bytes"):
        fetch(web, "/a.tif", tmp_path / "a.tif")
    assert not (tmp_path / "a.tif").exists()
    fetched = fetch(web, "/a.tif", tmp_path / "a.tif")
    assert fetched.resumed_at == 2 << 20
    assert fetched.sha256 == DIGEST
    assert web.requests[-1] == ("/a.tif", "bytes=2097152-")
    assert names_in(tmp_path) == ["a.tif"]


def test_only_what_is_surely_on_disk_is_built_upon(web: Web, tmp_path: Path) -> None:
    web.files["/a.tif"] = CONTENT
    web.faults["/a.tif"] = [("cut", 2 << 20)]
    with pytest.raises(SourceUnreachable) as told:
        fetch(web, "/a.tif", tmp_path / "a.tif")
    assert told.value.facts["arrived"] == 2 << 20
    # what a process wrote last before it died, and the file system never finished
    with (tmp_path / ".a.tif.fetching").open("ab") as part:
        part.write(bytes(1000))
    fetched = fetch(web, "/a.tif", tmp_path / "a.tif")
    assert (fetched.resumed_at, fetched.sha256) == (2 << 20, DIGEST)


def test_a_killed_process_loses_no_more_than_since_the_last_sync(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unfinished, "SYNCED", 1 << 20)
    web.files["/a.tif"] = CONTENT
    address = parse_address(f"{web.url}/a.tif")
    kept: list[dict[str, object]] = []

    def look() -> None:
        note = tmp_path / ".a.tif.fetching.json"
        if note.exists():
            kept.append(json.loads(note.read_bytes()))

    with Servers(Access()) as servers:
        download(servers, address, tmp_path / "a.tif", still=look)
    sizes = [int(str(note["kept"])) for note in kept]
    assert sizes[0] >= 1 << 20
    assert sizes[-1] >= 2 << 20


def test_a_file_that_changed_meanwhile_is_fetched_anew(web: Web, tmp_path: Path) -> None:
    web.files["/a.tif"] = CONTENT
    web.faults["/a.tif"] = [("cut", 2 << 20)]
    with pytest.raises(SourceUnreachable):
        fetch(web, "/a.tif", tmp_path / "a.tif")
    web.files["/a.tif"] = CONTENT[::-1]
    fetched = fetch(web, "/a.tif", tmp_path / "a.tif")
    assert (fetched.resumed_at, fetched.sha256) == (0, hashlib.sha256(CONTENT[::-1]).hexdigest())


def test_a_file_that_became_shorter_meanwhile_is_fetched_anew(web: Web, tmp_path: Path) -> None:
    web.files["/a.tif"] = CONTENT
    web.faults["/a.tif"] = [("cut", 2 << 20), ("status", 416, {})]
    with pytest.raises(SourceUnreachable):
        fetch(web, "/a.tif", tmp_path / "a.tif")
    web.files["/a.tif"] = CONTENT[:1000]
    assert fetch(web, "/a.tif", tmp_path / "a.tif").size == 1000


def test_a_server_without_ranges_begins_anew(web: Web, tmp_path: Path) -> None:
    web.knows_ranges = False
    web.files["/a.tif"] = CONTENT
    web.faults["/a.tif"] = [("cut", 2 << 20)]
    with pytest.raises(SourceUnreachable):
        fetch(web, "/a.tif", tmp_path / "a.tif")
    fetched = fetch(web, "/a.tif", tmp_path / "a.tif")
    assert (fetched.resumed_at, fetched.sha256) == (0, DIGEST)


def test_a_server_without_tags_is_never_asked_for_a_part(web: Web, tmp_path: Path) -> None:
    web.tells_etags = False
    web.files["/a.tif"] = CONTENT
    web.faults["/a.tif"] = [("cut", 2 << 20)]
    with pytest.raises(SourceUnreachable):
        fetch(web, "/a.tif", tmp_path / "a.tif")
    assert fetch(web, "/a.tif", tmp_path / "a.tif").sha256 == DIGEST
    assert web.requests[-1] == ("/a.tif", None)


def test_a_damaged_beginning_does_not_spoil_the_whole(web: Web, tmp_path: Path) -> None:
    web.files["/a.tif"] = CONTENT
    web.faults["/a.tif"] = [("cut", 2 << 20)]
    with pytest.raises(SourceUnreachable):
        fetch(web, "/a.tif", tmp_path / "a.tif")
    part = tmp_path / ".a.tif.fetching"
    part.write_bytes(b"?" + part.read_bytes()[1:])
    fetched = fetch(web, "/a.tif", tmp_path / "a.tif", sha256=DIGEST)
    assert (fetched.resumed_at, (tmp_path / "a.tif").read_bytes()) == (0, CONTENT)


@pytest.mark.parametrize(
    "declared", [{"sha256": "0" * 64}, {"md5": "0" * 32}, {"size": len(CONTENT) + 1}, {"size": 5}]
)
def test_a_file_other_than_the_declared_one_is_thrown_away(
    web: Web, tmp_path: Path, declared: dict[str, object]
) -> None:
    web.files["/a.tif"] = CONTENT
    with pytest.raises(SourceDiffers) as told:
        fetch(web, "/a.tif", tmp_path / "a.tif", **declared)
    assert told.value.retry == "after_operator"
    assert not (tmp_path / "a.tif").exists()


def test_a_file_larger_than_allowed_is_refused_before_it_comes(web: Web, tmp_path: Path) -> None:
    web.files["/a.tif"] = CONTENT
    with pytest.raises(SourceTooLarge):
        fetch(web, "/a.tif", tmp_path / "a.tif", Access(largest_file=1 << 20))
    assert (tmp_path / ".a.tif.fetching").stat().st_size == 0


@pytest.mark.parametrize(
    ("status", "error", "retry"),
    [
        (401, SourceRefused, "after_operator"),
        (403, SourceRefused, "after_operator"),
        (404, SourceGone, "after_operator"),
        (410, SourceGone, "after_operator"),
        (500, SourceUnreachable, "auto"),
        (502, SourceUnreachable, "auto"),
        (418, AnswerUnusable, "after_operator"),
    ],
)
def test_what_the_server_answers_names_the_state(
    web: Web, tmp_path: Path, status: int, error: type[Exception], retry: str
) -> None:
    web.files["/a.tif"] = CONTENT
    web.faults["/a.tif"] = [("status", status, {})]
    with pytest.raises(error) as told:
        fetch(web, "/a.tif", tmp_path / "a.tif")
    assert told.value.retry == retry  # type: ignore[attr-defined]


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_asks_to_wait_is_given_its_time(web: Web, tmp_path: Path, status: int) -> None:
    web.files["/a.tif"] = CONTENT
    web.faults["/a.tif"] = [("status", status, {"Retry-After": "77"})]
    with pytest.raises(SourceBusy) as told:
        fetch(web, "/a.tif", tmp_path / "a.tif")
    assert told.value.facts["not_before_seconds"] == 77
    assert told.value.retry == "auto"


def test_a_server_that_says_nothing_is_not_waited_for_for_ever(web: Web, tmp_path: Path) -> None:
    web.files["/a.tif"] = CONTENT
    web.faults["/a.tif"] = ["silence"]
    with pytest.raises(SourceUnreachable, match="in time"):
        fetch(web, "/a.tif", tmp_path / "a.tif", Access(timeout=0.2))


def test_a_connection_closed_without_an_answer_is_worth_another_attempt(web: Web, tmp_path: Path) -> None:
    web.faults["/a.tif"] = ["drop"]
    with pytest.raises(SourceUnreachable):
        fetch(web, "/a.tif", tmp_path / "a.tif")


def test_a_redirect_on_the_same_host_is_followed(web: Web, tmp_path: Path) -> None:
    web.files["/new.tif"] = CONTENT
    web.faults["/a.tif"] = [("redirect", f"{web.url}/new.tif?X-Amz-Signature=abc")]
    fetched = fetch(web, "/a.tif", tmp_path / "a.tif")
    assert (fetched.sha256, fetched.url) == (DIGEST, f"{web.url}/a.tif")


def test_a_redirect_to_another_host_is_refused_until_it_is_allowed(web: Web, tmp_path: Path) -> None:
    with serve_web() as other:
        other.files["/a.tif"] = CONTENT
        elsewhere = other.url.replace("http://", "")
        web.faults["/a.tif"] = [("redirect", f"{other.url}/a.tif")] * 2
        with pytest.raises(HostNotAllowed):
            fetch(web, "/a.tif", tmp_path / "a.tif")
        assert not other.requests
        fetched = fetch(web, "/a.tif", tmp_path / "a.tif", Access(redirect_hosts=(elsewhere,)))
        assert fetched.sha256 == DIGEST


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/a", "gopher://127.0.0.1/"])
def test_a_redirect_to_another_kind_of_place_is_never_followed(web: Web, tmp_path: Path, target: str) -> None:
    web.faults["/a.tif"] = [("redirect", target)]
    with pytest.raises((AnswerUnusable, HostNotAllowed, SourceUrlInvalid)):
        fetch(web, "/a.tif", tmp_path / "a.tif", Access(redirect_hosts=("127.0.0.1",)))
    assert not (tmp_path / "a.tif").exists()


def test_a_host_that_the_settings_do_not_name_is_not_asked(web: Web, tmp_path: Path) -> None:
    web.files["/a.tif"] = CONTENT
    with pytest.raises(HostNotAllowed):
        fetch(web, "/a.tif", tmp_path / "a.tif", Access(hosts=("archive.example.org", "*.example.org")))
    assert not web.requests


def test_a_kept_password_is_sent_to_its_host_only(web: Web, tmp_path: Path) -> None:
    web.password = "opensesame"  # noqa: S105 - of a server in this process
    web.files["/a.tif"] = CONTENT
    address = parse_address(web.url.replace("//", "//anna@") + "/a.tif")
    access = Access(password_of=lambda asked: "opensesame" if asked.user == "anna" else None)
    with Servers(access) as servers:
        assert download(servers, address, tmp_path / "a.tif").sha256 == DIGEST
        web.faults["/b.tif"] = []
        with pytest.raises(SourceRefused):
            download(servers, parse_address(f"{web.url}/a.tif"), tmp_path / "b.tif")


def test_a_compressed_answer_is_not_taken_for_the_file(web: Web, tmp_path: Path) -> None:
    web.files["/a.tif"] = CONTENT
    web.faults["/a.tif"] = [("headers", {"Content-Encoding": "gzip"})]
    with pytest.raises(AnswerUnusable):
        fetch(web, "/a.tif", tmp_path / "a.tif")


def test_a_file_that_comes_in_chunks_without_its_length_is_whole_or_told(web: Web, tmp_path: Path) -> None:
    web.files["/a.tif"] = CONTENT
    web.faults["/a.tif"] = [("chunks", 1 << 30), ("chunks", 1 << 20)]
    assert fetch(web, "/a.tif", tmp_path / "a.tif").sha256 == DIGEST
    with pytest.raises(SourceUnreachable):
        fetch(web, "/a.tif", tmp_path / "b.tif")
    assert not (tmp_path / "b.tif").exists()


def test_a_server_must_prove_who_it_is(authority: Path, tmp_path: Path) -> None:  # noqa: F811
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority)
    with serve_web(context) as web:
        web.files["/a.tif"] = CONTENT
        with pytest.raises(HostNotTrusted) as told:
            fetch(web, "/a.tif", tmp_path / "a.tif")
        assert "ca_file" in told.value.remedy
        assert not web.requests
        assert fetch(web, "/a.tif", tmp_path / "a.tif", Access(ca=authority)).sha256 == DIGEST


class Cancelled(Exception):
    """What a listener raises."""


def test_a_download_that_is_cancelled_stops_at_once_and_keeps_what_arrived(web: Web, tmp_path: Path) -> None:
    web.files["/a.tif"] = CONTENT
    address = parse_address(f"{web.url}/a.tif")

    def cancel() -> None:
        raise Cancelled

    with Servers(Access()) as servers, pytest.raises(Cancelled):
        download(servers, address, tmp_path / "a.tif", still=cancel)
    arrived = (tmp_path / ".a.tif.fetching").stat().st_size
    assert 0 < arrived <= BLOCK
    assert fetch(web, "/a.tif", tmp_path / "a.tif").resumed_at == arrived


def test_a_disk_without_room_is_told_before_the_first_byte(web: Web, tmp_path: Path) -> None:
    web.files["/a.tif"] = CONTENT
    asked: list[int | None] = []

    def admit(size: int | None) -> None:
        asked.append(size)
        raise Cancelled

    with Servers(Access()) as servers, pytest.raises(Cancelled):
        download(servers, parse_address(f"{web.url}/a.tif"), tmp_path / "a.tif", admit=admit)
    assert asked == [len(CONTENT)]


def test_two_processes_do_not_write_the_same_file(web: Web, tmp_path: Path) -> None:
    web.files["/a.tif"] = CONTENT
    address = parse_address(f"{web.url}/a.tif")
    told: list[str] = []

    def meanwhile(progress: Progress) -> None:
        if not told:
            with Servers(Access()) as other, pytest.raises(SourceBusy) as busy:
                download(other, address, tmp_path / "a.tif")
            told.append(busy.value.message)

    with Servers(Access()) as servers:
        assert download(servers, address, tmp_path / "a.tif", progress=meanwhile).sha256 == DIGEST
    assert told


def test_the_place_of_an_address_may_be_one_of_ipv6() -> None:
    assert SourceAddress("https", "::1", 8080).url == "https://[::1]:8080"
