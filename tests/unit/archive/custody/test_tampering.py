# SPDX-License-Identifier: Apache-2.0
"""Whatever is altered, removed, inserted or moved in a sealed bag is found, by bag and public key alone."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.bag.manifest_lines import format_manifest
from archive.canonical_json import canonical_json
from archive.custody.key_folder import KeyFolder
from archive.custody.keys import SigningKey
from archive.custody.merkle import leaf_hash, root_from_path
from archive.custody.statement import PUBLIC_KEY_PATH, SIGNATURE_PATH, STATEMENT_PATH, Statement
from archive.custody.verification import verify_custody
from archive.registry import open_registry
from archive.registry.events import verify_chain
from tests.conftest import missing
from tests.unit.archive.custody.conftest import DEVICE, EVENTS, Bag, Sealed, master


def relinked(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a careful forger does: every digest recomputed, every link between neighbours mended."""
    forged: list[dict[str, Any]] = []
    for event in events:
        body = {name: value for name, value in event.items() if name != "sha256"}
        if forged and body["sequence"] == forged[-1]["sequence"] + 1:
            body["previous"] = forged[-1]["sha256"]
        forged.append({**body, "sha256": hashlib.sha256(canonical_json(body)).hexdigest()})
    return forged


def test_a_bag_that_nobody_touched_is_whole(bag: Bag) -> None:
    report = bag.verify()
    assert (report.whole, report.problems) == (True, ())
    assert report.statement is not None
    assert (report.statement.batch, report.statement.item, report.statement.events) == ("b1", "letter", 7)


def test_the_bag_tells_who_captured_a_page_on_what_and_how(bag: Bag) -> None:
    page = bag.verify(page=2).page
    assert page is not None
    assert (page.operator, page.device, page.simulated) == ("Ada Löwe", DEVICE, False)
    assert page.software == ("Recto 0.1.0",)
    assert page.options == {"resolution": {"actual": 300}}
    assert (page.file, page.sha256) == ("data/masters/0002.tif", hashlib.sha256(master(2)).hexdigest())
    assert [event["event"]["type"] for event in page.events] == ["capture", "message digest calculation"]


def test_a_single_event_is_proved_by_its_audit_path_without_the_others(bag: Bag) -> None:
    report = bag.verify(page=2)
    assert report.page is not None
    assert report.statement is not None
    for proof in report.to_json()["page"]["events"]:
        body = {name: value for name, value in proof["event"].items() if name != "sha256"}
        path = [bytes.fromhex(neighbour) for neighbour in proof["audit_path"]]
        root = root_from_path(leaf_hash(canonical_json(body)), proof["index"], report.statement.events, path)
        assert root is not None
        assert root.hex() == report.statement.events_root


def test_a_page_of_which_no_event_tells_is_not_proved(bag: Bag) -> None:
    report = bag.verify(page=99)
    assert not report.whole
    assert "No event tells of the capture of page 99." in report.problems


def test_nothing_is_told_of_a_page_while_anything_is_in_doubt(bag: Bag) -> None:
    (bag.path / "data/masters/0003.tif").write_bytes(b"other")
    report = bag.verify(page=2)
    assert (report.whole, report.page) == (False, None)


@pytest.mark.parametrize("forge", [lambda events: events, relinked], ids=["plain", "relinked"])
@pytest.mark.parametrize("place", range(7))
def test_every_altered_event_is_found(bag: Bag, place: int, forge: Callable[..., Any]) -> None:
    events = bag.events()
    events[place]["agents"] = ["Somebody else"]
    bag.write_events(forge(events))
    assert "Merkle root" in bag.problems()


@pytest.mark.parametrize("place", range(7))
def test_an_event_altered_without_its_digest_is_named(bag: Bag, place: int) -> None:
    events = bag.events()
    events[place]["outcome"] = "fail"
    bag.write_events(events)
    assert f"Event {events[place]['sequence']} was altered" in bag.problems()


def test_an_event_altered_with_a_fitting_digest_breaks_the_link_after_it(bag: Bag) -> None:
    events = bag.events()
    following = [right for left, right in pairwise(events) if right["sequence"] == left["sequence"] + 1]
    assert following
    for event in following:
        place = events.index(event) - 1
        [altered] = relinked([{**events[place], "outcome": "fail"}])
        bag.write_events([*events[:place], altered, *events[place + 1 :]])
        broken = f"Event {event['sequence']} does not name the SHA-256 of the event before it."
        assert broken in bag.problems()


@pytest.mark.parametrize("forge", [lambda events: events, relinked], ids=["plain", "relinked"])
@pytest.mark.parametrize("place", range(7))
def test_every_removed_event_is_found(bag: Bag, place: int, forge: Callable[..., Any]) -> None:
    events = bag.events()
    del events[place]
    bag.write_events(forge(events))
    assert "holds 6 events of the item; 7 were signed" in bag.problems()


@pytest.mark.parametrize("forge", [lambda events: events, relinked], ids=["plain", "relinked"])
@pytest.mark.parametrize("place", range(8))
def test_every_inserted_event_is_found(bag: Bag, place: int, forge: Callable[..., Any]) -> None:
    events = bag.events()
    events.insert(place, {**events[min(place, 6)], "type": "deletion"})
    bag.write_events(forge(events))
    assert "holds 8 events of the item; 7 were signed" in bag.problems()


@pytest.mark.parametrize("place", range(6))
def test_any_two_events_that_changed_places_are_found(bag: Bag, place: int) -> None:
    events = bag.events()
    events[place], events[place + 1] = events[place + 1], events[place]
    bag.write_events(events)
    problems = bag.problems()
    assert "events were moved or repeated" in problems
    assert "Merkle root" in problems


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_flipped_bit_of_any_signed_file_is_found(bag: Bag, data: st.DataObject) -> None:
    files = sorted(path for folder in ("data", "metadata") for path in (bag.path / folder).rglob("*.*"))
    signed = [path for path in files if path.is_file() and not path.match(PUBLIC_KEY_PATH)]
    path = data.draw(st.sampled_from(signed))
    genuine = path.read_bytes()
    place = data.draw(st.integers(0, len(genuine) * 8 - 1))
    flipped = bytearray(genuine)
    flipped[place // 8] ^= 1 << place % 8
    path.write_bytes(flipped)
    try:
        assert not bag.verify().whole
    finally:
        path.write_bytes(genuine)
    assert bag.verify().whole


def test_an_altered_payload_file_is_named(bag: Bag) -> None:
    (bag.path / "data/masters/0002.tif").write_bytes(b"another page")
    assert "data/masters/0002.tif was altered." in bag.problems()


def test_a_page_exchanged_with_its_digest_in_the_manifest_is_found(bag: Bag) -> None:
    (bag.path / "data/masters/0002.tif").write_bytes(b"another page")
    payload = [(f"data/masters/{path.name}", path) for path in (bag.path / "data/masters").iterdir()]
    lines = [(name, hashlib.sha256(path.read_bytes()).hexdigest()) for name, path in payload]
    (bag.path / "manifest-sha256.txt").write_bytes(format_manifest(lines))
    problems = bag.problems()
    assert "manifest-sha256.txt is not the one that was signed" in problems
    assert "data/masters/0002.tif does not have the SHA-256 that the event of its capture records" in problems


def test_a_removed_and_an_added_payload_file_are_named(bag: Bag) -> None:
    (bag.path / "data/masters/0002.tif").unlink()
    (bag.path / "data/extra.tif").write_bytes(b"x")
    problems = bag.problems()
    assert "data/masters/0002.tif is missing." in problems
    assert "data/extra.tif was added." in problems


def test_an_added_metadata_file_is_found(bag: Bag) -> None:
    (bag.path / "metadata/note.txt").write_text("I was here")
    assert "The files in metadata/" in bag.problems()


def test_a_forger_s_own_key_in_the_bag_is_not_believed(bag: Bag, tmp_path: Path) -> None:
    forger = SigningKey.generate()
    statement = json.loads((bag.path / STATEMENT_PATH).read_bytes())
    forged = canonical_json({**statement, "key": forger.public.id}) + b"\n"
    (bag.path / STATEMENT_PATH).write_bytes(forged)
    (bag.path / SIGNATURE_PATH).write_bytes(forger.sign(forged))
    (bag.path / PUBLIC_KEY_PATH).write_bytes(forger.public.pem)
    assert f"signed by key {forger.public.id}, which is not among the keys given" in bag.problems()
    # the same bag is whole for whoever believes the forger: all rests on whose key is named
    assert verify_custody(bag.path, {forger.public.id: forger.public}).whole


def test_a_signature_by_another_key_under_the_honest_key_s_name_is_found(bag: Bag) -> None:
    forger = SigningKey.generate()
    (bag.path / SIGNATURE_PATH).write_bytes(forger.sign((bag.path / STATEMENT_PATH).read_bytes()))
    assert "The signature is not that of key" in bag.problems()


def test_a_genuine_signature_of_something_else_is_found(bag: Bag, keys: KeyFolder) -> None:
    (bag.path / SIGNATURE_PATH).write_bytes(keys.signing_key().sign(b"something else"))
    assert "The signature is not that of key" in bag.problems()


def test_a_seal_taken_from_another_item_is_found(
    bag: Bag, sealed: Sealed, keys: KeyFolder, tmp_path: Path
) -> None:
    fewer = Sealed(sealed.history, sealed.payload[:2], sealed.metadata)
    other = fewer.by(keys)
    (bag.path / STATEMENT_PATH).write_bytes(other.statement)
    (bag.path / SIGNATURE_PATH).write_bytes(other.signature)
    assert "The payload has 3 files; 2 were signed." in bag.problems()


@pytest.mark.parametrize("member", ["batch", "item", "at", "chain_head", "chain_length", "events_root"])
def test_no_member_of_the_statement_can_be_changed(bag: Bag, member: str) -> None:
    document = json.loads((bag.path / STATEMENT_PATH).read_bytes())
    changed = {"chain_length": 999, "chain_head": "0" * 64, "events_root": "0" * 64}.get(member, "other")
    (bag.path / STATEMENT_PATH).write_bytes(canonical_json({**document, member: changed}) + b"\n")
    assert "The signature is not that of key" in bag.problems()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"chain_head": "0" * 64}, "The last event is not the one at which the chain was signed."),
        ({"chain_length": 999}, "The last event is not the one at which the chain was signed."),
        ({"at": "2026-01-01T00:00:00Z"}, "The last event is not the one at which the chain was signed."),
        ({"item": "other"}, "There are events of other items than other of batch b1."),
        ({"batch": "b2"}, "There are events of other items than letter of batch b2."),
    ],
)
def test_a_statement_that_contradicts_its_events_proves_nothing_whoever_signed_it(
    bag: Bag, keys: KeyFolder, change: dict[str, object], problem: str
) -> None:
    document = json.loads((bag.path / STATEMENT_PATH).read_bytes())
    content = canonical_json({**document, **change}) + b"\n"
    (bag.path / STATEMENT_PATH).write_bytes(content)
    (bag.path / SIGNATURE_PATH).write_bytes(keys.signing_key().sign(content))
    assert bag.problems() == problem


def test_the_statement_names_the_head_that_the_registry_had(
    bag: Bag, tmp_path_factory: pytest.TempPathFactory, sealed: Sealed
) -> None:
    from tests.unit.archive.custody.conftest import history_of_a_batch

    database = tmp_path_factory.mktemp("again") / "registry.sqlite3"
    history = history_of_a_batch(database)
    registry = open_registry(f"sqlite:///{database}")
    with registry.reading() as session:
        report = verify_chain(session, "b1")
    registry.close()
    assert (report.whole, report.head) == (True, history[-1]["sha256"])
    statement = Statement.from_bytes((bag.path / STATEMENT_PATH).read_bytes())
    assert statement.chain_head == sealed.history[-1]["sha256"]
    assert statement.chain_length == report.events


def test_openssl_alone_can_check_the_signature(bag: Bag, keys: KeyFolder, tmp_path: Path) -> None:
    import subprocess

    if shutil.which("openssl") is None:
        missing("openssl is not installed")
    public = tmp_path / "public.pem"
    public.write_bytes(keys.signing_key().public.pem)
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", public, "-rawin"]
    command += ["-in", bag.path / STATEMENT_PATH, "-sigfile", bag.path / SIGNATURE_PATH]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    (bag.path / STATEMENT_PATH).write_bytes(b"{}")
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


def test_the_events_file_is_where_the_bag_says(bag: Bag) -> None:
    (bag.path / EVENTS).unlink()
    assert "holds 0 events of the item; 7 were signed" in bag.problems()
