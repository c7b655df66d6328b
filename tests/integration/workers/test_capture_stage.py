# SPDX-License-Identifier: Apache-2.0
"""The capture stage on simulated scanners: what stops it, what an operator reads, and how it goes on."""

from __future__ import annotations

import hashlib
import importlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from archive.imaging.color_profiles import gray_profile, srgb_profile
from archive.imaging.pixels import pixel_digest
from archive.imaging.technical_metadata import read_technical_metadata
from archive.registry.batches import items_of, pages_of
from archive.registry.decisions import retry_units
from archive.registry.events import read_events
from archive.registry.stages import Stage
from archive.registry.states import State
from archive.registry.tables import UnitRow
from hardware.scanner import DeviceInfo, PageFile
from hardware.spool import raw_path, write_facts
from workers.device_settings import DeviceSettings, ScannerProfileSettings, SimulatedDeviceSettings
from workers.node import Node
from workers.operations import register_manifest
from workers.run_unit import run_unit
from workers.settings import MasterSettings, Settings

MANIFEST = {
    "id": "letters",
    "institution": "Test Library",
    "scanner_model": "Any",
    "resolution_dpi": 60,
    "color_profile": "gray",
    "settings": {},
}


@dataclass
class Captured:
    """What the registry and the item's folder hold after an attempt."""

    state: State
    error: dict[str, Any]
    pages: dict[int, dict[str, Any]]
    masters: list[str]


@dataclass
class Station:
    """One item of pages on one simulated device, captured by hand: no broker, no other stage."""

    node: Node
    unit: int
    item: int

    def capture(self) -> Captured:
        """Run the stage once."""
        run_unit(self.node, self.unit, "test")
        with self.node.registry.reading() as session:
            unit = session.get_one(UnitRow, self.unit)
            pages = {
                page.number: page.capture for page in pages_of(session, self.item) if page.capture is not None
            }
            return Captured(State(unit.state), unit.error or {}, pages, self.masters())

    def retry(self) -> Captured:
        """Do what `recto batch retry` does, and run the stage once more."""
        with self.node.registry.transaction() as session:
            retry_units(session, "letters")
        return self.capture()

    @property
    def folder(self) -> Path:
        return self.node.item_folder("letters", "one")

    def written(self, page: int) -> tuple[int, int]:
        """Which file a master is, and when it was written."""
        found = (self.folder / f"masters/{page:04d}.tif").stat()
        return found.st_ino, found.st_mtime_ns

    def masters(self) -> list[str]:
        return sorted(path.name for path in (self.folder / "masters").glob("*"))


Begin = Callable[..., Station]


@pytest.fixture
def begin(recto_home: Path, tmp_path: Path) -> Iterator[Begin]:
    nodes: list[Node] = []

    def station(
        kind: str = "feeder",
        pages: int = 3,
        faults: str = "[]",
        icc: tuple[ScannerProfileSettings, ...] = (),
        masters: MasterSettings | None = None,
        **manifest: Any,
    ) -> Station:
        script = tmp_path / "faults.yaml"
        script.write_text(f"faults: {faults}")
        device = SimulatedDeviceSettings(name="one", kind=kind, faults=script)  # type: ignore[arg-type]
        devices = DeviceSettings(sane=False, simulated=(device,), icc=icc)
        # without any, those of the environment hold
        own = {} if masters is None else {"masters": masters}
        node = Node(Settings(devices=devices, **own))  # type: ignore[arg-type]
        nodes.append(node)
        file = tmp_path / "letters.json"
        item = {"id": "one", "title": "One", "pages": pages, "scanner_id": "simulated:one"}
        file.write_text(json.dumps({**MANIFEST, **manifest, "items": [item]}))
        register_manifest(node, file)
        with node.registry.transaction() as session:
            [row] = items_of(session, "letters")
            units = {
                unit.stage: unit for unit in session.scalars(select(UnitRow).where(UnitRow.item == row.id))
            }
            # language data and free space are another stage's tests
            units[Stage.VALIDATE].state = State.DONE
            return Station(node, units[Stage.CAPTURE].id, row.id)

    yield station
    for node in nodes:
        node.registry.close()


PAPER_FAULTS = {
    "jam": "scanner.jam",
    "double_feed": "scanner.double_feed",
}


@pytest.mark.parametrize("fault", PAPER_FAULTS)
def test_a_fault_in_the_paper_path_is_held_and_goes_on_at_the_same_page(begin: Begin, fault: str) -> None:
    station = begin(faults=f"[{{fault: {fault}, at: {{page: 2, line: 40%}}}}]")
    held = station.capture()
    assert (held.state, held.error["code"]) == (State.HELD, PAPER_FAULTS[fault])
    assert (held.error["facts"]["last_good_page"], held.error["facts"]["next_page"]) == (1, 2)
    assert "The last good page is 1: put the sheet of page 2 and those after it back" in held.error["remedy"]
    assert "recto batch retry letters" in held.error["remedy"]
    assert held.masters == ["0001.tif"]
    first = station.written(1)
    done = station.retry()
    assert (done.state, sorted(done.pages)) == (State.DONE, [1, 2, 3])
    assert station.written(1) == first


def test_a_second_jam_before_any_page_still_names_the_last_good_one(begin: Begin) -> None:
    station = begin(faults="[{fault: jam, at: {page: 3}, times: 2}]")
    station.capture()
    again = station.retry()
    assert again.error["facts"]["last_good_page"] == 2
    assert (
        "The last good page is 2: put back what had gone in, then go on with page 3." in again.error["remedy"]
    )
    assert station.retry().masters == ["0001.tif", "0002.tif", "0003.tif"]


def test_a_sheet_whose_front_is_kept_may_be_fed_by_both_sides_again(begin: Begin) -> None:
    station = begin(
        "duplex", 6, "[{fault: jam, at: {page: 4}}]", settings={"source": "ADF Duplex", "mode": "Gray"}
    )
    held = station.capture()
    assert sorted(held.pages) == [1, 2, 3]
    assert "The last good page is 3: put its sheet, whose back is missing" in held.error["remedy"]
    fronts = held.pages[3], station.written(3)
    done = station.retry()
    assert (done.state, sorted(done.pages)) == (State.DONE, [1, 2, 3, 4, 5, 6])
    assert (done.pages[3], station.written(3)) == fronts
    assert not raw_path(station.folder / "spool", 3).exists()


@pytest.mark.parametrize("moment", ["preadv", "link", "_record", "forget_page"])
def test_a_worker_that_ends_on_the_way_from_the_spool_to_the_registry_loses_no_scan(
    begin: Begin, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    station = begin(pages=2)
    with monkeypatch.context() as patch:
        stage = importlib.import_module("workers.stages.capture")  # the package has a function of that name
        patch.setattr(os if hasattr(os, moment) else stage, moment, end_at_once)
        with pytest.raises(SystemExit):
            station.capture()
    spooled = raw_path(station.folder / "spool", 1)
    scanned = spooled.stat().st_ino
    done = station.capture()
    assert (done.state, done.masters) == (State.DONE, ["0001.tif", "0002.tif"])
    assert (station.folder / "masters/0001.tif").stat().st_ino == scanned
    assert not spooled.exists()
    with station.node.registry.reading() as session:
        told = [event["page"] for event in read_events(session, "letters") if event["type"] == "capture"]
    assert told == [1, 2]


def end_at_once(*_arguments: object, **_options: object) -> None:
    raise SystemExit


@pytest.mark.parametrize("moment", ["pread", "_record", "forget_page"])
def test_compressed_masters_lose_no_scan_either(
    begin: Begin, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    monkeypatch.setenv("RECTO_MASTERS__COMPRESSION", "deflate")
    station = begin(pages=2)
    with monkeypatch.context() as patch:
        stage = importlib.import_module("workers.stages.capture")
        patch.setattr(os if hasattr(os, moment) else stage, moment, end_at_once)
        with pytest.raises(SystemExit):
            station.capture()
    done = station.capture()
    assert (done.state, done.masters) == (State.DONE, ["0001.tif", "0002.tif"])
    for number in (1, 2):
        master = station.folder / f"masters/{number:04d}.tif"
        assert read_technical_metadata(master).compression == "deflate"
        assert pixel_digest(master) == done.pages[number]["pixel_sha256"]
        assert not raw_path(station.folder / "spool", number).exists()


def test_a_page_that_the_tag_set_refuses_waits_in_the_spool(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTO_MASTERS__TAG_SET", "slub")
    refused = (station := begin(pages=1)).capture()
    assert (refused.state, refused.error["code"]) == (State.HELD, "imaging.master_tags_unfit")
    assert "XResolution (282) is 60, not within 300 to 4000" in refused.error["message"]
    assert (refused.masters, refused.pages) == ([], {})
    assert raw_path(station.folder / "spool", 1).exists()


def test_a_device_that_fails_on_its_own_is_tried_again_at_the_same_page(begin: Begin) -> None:
    station = begin(faults="[{fault: crash, at: {page: 2, line: 40%}}]")
    waiting = station.capture()
    assert (waiting.state, waiting.error["facts"]["next_page"]) == (State.WAITING, 2)
    with station.node.registry.transaction() as session:
        session.get_one(UnitRow, station.unit).next_attempt_at = 0.0
    assert station.capture().masters == ["0001.tif", "0002.tif", "0003.tif"]


# What the manifest demands


REFUSED = {
    "announced": (
        "feeder",
        {"resolution_dpi": 2400, "settings": {"mode": "Color", "depth": 12}},
        "12 bit, mode Color; the scanner would give resolution 1200, depth 8, mode Color.",
    ),
    "delivered": (
        "film",
        {"color_profile": "sRGB", "resolution_dpi": 300, "settings": {"mode": "Infrared"}},
        "page 1 was delivered as gray, 16 bit, 300 x 300 dpi",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_capture_that_violates_the_manifest_records_nothing(begin: Begin, case: str) -> None:
    kind, manifest, words = REFUSED[case]
    station = begin(kind, **manifest)
    held = station.capture()
    assert (held.state, held.error["code"]) == (State.HELD, "capture.refused")
    assert words in held.error["message"]
    assert all(held.error[part] for part in ("consequence", "remedy"))
    assert (held.pages, held.masters) == ({}, [])
    assert [path for path in station.folder.rglob("*") if path.is_file()] == []


def test_a_mode_that_the_settings_leave_open_is_chosen_and_recorded_with_what_the_device_made_of_it(
    begin: Begin,
) -> None:
    page = begin("flatbed", 1, color_profile="bitonal").capture().pages[1]
    assert (page["samples_per_pixel"], page["bits_per_sample"]) == (1, 1)
    assert page["options"]["mode"] == {"requested": "Lineart", "actual": "Lineart"}
    assert page["options"]["resolution"] == {"requested": 60, "actual": 60}
    assert page["options"]["source"]["requested"] is None


def test_a_page_that_waits_in_the_spool_must_be_what_the_manifest_demands_too(begin: Begin) -> None:
    station = begin("flatbed", 1)
    spool = station.folder / "spool"
    spool.mkdir(parents=True)
    # as a worker leaves it that dies between scanning a page and recording it
    raw_path(spool, 1).write_bytes(b"rgb")
    write_facts(spool, 1, colour_page(raw_path(spool, 1)).to_json())
    held = station.capture()
    assert "page 1 was delivered as colour, 8 bit, 60 x 60 dpi" in held.error["message"]
    assert (held.pages, held.masters) == ({}, [])
    assert not raw_path(spool, 1).exists()
    assert station.retry().state is State.DONE


def colour_page(path: Path) -> PageFile:
    return PageFile(
        path=path,
        number=1,
        width=1,
        height=1,
        bits_per_sample=8,
        samples_per_pixel=3,
        photometric="rgb",
        pixel_sha256=hashlib.sha256(b"rgb").hexdigest(),
        dpi=(60, 60),
        options={},
        device=DeviceInfo("simulated:one", "simulated", "", "", "", simulated=True),
        started_at="2026-01-01T00:00:00Z",
        finished_at="2026-01-01T00:00:01Z",
        bytes_received=3,
        complete=True,
    )


def own_profile(path: Path, name: bytes) -> str:
    """A profile of the site's own; returns its digest."""
    content = srgb_profile().replace("sRGB".encode("utf-16-be"), name.decode().encode("utf-16-be"))
    path.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def icc_of(station: Station) -> str:
    facts = read_technical_metadata(station.folder / "masters/0001.tif").icc
    assert facts is not None
    return facts.sha256


COLOR = {"color_profile": "eciRGBv2", "settings": {"mode": "Color"}}


def test_a_profile_of_the_site_is_reached_by_the_name_in_the_manifest(begin: Begin, tmp_path: Path) -> None:
    (tmp_path / "icc").mkdir()
    digest = own_profile(tmp_path / "icc" / "eciRGB_v2.icc", b"eciR")
    station = begin(pages=1, masters=MasterSettings(icc_folder=tmp_path / "icc"), **COLOR)
    assert station.capture().state is State.DONE
    assert icc_of(station) == digest


def test_a_profile_that_is_not_here_stops_before_a_sheet_moves(begin: Begin) -> None:
    stopped = begin(pages=1, **COLOR).capture()
    assert stopped.state is State.HELD
    assert stopped.error["code"] == "imaging.color_profile_unknown"
    assert "eciRGBv2 does not come with Recto" in stopped.error["message"]
    assert "masters.icc_folder" in stopped.error["remedy"]
    assert stopped.masters == []


def test_a_scanner_with_a_profile_of_its_own_gives_it_to_its_pages(begin: Begin, tmp_path: Path) -> None:
    digest = own_profile(tmp_path / "one.icc", b"Scan")
    of_other = ScannerProfileSettings(device="sane:*", profile=tmp_path / "gone.icc")
    of_this = ScannerProfileSettings(device="simulated:*", profile=tmp_path / "one.icc")
    station = begin(pages=1, icc=(of_other, of_this), **{**COLOR, "color_profile": "sRGB"})
    assert station.capture().state is State.DONE
    assert icc_of(station) == digest


def test_a_scanner_profile_for_colour_is_none_for_gray_pages(begin: Begin, tmp_path: Path) -> None:
    own_profile(tmp_path / "one.icc", b"Scan")
    of_this = ScannerProfileSettings(device="simulated:one", profile=tmp_path / "one.icc")
    station = begin(pages=1, icc=(of_this,), settings={"mode": "Gray"})
    assert station.capture().state is State.DONE
    assert icc_of(station) == hashlib.sha256(gray_profile()).hexdigest()
