# SPDX-License-Identifier: Apache-2.0
"""A station in this process that runs batches of small existing images through whatever pipeline they name."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from sqlalchemy import select

from archive.registry.pages import files_of
from archive.registry.states import State
from archive.registry.status import batch_status
from archive.registry.tables import ItemRow, UnitRow
from workers.node import Node
from workers.operations import register_manifest
from workers.run_unit import run_unit
from workers.settings import load_settings

OPEN = (State.WAITING, State.QUEUED)


@dataclass
class Station:
    """A station whose work is done when it is told to.

    Attributes:
        folder: Where its manifests and images are.
        node: Its node.
    """

    folder: Path
    node: Node

    def register(self, pipeline: str, *pages: int, **more: Any) -> str:
        """Register a batch of the pipeline's name with items of so many pages."""
        items = []
        for number, count in enumerate(pages, 1):
            names = [f"{number}-{page}.tif" for page in range(count)]
            for page, name in enumerate(names):
                draw_page(self.folder / name, f"Page {page + 1} of letter {number}")
            items.append({"id": f"item-{number}", "title": f"Letter {number}", "file_paths": names})
        manifest = {
            "id": "batch",
            "institution": "Library",
            "scanner_model": "Any",
            "resolution_dpi": 150,
            "color_profile": "gray",
            "pipeline": pipeline,
            "items": items,
            **more,
        }
        (self.folder / "batch.json").write_text(json.dumps(manifest))
        return register_manifest(self.node, self.folder / "batch.json")

    def run(self, *only: str) -> list[str]:
        """Run all that can be run, of some stages or of all; the stages in the order in which they were begun."""
        begun: list[str] = []
        while True:
            with self.node.registry.reading() as session:
                waiting = session.execute(
                    select(UnitRow.id, UnitRow.stage).where(UnitRow.state.in_(OPEN)).order_by(UnitRow.id)
                ).all()
            wanted = [row for row in waiting if not only or row.stage in only]
            ran = [row.stage for row in wanted if run_unit(self.node, row.id, "test") is not None]
            if not ran:
                return begun
            begun += ran

    def status(self) -> dict[str, Any]:
        """The document of `recto batch status`."""
        with self.node.registry.reading() as session:
            return batch_status(session, "batch")

    def units(self) -> dict[str, list[UnitRow]]:
        """The units of the batch by stage, in order."""
        found: dict[str, list[UnitRow]] = {}
        with self.node.registry.reading() as session:
            for unit in session.scalars(select(UnitRow).order_by(UnitRow.id)):
                found.setdefault(unit.stage, []).append(unit)
        return found

    def uses(self) -> set[str]:
        """What the files of all items are for."""
        with self.node.registry.reading() as session:
            items = list(session.scalars(select(ItemRow.id)))
            return {file.use for item in items for file in files_of(session, item)}


def draw_page(path: Path, text: str) -> None:
    """A small page that Tesseract can read."""
    image = Image.new("L", (320, 80), 235)
    ImageDraw.Draw(image).text((20, 20), text, fill=30, font_size=24)
    image.save(path, dpi=(150, 150))


@pytest.fixture
def station(recto_home: Path, tmp_path: Path, tesseract: str) -> Iterator[Callable[..., Station]]:
    """Makes the station; keywords are settings."""
    nodes: list[Node] = []

    def make(**settings: str) -> Station:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in settings.items():
                patch.setenv(f"RECTO_{name}", value)
            nodes.append(Node(load_settings()))
        return Station(tmp_path, nodes[-1])

    yield make
    for node in nodes:
        node.close()
