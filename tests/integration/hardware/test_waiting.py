# SPDX-License-Identifier: Apache-2.0
"""A device that is busy, warming up, renamed or stubborn is waited for, found again or opened anew."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hardware.configuration import HardwareConfiguration
from hardware.device_process.session import DeviceSession
from hardware.discovery import open_session
from hardware.errors import BadOption, DeviceBusy, DeviceNotFound, DeviceWarmingUp, ScanCancelled
from hardware.scanner import BatchEnded, PageCompleted, PageStarted, ScanRequest
from hardware.waiting import BackOff, DeviceWaiting

DEVICE = "sane:acme:libusb:901:004"
INVAL, BUSY, WARMING_UP = 4, 3, 12

Open = Callable[[str, HardwareConfiguration], DeviceSession]


def test_a_busy_device_is_asked_again_until_it_opens(script: Any) -> None:
    script.write("open", BUSY, WARMING_UP, BUSY)
    told: list[DeviceWaiting] = []
    with open_session(DEVICE, script.configuration, on_waiting=told.append) as session:
        assert session.device.model == "Copier 5"
    assert [type(waiting.error) for waiting in told] == [DeviceBusy, DeviceWarmingUp, DeviceBusy]
    assert [waiting.attempt for waiting in told] == [1, 2, 3]
    assert len(script.calls("open")) == 4


def test_a_device_that_stays_busy_is_an_error_that_says_how_long_it_was_waited_for(script: Any) -> None:
    script.write("open", *[BUSY] * 50)
    with pytest.raises(DeviceBusy) as caught:
        open_session(DEVICE, script.configuration)
    assert caught.value.facts["waited_seconds"] == pytest.approx(0.2)
    assert caught.value.facts["attempts"] == len(script.calls("open")) < 10


def test_waiting_for_a_device_to_open_can_be_cancelled(script: Any) -> None:
    script.write("open", *[BUSY] * 50)
    cancelled = threading.Event()
    patient = replace(script.configuration, busy=BackOff(30, 30, 3600))
    began = time.monotonic()
    with pytest.raises(ScanCancelled):
        open_session(DEVICE, patient, on_waiting=lambda _: cancelled.set(), cancelled=cancelled)
    assert time.monotonic() - began < 10


def test_a_device_that_warms_up_at_the_start_is_waited_for_and_says_so(
    script: Any, opened: Open, tmp_path: Path
) -> None:
    session = opened(DEVICE, script.configuration)
    script.write("start", WARMING_UP, WARMING_UP)
    events = [type(event) for event in session.scan(ScanRequest(tmp_path / "spool", 1))]
    assert events[:3] == [DeviceWaiting, DeviceWaiting, PageStarted]
    assert events[-2:] == [PageCompleted, BatchEnded]


def test_waiting_for_the_start_ends_with_a_cancel(script: Any, opened: Open, tmp_path: Path) -> None:
    session = opened(DEVICE, replace(script.configuration, busy=BackOff(30, 30, 3600)))
    script.write("start", BUSY)
    events = session.scan(ScanRequest(tmp_path / "spool", 1))
    assert isinstance(next(events), DeviceWaiting)
    began = time.monotonic()
    session.cancel()
    assert list(events) == [BatchEnded("cancelled")]
    assert time.monotonic() - began < 0.5
    assert [*(tmp_path / "spool").glob("*")] == []


def test_a_device_that_is_reopened_within_a_scan_is_waited_for_among_its_events(
    script: Any, opened: Open, tmp_path: Path
) -> None:
    session = opened(DEVICE, script.configuration)
    session._drop_child()
    script.write("open", BUSY)
    events = list(session.scan(ScanRequest(tmp_path / "spool", 1)))
    assert isinstance(events[0], DeviceWaiting)
    assert events[-1] == BatchEnded("limit")


# A start that is refused


def test_a_device_that_refuses_to_start_is_opened_anew_once(
    script: Any, opened: Open, tmp_path: Path
) -> None:
    session = opened(DEVICE, script.configuration)
    session.set("scan-resolution", 300)
    script.write("start", INVAL)
    events = list(session.scan(ScanRequest(tmp_path / "spool", 1)))
    assert [type(event) for event in events if not isinstance(event, PageStarted)][-2:] == [
        PageCompleted,
        BatchEnded,
    ]
    assert len(script.calls("open")) == 2
    assert session.get("scan-resolution") == 300


def test_a_device_that_goes_on_refusing_is_an_error(script: Any, opened: Open, tmp_path: Path) -> None:
    session = opened(DEVICE, script.configuration)
    script.write("start", INVAL, INVAL)
    with pytest.raises(BadOption, match="refuses these settings"):
        list(session.scan(ScanRequest(tmp_path / "spool", 1)))
    assert len(script.calls("open")) == 2


def test_a_batch_goes_on_at_the_page_at_which_the_device_was_opened_anew(
    script: Any, opened: Open, tmp_path: Path
) -> None:
    script.write("devices", "acme:libusb:901:004|Acme|Copier 5|sheetfed scanner")
    session = opened(DEVICE, script.configuration)
    session.set("doc-source", "Automatic Document Feeder(left aligned)")
    script.write("start", 0, INVAL, 0, INVAL, 7)
    events = list(session.scan(ScanRequest(tmp_path / "spool", 9, first_page=5)))
    pages = [event.page.number for event in events if isinstance(event, PageCompleted)]
    assert (pages, events[-1]) == ([5, 6], BatchEnded("feeder_empty"))


# Another name


def test_a_device_that_was_plugged_in_anew_is_found_under_its_new_name(
    script: Any, opened: Open, tmp_path: Path
) -> None:
    session = opened(DEVICE, script.configuration)
    script.write("devices", "acme:libusb:901:009|Acme|Copier 5|flatbed scanner")
    session._drop_child()
    assert session.get("scan-mode") == "True Gray"
    assert session.device.id == "sane:acme:libusb:901:009"


def test_a_saved_id_still_opens_the_device_after_it_was_plugged_in_anew(
    script: Any, opened: Open, tmp_path: Path
) -> None:
    station = replace(script.configuration, known_devices=tmp_path / "known")
    opened(DEVICE, station)
    script.write(
        "devices",
        "acme:libusb:901:004|Acme|Other model|flatbed scanner",
        "acme:libusb:901:009|Acme|Copier 5|flatbed scanner",
    )
    assert opened(DEVICE, station).device.id == "sane:acme:libusb:901:009"
    # and again, from the name that it has now
    script.write("devices", "acme:libusb:901:011|Acme|Copier 5|flatbed scanner")
    assert opened(DEVICE, station).device.id == "sane:acme:libusb:901:011"


def test_of_two_devices_alike_none_is_guessed(script: Any, opened: Open, tmp_path: Path) -> None:
    station = replace(script.configuration, known_devices=tmp_path / "known")
    opened(DEVICE, station)
    script.write(
        "devices",
        "acme:libusb:901:008|Acme|Copier 5|flatbed scanner",
        "acme:libusb:901:009|Acme|Copier 5|flatbed scanner",
    )
    with pytest.raises(DeviceNotFound, match="2 of the same model do") as caught:
        open_session(DEVICE, station)
    assert "sane:acme:libusb:901:008 or sane:acme:libusb:901:009" in caught.value.remedy


def test_the_twin_of_a_device_that_is_switched_off_is_not_taken_for_it(
    script: Any, opened: Open, tmp_path: Path
) -> None:
    station = replace(script.configuration, known_devices=tmp_path / "known")
    twin = "acme:libusb:901:008|Acme|Copier 5|flatbed scanner"
    script.write("devices", "acme:libusb:901:004|Acme|Copier 5|flatbed scanner", twin)
    opened(DEVICE, station)
    opened("sane:acme:libusb:901:008", station)
    script.write("devices", twin)
    with pytest.raises(DeviceNotFound, match="1 of the same model does") as caught:
        open_session(DEVICE, station)
    assert "sane:acme:libusb:901:008" in caught.value.remedy


def test_a_device_that_is_gone_is_not_found(script: Any, opened: Open, tmp_path: Path) -> None:
    station = replace(script.configuration, known_devices=tmp_path / "known")
    opened(DEVICE, station)
    script.write("devices", "acme:libusb:901:004|Acme|Other model|flatbed scanner")
    with pytest.raises(DeviceNotFound):
        open_session(DEVICE, station)
