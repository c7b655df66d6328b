# SPDX-License-Identifier: Apache-2.0
"""An arriving bag is read in one pass, and judged as a bag on a disk is."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.bag.validator import verify_bag
from archive.digest_threads import DigestThreads
from archive.errors import DamagedInTransit
from archive.progress import Progress
from archive.receiving.one_pass import BLOCK, OnePass
from archive.receiving.reading import MOST_TAGS, Arrived, read_arriving
from tests.arrivals import CONTENT, make_bag, make_tar
from tests.broken_bags import (
    DAMAGES,
    HOSTILE_MEMBERS,
    LYING_HEADERS,
    Damage,
    add_members,
    tar_member,
    tar_of,
    unpack,
)

BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


class Stored(io.BytesIO):
    """An object of a place, that notes from where it is read."""

    def __init__(self, content: bytes, told: int | None = None) -> None:
        super().__init__(content)
        self.size = len(content) if told is None else told
        self.offsets: list[int] = []

    def read(self, size: int | None = -1, /) -> bytes:
        """The next bytes."""
        self.offsets.append(self.tell())
        return super().read(size)


def _read(tar: Path) -> Arrived:
    return read_arriving(Stored(tar.read_bytes()), tar.stem)


def _agree(tar: Path) -> None:
    """The one pass finds what the check of a file with the headers walked beforehand finds."""
    report = verify_bag(tar, second_opinion=False)
    arrived = _read(tar).bag
    assert {*arrived.errors} >= {*report.errors}
    assert {finding.rule for finding in arrived.errors} == {finding.rule for finding in report.errors}
    assert not report.valid


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    return make_bag(tmp_path)


@pytest.mark.parametrize(("damage", "expected"), DAMAGES)
def test_damage_is_found_as_on_a_disk(
    damage: Damage, expected: tuple[str, str], bag: Path, tmp_path: Path
) -> None:
    unpack(bag, tmp_path / "spoilt")
    damage(tmp_path / "spoilt" / "letter_1")
    _agree(tar_of(tmp_path / "spoilt" / "letter_1", tmp_path))
    assert expected[0]


@pytest.mark.parametrize(("member", "rule"), HOSTILE_MEMBERS)
def test_hostile_members_are_found_as_on_a_disk(member: tarfile.TarInfo, rule: str, bag: Path) -> None:
    _agree(add_members(bag, member))
    assert rule


@pytest.mark.parametrize(("records", "rule"), LYING_HEADERS, ids=str)
def test_lying_headers_are_found_as_on_a_disk(records: dict[str, str], rule: str, bag: Path) -> None:
    _agree(add_members(bag, tar_member("letter_1/data/honest.txt", size=512, pax_headers=records)))
    assert rule


def test_an_unusual_manifest_behind_its_files_costs_a_second_reading_and_the_digest_stays_right(
    tmp_path: Path,
) -> None:
    content = os.urandom(3 * BLOCK)
    manifest = f"{hashlib.sha3_256(content).hexdigest()}  data/a\n".encode()
    files = {"bagit.txt": BAGIT, "data/a": content, "manifest-sha3256.txt": manifest}
    tar = make_tar(tmp_path / "x.tar", {f"x/{name}": data for name, data in files.items()})
    arrived = _read(tar)
    assert arrived.bag.errors == []
    assert arrived.bag_sha256 == hashlib.sha256(tar.read_bytes()).hexdigest()
    assert arrived.bytes_read > tar.stat().st_size


def test_a_storage_that_stops_before_the_end_is_no_damaged_bag(bag: Path) -> None:
    content = bag.read_bytes()
    with pytest.raises(DamagedInTransit):
        read_arriving(Stored(content[:9000], told=len(content)), "letter_1")


def test_whoever_listens_may_stop_the_reading(bag: Path) -> None:
    class Cancelled(Exception):
        pass

    def cancel(_: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        read_arriving(Stored(bag.read_bytes()), "letter_1", progress=cancel)


def test_what_is_kept_of_a_bag_is_json_that_every_database_takes(tmp_path: Path) -> None:
    files = {
        "bagit.txt": BAGIT,
        "bag-info.txt": b"Note: a\0b\nPayload-Oxum: \0\nno tag \0\n",
        "data/a": b"",
        "manifest-md5.txt": b"d41d8cd98f00b204e9800998ecf8427e  data/a\n\0rubbish\0\n",
    }
    tar = make_tar(tmp_path / "x.tar", {f"x/{name}": data for name, data in files.items()})
    document = json.dumps(_read(tar).to_json())
    assert "\\u0000" not in document
    assert "a\\\\x00b" in document


def test_tags_without_end_are_not_kept_without_end(tmp_path: Path) -> None:
    info = b"Note: " + b"x" * (MOST_TAGS // 4) + b"\n"
    files = {"bagit.txt": BAGIT, "bag-info.txt": info * 6, "data/a": b""}
    tar = make_tar(tmp_path / "x.tar", {f"x/{name}": data for name, data in files.items()})
    assert len(_read(tar).to_json()["tags"]["bag-info.txt"]) == 3


def test_the_root_of_the_chain_of_custody_is_told_and_rubbish_in_its_place_is_an_error(
    tmp_path: Path,
) -> None:
    manifest = b"d41d8cd98f00b204e9800998ecf8427e  data/a\n"
    files = {"bagit.txt": BAGIT, "data/a": b"", "manifest-md5.txt": manifest, "metadata/custody.json": b"{}"}
    tar = make_tar(tmp_path / "x.tar", {f"x/{name}": data for name, data in files.items()})
    arrived = _read(tar)
    assert arrived.chain_root == ""
    assert [(str(finding.rule), finding.file) for finding in arrived.findings] == [
        ("file-unreadable", "metadata/custody.json")
    ]


@pytest.mark.parametrize("seed", range(3))
def test_one_pass_gives_every_stretch_it_is_asked_for(seed: int) -> None:
    content = os.urandom(BLOCK + 200_000 * (seed + 1))
    with DigestThreads() as threads:
        stored = Stored(content)
        file = OnePass(stored, threads)
        for start, size in [
            (0, 512),
            (700, 100_000),
            (699, 3),
            (BLOCK - 5, 10),
            (5, 20),
            (len(content) - 3, 99),
        ]:
            file.seek(start)
            assert file.read(size) == content[start : start + size]
            assert file.tell() == min(start + size, len(content))
        assert file.sha256() == hashlib.sha256(content).hexdigest()
        file.seek(1 << 40)
        assert file.read(1) == b""


def test_going_back_by_a_little_asks_for_nothing_again() -> None:
    content = os.urandom(2 * BLOCK)
    with DigestThreads() as threads:
        stored = Stored(content)
        file = OnePass(stored, threads)
        file.seek(BLOCK + 100)
        file.seek(BLOCK - 1)
        assert file.read(2) == content[BLOCK - 1 : BLOCK + 1]
        assert file.sha256() == hashlib.sha256(content).hexdigest()
    assert stored.offsets == [0, BLOCK]


@given(
    changes=st.lists(
        st.tuples(st.sampled_from(["turn", "drop", "double"]), st.integers(0, 1 << 20), st.integers(0, 255)),
        min_size=1,
        max_size=5,
    )
)
@settings(max_examples=150)
def test_however_a_tar_is_mangled_what_is_taken_for_sound_has_the_payload_that_was_sent(
    changes: list[tuple[str, int, int]], whole_bag: bytes
) -> None:
    mangled = bytearray(whole_bag)
    for what, place, value in changes:
        at = place % len(mangled)
        if what == "turn":
            mangled[at] ^= value
        elif what == "drop":
            del mangled[at : at + 1 + value]
        else:
            mangled[at:at] = mangled[at : at + 512]
    arrived = read_arriving(Stored(bytes(mangled)), "letter_1")
    document = arrived.to_json()
    json.dumps(document).encode()
    assert document["bag_sha256"] == hashlib.sha256(mangled).hexdigest()
    if arrived.is_sound:
        payload = {row["path"]: row["sha256"] for row in arrived.files() if row["path"].startswith("data/")}
        assert payload == {
            f"data/{path}": hashlib.sha256(content).hexdigest() for path, content in CONTENT.items()
        }


@pytest.fixture(scope="module")
def whole_bag(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make_bag(tmp_path_factory.mktemp("whole")).read_bytes()
