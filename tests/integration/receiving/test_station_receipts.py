# SPDX-License-Identifier: Apache-2.0
"""A station learns from the archive's receipt that its bag is kept, and only then lets go of its masters."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from PIL import Image
from sqlalchemy import select

from app.command_line import main
from archive.custody.keys import SigningKey
from archive.receiving.receipts import sign_receipt
from archive.registry.batches import items_of
from archive.registry.copies import copies_of, unanswered_copies
from archive.registry.events import read_events, verify_chain
from archive.registry.ledger import claim, complete
from archive.registry.stages import Stage
from archive.registry.tables import CopyRow, ItemRow, UnitRow
from archive.storage.target import Proof
from tests.arrivals import Arrival, ReceivingSite
from workers.node import Node
from workers.operations import register_manifest
from workers.receipts import Answer, fetch_all_receipts, fetch_receipts
from workers.release import release_batch
from workers.run_unit import run_unit
from workers.settings import load_settings

MANIFEST = {
    "id": "letters",
    "institution": "Library",
    "scanner_model": "Any",
    "resolution_dpi": 60,
    "color_profile": "gray",
    "settings": {},
    "storage": ["archive", "shelf"],
    "items": [{"id": "one", "title": "One", "file_paths": ["page.tif"]}],
}
FOR_REAL = {Stage.CAPTURE, Stage.CHARACTERISE, Stage.BAG, Stage.UPLOAD}


@pytest.fixture
def site(recto_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ReceivingSite]:
    """A station whose bags go where an archive receives them, and that archive; one item is uploaded."""
    monkeypatch.setenv("RECTO_STORAGE__ARCHIVE__URL", str(tmp_path / "site" / "receiving"))
    # no archive takes bags from there
    monkeypatch.setenv("RECTO_STORAGE__SHELF__URL", str(tmp_path / "shelf"))
    monkeypatch.setenv("RECTO_RELEASE__POLICY", "after-receipt")
    monkeypatch.setenv("RECTO_RELEASE__AFTER_DAYS", "0")
    node = Node(load_settings())
    made = ReceivingSite(tmp_path / "site", node)
    Image.new("L", (60, 80), 200).save(tmp_path / "page.tif", dpi=(60, 60))
    (tmp_path / "letters.json").write_text(json.dumps(MANIFEST))
    register_manifest(node, tmp_path / "letters.json")
    for row in sorted(units(node), key=lambda row: list(Stage).index(Stage(row.stage))):
        if row.stage == Stage.CONFIRM:
            continue
        if row.stage in FOR_REAL:
            run_unit(node, row.id, "test")
            continue
        # reading text and looking at the machine are other tests' business
        with node.registry.transaction() as session:
            claimed = claim(session, row.id, "test", lease_seconds=60, max_attempts=4)
            assert claimed is not None
            complete(session, claimed, {})
    yield made
    node.close()


def units(node: Node) -> list[UnitRow]:
    """The units of the station's batch."""
    with node.registry.reading() as session:
        return list(session.scalars(select(UnitRow).where(UnitRow.batch == "letters").order_by(UnitRow.id)))


def confirm(site: ReceivingSite) -> None:
    """Let the station prove its copy."""
    (unit,) = [row for row in units(site.node) if row.stage == Stage.CONFIRM]
    run_unit(site.node, unit.id, "test")


def item_and_copy(site: ReceivingSite) -> tuple[ItemRow, CopyRow]:
    """The station's item and the copy that went to the archive."""
    with site.registry.reading() as session:
        (item,) = items_of(session, "letters")
        copies = {copy.target: copy for copy in copies_of(session, item.id)}
        return item, copies["archive"]


def arrive(site: ReceivingSite) -> Arrival:
    """The bag as the archive's bucket reader finds it."""
    item, copy = item_and_copy(site)
    return site.register(f"{(item.bag or {})['name']}.tar", copy.sha256)


def answer(site: ReceivingSite) -> Answer:
    """How the archive has answered."""
    answers = {found.target: found.answer for found in fetch_receipts(site.node, "letters")}
    assert answers["shelf"] is Answer.WAITING
    return answers["archive"]


def command(*arguments: str) -> Result:
    """Run `recto`."""
    return CliRunner().invoke(main, arguments)


def accessions(site: ReceivingSite) -> list[dict[str, Any]]:
    """What the batch's chain tells of the archive's answers."""
    with site.registry.reading() as session:
        assert verify_chain(session, "letters").whole
        return [event["detail"] for event in read_events(session, "letters") if event["type"] == "accession"]


def test_masters_go_when_the_archive_has_answered_and_not_before(site: ReceivingSite) -> None:
    confirm(site)
    assert answer(site) is Answer.WAITING
    (refused,) = release_batch(site.node, "letters")
    assert refused.state == "refused"
    assert "No archive has answered yet" in refused.reasons[0]

    arrive(site).run()
    assert fetch_all_receipts(site.node) == 1
    # asked again, nothing is told twice
    assert (fetch_all_receipts(site.node), answer(site)) == (0, Answer.ACCEPTED)
    with site.registry.reading() as session:
        assert unanswered_copies(session) == []
    (told,) = accessions(site)
    assert (told["verdict"], told["version"], told["copies"]) == ("ingested", 1, 2)
    _, copy = item_and_copy(site)
    assert not Path(copy.url.removeprefix("file://")).exists()

    (released,) = release_batch(site.node, "letters")
    assert (released.state, released.reasons) == ("released", ())
    assert [copy["proof"] for copy in released.copies] == [
        Proof.ARCHIVE_RECEIPT,
        Proof.WHOLE_DIGEST_READ_BACK,
    ]
    assert not list((site.node.item_folder("letters", "one") / "masters").glob("*"))


def test_an_archive_that_is_faster_than_the_stations_own_proof_is_believed(site: ReceivingSite) -> None:
    arrive(site).run()
    confirm(site)
    item, copy = item_and_copy(site)
    assert (item.state, copy.proof) == ("done", Proof.ARCHIVE_RECEIPT)
    assert len(accessions(site)) == 1


def test_a_receipt_that_is_forged_or_for_another_bag_is_not_accepted(site: ReceivingSite) -> None:
    confirm(site)
    arrive(site).run()
    (receipt,) = site.receiving.glob("*.receipt.json")
    document = json.loads(receipt.read_bytes())["receipt"]
    genuine = receipt.read_bytes()
    receipt.write_bytes(sign_receipt(document, SigningKey.generate()))
    assert answer(site) is Answer.UNPROVED
    result = command("batch", "receipts", "letters")
    assert (result.exit_code, "which nobody here knows" in result.output) == (1, True)

    receipt.write_bytes(genuine.replace(document["bag"]["sha256"].encode(), b"0" * 64))
    assert answer(site) is Answer.UNPROVED
    assert accessions(site) == []
    assert release_batch(site.node, "letters")[0].state == "refused"

    receipt.write_bytes(genuine)
    result = command("batch", "receipts", "letters", "--json")
    assert result.exit_code == 0, result.output
    told, shelf = json.loads(result.stdout)["receipts"]
    assert (shelf["target"], shelf["state"]) == ("shelf", "waiting")
    assert (told["state"], told["receipt"]["object"]) == ("accepted", document["object"])


def test_a_receipt_is_proved_with_the_public_key_alone(site: ReceivingSite, tmp_path: Path) -> None:
    arrive(site).run()
    (receipt,) = site.receiving.glob("*.receipt.json")
    keys = tmp_path / "archive.pem"
    keys.write_text(command("key", "export", "--all").stdout)
    proved = command("receipt", "verify", str(receipt), "--key", str(keys))
    assert (proved.exit_code, "as version 1 of library.example.org/" in proved.output) == (0, True)
    receipt.write_bytes(receipt.read_bytes().replace(b"ingested", b"ingestee"))
    forged = command("receipt", "verify", str(receipt), "--key", str(keys), "--json")
    assert forged.exit_code == 1
    assert "is not that of key" in forged.output


def test_a_refusal_is_told_to_the_station(site: ReceivingSite) -> None:
    item, copy = item_and_copy(site)
    tar = site.receiving / f"{(item.bag or {})['name']}.tar"
    confirm(site)
    tar.write_bytes(tar.read_bytes()[:-2000] + bytes(1000))
    arrival = site.register(tar.name, copy.sha256)
    arrival.run()
    assert arrival.item.outcome == "refused"
    result = command("batch", "receipts", "letters")
    assert (result.exit_code, "The archive refused the bag" in result.output) == (1, True)
