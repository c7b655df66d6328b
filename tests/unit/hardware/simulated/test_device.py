# SPDX-License-Identifier: Apache-2.0
"""What takes time and what goes wrong on a simulated device, by a clock that nobody waits for."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

from hardware.adapted import AdaptedDriver
from hardware.capture import ScanControl, capture_batch
from hardware.configuration import SimulatedDevice
from hardware.driver import PageAddress
from hardware.errors import (
    AccessDenied,
    BadOption,
    DeviceBusy,
    DeviceWarmingUp,
    FeederEmpty,
    IncompletePage,
    InputOutputFailure,
    Jam,
    OutOfMemory,
    ScanCancelled,
    ScannerError,
    TransportLocked,
)
from hardware.options import Value
from hardware.profile import apply_values
from hardware.quirks import Quirks
from hardware.sane.binding import Status
from hardware.scanner import BatchEnded, PageCompleted, PageEvent, ScanRequest
from hardware.simulated.clock import VirtualClock
from hardware.simulated.device import SimulatedDriver
from hardware.simulated.faults import STATUSES, Fault, FaultKind
from hardware.simulated.glass import to_gray
from hardware.simulated.pages import DrawnPage
from hardware.waiting import BackOff, DeviceWaiting

PAPER = (20.0, 20.0)
DPI, ROWS = 50, 39
SMALL: dict[str, Value] = {"mode": "Gray", "resolution": DPI}


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


Make = Callable[..., SimulatedDriver]


@pytest.fixture
def make(tmp_path: Path, clock: VirtualClock) -> Make:
    def make_one(*faults: Fault, **facts: Any) -> SimulatedDriver:
        facts = {"kind": "feeder", "page_width": PAPER[0], "page_height": PAPER[1], **facts}
        device = SimulatedDevice("d", faults=faults, fault_record=tmp_path / "record.json", **facts)
        driver = SimulatedDriver(device, clock)
        apply_values(driver, SMALL)
        return driver

    return make_one


def page(number: int) -> PageAddress:
    return PageAddress("b", "i", number)


def truth(number: int) -> str:
    drawn = DrawnPage(1, page(number), PAPER, DPI)
    return hashlib.sha256(to_gray(drawn.rows(0, drawn.height)).tobytes()).hexdigest()


def read_all(driver: SimulatedDriver) -> str:
    rows = hashlib.sha256()
    while (block := driver.read(300)) is not None:
        rows.update(block)
    return rows.hexdigest()


def scanned(
    driver: SimulatedDriver,
    folder: Path,
    clock: VirtualClock,
    pages: int | None,
    quirks: Quirks | None = None,
    **control: Any,
) -> list[PageEvent]:
    events: list[PageEvent] = []
    told = ScanControl(clock.event(), events.append, lambda _: None, read_timeout=30, **control)
    request = ScanRequest(folder / "spool", pages, 1, "b", "i")
    capture_batch(AdaptedDriver(driver, quirks or Quirks()), request, {}, told)
    return events


def pages_of(events: list[PageEvent]) -> list[str]:
    return [event.page.pixel_sha256 for event in events if isinstance(event, PageCompleted)]


# Time


def test_the_lamp_the_rows_and_a_slow_page_take_the_time_they_are_given(
    make: Make, clock: VirtualClock
) -> None:
    driver = make(Fault(FaultKind.SLOW, page=3, seconds=1), warm_up=40, line_delay=0.5)
    driver.load(3)
    for number, seconds in ((1, 40 + ROWS / 2), (2, ROWS / 2)):
        began = clock.now
        driver.start(page(number))
        assert read_all(driver) == truth(number)
        assert clock.now - began == pytest.approx(seconds)
    began = clock.now
    driver.start(page(3))
    assert read_all(driver) == truth(3)
    assert clock.now - began > ROWS / 2 + 5


@pytest.mark.parametrize("dpi", [50, 200])
def test_a_page_takes_its_seconds_in_every_resolution(make: Make, clock: VirtualClock, dpi: int) -> None:
    driver = make(kind="flatbed", page_seconds=12)
    apply_values(driver, {"resolution": dpi})
    driver.start(page(1))
    read_all(driver)
    assert clock.now == pytest.approx(12)


def test_a_cancel_ends_every_wait(make: Make, clock: VirtualClock) -> None:
    driver = make(kind="flatbed", page_seconds=12)
    driver.start(page(1))
    driver.read(10)
    driver.cancel()
    with pytest.raises(ScanCancelled):
        read_all(driver)
    assert clock.now < 12


@pytest.mark.parametrize(
    ("kind", "error"), [(FaultKind.BUSY, DeviceBusy), (FaultKind.WARMING_UP, DeviceWarmingUp)]
)
def test_a_device_that_is_not_ready_for_some_seconds_is_waited_for_with_growing_pauses(
    make: Make, clock: VirtualClock, tmp_path: Path, kind: FaultKind, error: type[ScannerError]
) -> None:
    driver = make(Fault(kind, page=2, seconds=8))
    events = scanned(driver, tmp_path, clock, 3, busy=BackOff(0.5, 5, 60))
    waits = [event for event in events if isinstance(event, DeviceWaiting)]
    assert [wait.pause for wait in waits] == [0.5, 1, 2, 4, 5]
    assert {type(wait.error) for wait in waits} == {error}
    assert clock.now == 12.5
    assert pages_of(events) == [truth(1), truth(2), truth(3)]


def test_a_device_that_is_busy_for_longer_than_anybody_waits_is_an_error(
    make: Make, clock: VirtualClock, tmp_path: Path
) -> None:
    driver = make(Fault(FaultKind.BUSY, seconds=3600))
    with pytest.raises(DeviceBusy) as caught:
        scanned(driver, tmp_path, clock, 1, busy=BackOff(0.5, 5, 60))
    assert caught.value.facts["waited_seconds"] == clock.now == 60


def test_a_hang_of_some_seconds_passes(make: Make, clock: VirtualClock) -> None:
    driver = make(Fault(FaultKind.HANG, page=1, line=3, seconds=3600), kind="flatbed")
    driver.start(page(1))
    assert read_all(driver) == truth(1)
    assert clock.now == 3600


# Statuses


def test_the_statuses_of_scripts_are_those_of_sane() -> None:
    assert set(STATUSES) == set(Status.__members__) - {"GOOD"}


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("INVAL", BadOption),
        ("jammed", Jam),
        ("SANE_STATUS_NO_MEM", OutOfMemory),
        ("ACCESS_DENIED", AccessDenied),
        ("HW_LOCKED", TransportLocked),
        ("EOF", InputOutputFailure),
    ],
)
def test_any_status_comes_at_the_start_so_often_and_then_no_more(
    make: Make, status: str, error: type[ScannerError]
) -> None:
    driver = make(Fault(FaultKind.STATUS, page=1, status=status, times=3), kind="flatbed")
    for _ in range(3):
        with pytest.raises(error) as caught:
            driver.start(page(1))
        assert caught.value.facts["call"] == "sane_start"
    driver.start(page(1))
    assert read_all(driver) == truth(1)


def test_any_status_comes_within_a_page(make: Make) -> None:
    driver = make(Fault(FaultKind.STATUS, page=1, line=7, status="CANCELLED"), kind="flatbed")
    driver.start(page(1))
    with pytest.raises(ScanCancelled) as caught:
        read_all(driver)
    assert caught.value.facts["call"] == "sane_read"


def test_the_status_eof_within_a_page_ends_it_early(make: Make) -> None:
    driver = make(Fault(FaultKind.STATUS, page=1, line=7, status="EOF"), kind="flatbed")
    driver.start(page(1))
    rows = b"".join(iter(lambda: driver.read(65536) or b"", b""))
    assert len(rows) == 7 * driver.parameters().bytes_per_line


def test_a_fault_of_one_item_spares_the_others(make: Make) -> None:
    driver = make(Fault(FaultKind.JAM, item="other"))
    driver.start(page(1))
    driver.cancel()
    with pytest.raises(Jam):
        driver.start(PageAddress("b", "other", 1))


# Pages of another length than announced


@pytest.mark.parametrize(
    ("fault", "part"),
    [
        (Fault(FaultKind.EARLY_EOF, line=10), "39 rows and sent 10."),
        (Fault(FaultKind.EARLY_EOF, line=0), "sent 0."),
        (Fault(FaultKind.EXTRA_BYTES, extra=1), "sent 39 and a part of one."),
        (Fault(FaultKind.EXTRA_BYTES, extra=39), "sent 40."),
        (Fault(FaultKind.EXTRA_BYTES, extra=200_000), "rows and sent"),
    ],
    ids=["cut", "nothing", "one byte", "one row", "megabytes"],
)
def test_a_page_of_another_length_than_announced_is_void(
    make: Make, clock: VirtualClock, tmp_path: Path, fault: Fault, part: str
) -> None:
    with pytest.raises(IncompletePage) as caught:
        scanned(make(fault), tmp_path, clock, 1)
    assert part in caught.value.message
    assert [*(tmp_path / "spool").iterdir()] == []


@pytest.mark.parametrize("mode", ["Lineart", "Gray", "Color"])
def test_rows_with_bytes_beside_them_and_pages_of_unknown_height_are_the_same_pages(
    make: Make, clock: VirtualClock, tmp_path: Path, mode: str
) -> None:
    odd = Fault(FaultKind.PADDED_LINES, page=2, extra=13), Fault(FaultKind.UNKNOWN_HEIGHT, page=3)
    plain, strange = make(), make(*odd)
    for driver in (plain, strange):
        driver.descriptors()
        driver.set("mode", mode)
    assert pages_of(scanned(strange, tmp_path, clock, 3)) == pages_of(scanned(plain, tmp_path, clock, 3))
    strange.load(1)
    strange.start(page(1))
    assert strange.parameters().lines == ROWS


def test_a_device_that_does_not_know_the_height_says_so_and_announces_its_padding(make: Make) -> None:
    driver = make(Fault(FaultKind.PADDED_LINES, extra=13), Fault(FaultKind.UNKNOWN_HEIGHT), kind="flatbed")
    driver.start(page(1))
    frame = driver.parameters()
    assert (frame.lines, frame.bytes_per_line - frame.pixels_per_line) == (-1, 13)


# Quirks of drivers


def test_a_flatbed_that_is_never_empty_gives_one_page_a_scan(
    make: Make, clock: VirtualClock, tmp_path: Path
) -> None:
    driver = make(Fault(FaultKind.FLATBED_NEVER_EMPTY, times=None), kind="flatbed")
    events = scanned(driver, tmp_path, clock, 7)
    assert pages_of(events) == [truth(1)]
    assert events[-1] == BatchEnded("limit")


def test_a_flatbed_that_passes_for_a_feeder_delivers_for_ever_unless_a_rule_knows_it(
    make: Make, clock: VirtualClock, tmp_path: Path
) -> None:
    driver = make(Fault(FaultKind.FLATBED_NEVER_EMPTY, times=None), sheets=2)
    known = scanned(driver, tmp_path, clock, None, Quirks(one_page_sources=("ADF",)))
    assert pages_of(known) == [truth(1)]
    # without the rule nothing but the limit ends it, and every page is the first
    unknown = scanned(driver, tmp_path, clock, 9)
    assert pages_of(unknown) == [truth(1)] * 9


def test_a_sheet_that_was_taken_in_ahead_is_lost_by_a_cancel_between_pages_and_only_so(
    make: Make, clock: VirtualClock, tmp_path: Path
) -> None:
    prefetches = Fault(FaultKind.PREFETCH_DROPPED_ON_CANCEL, times=None)
    whole = scanned(make(prefetches, sheets=4), tmp_path, clock, None)
    assert pages_of(whole) == [truth(number) for number in (1, 2, 3, 4)]
    cancelled = Quirks(cancel_between_pages=True)
    holes = scanned(make(prefetches, sheets=4), tmp_path, clock, None, cancelled)
    assert pages_of(holes) == [truth(1), truth(3)]


def test_the_pages_after_a_lost_sheet_are_in_step_again_when_the_feeder_was_filled_anew(
    make: Make, clock: VirtualClock, tmp_path: Path
) -> None:
    driver = make(Fault(FaultKind.PREFETCH_DROPPED_ON_CANCEL, times=None), sheets=2)
    scanned(driver, tmp_path, clock, None, Quirks(cancel_between_pages=True))
    assert pages_of(scanned(driver, tmp_path, clock, None)) == [truth(1), truth(2)]


def test_a_stale_jam_stays_until_the_device_is_opened_anew(make: Make) -> None:
    jam = Fault(FaultKind.STALE_JAM, page=2, line="50%")
    driver = make(jam)
    driver.load(3)
    driver.start(page(1))
    read_all(driver)
    driver.start(page(2))
    with pytest.raises(Jam):
        read_all(driver)
    driver.cancel()
    for number in (2, 3):
        with pytest.raises(Jam):
            driver.start(page(number))
    driver = make(jam)
    driver.load(3)
    driver.start(page(2))
    assert read_all(driver) == truth(2)


def test_a_feeder_without_a_sheet_is_empty_whatever_came_before(make: Make) -> None:
    driver = make(sheets=1)
    driver.load(None)
    driver.start(page(1))
    with pytest.raises(FeederEmpty):
        driver.start(page(2))


def test_the_sensor_of_a_feeder_tells_that_it_ran_empty_and_that_it_was_filled(make: Make) -> None:
    driver = make(sheets=1)
    loaded = [driver.get("page-loaded")]
    for number in (1, 2):
        driver.load(None)
        driver.start(page(number))
        with pytest.raises(FeederEmpty):
            driver.start(page(number + 1))
        driver.cancel()
        loaded.append(driver.get("page-loaded"))
    driver.load(None)
    assert [*loaded, driver.get("page-loaded")] == [True, False, False, True]


# Sixteen bits


@pytest.mark.parametrize("mode", ["Gray", "Color"])
def test_a_sixteen_bit_image_on_the_glass_comes_out_bit_for_bit(
    make: Make, tmp_path: Path, mode: str
) -> None:
    shape = (40, 31) if mode == "Gray" else (40, 31, 3)
    deep = np.random.default_rng(5).integers(0, 1 << 16, shape, np.uint16)
    (tmp_path / "glass").mkdir()
    tifffile.imwrite(
        tmp_path / "glass" / "1.tif",
        deep,
        photometric="minisblack" if mode == "Gray" else "rgb",
        resolution=(300, 300),
        resolutionunit="inch",
    )
    driver = make(kind="flatbed", glass=tmp_path / "glass")
    apply_values(driver, {"mode": mode, "depth": 16, "resolution": 300})
    driver.start(page(1))
    parameters = driver.parameters()
    assert (parameters.depth, parameters.pixels_per_line, parameters.lines) == (16, 31, 40)
    rows = b"".join(iter(lambda: bytes(driver.read(1000) or b""), b""))
    assert np.array_equal(np.frombuffer(rows, np.uint16).reshape(shape), deep)


def test_a_device_cancelled_from_another_thread_stops_at_once(tmp_path: Path) -> None:
    device = SimulatedDevice("d", page_width=20, page_height=20, page_seconds=3600)
    driver = SimulatedDriver(device)
    driver.start(page(1))
    canceller = threading.Timer(0.02, driver.cancel)
    canceller.start()
    with pytest.raises(ScanCancelled):
        read_all(driver)
    canceller.join()


def test_a_device_in_no_time_waits_for_nothing() -> None:
    device = SimulatedDevice("d", page_width=20, page_height=20, page_seconds=3600, warm_up=3600)
    driver = SimulatedDriver(replace(device, time_scale=0))
    driver.start(page(1))
    read_all(driver)
