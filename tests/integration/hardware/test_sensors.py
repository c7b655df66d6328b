# SPDX-License-Identifier: Apache-2.0
"""The buttons and sensors of open devices are watched while they are idle."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from hardware.configuration import HardwareConfiguration, SimulatedDevice
from hardware.device_process.session import DeviceSession
from hardware.errors import DeviceBusy, DoubleFeed
from hardware.scanner import BatchEnded, PageStarted, ScanRequest
from hardware.sensors import SensorChanged, SensorReading, watch

Open = Callable[[str, HardwareConfiguration], DeviceSession]
INTERVAL = 0.01


@pytest.fixture
def stack(opened: Open) -> DeviceSession:
    device = SimulatedDevice("stack", "feeder", sheets=2, page_width=20, page_height=20)
    session = opened("simulated:stack", HardwareConfiguration((device,), sane=False))
    session.apply({"mode": "Gray", "resolution": 60})
    return session


def watched(session: DeviceSession) -> Iterator[SensorChanged]:
    """The changes after those that only say how the sensors stand."""
    changes = watch(session, INTERVAL, threading.Event())
    assert [(next(changes).name) for _ in range(2)] == ["page-loaded", "cover-open"]
    return changes


def test_a_hand_at_the_device_is_noticed(stack: DeviceSession) -> None:
    changes = watched(stack)
    for option, name, value in [
        ("simulate-cover-open", "cover-open", True),
        ("simulate-cover-open", "cover-open", False),
        ("simulate-page-loaded", "page-loaded", False),
        ("simulate-page-loaded", "page-loaded", True),
        ("simulate-scan-button", "scan", True),
    ]:
        stack.set(option, None if option == "simulate-scan-button" else value)
        change = next(changes)
        assert (change.name, change.value, change.initial) == (name, value, False)
    assert stack.sensors() == {"page-loaded": True, "cover-open": False, "scan": False}


def test_a_watch_from_another_thread_pauses_while_pages_are_scanned(
    stack: DeviceSession, tmp_path: Path
) -> None:
    stop, seen = threading.Event(), threading.Event()
    changes: list[SensorChanged] = []

    def look() -> None:
        for change in watch(stack, INTERVAL, stop):
            changes.append(change)
            if change.name == "page-loaded" and not change.value:
                seen.set()

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        for event in stack.scan(ScanRequest(tmp_path / "spool", pages=None)):
            if isinstance(event, PageStarted):
                with pytest.raises(DeviceBusy):
                    stack.sensors()
        # the feeder has run empty meanwhile
        assert seen.wait(10)
    finally:
        stop.set()
        watcher.join(10)
    assert not watcher.is_alive()
    assert stack.sensors()["page-loaded"] is False


def test_a_watch_goes_on_with_the_driver_that_takes_the_place_of_a_dead_one(stack: DeviceSession) -> None:
    first = stack.process_id
    assert first is not None

    class Mortal:
        looks = 0

        def sensor_readings(self) -> Mapping[str, SensorReading]:
            self.looks += 1
            if self.looks == 2:
                os.kill(first, signal.SIGKILL)
            elif self.looks == 4:
                stack.set("simulate-cover-open", value=True)
            return stack.sensor_readings()

    changes = watch(Mortal(), INTERVAL, threading.Event())
    assert [next(changes).initial for _ in range(2)] == [True, True]
    change = next(changes)
    assert (change.name, change.value) == ("cover-open", True)
    assert stack.process_id != first


def test_a_driver_that_hangs_at_its_sensors_does_not_make_a_cancel_wait(
    stack: DeviceSession, tmp_path: Path
) -> None:
    process = stack.process_id
    assert process is not None
    ended = threading.Event()

    def look() -> None:
        stack.sensors()
        ended.set()

    os.kill(process, signal.SIGSTOP)
    looker = threading.Thread(target=look)
    looker.start()
    try:
        while not stack._calling.locked():
            assert not ended.wait(0.005)
        canceller = threading.Timer(0.2, stack.cancel)
        canceller.start()
        assert list(stack.scan(ScanRequest(tmp_path / "spool", pages=1))) == [BatchEnded("cancelled")]
        assert not ended.is_set()
        canceller.join()
    finally:
        os.kill(process, signal.SIGCONT)
        looker.join(10)
    assert ended.is_set()


@pytest.mark.sane
def test_switches_of_sane_devices_are_sensors_where_a_site_says_so(
    sane: HardwareConfiguration, opened: Open, tmp_path: Path
) -> None:
    quirks = tmp_path / "quirks.toml"
    quirks.write_text('[[quirk]]\nname = "test switches"\nbackend = "test"\nsensors = ["bool-*detect"]\n')
    session = opened("sane:test:0", HardwareConfiguration(sane_backends=sane.sane_backends, quirks=quirks))
    assert session.sensors() == {}
    session.set("enable-test-options", value=True)
    assert session.sensors().keys() >= {"bool-soft-detect"}
    changes = watch(session, INTERVAL, threading.Event())
    assert next(changes).initial


ACME = "sane:acme:libusb:901:004"


def test_a_button_of_a_sane_device_that_forgets_a_press_when_it_has_told_it(
    script: Any, opened: Open
) -> None:
    session = opened(ACME, script.configuration)
    assert session.sensors() == {"scan": False, "double-feed": False}
    changes = watch(session, INTERVAL, threading.Event())
    assert next(changes).name == "double-feed"
    # read as up twice, then pressed, for one reading
    script.write("scan", 0, 0, 1)
    change = next(changes)
    assert (change.name, change.kind, change.initial) == ("scan", "button", False)
    assert session.sensors()["scan"] is False


def test_a_sane_device_that_reports_a_jam_is_asked_whether_it_was_a_double_feed(
    script: Any, opened: Open, tmp_path: Path
) -> None:
    session = opened(ACME, script.configuration)
    session.set("source", "Automatic Document Feeder(left aligned)")
    script.write("start", 0, 6)
    # asked for the record of the batch, and when the jam is reported
    script.write("double-feed", 0, 1)
    with pytest.raises(DoubleFeed) as raised:
        list(session.scan(ScanRequest(tmp_path / "spool", pages=None)))
    assert raised.value.facts["reported_as"] == "scanner.jam"
    assert raised.value.facts["last_good_page"] == 1
    assert "put the sheet of page 2 and those after it back" in raised.value.remedy
