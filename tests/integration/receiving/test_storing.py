# SPDX-License-Identifier: Apache-2.0
"""A bag that arrived is kept in every location of its option, becomes a version, and is answered with a receipt."""

from __future__ import annotations

import hashlib
import json
import shutil
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from archive.bag.validator import verify_bag
from archive.custody.key_folder import KeyFolder
from archive.errors import StoredBytesDiffer
from archive.progress import ProgressCallback, no_progress
from archive.receiving.inventory import read_inventory
from archive.receiving.receipts import ReceiptRefused, prove_receipt
from archive.registry.content_copies import MISMATCH, UNREACHABLE, VERIFIED
from archive.registry.decisions import retry_units
from archive.registry.events import read_events, verify_chain
from archive.registry.ingest_facts import Outcome
from archive.registry.kept_objects import find_object, page_of_files, versions_of
from archive.registry.receiving_tables import ContentCopyRow, ContentRow, VersionFileRow
from archive.registry.states import State
from archive.registry.tables import UnitRow
from archive.storage.directory_place import DirectoryPlace
from archive.storage.place import Place
from archive.storage.target import Proof, StoredCopy
from tests.arrivals import CONTENT, INSTITUTION, Arrival, ReceivingSite, make_bag
from workers.node import Node
from workers.settings import load_settings

OBJECT = f"{INSTITUTION}/letter_1"
MASTER = hashlib.sha256(CONTENT["masters/0001.tif"]).hexdigest()
CHANGED = {**CONTENT, "ocr/0001.txt": b"A letter from Cologne\n"}


def events(site: ReceivingSite) -> list[str]:
    """What the object's chain tells, in its order."""
    with site.registry.reading() as session:
        chain = find_object(session, OBJECT).chain
        assert verify_chain(session, chain).whole
        return [event["type"] for event in read_events(session, chain)]


def counts(site: ReceivingSite) -> tuple[int, int, int]:
    """Contents, copies and files of versions in the registry."""
    with site.registry.reading() as session:
        return tuple(
            session.scalars(select(func.count()).select_from(table)).one()
            for table in (ContentRow, ContentCopyRow, VersionFileRow)
        )


def restored(location: Path, uid: str, version: int, folder: Path) -> Path:
    """A version rebuilt by its inventory alone, as somebody would who has nothing but the location."""
    inventory = location / "objects" / uid / f"v{version}" / "inventory.json"
    told, name = inventory.with_name("inventory.json.sha256").read_text().split()
    assert (hashlib.sha256(inventory.read_bytes()).hexdigest(), inventory.name) == (told, name)
    document = read_inventory(inventory.read_bytes())
    top = folder / document["bag"]["name"]
    for file in document["files"]:
        target = top / file["path"]
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(location / file["key"], target)
    return top


def at_once(arrival: Arrival) -> None:
    """Let nothing of an ingest wait for its time."""
    with arrival.site.registry.transaction() as session:
        session.execute(update(UnitRow).where(UnitRow.batch == arrival.batch).values(next_attempt_at=0.0))


def test_a_good_bag_is_kept_recorded_and_answered(site: ReceivingSite, tmp_path: Path) -> None:
    tar = make_bag(tmp_path)
    arrival = site.deposit(tar)
    ran = arrival.run()
    assert ran == [
        "receive",
        "validate-bag",
        "identify",
        *("store", "store", "verify", "verify"),
        "record",
        "receipt",
        "clean-up",
    ]
    item = arrival.item
    assert (item.outcome, item.version, item.blocking) == (Outcome.INGESTED, 1, False)
    assert item.ended_at is not None
    assert arrival.files() == 0
    with tarfile.open(tar) as members:
        files = sum(member.isfile() for member in members)
    # and two documents about them
    assert counts(site) == (files + 2, 2 * (files + 2), files)
    with site.registry.reading() as session:
        kept = find_object(session, OBJECT)
        assert (kept.title, kept.access, kept.version) == ("A letter", "Institution", 1)
        (version,) = versions_of(session, kept.id)
        assert set(session.scalars(select(ContentCopyRow.state))) == {VERIFIED}
        assert min(session.scalars(select(ContentCopyRow.checked_at))) > 0
    assert (version.bag_sha256, version.payload_files) == (
        hashlib.sha256(tar.read_bytes()).hexdigest(),
        len(CONTENT),
    )
    assert events(site) == [
        "creation",
        "message digest calculation",
        "validation",
        "format identification",
        *("replication", "fixity check") * 2,
        "ingestion",
    ]
    for number, location in enumerate(site.locations):
        bag = restored(location, kept.uid, 1, tmp_path / f"restored{number}")
        assert verify_bag(bag).valid
        assert (bag / "data/masters/0001.tif").read_bytes() == CONTENT["masters/0001.tif"]
    assert [path.name for path in site.receiving.iterdir()] == ["letter_1.tar.receipt.json"]


def test_the_receipt_is_proved_by_the_public_key_alone(site: ReceivingSite, tmp_path: Path) -> None:
    tar = make_bag(tmp_path)
    site.deposit(tar).run()
    content = (site.receiving / "letter_1.tar.receipt.json").read_bytes()
    keys = KeyFolder(site.node.settings.key_directory).public_keys()
    receipt = prove_receipt(content, keys)
    assert receipt.keeps
    assert receipt.bag_sha256 == hashlib.sha256(tar.read_bytes()).hexdigest()
    assert [copy["proof"] for copy in receipt.document["copies"]] == ["whole-digest-read-back"] * 2
    assert receipt.document["object"] == OBJECT
    for forged in (
        content.replace(b'"ingested"', b'"refused!"'),
        content.replace(b":", b": ", 1),
        content[:-20],
        b"{}",
        json.dumps(json.loads(content)).encode(),
    ):
        with pytest.raises(ReceiptRefused):
            prove_receipt(forged, keys)
    with pytest.raises(ReceiptRefused, match="nobody here knows"):
        prove_receipt(content, {})
    site.deposit(make_bag(tmp_path, content=CHANGED)).run()
    second = prove_receipt((site.receiving / "letter_1.tar.receipt.json").read_bytes(), keys)
    assert (second.document["version"], second.keeps) == (2, True)


def test_the_same_bag_again_stores_nothing_and_is_answered_again(site: ReceivingSite, tmp_path: Path) -> None:
    tar = make_bag(tmp_path)
    site.deposit(tar).run()
    kept, before = site.kept(), counts(site)
    (site.receiving / "letter_1.tar.receipt.json").unlink()
    again = site.deposit(tar)
    again.run()
    assert (again.item.outcome, again.item.version) == (Outcome.UNCHANGED, 1)
    assert (site.kept(), counts(site)) == (kept, before)
    assert events(site)[-2:] == ["ingestion", "ingestion"]
    answer = json.loads((site.receiving / "letter_1.tar.receipt.json").read_bytes())["receipt"]
    assert (answer["verdict"], answer["version"], len(answer["copies"])) == ("unchanged", 1, 2)


def test_a_changed_bag_becomes_the_next_version_and_the_old_one_stays(
    site: ReceivingSite, tmp_path: Path
) -> None:
    site.deposit(make_bag(tmp_path)).run()
    first = set(site.kept())
    second = site.deposit(make_bag(tmp_path, content=CHANGED))
    second.run()
    assert (second.item.outcome, second.item.version) == (Outcome.INGESTED, 2)
    new = set(site.kept()) - first
    assert first < set(site.kept())
    # what is in both is stored once: the text, the manifests that list it, and the inventory are new
    assert not [path for path in new if MASTER in path]
    with site.registry.reading() as session:
        uid = find_object(session, OBJECT).uid
    (location, *_) = site.locations
    for number, text in ((1, CONTENT["ocr/0001.txt"]), (2, CHANGED["ocr/0001.txt"])):
        bag = restored(location, uid, number, tmp_path / f"v{number}")
        assert verify_bag(bag).valid
        assert (bag / "data/ocr/0001.txt").read_bytes() == text
    previous = read_inventory((location / f"objects/{uid}/v2/inventory.json").read_bytes())["previous"]
    v1 = (location / previous["inventory"]).read_bytes()
    assert hashlib.sha256(v1).hexdigest() == previous["sha256"]


def test_versions_stand_in_the_order_in_which_their_bags_came(site: ReceivingSite, tmp_path: Path) -> None:
    older = site.deposit(make_bag(tmp_path))
    older.run("receive", "validate-bag", "identify", "store", "verify")
    newer = site.deposit(make_bag(tmp_path, content=CHANGED))
    newer.run()
    waiting = newer.unit("record")
    assert (waiting.state, (waiting.error or {})["code"]) == (State.WAITING, "receiving.earlier_bag_first")
    older.run()
    # what lies there now is the newer bag, which the older one's clean-up leaves alone
    assert (older.item.version, older.unit("clean-up").result) == (
        1,
        {"outcome": "ingested", "removed": False, "kept": False},
    )
    at_once(newer)
    newer.run()
    assert (newer.item.outcome, newer.item.version) == (Outcome.INGESTED, 2)
    assert [path.name for path in site.receiving.iterdir()] == ["letter_1.tar.receipt.json"]


def test_a_location_that_is_away_keeps_no_other_copy_waiting(site: ReceivingSite, tmp_path: Path) -> None:
    east, west = site.locations
    site.deposit(make_bag(tmp_path, "letter_0")).run()
    unmounted = west.rename(site.folder / "unmounted")
    west.mkdir()
    arrival = site.deposit(make_bag(tmp_path))
    arrival.run()
    away = arrival.unit("store", 1)
    assert (arrival.unit("verify").state, away.state) == (State.DONE, State.WAITING)
    assert (away.attempts, (away.error or {})["code"]) == (0, "receiving.location_away")
    # a share that is not mounted is not written under
    assert list(west.iterdir()) == []
    assert not arrival.item.outcome
    west.rmdir()
    unmounted.rename(west)
    at_once(arrival)
    arrival.run()
    assert (arrival.item.outcome, arrival.item.version) == (Outcome.INGESTED, 1)
    assert {path.name for path in east.rglob("*")} == {path.name for path in west.rglob("*")}


class LyingPlace(DirectoryPlace):
    """Tells that it has checked what it took, and gives other bytes back as long as it has lies left."""

    def __init__(self, directory: Path, lies: Iterator[int]) -> None:
        super().__init__(directory)
        self._lies = lies

    def put(
        self,
        key: str,
        blocks: Iterable[bytes],
        *,
        size: int,
        sha256: str,
        metadata: Mapping[str, str] | None = None,
        instead_of: str = "",
        progress: ProgressCallback = no_progress,
    ) -> StoredCopy:
        """Take the bytes, and lose a bit of one."""
        super().put(key, blocks, size=size, sha256=sha256, instead_of=instead_of, progress=progress)
        path = self.directory / key
        if sha256 == MASTER and next(self._lies, None) is not None:
            path.write_bytes(path.read_bytes()[:-1] + b"?")
        return StoredCopy(path.as_uri(), key, size, sha256, "", Proof.STORE_SHA256)


def lie(site: ReceivingSite, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Let the location in the west lose a bit of the large file, so many times."""
    honest = site.node.place
    left = iter(range(times))

    def place(name: str) -> Place:
        return LyingPlace(Path(name), left) if name.endswith("west") else honest(name)

    monkeypatch.setattr(site.node, "place", place)


def told_of_copies(site: ReceivingSite) -> list[tuple[str, str]]:
    """The events of fixity and of repair in the object's chain, with their outcomes."""
    with site.registry.reading() as session:
        told = read_events(session, find_object(session, OBJECT).chain)
        return [
            (event["type"], event["outcome"])
            for event in told
            if event["type"] == "fixity check" or event["detail"].get("repair")
        ]


def test_a_location_that_lies_again_and_again_is_noticed_before_anything_counts(
    site: ReceivingSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrival = site.deposit(make_bag(tmp_path))
    lie(site, monkeypatch, times=2)
    arrival.run()
    held = arrival.unit("verify", 1)
    assert (held.state, (held.error or {})["code"]) == (State.HELD, StoredBytesDiffer.code)
    assert "recto receive retry" in (held.error or {})["remedy"]
    assert not arrival.item.outcome
    with site.registry.reading() as session:
        kept = find_object(session, OBJECT)
        assert (kept.version, versions_of(session, kept.id)) == (0, [])
        (bad,) = session.scalars(select(ContentCopyRow).where(ContentCopyRow.state == MISMATCH))
    assert told_of_copies(site) == [("fixity check", "fail")]
    assert bad.location.endswith("west")
    assert (site.receiving / "letter_1.tar").exists()

    # the location was mended, and takes what it is given
    monkeypatch.undo()
    with site.registry.transaction() as session:
        retry_units(session, arrival.batch)
    arrival.run()
    assert (arrival.item.outcome, arrival.item.version) == (Outcome.INGESTED, 1)
    assert_alike(site)


def test_a_bit_that_a_location_loses_once_is_mended_from_the_bag(
    site: ReceivingSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrival = site.deposit(make_bag(tmp_path))
    lie(site, monkeypatch, times=1)
    arrival.run()
    assert (arrival.item.outcome, arrival.item.version) == (Outcome.INGESTED, 1)
    good = ("fixity check", "success")
    assert told_of_copies(site) == [("fixity check", "fail"), ("replication", "success"), good, good]
    assert_alike(site)


def test_what_was_lost_since_is_mended_by_the_next_bag_that_brings_it(
    site: ReceivingSite, tmp_path: Path
) -> None:
    site.deposit(make_bag(tmp_path)).run()
    (lost,) = site.folder.glob(f"west/objects/*/*/{MASTER}")
    lost.unlink()
    with site.registry.transaction() as session:
        session.execute(
            update(ContentCopyRow).where(ContentCopyRow.url == lost.as_uri()).values(state=UNREACHABLE)
        )
    again = site.deposit(make_bag(tmp_path))
    again.run()
    assert again.item.outcome == Outcome.UNCHANGED
    assert_alike(site)


def assert_alike(site: ReceivingSite) -> None:
    """Both locations hold the same bytes, but for what was kept aside, and all of it is proved."""
    east, west = (
        {
            path.relative_to(location): path.read_bytes()
            for path in location.rglob("*")
            if path.is_file() and "damaged" not in path.parts
        }
        for location in site.locations
    )
    assert east == west
    with site.registry.reading() as session:
        assert set(session.scalars(select(ContentCopyRow.state))) == {VERIFIED}


def test_a_bag_that_vanishes_before_it_is_stored_is_told_gone(site: ReceivingSite, tmp_path: Path) -> None:
    arrival = site.deposit(make_bag(tmp_path))
    arrival.run("receive", "validate-bag", "identify")
    (site.receiving / "letter_1.tar").unlink()
    arrival.run()
    assert (arrival.item.outcome, arrival.item.version, arrival.files()) == (Outcome.GONE, None, 0)
    assert site.kept() == []
    assert list(site.receiving.iterdir()) == []


def test_versions_are_recorded_on_postgresql_too(
    emptied_registry_url: str, recto_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTO_DATABASE_URL", emptied_registry_url)
    with closing(Node(load_settings())) as node:
        site = ReceivingSite(tmp_path / "site", node)
        outcomes = []
        for content in (CONTENT, CONTENT, CHANGED):
            arrival = site.deposit(make_bag(tmp_path, content=content))
            arrival.run()
            outcomes.append((arrival.item.outcome, arrival.item.version, arrival.item.blocking))
        assert outcomes == [("ingested", 1, False), ("unchanged", 1, False), ("ingested", 2, False)]
        assert events(site).count("replication") == 4
        with site.registry.reading() as session:
            kept = find_object(session, OBJECT)
            (newest,) = [row.id for row in versions_of(session, kept.id) if row.number == kept.version]
            order = [file.path for file in page_of_files(session, newest, most=100)]
        with tarfile.open(make_bag(tmp_path, content=CHANGED)) as tar:
            arrived = [member.name.partition("/")[2] for member in tar if member.isfile()]
        assert order == arrived


def test_whoever_wants_to_keep_what_arrived_can(
    site: ReceivingSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiving = site.node.settings.receiving.model_copy(update={"keep_received": True})
    settings = site.node.settings.model_copy(update={"receiving": receiving})
    monkeypatch.setattr(site.node, "settings", settings)
    arrival = site.deposit(make_bag(tmp_path))
    arrival.run()
    assert (arrival.item.outcome, arrival.item.blocking) == (Outcome.INGESTED, True)
    assert (site.receiving / "letter_1.tar").exists()
