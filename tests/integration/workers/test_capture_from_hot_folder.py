# SPDX-License-Identifier: Apache-2.0
"""The capture stage on a hot folder: pages by number, and the files behind them untouched in the item."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import select

from archive.imaging.color_profiles import icc_profile
from archive.registry.batches import items_of
from archive.registry.decisions import retry_units
from archive.registry.events import read_events
from archive.registry.pages import files_of
from archive.registry.stages import Stage
from archive.registry.states import State
from archive.registry.tables import UnitRow
from tests.camera_raw import write_dng
from workers.device_settings import DeviceSettings, HotFolderSettings
from workers.node import Node
from workers.operations import register_manifest
from workers.run_unit import run_unit
from workers.settings import MasterSettings, Settings

COLOUR = np.random.default_rng(1).integers(0, 256, (40, 31, 3), np.uint8)


class Station:
    """One item of pages from one hot folder, captured by hand: no broker, no other stage."""

    def __init__(self, tmp_path: Path) -> None:
        self.hot = tmp_path / "hot"
        self.hot.mkdir()
        self._manifest = tmp_path / "letters.json"
        hot = HotFolderSettings(
            name="one", folder=self.hot, settle_seconds=0, patience_seconds=5, wait_seconds=0
        )
        self.node = Node(Settings(devices=DeviceSettings(sane=False, simulated=(), folders=(hot,))))

    def capture(self, pages: int, profile: str = "sRGB", others: int = 0) -> tuple[State, dict[str, Any]]:
        """Register the item, and others on the same folder, and run its stage once."""
        manifest = {
            "id": "letters",
            "institution": "Test Library",
            "scanner_model": "Any",
            "resolution_dpi": 300,
            "color_profile": profile,
            "items": [
                {"id": name, "title": "A letter", "pages": pages, "scanner_id": "folder:one"}
                for name in ("one", *(f"other-{number}" for number in range(others)))
            ],
        }
        self._manifest.write_text(json.dumps(manifest))
        register_manifest(self.node, self._manifest)
        with self.node.registry.transaction() as session:
            [self.item] = [row.id for row in items_of(session, "letters") if row.name == "one"]
            units = {
                unit.stage: unit for unit in session.scalars(select(UnitRow).where(UnitRow.item == self.item))
            }
            # language data and free space are another stage's tests
            units[Stage.VALIDATE].state = State.DONE
            self.unit = units[Stage.CAPTURE].id
        return self._run()

    def stopped_before_the_master(self, pages: int) -> State:
        """Capture with something in the master's way, and take it away afterwards."""
        in_the_way = self.folder / "masters/0001.tif"
        in_the_way.parent.mkdir(parents=True)
        in_the_way.write_bytes(b"in the way")
        state, _ = self.capture(pages)
        in_the_way.unlink()
        return state

    def retry(self) -> tuple[State, dict[str, Any]]:
        """Do what `recto batch retry` does, and run the stage once more."""
        with self.node.registry.transaction() as session:
            retry_units(session, "letters")
        return self._run()

    def _run(self) -> tuple[State, dict[str, Any]]:
        run_unit(self.node, self.unit, "test")
        with self.node.registry.reading() as session:
            unit = session.get_one(UnitRow, self.unit)
            return State(unit.state), unit.error or {}

    @property
    def folder(self) -> Path:
        return self.node.item_folder("letters", "one")

    def originals(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (self.folder / "originals").glob("*")}

    def masters(self) -> list[str]:
        return sorted(path.name for path in (self.folder / "masters").glob("*"))


@pytest.fixture
def station(recto_home: Path, tmp_path: Path) -> Iterator[Station]:
    made = Station(tmp_path)
    yield made
    made.node.registry.close()


def test_pages_come_by_number_and_the_files_behind_them_are_kept_recorded_and_told(station: Station) -> None:
    pytest.importorskip("rawpy")
    raw = write_dng(station.hot / "shot2.dng")
    Image.fromarray(COLOUR).save(station.hot / "shot10.JPG", dpi=(300, 300))
    Image.fromarray(COLOUR).save(station.hot / "shot1.png", dpi=(300, 300))
    before = {path.name: path.read_bytes() for path in station.hot.iterdir()}
    assert station.capture(3) == (State.DONE, {})
    assert station.masters() == ["0001.tif", "0002.tif", "0003.tif"]
    assert station.originals() == {"0002.dng": raw, "0003.jpg": before["shot10.JPG"]}
    assert {path.name: path.read_bytes() for path in station.hot.iterdir()} == before
    with station.node.registry.reading() as session:
        recorded = files_of(session, station.item, "original")
        told = [event for event in read_events(session, "letters", "one") if event["type"] == "ingestion"]
    assert [(file.path, file.mime, file.size) for file in recorded] == [
        ("originals/0002.dng", "image/x-adobe-dng", len(raw)),
        ("originals/0003.jpg", "image/jpeg", len(before["shot10.JPG"])),
    ]
    assert [(event["page"], event["detail"]["name"]) for event in told] == [
        (2, "shot2.dng"),
        (3, "shot10.JPG"),
    ]
    assert told[0]["detail"]["rendition"].startswith("LibRaw")
    assert list((station.folder / "spool").iterdir()) == []


def test_files_that_are_still_to_come_hold_the_item_and_it_goes_on_without_a_question(
    station: Station,
) -> None:
    Image.fromarray(COLOUR).save(station.hot / "1.png", dpi=(300, 300))
    state, error = station.capture(2)
    assert (state, error["facts"]["next_page"]) == (State.HELD, 2)
    Image.fromarray(COLOUR).save(station.hot / "2.png", dpi=(300, 300))
    assert station.retry() == (State.DONE, {})


def test_the_files_of_one_item_never_become_pages_of_another(station: Station) -> None:
    Image.fromarray(COLOUR).save(station.hot / "1.png", dpi=(300, 300))
    state, error = station.capture(1, others=1)
    assert (state, error["code"], error["facts"]["items"]) == (
        State.HELD,
        "capture.refused",
        ["one", "other-0"],
    )
    assert f"written to {station.hot / 'one'}, then: recto batch retry letters" in error["remedy"]
    (station.hot / "one").mkdir()
    Image.fromarray(COLOUR).save(station.hot / "one/1.png", dpi=(300, 300))
    assert station.retry() == (State.DONE, {})


def test_a_capture_that_stopped_between_original_and_master_is_finished(station: Station) -> None:
    Image.fromarray(COLOUR).save(station.hot / "1.jpg", dpi=(300, 300))
    assert station.stopped_before_the_master(1) is not State.DONE
    kept = station.originals()
    (station.hot / "1.jpg").unlink()
    assert station.retry() == (State.DONE, {})
    assert (station.originals(), station.masters()) == (kept, ["0001.tif"])


def test_an_original_that_was_altered_before_its_master_was_made_is_found_and_captured_again(
    station: Station,
) -> None:
    Image.fromarray(COLOUR).save(station.hot / "1.jpg", dpi=(300, 300))
    assert station.stopped_before_the_master(1) is not State.DONE
    (station.folder / "originals/0001.jpg").write_bytes(b"other")
    state, error = station.retry()
    assert (state, error["code"]) == (State.HELD, "master.changed")
    assert "original of page 1 is altered" in error["message"]
    assert station.retry() == (State.DONE, {})
    assert station.originals() == {"0001.jpg": (station.hot / "1.jpg").read_bytes()}


def test_a_raw_file_is_not_taken_for_another_colour_space_than_it_was_developed_into(
    station: Station,
) -> None:
    pytest.importorskip("rawpy")
    profiles = station.hot.parent / "icc"
    profiles.mkdir()
    (profiles / "AdobeRGB.icc").write_bytes(icc_profile("sRGB") or b"")
    station.node.settings = station.node.settings.model_copy(
        update={"masters": MasterSettings(icc_folder=profiles)}
    )
    write_dng(station.hot / "1.dng")
    state, error = station.capture(1, profile="AdobeRGB")
    assert (state, error["code"]) == (State.HELD, "capture.refused")
    assert "developed into sRGB" in error["message"]
    assert (station.masters(), station.originals()) == ([], {})
