# SPDX-License-Identifier: Apache-2.0
"""A registry that was restored from an older backup goes on, and takes nothing away that it does not know of."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from archive.receiving.inventory import read_inventory
from archive.registry.ingest_facts import Outcome
from archive.registry.kept_objects import find_object
from tests.arrivals import CONTENT, INSTITUTION, ReceivingSite, make_bag
from workers.registry_backup import back_up, fetched
from workers.registry_restore import restore

TEXT = "ocr/0001.txt"


@pytest.fixture
def uid(site: ReceivingSite, tmp_path: Path) -> str:
    """An object of which the backup knows one version, and the locations two."""
    vault = str(tmp_path / "vault")
    site.deposit(make_bag(tmp_path)).run()
    back_up(site.node, vault)
    site.deposit(make_bag(tmp_path, content={**CONTENT, TEXT: b"lost\n"})).run()
    with fetched(site.node, "newest", vault) as file:
        restored = restore(site.node, file, force=True)
    assert not restored.checked.problems
    with site.registry.reading() as session:
        kept = find_object(session, f"{INSTITUTION}/letter_1")
        assert kept.version == 1
        return kept.uid


def test_the_inventory_of_a_version_after_the_backup_is_kept_beside_the_next_one_of_its_number(
    site: ReceivingSite, uid: str, tmp_path: Path
) -> None:
    answered = json.loads((site.receiving / "letter_1.tar.receipt.json").read_bytes())["receipt"]
    before = set(site.kept())
    arrival = site.deposit(make_bag(tmp_path, content={**CONTENT, TEXT: b"new\n"}))
    arrival.run()
    assert (arrival.item.outcome, arrival.item.version) == (Outcome.INGESTED, 2)
    assert before < set(site.kept())
    sha256 = answered["inventory"]["sha256"]
    for location in site.locations:
        earlier = (location / f"objects/{uid}/v2/inventory.{sha256[:16]}.json").read_bytes()
        assert hashlib.sha256(earlier).hexdigest() == sha256
        (text,) = [file for file in read_inventory(earlier)["files"] if file["path"].endswith(TEXT)]
        assert (location / text["key"]).read_bytes() == b"lost\n"


def test_the_bag_that_was_ingested_after_the_backup_stores_nothing_again(
    site: ReceivingSite, uid: str, tmp_path: Path
) -> None:
    before = set(site.kept())
    arrival = site.deposit(make_bag(tmp_path, content={**CONTENT, TEXT: b"lost\n"}))
    arrival.run()
    assert (arrival.item.outcome, arrival.item.version) == (Outcome.INGESTED, 2)
    new = {path for path in site.kept() if path not in before}
    assert all("/v2/inventory." in path for path in new), (uid, new)
