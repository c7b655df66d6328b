# SPDX-License-Identifier: Apache-2.0
"""Hostile and broken bags through the whole ingest: refused with the right finding, nothing stored, nothing left over."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.receiving.ingest_pipeline import IngestStage
from archive.registry.ingest_facts import Outcome
from archive.registry.states import State
from tests.arrivals import Arrival, ReceivingSite, make_bag, make_tar
from tests.broken_bags import (
    DAMAGES,
    HOSTILE_MEMBERS,
    LONG_NAMES,
    LYING_HEADERS,
    Damage,
    add_members,
    seal,
    tar_member,
    tar_of,
    unpack,
)
from workers.node import Node
from workers.settings import load_settings


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReceivingSite]:
    """One receiving side for all these bags: what one of them left over would be seen with the next."""
    folder = tmp_path_factory.mktemp("refused")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECTO_HOME", str(folder / "home"))
        node = Node(load_settings())
    yield ReceivingSite(folder / "site", node)
    node.close()


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    """A good bag, to be spoilt."""
    return make_bag(tmp_path)


def _refused(site: ReceivingSite, tar: Path, *, told: str | None = None) -> Arrival:
    """Ingest a bag, and see that nothing of it is anywhere but in quarantine with its reports."""
    content = tar.read_bytes()
    arrived = site.deposit(tar, told=told)
    ran = arrived.run()
    assert {unit.state for unit in arrived.units()} == {State.DONE}
    assert set(ran) == set(map(str, IngestStage))
    assert arrived.item.outcome == Outcome.REFUSED
    assert arrived.item.object is None
    assert arrived.files() == 0
    assert site.kept() == []
    aside = f"quarantine/{arrived.key}/{tar.name}"
    reports = {f"{key}{end}" for key in (tar.name, aside) for end in (".refused.json", ".refused.txt")}
    there = {path.relative_to(site.receiving).as_posix() for path in _files(site.receiving)}
    assert there == {aside, *reports}
    assert (site.receiving / aside).read_bytes() == content
    shutil.rmtree(site.receiving)
    site.receiving.mkdir()
    return arrived


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _rules(arrived: Arrival) -> set[str]:
    return {error["rule"] for error in arrived.reading["errors"]}


@pytest.mark.parametrize(("damage", "expected"), DAMAGES)
def test_a_damaged_bag_is_refused(
    damage: Damage, expected: tuple[str, str], bag: Path, tmp_path: Path, site: ReceivingSite
) -> None:
    unpack(bag, tmp_path / "spoilt")
    damage(tmp_path / "spoilt" / "letter_1")
    arrived = _refused(site, tar_of(tmp_path / "spoilt" / "letter_1", tmp_path))
    assert expected in {(error["rule"], error["file"]) for error in arrived.reading["errors"]}


@pytest.mark.parametrize(
    ("member", "rule"), HOSTILE_MEMBERS, ids=lambda value: value if isinstance(value, str) else value.name
)
def test_members_that_would_escape_or_hide_are_refused(
    member: tarfile.TarInfo, rule: str, bag: Path, site: ReceivingSite
) -> None:
    assert rule in _rules(_refused(site, add_members(bag, member)))


@pytest.mark.parametrize(("records", "rule"), LYING_HEADERS, ids=str)
def test_headers_that_lie_are_refused(
    records: dict[str, str], rule: str, bag: Path, site: ReceivingSite
) -> None:
    member = tar_member("letter_1/data/honest.txt", size=512, pax_headers=records)
    assert rule in _rules(_refused(site, add_members(bag, member)))


@pytest.mark.parametrize("name", LONG_NAMES, ids=["climbs", "absolute", "no UTF-8"])
def test_long_names_are_judged_in_full(name: str, bag: Path, site: ReceivingSite) -> None:
    with tarfile.open(bag, "a", format=tarfile.GNU_FORMAT, errors="surrogateescape") as tar:
        tar.addfile(tar_member(name, size=3), io.BytesIO(b"new"))
    found = _rules(_refused(site, bag))
    assert ("unportable-name" if "\udcff" in name else "unsafe-path") in found


def test_a_tag_file_whose_name_is_no_utf8_is_refused_though_bagit_allows_it(
    bag: Path, site: ReceivingSite
) -> None:
    with tarfile.open(bag, "a", errors="surrogateescape") as tar:
        tar.addfile(tar_member("letter_1/\udcff.txt", size=3), io.BytesIO(b"new"))
    assert _rules(_refused(site, bag)) == {"unportable-name"}


SPOILT: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "rubbish": lambda _: b"rubbish",
    "zip": lambda _: b"PK\x03\x04" * 200,
    "packed with gzip": gzip.compress,
    "a bomb in gzip": lambda _: gzip.compress(bytes(4 << 20)),
    "cut in a header": lambda data: data.rstrip(b"\0")[:-1],
    "cut in a file": lambda data: data[: len(data) // 2],
    "no end mark": lambda data: data[: -(-len(data.rstrip(b"\0")) // 512) * 512],
    "bytes after the end": lambda data: data + b"hidden",
    "a member of 4 EiB": lambda data: _at_end(data, tar_member("letter_1/data/vast", size=2**62)),
}


def _at_end(data: bytes, member: tarfile.TarInfo) -> bytes:
    return data.rstrip(b"\0").ljust(-(-len(data.rstrip(b"\0")) // 512) * 512, b"\0") + member.tobuf(
        tarfile.GNU_FORMAT
    )


def test_a_tar_with_nothing_in_it_is_refused(bag: Path, site: ReceivingSite) -> None:
    bag.write_bytes(bytes(10240))
    assert _rules(_refused(site, bag)) == {"bagit-txt", "manifest-needed", "payload-folder"}


@pytest.mark.parametrize("name", SPOILT)
def test_what_is_no_whole_tar_is_refused(name: str, bag: Path, site: ReceivingSite) -> None:
    bag.write_bytes(SPOILT[name](bag.read_bytes()))
    assert "tar-damaged" in _rules(_refused(site, bag))


def test_another_digest_than_was_told_is_refused(bag: Path, site: ReceivingSite) -> None:
    """Every byte of the bag agrees with its manifests; it is not the bag that was sent all the same."""
    arrived = _refused(site, bag, told="0" * 64)
    assert _rules(arrived) == {"bag-changed"}
    assert hashlib.sha256(bag.read_bytes()).hexdigest() in arrived.reading["errors"][0]["message"]


def test_a_violation_of_the_profile_is_refused(tmp_path: Path, site: ReceivingSite) -> None:
    bag = make_bag(tmp_path)
    unpack(bag, tmp_path / "spoilt")
    spoilt = tmp_path / "spoilt" / "letter_1"
    (spoilt / "aptrust-info.txt").write_text("Title: T\nAccess: Nobody\n")
    seal(spoilt)
    assert _rules(_refused(site, tar_of(spoilt, tmp_path))) == {"profile-tag"}


@pytest.mark.parametrize(
    ("file", "tag", "profile"),
    [
        ("aptrust-info.txt", "Storage-Option", "aptrust-2.3"),
        ("bag-info.txt", "APTrust-Storage-Option", "bagit-1.0"),
    ],
)
def test_a_storage_option_that_the_depositor_does_not_have_is_refused(
    file: str, tag: str, profile: str, tmp_path: Path, site: ReceivingSite
) -> None:
    tags = {file: {tag: "Wasabi-VA"}}
    if profile == "aptrust-2.3":
        tags["aptrust-info.txt"] |= {"Title": "A letter", "Access": "Institution"}
    arrived = _refused(site, make_bag(tmp_path, tags=tags, profile=profile))
    assert [(error["rule"], error["file"]) for error in arrived.reading["errors"]] == [
        ("storage-option", file)
    ]


def test_a_bag_named_unlike_its_folder_is_refused_whatever_its_profile_says(
    tmp_path: Path, site: ReceivingSite
) -> None:
    bag = make_bag(tmp_path, tags={"bag-info.txt": {}}, profile="bagit-1.0")
    assert _rules(_refused(site, bag.rename(tmp_path / "letter_2.tar"))) == {"bag-name"}


def test_a_flood_of_findings_is_counted_and_the_first_are_told(tmp_path: Path, site: ReceivingSite) -> None:
    files = {f"letter_1/data/{number}": b"" for number in range(3000)}
    declared = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    files["letter_1/manifest-md5.txt"] = b""
    tar = make_tar(tmp_path / "letter_1.tar", {"letter_1/bagit.txt": declared, **files})
    read = _refused(site, tar).reading
    assert (read["error_count"], len(read["errors"])) == (3000, 1000)


def test_the_report_tells_the_depositor_what_to_do(bag: Path, site: ReceivingSite) -> None:
    arrived = site.deposit(add_members(bag, tar_member("letter_1/data/new\nVerdict: kept", size=3)))
    arrived.run()
    document = json.loads((site.receiving / "letter_1.tar.refused.json").read_bytes())
    text = (site.receiving / "letter_1.tar.refused.txt").read_text()
    shutil.rmtree(site.receiving)
    site.receiving.mkdir()
    assert document["verdict"] == "refused"
    assert document["bag_sha256"] == hashlib.sha256(bag.read_bytes()).hexdigest()
    assert [error["rule"] for error in document["errors"]] == ["file-unexpected", "payload-oxum"]
    assert all(error["remedy"] for error in document["errors"])
    assert "Nothing of this bag was taken into the archive." in text
    assert f"quarantine/{arrived.key}/letter_1.tar" in text
    assert "\nVerdict: kept" not in text
    assert "data/new\\x0aVerdict: kept" in text


def test_a_depositor_that_was_disabled_meanwhile_is_told(bag: Path, site: ReceivingSite) -> None:
    site.set_state("disabled")
    try:
        assert _rules(_refused(site, bag)) == {"depositor"}
    finally:
        site.set_state("active")
