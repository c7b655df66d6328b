# SPDX-License-Identifier: Apache-2.0
"""Pages are compared with all that their scanner captured for the batch so far, and counted against the manifest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from archive.registry.batches import items_of, pages_of
from archive.registry.stages import Stage
from archive.registry.states import State
from archive.registry.tables import PageFigureRow, UnitRow
from workers.device_settings import DeviceSettings, SimulatedDeviceSettings
from workers.node import Node
from workers.operations import register_manifest
from workers.run_unit import run_unit
from workers.settings import Settings

MANIFEST = {
    "id": "letters",
    "institution": "Test Library",
    "scanner_model": "Any",
    "resolution_dpi": 60,
    "color_profile": "gray",
    "scanner_id": "simulated:one",
    "items": [{"id": name, "title": name, "pages": 5} for name in ("first", "second")],
}
EARLY = (Stage.VALIDATE, Stage.CAPTURE, Stage.CHARACTERISE)


def run(node: Node, *stages: str) -> None:
    """Run the open units of some stages."""
    with node.registry.reading() as session:
        units = session.scalars(select(UnitRow).order_by(UnitRow.id))
        wanted = [unit.id for unit in units if unit.stage in stages and unit.state != State.DONE]
    for unit in wanted:
        run_unit(node, unit, "test")


def told(node: Node, item: str) -> list[tuple[int, str]]:
    """Pages and names of the checks that only show beside others."""
    with node.registry.reading() as session:
        [row] = [each for each in items_of(session, "letters") if each.name == item]
        return [
            (page.number, check["check"])
            for page in pages_of(session, row.id)
            for check in page.checks or []
            if check["check"] in {"unsharp", "noisy", "page_count"}
        ]


@pytest.fixture
def node(recto_home: Path, tmp_path: Path) -> Any:
    device = SimulatedDeviceSettings(name="one", kind="feeder")
    node = Node(Settings(devices=DeviceSettings(sane=False, simulated=(device,))))
    (tmp_path / "letters.json").write_text(json.dumps(MANIFEST))
    register_manifest(node, tmp_path / "letters.json")
    yield node
    node.close()


def test_an_item_beside_the_batch_and_beside_its_manifest(node: Node) -> None:
    run(node, *EARLY)
    with node.registry.transaction() as session:
        figures = list(session.scalars(select(PageFigureRow).order_by(PageFigureRow.page)))
        assert [(row.batch, row.device) for row in figures] == [("letters", "simulated:one")] * 10
        assert all(row.sharpness for row in figures)
        second = items_of(session, "letters")[1]
        usual = {page.id for page in pages_of(session, second.id)}
        # as if the first item, and one page of the second, had been four times as sharp as the others
        for row in figures:
            if row.page not in usual or row.page == max(usual):
                assert row.sharpness is not None
                row.sharpness *= 4
        second.description = {**second.description, "expected_pages": 6, "missing_pages": []}
    run(node, Stage.ENRICH)
    assert told(node, "first") == [(number, "unsharp") for number in range(1, 6)]
    assert told(node, "second") == [*[(number, "unsharp") for number in range(1, 6)], (5, "page_count")]
