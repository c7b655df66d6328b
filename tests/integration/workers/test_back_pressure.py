# SPDX-License-Identifier: Apache-2.0
"""Capture waits while the disk is nearly full or the workers lag behind, loses nothing, and goes on by itself."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.registry.batches import items_of
from archive.registry.events import read_events
from archive.registry.stage_holds import BACKLOG, DISK, stage_holds
from archive.registry.stages import Stage
from archive.registry.states import State
from archive.registry.status import batch_status
from archive.registry.tables import UnitRow
from archive.registry.window import fill_window
from workers.back_pressure import apply_limits
from workers.desk import Desk
from workers.device_settings import DeviceSettings, SimulatedDeviceSettings
from workers.errors import DiskLow
from workers.node import Node
from workers.operations import register_manifest
from workers.run_unit import run_unit
from workers.settings import LimitSettings, Settings

PAGES = 6


@dataclass
class Station:
    """One item of pages on a simulated feeder, in flight; its limits are followed as a changed file's are."""

    node: Node
    units: dict[str, int]

    def limit(self, **limits: int) -> None:
        self.node.settings = self.node.settings.model_copy(update={"limits": LimitSettings(**limits)})

    def fill_the_disk(self) -> None:
        """Demand more room than there is on the disk of the tests."""
        self.limit(free_bytes=shutil.disk_usage(self.node.settings.state_directory).total * 2)

    def run(self, stage: Stage) -> State:
        run_unit(self.node, self.units[stage], "test")
        with self.node.registry.reading() as session:
            return State(session.get_one(UnitRow, self.units[stage]).state)

    def holds(self) -> dict[str, str]:
        with self.node.registry.reading() as session:
            return {hold.by: hold.reason for hold in stage_holds(session)}

    def masters(self) -> dict[str, int]:
        """Each master with the moment at which it was written."""
        folder = self.node.item_folder("letters", "one") / "masters"
        return {path.name: path.stat().st_mtime_ns for path in sorted(folder.glob("*.tif"))}

    def told(self) -> list[str]:
        """What the chain tells of stages that were held."""
        with self.node.registry.reading() as session:
            details = [event["detail"] for event in read_events(session, "letters")]
        return [f"{detail['batch']} by {detail['by']}" for detail in details if "held_stage" in detail]


@pytest.fixture
def station(recto_home: Path, tmp_path: Path) -> Iterator[Station]:
    device = SimulatedDeviceSettings(name="one", kind="feeder", sheets=PAGES)
    node = Node(Settings(devices=DeviceSettings(sane=False, simulated=(device,))))
    manifest = {
        "id": "letters",
        "institution": "Test Library",
        "scanner_model": "Any",
        "resolution_dpi": 60,
        "color_profile": "gray",
        "settings": {},
        "items": [{"id": "one", "title": "One", "pages": PAGES, "scanner_id": "simulated:one"}],
    }
    file = tmp_path / "letters.json"
    file.write_text(json.dumps(manifest))
    register_manifest(node, file)
    with node.registry.transaction() as session:
        fill_window(session, 3)
        [item] = items_of(session, "letters")
        units = {
            unit.stage: unit.id for unit in session.scalars(select(UnitRow).where(UnitRow.item == item.id))
        }
    made = Station(node, units)
    yield made
    node.close()


def test_nothing_is_begun_on_a_full_disk_and_all_of_it_when_there_is_room_again(station: Station) -> None:
    station.fill_the_disk()
    apply_limits(station.node)
    assert "capture needs" in station.holds()[DISK]
    assert station.run(Stage.VALIDATE) is State.WAITING
    apply_limits(station.node)
    station.limit(free_bytes=1)
    apply_limits(station.node)
    assert station.holds() == {}
    assert station.run(Stage.VALIDATE) is State.DONE
    # told once each, however often it was looked
    assert station.told() == ["stage on hold by disk", "stage released from hold by disk"]


def test_a_disk_that_fills_up_between_two_pages_stops_capture_there_and_no_page_is_lost_or_scanned_twice(
    station: Station,
) -> None:
    station.run(Stage.VALIDATE)
    first = station.node.item_folder("letters", "one") / "masters" / "0001.tif"

    ended = threading.Event()

    def fill_up() -> None:
        while not first.exists() and not ended.wait(0.001):
            pass
        station.fill_the_disk()

    filling = threading.Thread(target=fill_up)
    filling.start()
    state = station.run(Stage.CAPTURE)
    ended.set()
    filling.join()
    kept = station.masters()
    assert state is State.WAITING
    assert 1 <= len(kept) < PAGES
    assert DISK in station.holds()
    with station.node.registry.reading() as session:
        status = batch_status(session, "letters")
        # no attempt was used up, and nobody has to do anything
        assert session.get_one(UnitRow, station.units[Stage.CAPTURE]).attempts == 0
    assert status["items"][0]["problems"] == []
    assert [hold["by"] for hold in status["holds"]] == [DISK]
    station.limit(free_bytes=1)
    apply_limits(station.node)
    assert station.run(Stage.CAPTURE) is State.DONE
    assert len(station.masters()) == PAGES
    assert station.masters().items() >= kept.items()


def test_capture_waits_for_workers_that_lag_behind_until_most_of_it_is_done(station: Station) -> None:
    station.run(Stage.VALIDATE)
    station.run(Stage.CAPTURE)
    station.limit(free_bytes=0, pages_waiting=PAGES - 1)
    apply_limits(station.node)
    assert station.holds() == {BACKLOG: f"{PAGES} captured pages wait for the workers, and {PAGES - 1} may"}
    with station.node.registry.transaction() as session:
        session.query(UnitRow).update({"state": State.DONE})
    apply_limits(station.node)
    assert station.holds() == {}


def test_a_person_is_refused_before_the_scanner_starts_and_told_why(station: Station, tmp_path: Path) -> None:
    file = tmp_path / "letters.json"
    file.write_text(file.read_text().replace('"letters"', '"desk"'))
    register_manifest(station.node, file, at_desk=True)
    station.fill_the_disk()
    desk = Desk(station.node, "desk", "one")
    with pytest.raises(DiskLow, match="Nothing is captured: the disk of"):
        desk.begin_run()
    station.limit(free_bytes=1)
    assert desk.begin_run().number == 1
