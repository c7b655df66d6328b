# SPDX-License-Identifier: Apache-2.0
"""From the desk to the stored bag: captured by a person, ordered and labelled, and no scanner asked again."""

from __future__ import annotations

import tarfile
from pathlib import Path
from typing import Any

import pytest

from archive.registry.status import batch_status
from archive.storage.file_url import path_of
from hardware.discovery import open_session
from hardware.scanner import PageCompleted
from tests.e2e.conftest import Home, small_batch, wait_for
from workers.desk import Desk, LabelScheme
from workers.node import Node
from workers.operations import register_manifest
from workers.settings import load_settings

pytestmark = [pytest.mark.tesseract, pytest.mark.usefixtures("tesseract")]


def test_an_item_of_the_desk_becomes_a_stored_bag_with_its_labels(
    station: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in station.variables().items():
        if name.startswith("RECTO_"):
            monkeypatch.setenv(name, value)
    node = Node(load_settings())
    text = small_batch("desk", pages=4, scanner="simulated:flatbed", dpi=100)
    register_manifest(node, Path(station.manifest("desk.yaml", text)), at_desk=True)
    desk = Desk(node, "desk", "item")
    with open_session("simulated:flatbed", node.hardware()) as scanner:
        scanner.apply({"resolution": 100, "mode": "Gray"})
        for _ in range(3):
            _capture(desk, scanner)
        _capture(desk, scanner, replaces=desk.state().places[1].id)
    desk.mark_missing(before=desk.state().places[2].id)
    desk.relabel([place.id for place in desk.state().places], LabelScheme.FOLIO, "12v")
    assert _status(node)["items"][0]["on_hold"] == "desk"
    desk.hand_over(operator="Ada")
    # who dispatches does not matter: the station's beat looks for what may go on
    wait_for(lambda: _status(node)["state"] == "done", 90)
    [item] = _status(node)["items"]
    node.registry.close()
    bag = path_of(item["copies"][0]["url"])
    assert station.json("bag", "verify", str(bag))[0]["valid"]
    assert station.json("verify-chain", "desk")["valid"]
    names, mets, premis = _read(bag)
    assert [name for name in names if "/masters/" in name] == [
        f"{bag.stem}/data/masters/{page}.tif" for page in ("0001", "0002", "0004")
    ]
    for number, label in ((1, "12v"), (2, "13r"), (4, "14r")):
        assert f'ORDER="{number}" ORDERLABEL="{label}"' in mets
    assert "3, labelled 13v" in premis
    assert "superseded/desk/run-0002-page-0002.raw" in premis
    assert not any("superseded" in name for name in names)


def _status(node: Node) -> dict[str, Any]:
    with node.registry.reading() as session:
        return batch_status(session, "desk")


def _capture(desk: Desk, scanner: object, replaces: int | None = None) -> None:
    run = desk.begin_run(replaces=replaces)
    for event in scanner.scan(run.request()):  # type: ignore[attr-defined]
        if isinstance(event, PageCompleted):
            desk.add(run, event.page)
    desk.end_run(run)


def _read(bag: Path) -> tuple[list[str], str, str]:
    with tarfile.open(bag) as tar:

        def text(name: str) -> str:
            member = tar.extractfile(f"{bag.stem}/{name}")
            assert member is not None
            return member.read().decode()

        return sorted(tar.getnames()), text("data/mets.xml"), text("metadata/premis.xml")
