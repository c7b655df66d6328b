# SPDX-License-Identifier: Apache-2.0
"""A bag is read once where it arrived; what changes, vanishes or dies meanwhile leaves nothing half done."""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from archive.receiving.formats import HEAD
from archive.registry.events import read_events, verify_chain
from archive.registry.ingest_facts import Outcome, set_outcome
from archive.registry.kept_objects import find_object
from archive.registry.received_files import all_received
from archive.registry.receiving_tables import (
    ArchivalObjectRow,
    InstitutionRow,
    ReceivedFileRow,
)
from archive.registry.states import State
from archive.registry.tables import UnitRow
from archive.storage.directory_reader import DirectoryReader
from tests.arrivals import CONTENT, INSTITUTION, Arrival, ReceivingSite, make_bag, make_tar
from tests.broken_bags import HOSTILE_MEMBERS, add_members, tar_member
from tests.killed_unit import killed_in
from workers.run_unit import run_unit


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[int, int]]]:
    """Offset and bytes of each piece that is read of an arriving bag."""
    pieces: list[tuple[int, int]] = []
    honest = DirectoryReader.read

    def noted(self: DirectoryReader, size: int = -1, /) -> bytes:
        offset = self.tell()
        block = honest(self, size)
        pieces.append((offset, len(block)))
        return block

    monkeypatch.setattr(DirectoryReader, "read", noted)
    return pieces


def _pages(count: int, size: int = 1 << 19) -> dict[str, bytes]:
    return {f"masters/{number:04d}.tif": b"II*\0" + bytes([number]) * size for number in range(count)}


@pytest.mark.parametrize("manifests", ["first", "last"])
def test_a_bag_is_read_once_from_its_first_byte_to_its_last(
    manifests: str, site: ReceivingSite, tmp_path: Path, asked: list[tuple[int, int]]
) -> None:
    tar = make_bag(tmp_path, content=_pages(6))
    with tarfile.open(tar) as bag:
        files = {file.name: bag.extractfile(file).read() for file in bag if file.isreg()}  # type: ignore[union-attr]
    by_kind = sorted(files, key=lambda name: ("manifest-" in name) == (manifests == "last"))
    make_tar(tar, {name: files[name] for name in by_kind})
    arrived = site.deposit(tar, told_right=True)
    arrived.run("receive")
    end = 0
    for offset, size in asked:
        assert offset == end
        end += size
    assert end == tar.stat().st_size
    result = arrived.unit("receive").result
    assert result is not None
    assert (result["bytes"], result["errors"]) == (end, 0)
    assert result["bag_sha256"] == hashlib.sha256(tar.read_bytes()).hexdigest()


def test_each_file_is_found_again_in_the_tar_with_all_its_digests(
    site: ReceivingSite, tmp_path: Path
) -> None:
    tar = make_bag(tmp_path)
    arrived = site.deposit(tar)
    arrived.run("receive")
    whole = tar.read_bytes()
    found = {}
    for row in _files(arrived):
        data = whole[row.offset : row.offset + row.size]
        assert row.md5 == hashlib.md5(data, usedforsecurity=False).hexdigest()
        assert (row.sha256, row.sha512) == (
            hashlib.sha256(data).hexdigest(),
            hashlib.sha512(data).hexdigest(),
        )
        found[row.path] = data
    assert {path: found[f"data/{path}"] for path in CONTENT} == CONTENT
    assert {"bagit.txt", "bag-info.txt", "aptrust-info.txt", "manifest-md5.txt"} < found.keys()
    read = arrived.reading
    assert read["payload_sha256"] == hashlib.sha256(found["manifest-sha256.txt"]).hexdigest()
    assert read["tag_manifest_sha256"] == hashlib.sha256(found["tagmanifest-sha256.txt"]).hexdigest()
    assert (read["payload_files"], read["payload_bytes"]) == (4, 7332)
    assert ["Title", "A letter"] in read["tags"]["aptrust-info.txt"]


def _files(arrived: Arrival) -> list[ReceivedFileRow]:
    return list(all_received(arrived.site.registry.reading, arrived.key))


def test_formats_and_the_object_are_told(site: ReceivingSite, tmp_path: Path) -> None:
    content = {**CONTENT, "masters/0003.tif": b"\xff\xd8\xff\xdb" + bytes(HEAD)}
    arrived = site.deposit(make_bag(tmp_path, content=content))
    arrived.run("receive", "validate-bag", "identify")
    formats = {row.path: (row.format or {})["puid"] for row in _files(arrived)}
    assert formats["data/masters/0001.tif"] == "fmt/353"
    assert formats["data/ocr/0001.txt"] == "x-fmt/111"
    assert formats["data/empty.txt"] == ""
    read = arrived.reading
    assert read["formats"]["Tagged Image File Format"] == 2
    assert [(told["rule"], told["file"]) for told in read["warnings"] if told["rule"] == "format"] == [
        ("format", "data/masters/0003.tif")
    ]
    with site.registry.reading() as session:
        row = find_object(session, f"{INSTITUTION}/letter_1")
        assert arrived.item.object == row.id
        assert verify_chain(session, row.chain).whole


@pytest.mark.parametrize(
    ("tags", "profile", "option"),
    [
        ({"aptrust-info.txt": {"Storage-Option": "Glacier-OH"}}, "aptrust-2.3", "Glacier-OH"),
        ({"bag-info.txt": {"aptrust-storage-option": " Glacier-OH "}}, "bagit-1.0", "Glacier-OH"),
        ({"bag-info.txt": {"APTrust-Storage-Option": ""}}, "bagit-1.0", "Standard"),
        ({}, "bagit-1.0", "Standard"),
    ],
)
def test_the_storage_option_is_the_one_the_bag_names_or_the_depositors_own(
    tags: dict[str, dict[str, str]], profile: str, option: str, site: ReceivingSite, tmp_path: Path
) -> None:
    if profile == "aptrust-2.3":
        tags["aptrust-info.txt"] |= {"Title": "A letter", "Access": "Institution"}
    arrived = site.deposit(make_bag(tmp_path, tags=tags or {"bag-info.txt": {}}, profile=profile))
    arrived.run("receive", "validate-bag", "identify")
    with site.registry.reading() as session:
        assert session.scalars(select(ArchivalObjectRow.storage_option)).one() == option


def test_an_object_stays_where_its_first_bag_put_it(site: ReceivingSite, tmp_path: Path) -> None:
    tags = {
        "aptrust-info.txt": {"Title": "A letter", "Access": "Institution", "Storage-Option": "Glacier-OH"}
    }
    site.deposit(make_bag(tmp_path, tags=tags)).run()
    tags["aptrust-info.txt"]["Storage-Option"] = "Standard"
    again = site.deposit(make_bag(tmp_path, tags=tags))
    again.run("receive", "validate-bag", "identify")
    (told,) = [told for told in again.reading["warnings"] if told["rule"] == "storage-option"]
    assert "Glacier-OH since its first bag" in told["message"]


def test_a_bag_that_grew_since_it_was_seen_is_left_to_the_reader_of_buckets(
    site: ReceivingSite, tmp_path: Path
) -> None:
    arrived = site.deposit(make_bag(tmp_path))
    with (site.receiving / "letter_1.tar").open("ab") as growing:
        growing.write(bytes(1024))
    _is_lost(arrived, Outcome.SUPERSEDED)
    assert (site.receiving / "letter_1.tar").is_file()


def test_a_bag_that_grows_while_it_is_read_is_judged_by_nobody(
    site: ReceivingSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived = site.deposit(make_bag(tmp_path, content=_pages(6)))
    honest, calls = DirectoryReader.read, 0

    def growing(self: DirectoryReader, size: int = -1, /) -> bytes:
        nonlocal calls
        calls += 1
        if calls == 2:
            with (site.receiving / "letter_1.tar").open("ab") as file:
                file.write(bytes(1024))
        return honest(self, size)

    monkeypatch.setattr(DirectoryReader, "read", growing)
    _is_lost(arrived, Outcome.SUPERSEDED)


def test_bytes_that_were_damaged_on_their_way_here_refuse_no_bag(
    site: ReceivingSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived = site.deposit(make_bag(tmp_path))
    honest, turned = DirectoryReader.read, False

    def flaky(self: DirectoryReader, size: int = -1, /) -> bytes:
        nonlocal turned
        block = honest(self, size)
        if turned:
            return block
        turned = True
        return block.replace(b"Ein Brief", b"Kein Brie")

    monkeypatch.setattr(DirectoryReader, "read", flaky)
    run_unit(site.node, arrived.unit("receive").id, "test")
    unit = arrived.unit("receive")
    assert (unit.error or {})["code"] == "storage.damaged_in_transit"
    assert arrived.item.outcome == ""
    with site.registry.transaction() as session:
        session.execute(update(UnitRow).values(next_attempt_at=0.0))
    arrived.run()
    assert arrived.item.outcome == Outcome.INGESTED


def test_a_bag_that_is_gone_may_come_again(site: ReceivingSite, tmp_path: Path) -> None:
    bag = make_bag(tmp_path)
    arrived = site.deposit(bag, told_right=True)
    (site.receiving / "letter_1.tar").unlink()
    _is_lost(arrived, Outcome.GONE)
    again = site.deposit(bag, told_right=True)
    again.run()
    assert again.item.outcome == Outcome.INGESTED


def _is_lost(arrived: Arrival, outcome: Outcome) -> None:
    arrived.run()
    assert {unit.state for unit in arrived.units()} == {State.DONE}
    item = arrived.item
    assert (item.outcome, item.blocking, item.reading) == (outcome, False, None)
    assert item.ended_at is not None
    assert (arrived.files(), arrived.site.kept()) == (0, [])
    assert [path.name for path in arrived.site.receiving.iterdir() if path.suffix != ".tar"] == []


def test_a_bag_that_a_newer_one_superseded_goes_no_further(site: ReceivingSite, tmp_path: Path) -> None:
    arrived = site.deposit(make_bag(tmp_path))
    arrived.run("receive")
    with site.registry.transaction() as session:
        set_outcome(session, arrived.key, Outcome.SUPERSEDED)
    arrived.run()
    assert {unit.state for unit in arrived.units()} == {State.DONE}
    result = arrived.unit("identify").result
    assert result is not None
    assert result["skipped"]["code"] == "ingest.superseded"
    assert (arrived.item.object, arrived.files(), site.kept()) == (None, 0, [])


def test_a_receiving_location_that_is_away_is_waited_for(site: ReceivingSite, tmp_path: Path) -> None:
    arrived = site.deposit(make_bag(tmp_path))
    away = site.receiving.rename(site.folder / "away")
    arrived.run()
    unit = arrived.unit("receive")
    assert (unit.state, unit.attempts) == (State.WAITING, 0)
    assert (unit.error or {})["code"] == "receiving.location_away"
    away.rename(site.receiving)
    with site.registry.transaction() as session:
        session.execute(update(UnitRow).values(next_attempt_at=0.0))
    arrived.run()
    assert arrived.item.outcome == Outcome.INGESTED


@pytest.mark.parametrize(
    ("place", "count"),
    [("archive.receiving.one_pass:OnePass._fetch", 3), ("workers.receiving.receive:keep_reading", 1)],
    ids=["while it is read", "when its files are written"],
)
def test_a_worker_that_is_killed_while_it_receives_leaves_nothing_to_be_done_twice(
    place: str, count: int, site: ReceivingSite, tmp_path: Path
) -> None:
    arrived = site.deposit(make_bag(tmp_path, content=_pages(6)), told_right=True)
    killed_in(site.node, arrived.unit("receive").id, place, count)
    arrived.run("receive", "validate-bag", "identify")
    assert arrived.unit("receive").attempts == 2
    assert arrived.files() == arrived.reading["files"] == len({row.path for row in _files(arrived)})
    arrived.run()
    assert arrived.item.outcome == Outcome.INGESTED
    assert arrived.files() == 0


def test_a_worker_that_is_killed_while_it_refuses_a_bag_tells_it_once(
    site: ReceivingSite, tmp_path: Path
) -> None:
    bag = add_members(make_bag(tmp_path), tar_member("letter_1/data/new", size=3))
    arrived = site.deposit(bag)
    arrived.run("receive")
    killed_in(site.node, arrived.unit("validate-bag").id, "archive.registry.ledger:complete")
    arrived.run("validate-bag")
    before = arrived.reading
    arrived.run("identify", "store", "verify", "record")
    killed_in(site.node, arrived.unit("receipt").id, "workers.receiving.refusal:Refusal")
    arrived.run()
    assert arrived.item.outcome == Outcome.REFUSED
    assert arrived.reading["errors"] == before["errors"]
    assert sorted(path.name for path in site.receiving.rglob("*.refused.txt")) == [
        "letter_1.tar.refused.txt",
        "letter_1.tar.refused.txt",
    ]
    assert not (site.receiving / "letter_1.tar").exists()
    assert site.kept() == []
    with site.registry.reading() as session:
        told = [event["type"] for event in read_events(session, arrived.batch)]
    assert (told.count("validation"), told.count("quarantine")) == (1, 1)


def test_a_bag_goes_to_the_quarantine_that_its_depositor_has(site: ReceivingSite, tmp_path: Path) -> None:
    quarantine = site.folder / "aside"
    with site.registry.transaction() as session:
        session.get_one(InstitutionRow, INSTITUTION).quarantine = str(quarantine)
    bag = add_members(make_bag(tmp_path), tar_member("letter_1/data/new", size=3))
    arrived = site.deposit(bag)
    arrived.run()
    assert (quarantine / str(arrived.key) / "letter_1.tar").read_bytes() == bag.read_bytes()
    assert {path.name for path in site.receiving.iterdir()} == {
        "letter_1.tar.refused.json",
        "letter_1.tar.refused.txt",
    }


def test_a_refused_bag_that_was_mended_is_kept_under_its_name(site: ReceivingSite, tmp_path: Path) -> None:
    """All that can be hidden in a tar at once; then the bag as it should have been."""
    hostile = add_members(make_bag(tmp_path), *(member for member, _ in HOSTILE_MEMBERS))
    refused = site.deposit(hostile)
    refused.run()
    told = {error["rule"] for error in refused.reading["errors"]}
    assert (refused.item.outcome, site.kept()) == (Outcome.REFUSED, [])
    assert told >= {rule for _, rule in HOSTILE_MEMBERS}
    mended = site.deposit(make_bag(tmp_path))
    mended.run()
    assert (mended.item.outcome, mended.item.version) == (Outcome.INGESTED, 1)
    assert {path.name for path in site.receiving.iterdir()} == {"letter_1.tar.receipt.json", "quarantine"}
