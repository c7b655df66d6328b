# SPDX-License-Identifier: Apache-2.0
"""What is kept comes back as it was ingested, byte for byte, whatever befell one of its copies."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.bag.readers import open_bag
from archive.bag.validator import verify_bag
from archive.errors import (
    CopiesLost,
    FileUnknown,
    ObjectExists,
    ObjectUnknown,
    RestorePlaceMissing,
    RestorePlaceRefused,
    StorageUnreachable,
)
from archive.progress import Progress
from archive.receiving import good_bytes
from archive.registry.events import read_events
from archive.registry.receiving_tables import ContentCopyRow, InstitutionRow
from archive.storage.directory_place import DirectoryPlace
from archive.storage.directory_reader import DirectoryReader
from tests.arrivals import INSTITUTION, ReceivingSite, make_bag, make_tar
from tests.kept_objects import KeptBag, hear_all, keep_bag
from workers.receiving.restores import restore

HOSTILE = {
    "100%25 sure.txt": b"percent",
    "Stra\u00dfe K\u00f6ln.txt": b"NFC",
    "with  two spaces.txt": b"spaces",
    f"{'long' * 50}/{'name' * 55}.txt": b"beyond ustar",
    "deep/er/and/deeper/still.xml": b"<a/>",
    "empty": b"",
    "twice.bin": b"the same bytes",
    "once more.bin": b"the same bytes",
}


def files_in(tar: Path) -> dict[str, str]:
    with open_bag(tar) as reader:
        return {
            member.path: hashlib.sha256(b"".join(reader.blocks(member))).hexdigest()
            for member in reader.members()
        }


def events(kept: KeptBag) -> list[Mapping[str, object]]:
    with kept.site.registry.reading() as session:
        return list(read_events(session, kept.row.chain))


@pytest.fixture
def notices(site: ReceivingSite) -> Callable[[], list[str]]:
    return hear_all(site)


def nothing_in(folder: Path) -> bool:
    return not [path for path in folder.rglob("*") if path.is_file()]


def test_a_bag_of_rectos_comes_back_as_the_very_tar_that_was_ingested(
    site: ReceivingSite, tmp_path: Path, notices: Callable[[], list[str]]
) -> None:
    kept = keep_bag(site, make_bag(tmp_path, content=HOSTILE))
    restored = restore(site.node, kept.identifier)
    there = site.folder / "restore" / "letter_1" / "v1" / "letter_1.tar"
    assert restored.same_tar
    assert hashlib.sha256(there.read_bytes()).hexdigest() == kept.sha256 == restored.sha256
    assert files_in(there) == kept.files
    report = verify_bag(there)
    assert report.valid, report.errors
    assert restored.check is not None
    assert restored.check.equal
    assert restored.check.valid
    assert not restored.troubles
    assert notices() == ["restore done"]
    (told,) = [event for event in events(kept) if event["type"] == "dissemination"]
    assert told["outcome"] == "success"


def test_a_bag_in_another_tar_comes_back_with_the_same_files(site: ReceivingSite, tmp_path: Path) -> None:
    with open_bag(make_bag(tmp_path)) as reader:
        files = {f"letter_1/{member.path}": b"".join(reader.blocks(member)) for member in reader.members()}
    kept = keep_bag(site, make_tar(tmp_path / "letter_1.tar", dict(sorted(files.items(), reverse=True))))
    restored = restore(site.node, kept.identifier, to=str(tmp_path / "out"))
    assert not restored.same_tar
    assert restored.valid
    assert files_in(tmp_path / "out" / "letter_1.tar") == kept.files


def test_names_that_recto_would_not_give_come_back_unchanged(site: ReceivingSite, tmp_path: Path) -> None:
    names = ["line\nbreak", "back\\slash", "dot.", "con.txt", "A", "a", "Ko\u0308ln", " space", "\U0001f4dc"]
    payload = {f"data/{name}": name.encode() for name in names}
    manifest = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {path.replace(chr(10), '%0A')}\n"
        for path, content in payload.items()
    )
    declared = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    files = {"bagit.txt": declared, **payload, "manifest-sha256.txt": manifest.encode()}
    tar = make_tar(tmp_path / "odd.tar", {f"odd/{path}": content for path, content in files.items()})
    kept = keep_bag(site, tar)
    restored = restore(site.node, kept.identifier, to=str(tmp_path / "out"))
    assert restored.valid, restored.check
    assert files_in(tmp_path / "out" / "odd.tar") == kept.files == files_in(tar)


def test_every_version_comes_back_as_it_was(site: ReceivingSite, tmp_path: Path) -> None:
    contents = [{"a.txt": b"first", "kept.txt": b"same"}, {"b.txt": b"second", "kept.txt": b"same"}]
    versions = [keep_bag(site, make_bag(tmp_path, content=content)) for content in contents]
    for kept in versions:
        restored = restore(site.node, kept.identifier, version=kept.number)
        assert restored.sha256 == kept.sha256
        there = site.folder / "restore" / "letter_1" / f"v{kept.number}" / "letter_1.tar"
        assert verify_bag(there).second_opinion == "valid"
    assert restore(site.node, versions[1].identifier).version == 2
    with pytest.raises(ObjectUnknown, match="no version 3"):
        restore(site.node, versions[0].identifier, version=3)


def test_a_single_file_comes_back_under_its_own_name(site: ReceivingSite, tmp_path: Path) -> None:
    kept = keep_bag(site, make_bag(tmp_path, content=HOSTILE))
    for path in ("bagit.txt", "data/100%25 sure.txt", "data/empty", "tagmanifest-sha256.txt"):
        restored = restore(site.node, f"{kept.identifier}/{path}", to=str(tmp_path / "out"))
        content = (tmp_path / "out" / path.rpartition("/")[2]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == kept.files[path] == restored.sha256
    with pytest.raises(FileUnknown):
        restore(site.node, f"{kept.identifier}/data/none.txt", to=str(tmp_path / "out"))


@pytest.mark.parametrize("small", [0, good_bytes.SMALL], ids=["large", "small"])
def test_a_flipped_bit_in_one_copy_costs_nothing_and_is_told(
    site: ReceivingSite,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    notices: Callable[[], list[str]],
    small: int,
) -> None:
    monkeypatch.setattr(good_bytes, "SMALL", small)
    kept = keep_bag(site, make_bag(tmp_path))
    damaged = kept.damage("data/masters/0001.tif")
    before = damaged.read_bytes()
    kept.copies("data/ocr/0001.txt")[1].unlink()
    restored = restore(site.node, kept.identifier)
    assert restored.same_tar
    found = {(each.file.path, str(each.found)) for each in restored.troubles}
    assert ("data/masters/0001.tif", "mismatch") in found
    failed = [event for event in events(kept) if event["outcome"] == "fail"]
    assert len(failed) == len(found)
    assert notices().count("fixity mismatch") == len(found)
    assert damaged.read_bytes() == before, "a restore mends nothing"
    with site.registry.reading() as session:
        row = session.scalar(select(ContentCopyRow).where(ContentCopyRow.state == "mismatch"))
    assert row is not None
    assert row.checked_at == 0, "the next audit begins with it"


@pytest.mark.parametrize("small", [0, good_bytes.SMALL], ids=["large", "small"])
def test_where_both_copies_are_bad_nothing_is_restored(
    site: ReceivingSite,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    notices: Callable[[], list[str]],
    small: int,
) -> None:
    monkeypatch.setattr(good_bytes, "SMALL", small)
    kept = keep_bag(site, make_bag(tmp_path))
    kept.damage("data/masters/0001.tif", copy=0)
    kept.copies("data/masters/0001.tif")[1].unlink()
    with pytest.raises(CopiesLost, match=r"masters/0001\.tif"):
        restore(site.node, kept.identifier)
    assert nothing_in(site.folder / "restore")
    assert notices() == ["fixity mismatch", "fixity mismatch"]


def test_a_reading_that_a_cable_spoilt_blames_no_copy(
    site: ReceivingSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = keep_bag(site, make_bag(tmp_path))
    spoilt = kept.copies("data/masters/0001.tif")[0].name
    read, opened = DirectoryReader.read, DirectoryPlace.open
    left = [spoilt]

    def open_spoilt(place: DirectoryPlace, key: str, etag: str = "") -> DirectoryReader:
        reader = opened(place, key, etag)
        if left and key.endswith(left[0]):
            left.clear()
            monkeypatch.setattr(reader, "read", lambda size=-1: bytes(len(read(reader, size))))
        return reader

    monkeypatch.setattr(DirectoryPlace, "open", open_spoilt)
    restored = restore(site.node, kept.identifier)
    assert not left
    assert restored.same_tar
    assert not restored.troubles


def test_a_share_that_is_not_mounted_loses_nothing(
    site: ReceivingSite, tmp_path: Path, notices: Callable[[], list[str]]
) -> None:
    kept = keep_bag(site, make_bag(tmp_path))
    for location in site.locations:
        location.rename(location.with_name(f"{location.name} away"))
        location.mkdir()
    with pytest.raises(StorageUnreachable):
        restore(site.node, kept.identifier)
    assert notices() == [], "empty folders are no loss of everything"


def test_a_location_that_is_away_is_no_loss(
    site: ReceivingSite, tmp_path: Path, notices: Callable[[], list[str]]
) -> None:
    kept = keep_bag(site, make_bag(tmp_path))
    for location in site.locations:
        location.rename(location.with_name(f"{location.name} away"))
    with pytest.raises(StorageUnreachable):
        restore(site.node, kept.identifier)
    assert nothing_in(site.folder / "restore")
    assert notices() == [], "nobody knows of any damage"
    first = site.locations[0]
    first.with_name(f"{first.name} away").rename(first)
    assert restore(site.node, kept.identifier).same_tar


def test_a_restore_that_is_broken_off_leaves_nothing(site: ReceivingSite, tmp_path: Path) -> None:
    class Enough(Exception):
        pass

    def stop(progress: Progress) -> None:
        if progress.done:
            raise Enough

    kept = keep_bag(site, make_bag(tmp_path, content={"a.bin": bytes(3 << 20)}))
    with pytest.raises(Enough):
        restore(site.node, kept.identifier, progress=stop)
    assert nothing_in(site.folder / "restore")


def test_nothing_else_is_overwritten_and_the_same_is_left_as_it_is(
    site: ReceivingSite, tmp_path: Path
) -> None:
    kept = keep_bag(site, make_bag(tmp_path))
    out = tmp_path / "out"
    out.mkdir()
    (out / "letter_1.tar").write_bytes(b"something of somebody else")
    with pytest.raises(ObjectExists):
        restore(site.node, kept.identifier, to=str(out))
    assert (out / "letter_1.tar").read_bytes() == b"something of somebody else"
    (out / "letter_1.tar").unlink()
    assert not restore(site.node, kept.identifier, to=str(out)).already_there
    assert restore(site.node, kept.identifier, to=str(out)).already_there


def test_nothing_is_restored_to_where_bags_arrive_or_copies_are_kept(
    site: ReceivingSite, tmp_path: Path
) -> None:
    kept = keep_bag(site, make_bag(tmp_path))
    linked = tmp_path / "linked"
    linked.symlink_to(site.locations[1])
    places = [site.receiving, site.receiving / "below", site.locations[0], linked, linked / "objects" / ".."]
    before = site.kept()
    for place in places:
        with pytest.raises(RestorePlaceRefused):
            restore(site.node, kept.identifier, to=str(place))
    assert site.kept() == before
    assert nothing_in(site.receiving)
    assert restore(site.node, kept.identifier, to=str(site.folder)).same_tar


def test_without_a_restore_location_somebody_must_name_one(site: ReceivingSite, tmp_path: Path) -> None:
    kept = keep_bag(site, make_bag(tmp_path))
    with site.registry.transaction() as session:
        session.get_one(InstitutionRow, INSTITUTION).restore = ""
    with pytest.raises(RestorePlaceMissing):
        restore(site.node, kept.identifier)
    told = json.dumps(restore(site.node, kept.identifier, to=str(tmp_path / "out")).to_json())
    assert '"same_tar": true' in told
