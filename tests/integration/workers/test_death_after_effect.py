# SPDX-License-Identifier: Apache-2.0
"""A worker that dies when its work is recorded, and its unit not yet ended, leaves nothing to be done twice."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from sqlalchemy import select

from archive.bag.validator import verify_bag
from archive.registry import ledger
from archive.registry.dispatching import end_leases, running_units
from archive.registry.events import read_events, verify_chain
from archive.registry.stages import DEFAULT_PIPELINE
from archive.registry.states import State
from archive.registry.tables import FileRow, ItemRow, UnitRow
from workers.node import Node
from workers.operations import register_manifest
from workers.run_unit import run_unit
from workers.settings import load_settings

pytestmark = [pytest.mark.tesseract, pytest.mark.usefixtures("tesseract")]

MANIFEST = {
    "id": "letters",
    "institution": "Library",
    "scanner_model": "Any",
    "scanner_id": "simulated:feeder",
    "resolution_dpi": 75,
    "color_profile": "gray",
    "settings": {"mode": "Gray"},
    "items": [
        {"id": "one", "title": "One", "language": "eng", "file_paths": ["page.tif"]},
        {"id": "two", "title": "Two", "language": "eng", "pages": 1},
    ],
}


class Died(BaseException):
    """Stands for SIGKILL: nothing in the process sees it coming."""


@pytest.fixture
def node(recto_home: Path) -> Iterator[Node]:
    recto_home.mkdir()
    image = Image.new("L", (300, 400), 240)
    ImageDraw.Draw(image).text((20, 40), "A letter from one to another.", fill=10)
    image.save(recto_home / "page.tif", dpi=(75, 75))
    (recto_home / "letters.json").write_text(json.dumps(MANIFEST))
    made = Node(load_settings())
    register_manifest(made, recto_home / "letters.json")
    yield made
    made.close()


def in_order(node: Node) -> list[int]:
    """The units of the batch, each behind those that it stands on."""
    with node.registry.reading() as session:
        units = list(session.scalars(select(UnitRow).order_by(UnitRow.id)))
    return [unit.id for unit in sorted(units, key=lambda unit: DEFAULT_PIPELINE.place(unit.stage))]


def die_at_its_end(node: Node, unit: int) -> None:
    """Run a unit in a worker that is killed when all is done but the last line in the ledger."""

    def die(*_: object) -> None:
        raise Died

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, "complete", die)
        with pytest.raises(Died):
            run_unit(node, unit, "killed")
    with node.registry.transaction() as session:
        end_leases(session, running_units(session))


def test_each_unit_is_done_again_and_nothing_that_was_recorded_is_recorded_twice(node: Node) -> None:
    for unit in in_order(node):
        die_at_its_end(node, unit)
        assert run_unit(node, unit, "next") is not None
    with node.registry.reading() as session:
        assert set(session.scalars(select(UnitRow.state))) == {State.DONE}
        assert set(session.scalars(select(UnitRow.attempts))) == {2}
        assert verify_chain(session, "letters").whole
        told = Counter(
            (event["type"], event["item"], event["page"], json.dumps(event["detail"], sort_keys=True))
            for event in read_events(session, "letters")
            # a reading of the stored bytes was done twice, and both count
            if event["type"] not in {"state change", "fixity check"}
        )
        bags = [item.bag for item in session.scalars(select(ItemRow))]
        files = {f"{row.item}/{row.path}" for row in session.scalars(select(FileRow))}
    assert [what for what, times in told.items() if times != 1] == []
    assert {kind for kind, *_ in told} >= {"capture", "ingestion", "transcription", "transfer", "migration"}
    assert len(files) == 2 * 9
    for bag in bags:
        assert bag is not None
        report = verify_bag(node.settings.data_directory / "storage" / Path(bag["path"]).name)
        assert (report.valid, report.second_opinion) == (True, "valid")
