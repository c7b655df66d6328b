# SPDX-License-Identifier: Apache-2.0
"""The home and the batch that are put through chaos: small pages, captured and taken in from files."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from tests.e2e.conftest import Home

BATCH = "chaos"
STATION = "chaos"
SHORT = "pipeline.yaml"
"""A pipeline in which Tesseract has no part: it would take most of the time."""
LEASE_SECONDS = 3.0
"""Short, so that a stopped process is a late one soon."""

SETTINGS = f"""\
station = "{STATION}"
operator = "Tester"

[devices]
sane_backends = []

[[devices.simulated]]
name = "feeder"
kind = "feeder"

[ledger]
lease_seconds = {LEASE_SECONDS}
reconcile_seconds = 1
chunk_pages = 5
items_in_flight = 4
# every kill takes an attempt from a unit, and here a unit may well be killed again and again
max_attempts = 50

[workers]
compute_processes = 2
io_threads = 2
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a batch consists of.

    Attributes:
        items: How many items.
        pages: Pages of each.
        from_files: How many of the items are made of image files that exist already.
        dpi: Resolution of the captured pages.
        pipeline: Name of the pipeline; SHORT for the one that lies here.
    """

    items: int = 10
    pages: int = 20
    from_files: int = 3
    dpi: int = 50
    pipeline: str = SHORT

    def names(self) -> list[str]:
        """The ids of the items."""
        return [f"item-{number:02d}" for number in range(self.items)]


def prepare(home: Home, plan: Plan) -> str:
    """Write settings, images and manifest into a home.

    Returns:
        The manifest's path.
    """
    (home.folder / "config").mkdir(parents=True, exist_ok=True)
    (home.folder / "config" / "recto.toml").write_text(SETTINGS)
    if plan.pipeline == SHORT:
        (home.folder / "manifests").mkdir()
        shutil.copy(Path(__file__).with_name(SHORT), home.folder / "manifests")
    lines = [
        f"id: {BATCH}",
        "institution: Test Library",
        "scanner_id: simulated:feeder",
        "scanner_model: Any",
        f"resolution_dpi: {plan.dpi}",
        "color_profile: gray",
        f"pipeline: {plan.pipeline}",
        "settings: {mode: Gray}",
        "items:",
    ]
    for number, name in enumerate(plan.names()):
        head = f"  - {{id: {name}, title: Item {number}, language: eng, "
        if number < plan.from_files:
            lines.append(f"{head}file_paths: [{', '.join(_images(home, name, plan))}]}}")
        else:
            lines.append(f"{head}pages: {plan.pages}}}")
    return home.manifest(f"{BATCH}.yaml", "\n".join(lines) + "\n")


def _images(home: Home, item: str, plan: Plan) -> list[str]:
    """Images of one item, each unlike all others."""
    folder = home.folder / "manifests" / item
    folder.mkdir(parents=True)
    names = []
    for number in range(1, plan.pages + 1):
        image = Image.new("L", (plan.dpi * 4, plan.dpi * 6), 240)
        draw = ImageDraw.Draw(image)
        for line in range(20, plan.dpi * 6 - 20, 12):
            draw.text((10, line), f"{item}, page {number}, line {line}", fill=10)
        name = f"{number:03d}.tif"
        image.save(folder / name, dpi=(plan.dpi, plan.dpi))
        names.append(f"{item}/{name}")
    return names
