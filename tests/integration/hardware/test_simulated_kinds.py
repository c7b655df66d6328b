# SPDX-License-Identifier: Apache-2.0
"""Each kind of simulated device behaves as its real counterpart, through a device process."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hardware.configuration import HardwareConfiguration, SimulatedDevice
from hardware.device_description import DescribedOption, DeviceDescription
from hardware.discovery import list_devices
from hardware.errors import CoverOpen
from hardware.options import OneOf, OptionDescriptor, OptionType, Unit
from hardware.scanner import BatchEnded, DeviceInfo, PageCompleted, PageFile, ScanRequest

Scan = Callable[..., Any]
Opened = Callable[..., Any]
Pixels = Callable[[PageFile], Any]

STATION = HardwareConfiguration(
    simulated=(
        SimulatedDevice("both", "duplex", page_width=20, page_height=20, sheets=2),
        SimulatedDevice("cradle", "book", page_width=20, page_height=20),
        SimulatedDevice("film", "film"),
        SimulatedDevice("cold", page_width=20, page_height=20, warm_up=20, time_scale=0.005),
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
    assert time.monotonic() - began >= 0.1


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


# A described device


def written(folder: Path, description: DeviceDescription) -> Path:
    path = folder / "device.json"
    path.write_text(json.dumps(description.to_json()), encoding="utf-8")
    return path


def station_of(name: str, description: Path, **facts: Any) -> HardwareConfiguration:
    device = SimulatedDevice(name, "described", description=description, page_width=20, page_height=20)
    return HardwareConfiguration((device,), sane=False, **facts)


def test_a_device_and_the_one_made_from_its_description_are_the_same_to_the_last_pixel(
    opened: Opened, tmp_path: Path
) -> None:
    real = opened("simulated:both", STATION)
    description = real.describe()
    again = station_of("both", written(tmp_path, description))
    copy = opened("simulated:both", again)
    assert copy.describe() == description
    assert copy.capabilities() == real.capabilities()
    profile = {"source": "ADF Front", "mode": "Gray", "resolution": 90, "br-x": 15.0}
    assert copy.apply(profile) == real.apply(profile)
    assert copy.options() == real.options()
    digests = [
        [
            event.page.pixel_sha256
            for event in session.scan(ScanRequest(tmp_path / "spool", 2, 1, "b", "i"))
            if isinstance(event, PageCompleted)
        ]
        for session in (real, copy)
    ]
    assert digests[0] == digests[1]
    assert len(digests[0]) == 2


@pytest.mark.sane
def test_the_test_device_of_sane_is_simulated_with_every_one_of_its_options(
    sane: HardwareConfiguration, opened: Opened, tmp_path: Path
) -> None:
    real = opened("sane:test:0", sane)
    before = real.options(), real.values()
    description = real.describe()
    assert description.complete
    copy = opened("simulated:t", station_of("t", written(tmp_path, description)))
    assert (copy.options(), copy.values()) == before
    assert copy.describe().to_json() | {"device": None} == description.to_json() | {"device": None}
    assert (copy.device.model, copy.device.simulated) == (real.device.model, True)
    for profile in (
        {"mode": "Color", "three-pass": True, "depth": 16, "br-x": 500},
        {"hand-scanner": True, "resolution": 100.4},
    ):
        assert copy.apply(profile) == real.apply(profile)
        assert copy.options() == real.options()
        assert copy.values() == real.values()
    vector = {"enable-test-options": True, "int-constraint-array-constraint-range": [1, 2, 3, 4, 5, 6]}
    assert copy.apply(vector) == real.apply(vector)


def test_a_described_device_has_the_quirks_of_the_one_it_stands_for_and_those_of_the_site(
    opened: Opened, tmp_path: Path
) -> None:
    words = OneOf(("Black & White", "True Gray", "24bit Color"))
    mode = OptionDescriptor(1, "mode", "", "", OptionType.STRING, size=32, constraint=words)
    dots = OptionDescriptor(2, "dots", "", "", OptionType.INT, Unit.DPI, constraint=OneOf((75, 150)))
    brother = DeviceInfo(
        "sane:brother4:bus2", "brother4", "Brother", "MFC-9", "flatbed scanner", simulated=False
    )
    options = DescribedOption(mode, "24bit Color"), DescribedOption(dots, 75)
    description = written(tmp_path, DeviceDescription(brother, options))
    site = tmp_path / "quirks.toml"
    site.write_text('[[quirk]]\nname = "ours"\nbackend = "brother*"\n[quirk.options]\ndots = "resolution"\n')
    session = opened("simulated:fax", station_of("fax", description, quirks=site))
    assert session.describe().quirks[-2:] == ("brother", "ours")
    assert session.apply({"mode": "Gray", "resolution": 150})["mode"].actual == "Gray"
    assert session.get("dots") == 150
    (event,) = [
        event
        for event in session.scan(ScanRequest(tmp_path / "spool", 1))
        if isinstance(event, PageCompleted)
    ]
    assert (event.page.samples_per_pixel, event.page.dpi) == (1, (150, 150))
