# SPDX-License-Identifier: Apache-2.0
"""A desktop that is killed in the middle of a scan: the next start finds every page, once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.registry import desk as registry_desk
from hardware.spool import facts_path
from workers.desk import Desk
from workers.desk.errors import PagesWaiting
from workers.desk.recovery import recover, recoverable
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
    "items": [{"id": "one", "title": "One", "pages": 6, "scanner_id": "simulated:one"}],
}
DESKTOP = """
import sys
from hardware.discovery import open_session
from hardware.scanner import PageCompleted
from workers.desk import Desk
from workers.node import Node
from workers.device_settings import DeviceSettings, SimulatedDeviceSettings
from workers.settings import Settings

device = SimulatedDeviceSettings(name="one", kind="feeder")
node = Node(Settings(devices=DeviceSettings(sane=False, simulated=(device,))))
desk = Desk(node, "letters", "one")
run = desk.begin_run(pages=None, replaces=int(sys.argv[1]) or None)
with open_session("simulated:one", node.hardware()) as session:
    session.apply({"resolution": 60, "mode": "Gray"})
    for event in session.scan(run.request()):
        if isinstance(event, PageCompleted):
            if event.page.number == run.first_page + 2:
                print("whole but untold", flush=True)
                sys.stdin.read()
            desk.add(run, event.page)
"""


@pytest.fixture
def node(recto_home: Path, tmp_path: Path) -> Iterator[Node]:
    device = SimulatedDeviceSettings(name="one", kind="feeder")
    made = Node(Settings(devices=DeviceSettings(sane=False, simulated=(device,))))
    file = tmp_path / "letters.json"
    file.write_text(json.dumps(MANIFEST))
    register_manifest(made, file, at_desk=True)
    yield made
    made.registry.close()


def killed_desktop(replaces: int = 0) -> None:
    """Scan in another process, and kill it when the third page is whole and nobody has heard of it."""
    with subprocess.Popen(
        [sys.executable, "-c", DESKTOP, str(replaces)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=dict(os.environ),
    ) as desktop:
        assert desktop.stdout is not None
        assert "whole but untold\n" in iter(desktop.stdout.readline, "")
        desktop.kill()
        # up to its end: the device's process has the same stream, and stops when nobody listens
        desktop.stdout.read()


def pages_on_disk(node: Node, run: int) -> list[str]:
    folder = node.item_folder("letters", "one") / "desk" / f"run-{run:04d}"
    facts = sorted(facts_path(folder, 0).parent.glob("*.json"))
    return [json.loads(file.read_bytes())["pixel_sha256"] for file in facts]


# requirement 14
def test_after_a_kill_every_page_is_offered_and_recovered_once(node: Node) -> None:
    killed_desktop()
    desk = Desk(node, "letters", "one")
    assert len(desk.state().places) == 2
    with pytest.raises(PagesWaiting, match="kept for later"):
        desk.hand_over(operator="")
    [found] = recoverable(node)
    assert (found.batch, found.item, found.title) == ("letters", "one", "One")
    assert found.pages == found.unseen + 2
    assert found.unseen >= 1
    assert recover(node, found, keep=True) == found.pages
    assert [place.image_key for place in desk.state().places] == pages_on_disk(node, 1)
    assert recoverable(node) == []


def test_what_is_not_wanted_goes_aside_and_what_it_replaced_comes_back(node: Node) -> None:
    desk = Desk(node, "letters", "one")
    missing = desk.mark_missing()
    [place] = missing.places
    killed_desktop(replaces=place)
    assert place not in {known.id for known in desk.state().places}
    [found] = recoverable(node)
    assert recover(node, found, keep=False) == found.pages
    assert [known.id for known in desk.state().places] == [place]
    with node.registry.reading() as session:
        item = registry_desk.item_of(session, "letters", "one")
        aside = [
            row.facts["pixel_sha256"] for row in registry_desk.places_aside(session, item.id) if row.facts
        ]
    assert sorted(aside) == sorted(pages_on_disk(node, 1))


def test_a_run_of_a_living_desktop_is_not_offered(node: Node) -> None:
    Desk(node, "letters", "one").begin_run()
    assert recoverable(node) == []
