# SPDX-License-Identifier: Apache-2.0
"""Each kind of simulated device behaves as its real counterpart, through a device process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hardware.configuration import HardwareConfiguration, SimulatedDevice
from hardware.discovery import list_devices
from hardware.errors import CoverOpen
from hardware.scanner import BatchEnded, PageCompleted, PageFile, ScanRequest

Scan = Callable[..., Any]
Opened = Callable[..., Any]
Pixels = Callable[[PageFile], Any]

STATION = HardwareConfiguration(
    simulated=(
        SimulatedDevice("both", "duplex", page_width=20, page_height=20, sheets=2),
        SimulatedDevice("cradle", "book", page_width=20, page_height=20),
        SimulatedDevice("film", "film"),
        SimulatedDevice("cold", page_width=20, page_height=20, warm_up=0.2),
        SimulatedDevice("arctic", page_width=20, page_height=20, warm_up=3600),
    ),
    sane=False,
)


def test_each_kind_names_itself() -> None:
    models = {device.id: (device.model, device.type) for device in list_devices(STATION)}
    assert models["simulated:both"] == ("Simulated duplex feeder", "sheetfed scanner")
    assert models["simulated:cradle"][0] == "Simulated book cradle"
    assert models["simulated:film"] == ("Simulated film scanner", "film scanner")


def test_a_duplex_feeder_gives_front_and_back_of_each_sheet_or_one_side_or_its_glass(scan: Scan) -> None:
    both = scan("simulated:both", STATION, {"mode": "Lineart", "resolution": 50}, pages=None)
    assert [page.number for page in both.pages] == [1, 2, 3, 4]
    assert both.events[-1] == BatchEnded("feeder_empty")
    fronts = scan("simulated:both", STATION, {"source": "ADF Front"}, pages=None)
    assert len(fronts.pages) == 2
    glass = scan("simulated:both", STATION, {"source": "Flatbed"}, pages=None)
    assert len(glass.pages) == 1
    assert glass.events[-1] == BatchEnded("limit")


def test_a_cradle_gives_both_pages_of_each_opening(scan: Scan) -> None:
    scanned = scan("simulated:cradle", STATION, {"mode": "Gray", "resolution": 50}, pages=5)
    assert [page.number for page in scanned.pages] == [1, 2, 3, 4, 5]
    assert len({page.pixel_sha256 for page in scanned.pages}) == 5


def test_film_comes_with_sixteen_bits_and_its_infrared_plane_by_itself(scan: Scan, pixels: Pixels) -> None:
    picture = scan("simulated:film", STATION, {"resolution": 300}).page
    assert (picture.bits_per_sample, picture.samples_per_pixel) == (16, 3)
    assert (picture.width, picture.height) == (425, 283)
    dark = pixels(picture).max(axis=2) < 6000
    infrared = scan("simulated:film", STATION, {"mode": "Infrared"}).page
    assert (infrared.bits_per_sample, infrared.samples_per_pixel) == (16, 1)
    assert np.array_equal(pixels(infrared) < 30000, dark)


def test_a_cold_lamp_takes_its_time_once(opened: Opened, tmp_path: Path) -> None:
    session = opened("simulated:cold", STATION)
    session.apply({"mode": "Lineart", "resolution": 50})
    began = time.monotonic()
    assert isinstance(list(session.scan(ScanRequest(tmp_path, 1)))[-2], PageCompleted)
    assert time.monotonic() - began >= 0.2


def test_warming_up_can_be_cancelled(opened: Opened, tmp_path: Path) -> None:
    session = opened("simulated:arctic", STATION)
    events = session.scan(ScanRequest(tmp_path, 1))
    # whenever the cancel comes, before the lamp is switched on or while it warms up
    canceller = threading.Timer(0.1, session.cancel)
    canceller.start()
    assert list(events) == [BatchEnded("cancelled")]
    canceller.join()


def test_an_open_cover_is_seen_by_its_sensor_and_stops_the_scan(opened: Opened, tmp_path: Path) -> None:
    session = opened("simulated:cold", STATION)
    session.apply({"mode": "Lineart", "resolution": 50, "simulate-cover-open": True})
    assert session.values()["cover-open"] is True
    with pytest.raises(CoverOpen):
        list(session.scan(ScanRequest(tmp_path, 1)))
    session.apply({"simulate-cover-open": False})
    assert list(session.scan(ScanRequest(tmp_path, 1)))[-1] == BatchEnded("limit")
