# SPDX-License-Identifier: Apache-2.0
"""`recto verify-chain BATCH`: who captured a page, and whether anybody rewrote the registry."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from app.command_line import main
from archive.bag.contents import PayloadFile
from archive.canonical_json import canonical_json
from archive.custody.key_folder import KeyFolder
from archive.custody.seal import seal
from archive.registry import Registry
from archive.registry.batches import PlannedBatch, PlannedItem, items_of, pages_of, register_batch
from archive.registry.events import append_event, read_events
from archive.registry.pages import update_page
from archive.registry.tables import BatchRow, EventRow
from workers.node import Node
from workers.settings import load_settings

DEVICE = {"id": "sane:epjitsu:1", "vendor": "Fujitsu", "model": "S300", "serial": "17", "simulated": False}
FILE = {"file": "masters/0001.tif", "sha256": "a" * 64, "pixel_sha256": "b" * 64}


@pytest.fixture
def registry(recto_home: Path, tmp_path: Path) -> Registry:
    """The registry of this home, with one batch whose one item is sealed."""
    node = Node(load_settings())
    description = {"title": "Letters", "creator": None, "date": None, "language": "eng", "rights": None}
    batch = PlannedBatch(
        "b1", "station", "Library", {}, "0" * 64, "/m.csv", [PlannedItem("letter", description, [None])], 50
    )
    with node.registry.transaction() as session:
        register_batch(session, batch)
        (page,) = pages_of(session, items_of(session, "b1")[0].id)
        update_page(session, page.id, capture={"device": DEVICE})
        append_event(
            session,
            "b1",
            "capture",
            item="letter",
            page=1,
            detail={**FILE, "options": {"resolution": {"actual": 300}}},
            agents=(DEVICE["id"], "Ada Löwe", "Recto 0.1.0"),
        )
        history = list(read_events(session, "b1", "letter"))
    payload = [PayloadFile("masters/0001.tif", tmp_path, 1, {"sha256": "a" * 64})]
    made = seal(history, payload, [], KeyFolder(node.settings.key_directory))
    for file in made.tag_files():
        place = node.item_folder("b1", "letter") / file.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.content)
    return node.registry


def _verify(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["verify-chain", *arguments])


def _rewrite(registry: Registry, operator: str) -> None:
    """What somebody with the database in their hands can do: every hash fits again."""
    with registry.transaction() as session:
        before = "0" * 64
        for row in session.scalars(select(EventRow).order_by(EventRow.sequence)):
            event = json.loads(row.body)
            event["agents"] = [operator if agent == "Ada Löwe" else agent for agent in event["agents"]]
            event["previous"] = before
            row.body = canonical_json(event).decode()
            before = row.sha256 = hashlib.sha256(row.body.encode()).hexdigest()
        session.get_one(BatchRow, "b1").chain_head = before


def test_a_page_of_a_batch_is_told_with_operator_device_and_settings(registry: Registry) -> None:
    told = _verify("b1", "--item", "letter", "--page", "1")
    assert told.exit_code == 0, told.output
    for fact in ("Ada Löwe", "Fujitsu S300 sane:epjitsu:1, serial 17", "resolution=300", "masters/0001.tif"):
        assert fact in told.stdout
    document = json.loads(_verify("b1", "--item", "letter", "--page", "1", "--json").stdout)
    assert (document["valid"], document["signed_items"], document["signed_up_to"]) == (True, 1, 2)
    assert document["page"]["operator"] == "Ada Löwe"


def test_a_registry_rewritten_with_fitting_hashes_is_found_by_the_signature(registry: Registry) -> None:
    _rewrite(registry, "Somebody Else")
    told = _verify("b1", "--item", "letter", "--page", "1")
    assert told.exit_code == 1
    assert "the chain was rewritten up to there" in told.stdout
    assert "Somebody Else" not in told.stdout


def test_a_page_or_an_item_that_is_not_there_is_told(registry: Registry) -> None:
    told = _verify("b1", "--item", "letter", "--page", "9")
    assert (told.exit_code, "No event tells of the capture of page 9" in told.stdout) == (1, True)
    assert _verify("b1", "--item", "nobody's", "--page", "1").exit_code == 2
    assert _verify("b1", "--item", "letter").exit_code == 2
    assert _verify("b1", "--page", "1").exit_code == 2


def test_signatures_by_an_unknown_key_are_named_and_count_for_nothing(
    registry: Registry, recto_home: Path
) -> None:
    public = recto_home / "public.pem"
    for key in load_settings().key_directory.iterdir():
        if key.name.endswith(".pub.pem"):
            public.write_bytes(key.read_bytes())
        key.unlink()
    told = _verify("b1")
    assert told.exit_code == 0
    assert "by the signatures of 0 items" in told.stdout
    assert "were not checked: name its file with --key" in told.stderr
    assert "by the signatures of 1 item." in _verify("b1", "--key", str(public)).stdout
