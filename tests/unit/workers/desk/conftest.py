# SPDX-License-Identifier: Apache-2.0
"""An item at the desk of a private station, and pages as a scanner leaves them in a run's folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hardware.scanner import DeviceInfo, PageFile
from hardware.spool import raw_path, write_facts
from workers.desk import Desk, Run
from workers.device_settings import DeviceSettings, SimulatedDeviceSettings
from workers.node import Node
from workers.operations import register_manifest
from workers.settings import Settings

MANIFEST = {
    "id": "letters",
    "institution": "Test Library",
    "scanner_model": "Any",
    "resolution_dpi": 60,
    "color_profile": "gray",
    "items": [{"id": "one", "title": "One", "pages": 4, "scanner_id": "simulated:one"}],
}


def spooled(run: Run, number: int, content: bytes = b"", *, dpi: int = 60) -> PageFile:
    """A page that lies whole in a run's folder, as a device leaves it: two gray pixels and its facts."""
    pixels = (content or f"{run.number:02d}-{number:02d}".encode()).ljust(8)[:8]
    path = raw_path(run.folder, number)
    path.write_bytes(bytes(4096) + pixels)
    page = PageFile(
        path=path,
        number=number,
        width=8,
        height=1,
        bits_per_sample=8,
        samples_per_pixel=1,
        photometric="black_is_zero",
        pixel_sha256=hashlib.sha256(pixels).hexdigest(),
        dpi=(dpi, dpi),
        options={},
        device=DeviceInfo("simulated:one", "simulated", "Recto", "Simulated", "flatbed", simulated=True),
        started_at="2026-01-01T00:00:00Z",
        finished_at=f"2026-01-01T00:00:{number % 60:02d}Z",
        bytes_received=8,
        complete=True,
        pixel_offset=4096,
    )
    write_facts(run.folder, number, page.to_json())
    return page


@pytest.fixture
def node(recto_home: Path, tmp_path: Path) -> Iterator[Node]:
    device = SimulatedDeviceSettings(name="one", kind="feeder")
    made = Node(Settings(devices=DeviceSettings(sane=False, simulated=(device,))))
    file = tmp_path / "letters.json"
    file.write_text(json.dumps(MANIFEST))
    register_manifest(made, file, at_desk=True)
    yield made
    made.registry.close()


@pytest.fixture
def desk(node: Node) -> Desk:
    return Desk(node, "letters", "one")


Capture = Callable[..., int]


@pytest.fixture
def capture(desk: Desk) -> Capture:
    """Capture pages in one run; gives the id of the last."""

    def scan(pages: int = 1, *, before: int | None = None, replaces: int | None = None) -> int:
        run = desk.begin_run(before=before, replaces=replaces, pages=pages)
        changes = [desk.add(run, spooled(run, run.first_page + index)) for index in range(pages)]
        desk.end_run(run)
        added = {place.id for place in desk.state().places} & {
            state.id for change in changes for state in change.after
        }
        return max(added)

    return scan
