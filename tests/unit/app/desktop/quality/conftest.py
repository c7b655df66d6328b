# SPDX-License-Identifier: Apache-2.0
"""A batch with one item at the desk and one that has gone on and is held, and the screen on it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.desktop.quality.screen import QualityScreen
from app.desktop.workplace import Workplace
from archive.registry.batches import items_of, pages_of
from archive.registry.stages import Stage
from archive.registry.states import State
from archive.registry.tables import ItemRow, UnitRow
from hardware.scanner import DeviceInfo, PageFile
from hardware.spool import raw_path, write_facts
from workers.desk import Desk, Run
from workers.errors import QualityHeld
from workers.node import Node
from workers.operations import register_manifest
from workers.run_unit import run_unit

MANIFEST = {
    "id": "letters",
    "institution": "Test Library",
    "scanner_model": "Any",
    "resolution_dpi": 75,
    "color_profile": "gray",
    "settings": {"mode": "Gray"},
    "items": [
        {"id": name, "title": f"Letter {name}", "pages": 3, "scanner_id": "simulated:feeder"}
        for name in ("at-desk", "gone-on")
    ],
}


SENTENCE = "The page lies 4.0 degrees off, clockwise: lay it down straight and scan it again."
GOOD = {
    "check": "blank",
    "verdict": "pass",
    "measured": 0.2,
    "threshold": None,
    "sentence": "There is something.",
}
BAD = {"check": "skew", "verdict": "hold", "measured": -4.0, "threshold": 3.0, "sentence": SENTENCE}


def page_in(run: Run, number: int, height: int = 80) -> PageFile:
    """A small page as a device leaves it in a run's folder."""
    width = 60
    pixels = bytes((row * number + column) % 200 + 55 for row in range(height) for column in range(width))
    path = raw_path(run.folder, number)
    path.write_bytes(bytes(4096) + pixels)
    page = PageFile(
        path=path,
        number=number,
        width=width,
        height=height,
        bits_per_sample=8,
        samples_per_pixel=1,
        photometric="black_is_zero",
        pixel_sha256=hashlib.sha256(pixels).hexdigest(),
        dpi=(75, 75),
        options={},
        device=DeviceInfo("simulated:feeder", "simulated", "Recto", "Feeder", "feeder", simulated=True),
        started_at="2026-01-01T00:00:00Z",
        finished_at="2026-01-01T00:00:01Z",
        bytes_received=len(pixels),
        complete=True,
        pixel_offset=4096,
    )
    write_facts(run.folder, number, page.to_json())
    return page


def captured(node: Node, item: str, pages: int = 3) -> Desk:
    """Capture pages of an item at the desk, as the workspace does."""
    desk = Desk(node, "letters", item)
    run = desk.begin_run(pages=pages)
    for number in range(1, pages + 1):
        desk.add(run, page_in(run, number))
    desk.end_run(run)
    return desk


def hold(node: Node, item: str, page: int) -> None:
    """Let a page of an item have a check against it, and hold the item, as the workers do."""
    with node.registry.transaction() as session:
        row = next(row for row in items_of(session, "letters") if row.name == item)
        units = {unit.stage: unit for unit in session.query(UnitRow).filter(UnitRow.item == row.id)}
        units[Stage.VALIDATE].state = State.DONE
    run_unit(node, units[Stage.CAPTURE].id, "test")
    with node.registry.transaction() as session:
        for found in pages_of(session, row.id):
            found.checks = [GOOD, BAD] if found.number == page else [GOOD]
        unit = session.get_one(UnitRow, units[Stage.CHARACTERISE].id)
        unit.state, unit.error = State.HELD, QualityHeld(f"page {page}: {SENTENCE}", pages=[page]).to_json()
        session.get_one(ItemRow, row.id).state = State.HELD


@pytest.fixture
def batch(workplace: Workplace, tmp_path: Path) -> Workplace:
    """The batch in the registry, with three pages of its first item at the desk."""
    node = workplace.node
    file = tmp_path / "letters.json"
    file.write_text(json.dumps(MANIFEST))
    register_manifest(node, file, at_desk=True)
    captured(node, "at-desk")
    return workplace


@pytest.fixture
def gone_on(batch: Workplace) -> Workplace:
    """The batch, with a second item that has gone on and is held for its second page."""
    captured(batch.node, "gone-on").hand_over(operator="")
    hold(batch.node, "gone-on", 2)
    return batch


Open = Callable[[str], QualityScreen]


@pytest.fixture
def opened(batch: Workplace, qtbot: QtBot) -> Open:
    """Open the screen on an item, as the rail does."""

    def show(item: str) -> QualityScreen:
        screen = QualityScreen(batch)
        qtbot.addWidget(screen)
        screen.addActions([batch.actions.action(record.id) for record in batch.actions.records])
        batch.actions.choose_section("quality")
        screen.resize(1280, 680)
        screen.show()
        with qtbot.waitSignal(screen.reviewing.changed, check_params_cb=None, timeout=5000):
            screen.entered({"batch": "letters", "item": item})
        qtbot.waitUntil(lambda: screen.reviewing.page is not None)
        return screen

    return show
