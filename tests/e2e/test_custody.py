# SPDX-License-Identifier: Apache-2.0
"""A bag from a real batch proves its history far from the station, with the exported public key alone."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from archive.registry.status import batch_status
from archive.registry.tables import UnitRow
from tests.e2e.conftest import Home, small_batch
from workers.node import Node
from workers.operations import retry_batch
from workers.run_unit import run_unit
from workers.settings import load_settings

pytestmark = [pytest.mark.tesseract, pytest.mark.usefixtures("tesseract")]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A station's home."""
    made = Home(tmp_path_factory.mktemp("custody") / "home")
    made.configure()
    return made


def node_of(home: Home) -> Node:
    """A worker of this home, in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECTO_HOME", str(home.folder))
        return Node(load_settings())


def run_units(home: Home, batch: str) -> dict[str, Any]:
    """Run the units of a batch that wait in this process, without any broker, and return its status."""
    node = node_of(home)
    with node.registry.reading() as session:
        units = list(session.scalars(select(UnitRow.id).order_by(UnitRow.id)))
    for unit in units:
        run_unit(node, unit, "test")
    with node.registry.reading() as session:
        status = batch_status(session, batch)
    node.registry.close()
    return status


def submit(home: Home, batch: str) -> dict[str, Any]:
    """Register a batch of one page and run it."""
    home.recto("batch", "submit", home.manifest(f"{batch}.yaml", small_batch(batch, pages=1)))
    return run_units(home, batch)


@pytest.fixture(scope="module")
def bag(home: Home) -> Path:
    """The stored bag of a batch of one page."""
    assert submit(home, "signed")["state"] == "done"
    [stored] = (home.folder / "data/storage").glob("*.signed_item.tar")
    return stored


@pytest.fixture
def elsewhere(tmp_path: Path) -> Home:
    """A machine that has neither the station's registry nor its keys."""
    return Home(tmp_path / "elsewhere")


def test_a_bag_and_a_public_key_prove_who_captured_a_page_until_anything_is_altered(
    home: Home, elsewhere: Home, bag: Path, tmp_path: Path
) -> None:
    public = tmp_path / "public.pem"
    home.recto("key", "export", "--all", "--out", str(public))
    report = elsewhere.json("verify-chain", str(bag), "--key", str(public), "--page", "1")
    assert report["valid"]
    page = report["page"]
    assert (page["operator"], page["device"]["id"]) == ("Tester", "simulated:feeder")
    assert page["options"]["resolution"]["actual"] == 150
    assert not elsewhere.folder.exists()

    subprocess.run(["/bin/tar", "xf", bag, "-C", tmp_path], check=True)
    folder = tmp_path / bag.stem
    told = elsewhere.recto("verify-chain", str(folder), "--key", str(public), "--page", "1").stdout
    assert "Tester" in told
    assert page["sha256"] in told
    events = folder / "metadata/events.jsonl"
    events.write_text(events.read_text().replace('"Tester"', '"Nobody"'))
    found = elsewhere.json("verify-chain", str(folder), "--key", str(public), "--page", "1", expect=1)
    assert not found["valid"]
    assert found["page"] is None
    assert any("was altered" in problem for problem in found["problems"])


def test_without_a_key_nothing_is_believed_elsewhere_but_the_station_knows_its_own(
    home: Home, elsewhere: Home, bag: Path
) -> None:
    refused = elsewhere.recto("verify-chain", str(bag), expect=1)
    assert "--key FILE" in refused.stderr
    assert home.json("verify-chain", str(bag))["valid"]


def test_rotation_changes_neither_the_proof_nor_the_bytes_of_bags_made_before(
    home: Home, elsewhere: Home, bag: Path, tmp_path: Path
) -> None:
    rotated = home.json("key", "rotate", "--yes")
    shown = home.json("key", "show")["keys"]
    assert [key["id"] for key in shown if key["signs"]] == [rotated["id"]]
    assert len(shown) >= 2
    exported = home.json("batch", "export", "signed", "--out", str(tmp_path / "export"))
    assert [made["equal"] for made in exported["bags"]] == [True]

    new, every = tmp_path / "new.pem", tmp_path / "all.pem"
    home.recto("key", "export", "--out", str(new))
    home.recto("key", "export", "--all", "--out", str(every))
    assert elsewhere.json("verify-chain", str(bag), "--key", str(every))["valid"]
    refused = elsewhere.json("verify-chain", str(bag), "--key", str(new), expect=1)
    assert "not among the keys given" in refused["problems"][0]
    taken = home.recto("key", "export", "--out", str(new), expect=2)
    assert "cannot be written" in taken.stderr
    assert new.read_bytes() == rotated["public_key"].encode()


def test_a_lost_key_holds_the_bag_until_a_new_one_is_made(home: Home, bag: Path) -> None:
    (home.folder / "state/keys/signing-key.pem").unlink()
    try:
        status = submit(home, "keyless")
    finally:
        home.recto("key", "rotate", "--yes")
    [problem] = status["items"][0]["problems"]
    assert problem["code"] == "custody.signing_key_lost"
    assert "recto key rotate" in problem["remedy"]
    assert status["items"][0]["stages"]["bag"] == "held"
    node = node_of(home)
    assert retry_batch(node, "keyless") == 1
    node.registry.close()
    assert run_units(home, "keyless")["state"] == "done"


def test_a_wrong_key_file_is_named(elsewhere: Home, bag: Path, tmp_path: Path) -> None:
    rubbish = tmp_path / "rubbish.pem"
    rubbish.write_text("rubbish")
    document = json.loads(
        elsewhere.recto("verify-chain", str(bag), "--key", str(rubbish), "--json", expect=1).stdout
    )
    assert document["error"]["code"] == "custody.public_key_unreadable"
    # a batch is not a bag, and what is not there is neither
    assert (
        "a page of a batch needs --item too"
        in elsewhere.recto("verify-chain", "signed", "--page", "1", expect=2).stderr
    )
