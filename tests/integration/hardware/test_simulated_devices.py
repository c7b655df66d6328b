# SPDX-License-Identifier: Apache-2.0
"""Simulated devices deliver what they were given, through the same process as real ones."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image

from hardware.configuration import HardwareConfiguration, SimulatedDevice
from hardware.device_process.session import DeviceSession
from hardware.discovery import open_session
from hardware.errors import FeederEmpty, InputOutputFailure
from hardware.options import Value
from hardware.scanner import PageCompleted, PageFile, ScanRequest
from hardware.simulated.glass import to_depth, to_gray
from tests.integration.hardware.conftest import Scanned

Scan = Callable[..., Any]
Pixels = Callable[[PageFile], Any]

COLOUR = np.random.default_rng(4).integers(0, 256, (60, 41, 3), np.uint8)


def lay_on(folder: Path) -> Path:
    """Put a picture of each kind on the glass, and another on that of an item."""
    (folder / "letter").mkdir(parents=True)
    Image.fromarray(COLOUR).save(folder / "1.png", dpi=(300, 300))
    Image.fromarray(COLOUR[:, :, 0] > 128).save(folder / "2.tif", dpi=(300, 300), compression="group4")
    deep = np.arange(60 * 41 * 3, dtype=np.uint16).reshape(60, 41, 3) * 8
    tifffile.imwrite(folder / "3.tif", deep, photometric="rgb", resolution=(300, 300), resolutionunit="inch")
    Image.fromarray(255 - COLOUR).save(folder / "letter" / "only.png")
    return folder


@pytest.fixture(scope="module")
def glass(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_on(tmp_path_factory.mktemp("laid") / "glass")


@pytest.fixture(scope="module")
def station(glass: Path) -> HardwareConfiguration:
    return HardwareConfiguration(
        simulated=(
            SimulatedDevice("glass", glass=glass),
            SimulatedDevice("stack", "feeder", glass=glass),
            SimulatedDevice("endless", "feeder"),
            SimulatedDevice("three", "feeder", sheets=3),
            SimulatedDevice("none", "feeder", sheets=0),
            SimulatedDevice("other", seed=2),
            SimulatedDevice("bed"),
            SimulatedDevice("area"),
            SimulatedDevice("bare"),
        ),
        sane=False,
    )


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, DeviceSession]]:
    """Devices that stay open for all tests here: opening is most of what such a test costs."""
    kept: dict[str, DeviceSession] = {}
    folder = tmp_path_factory.mktemp("private")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(folder))
        yield kept
    for session in kept.values():
        session.close()
    assert [path.name for path in folder.iterdir()] == []


@pytest.fixture
def no_leftovers() -> None:
    """Devices that stay open keep their private folders; `sessions` looks for leftovers at the end."""


@pytest.fixture
def scan(tmp_path: Path, sessions: dict[str, DeviceSession]) -> Scan:
    """Scans with a device that may have been open before; mode and resolution are to be said."""

    def scan_once(
        device: str,
        configuration: HardwareConfiguration,
        values: dict[str, Value] | None = None,
        pages: int | None = 1,
        **request: Any,
    ) -> Scanned:
        if device not in sessions:
            sessions[device] = open_session(device, configuration)
        wanted: dict[str, Value] = {"mode": "Color", **(values or {})}
        sessions[device].apply(wanted if wanted["mode"] == "Lineart" else {"depth": 8, **wanted})
        requested = ScanRequest(tmp_path / "spool", pages, **request)
        return Scanned(list(sessions[device].scan(requested)))

    return scan_once


def test_two_runs_give_the_same_page_and_another_seed_another(
    scan: Scan, station: HardwareConfiguration
) -> None:
    def digest(device: str, **request: Any) -> str:
        page = scan(device, station, {"resolution": 100}, batch="b", item="i", **request).page
        return str(page.pixel_sha256)

    first = digest("simulated:bed")
    assert digest("simulated:bed") == first
    assert digest("simulated:other") != first
    assert digest("simulated:bed", first_page=2) != first
    # the same page through the feeder of a device of the same seed
    assert digest("simulated:endless") == first


def test_a_page_is_marked_as_simulated(scan: Scan, station: HardwareConfiguration) -> None:
    page = scan("simulated:bed", station, {"resolution": 50}).page
    assert page.device.simulated
    assert page.device.backend == "simulated"


def test_a_feeder_without_a_count_never_runs_short(
    opened: Callable[..., Any], station: HardwareConfiguration, tmp_path: Path
) -> None:
    session = opened("simulated:endless", station)
    session.apply({"resolution": 50, "mode": "Lineart"})
    events = session.scan(ScanRequest(tmp_path / "spool", 4))
    next(event for event in events if isinstance(event, PageCompleted))
    session.cancel()
    list(events)
    events = list(session.scan(ScanRequest(tmp_path / "spool", 5)))
    assert len([event for event in events if isinstance(event, PageCompleted)]) == 5


def test_an_empty_feeder_says_so(scan: Scan, station: HardwareConfiguration) -> None:
    with pytest.raises(FeederEmpty):
        scan("simulated:none", station, pages=None)


def test_an_image_on_the_glass_is_delivered_pixel_for_pixel(
    scan: Scan, station: HardwareConfiguration, pixels: Pixels
) -> None:
    for mode, depth in (("Color", 8), ("Color", 16), ("Gray", 8), ("Gray", 16)):
        page = scan("simulated:glass", station, {"mode": mode, "depth": depth, "resolution": 300}).page
        expected = to_depth(COLOUR if mode == "Color" else to_gray(COLOUR), depth)
        assert page.bits_per_sample == depth
        assert np.array_equal(pixels(page), expected), (mode, depth)


def test_a_bilevel_image_on_the_glass_keeps_its_ink(
    scan: Scan, station: HardwareConfiguration, pixels: Pixels
) -> None:
    white = COLOUR[:, :, 0] > 128
    lineart = scan("simulated:glass", station, {"mode": "Lineart", "resolution": 300}, first_page=2).page
    assert np.array_equal(pixels(lineart), ~white)
    gray = scan("simulated:glass", station, {"mode": "Gray", "resolution": 300}, first_page=2).page
    assert np.array_equal(pixels(gray), white * 255)


def test_sixteen_bits_on_the_glass_are_sixteen_bits_in_the_spool(
    scan: Scan, station: HardwareConfiguration, pixels: Pixels, glass: Path
) -> None:
    values = {"mode": "Color", "depth": 16, "resolution": 300}
    page = scan("simulated:glass", station, values, first_page=3).page
    assert np.array_equal(pixels(page), tifffile.imread(glass / "3.tif"))


def test_the_glass_has_a_folder_for_each_item_and_an_end(scan: Scan, station: HardwareConfiguration) -> None:
    values = {"mode": "Color", "resolution": 300}
    assert len(scan("simulated:stack", station, values, pages=None).pages) == 3
    assert len(scan("simulated:stack", station, values, pages=None, item="letter").pages) == 1
    with pytest.raises(FeederEmpty, match="no page 2"):
        scan("simulated:glass", station, values, item="letter", first_page=2)


def test_an_unreadable_image_on_the_glass_voids_nothing_else(scan: Scan, tmp_path: Path) -> None:
    glass = lay_on(tmp_path / "glass")
    (glass / "2.tif").write_bytes(b"II*\0rubbish")
    station = HardwareConfiguration((SimulatedDevice("spoiled", "feeder", glass=glass),), sane=False)
    with pytest.raises(InputOutputFailure, match=r"2\.tif"):
        scan("simulated:spoiled", station, {"resolution": 300}, pages=None)
    assert [path.name for path in (tmp_path / "spool").iterdir()] == ["0001.raw"]


def test_an_area_is_cut_out_of_the_page(scan: Scan, station: HardwareConfiguration, pixels: Pixels) -> None:
    values = {"mode": "Gray", "resolution": 254}
    whole = pixels(scan("simulated:area", station, values).page)
    area = {"tl-x": 10, "tl-y": 20, "br-x": 60, "br-y": 50}
    page = scan("simulated:area", station, {**values, **area}).page
    assert np.array_equal(pixels(page), whole[200:500, 100:600])


def test_an_area_without_paper_is_said(scan: Scan, station: HardwareConfiguration) -> None:
    with pytest.raises(InputOutputFailure, match="no paper in the scan area"):
        scan("simulated:bare", station, {"tl-x": 200, "br-x": 210})


def test_a_glass_that_is_away_is_said(scan: Scan, tmp_path: Path) -> None:
    station = HardwareConfiguration((SimulatedDevice("away", glass=tmp_path / "away"),), sane=False)
    with pytest.raises(FeederEmpty, match="is not a folder"):
        scan("simulated:away", station)


@pytest.mark.reference_data
def test_real_pages_come_off_the_glass_as_they_are(scan: Scan, reference_data: Path, pixels: Pixels) -> None:
    folder = reference_data / "pages"
    station = HardwareConfiguration((SimulatedDevice("real", glass=folder),), sane=False)
    for item, mode, dpi in (
        ("bebel_1879", "Gray", 600),
        ("clauren_1815", "Color", 300),
        ("kant_1784", "Color", 300),
    ):
        first = min(path for path in (folder / item).iterdir() if path.suffix in {".tif", ".jpg", ".png"})
        with Image.open(first) as image:
            expected = np.asarray(image.convert("L" if mode == "Gray" else "RGB"))
        page = scan("simulated:real", station, {"mode": mode, "resolution": dpi}, item=item).page
        assert np.array_equal(pixels(page), expected), item
