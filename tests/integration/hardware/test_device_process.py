# SPDX-License-Identifier: Apache-2.0
"""A driver may hang, and a spool be full: no page is half done, and no session lost."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hardware.configuration import HardwareConfiguration, SimulatedDevice
from hardware.device_process.session import DeviceSession
from hardware.errors import (
    BadOption,
    DeviceTimeout,
    DriverCrashed,
    DriverHung,
    ScanCancelled,
    ScannerError,
    SpoolFull,
)
from hardware.scanner import (
    BatchEnded,
    PageCompleted,
    PageEvent,
    PageProgress,
    PageStarted,
    PageVoid,
    ScanRequest,
)

Open = Callable[[str, HardwareConfiguration], DeviceSession]
Gone = Callable[[int, float], bool]


def to_the_middle(events: Iterator[PageEvent]) -> PageStarted:
    """Goes on until bytes of the first page have come."""
    started = next(event for event in events if isinstance(event, PageStarted))
    next(event for event in events if isinstance(event, PageProgress))
    return started


def rest_of(events: Iterator[PageEvent]) -> tuple[list[PageEvent], ScannerError | None]:
    """What still comes, without the progress, and the error that ends it."""
    told: list[PageEvent] = []
    try:
        told.extend(event for event in events if not isinstance(event, PageProgress))
    except ScannerError as error:
        return told, error
    return told, None


def process_of(session: DeviceSession) -> int:
    assert session.process_id is not None
    return session.process_id


# Silence


def test_a_driver_that_does_nothing_but_can_be_cancelled_is_timed_out(
    opened: Open, simulated: HardwareConfiguration, tmp_path: Path
) -> None:
    session = opened("simulated:stuck", simulated)
    told, error = rest_of(session.scan(ScanRequest(tmp_path, 1)))
    assert told == []
    assert isinstance(error, DeviceTimeout)
    assert error.facts["phase"] == "start"
    assert list(tmp_path.iterdir()) == []
    assert session.get("mode") == "Color"


def test_a_driver_that_hangs_within_a_page_is_killed_and_started_again(
    opened: Open, simulated: HardwareConfiguration, tmp_path: Path, gone: Gone
) -> None:
    session = opened("simulated:slow", simulated)
    session.apply({"resolution": 150})
    events = session.scan(ScanRequest(tmp_path, 1))
    to_the_middle(events)
    hung = process_of(session)
    os.kill(hung, signal.SIGSTOP)
    told, error = rest_of(events)
    assert isinstance(error, DriverHung)
    assert error.facts["phase"] == "read"
    assert [type(event) for event in told] == [PageVoid]
    assert gone(hung, 1)
    assert list(tmp_path.iterdir()) == []
    assert session.get("resolution") == 150


def test_a_driver_that_hangs_over_an_option_is_killed_and_started_again(
    opened: Open, simulated: HardwareConfiguration
) -> None:
    session = opened("simulated:bed", replace(simulated, option_timeout=0.3))
    os.kill(process_of(session), signal.SIGSTOP)
    with pytest.raises(DriverHung, match="did not answer within"):
        session.get("mode")
    session._configuration = simulated
    assert session.get("mode") == "Color"


def test_a_device_that_comes_back_with_other_options_says_so_once_and_can_be_used(
    opened: Open, simulated: HardwareConfiguration
) -> None:
    session = opened("simulated:both", replace(simulated, simulated=(SimulatedDevice("both", "duplex"),)))
    session.apply({"source": "ADF Duplex", "resolution": 150})
    session._device["simulated"]["kind"] = "flatbed"
    session._drop_child()
    with pytest.raises(BadOption, match="ADF Duplex") as caught:
        session.get("mode")
    assert "set them again" in caught.value.remedy
    assert session.apply({"source": "Flatbed", "resolution": 100})["resolution"].actual == 100


def test_a_slow_listener_is_not_taken_for_a_silent_driver(
    opened: Open, simulated: HardwareConfiguration, tmp_path: Path
) -> None:
    session = opened("simulated:stack", simulated)
    session.apply({"resolution": 50})
    pages = 0
    for event in session.scan(ScanRequest(tmp_path, None)):
        if isinstance(event, PageCompleted):
            pages += 1
            # longer than the time limit for a driver, in which the child goes on with the next pages
            threading.Event().wait(1.5 if pages == 1 else 0)
    assert pages == 3


# Cancel


def assert_cancelled_at_once(session: DeviceSession, events: Iterator[PageEvent]) -> None:
    began = time.monotonic()
    thread = threading.Thread(target=session.cancel)
    thread.start()
    told, error = rest_of(events)
    assert time.monotonic() - began < 0.5
    thread.join()
    assert error is None
    void, ended = told
    assert isinstance(void, PageVoid)
    assert isinstance(void.error, ScanCancelled)
    assert ended == BatchEnded("cancelled")


def test_a_driver_that_does_not_answer_a_cancel_does_not_hold_the_caller(
    opened: Open, simulated: HardwareConfiguration, tmp_path: Path, gone: Gone
) -> None:
    session = opened("simulated:slow", simulated)
    session.apply({"resolution": 100})
    events = session.scan(ScanRequest(tmp_path, None))
    to_the_middle(events)
    hung = process_of(session)
    os.kill(hung, signal.SIGSTOP)
    assert_cancelled_at_once(session, events)
    # the next call finds it still hung, kills it and starts another
    assert session.get("resolution") == 100
    assert gone(hung, 1)
    assert list(tmp_path.iterdir()) == []


def test_a_cancel_does_not_wait_for_a_driver_that_is_still_stopping_from_the_last_one(
    opened: Open, simulated: HardwareConfiguration, tmp_path: Path
) -> None:
    session = opened("simulated:slow", replace(simulated, cancel_timeout=60))
    events = session.scan(ScanRequest(tmp_path, None))
    to_the_middle(events)
    os.kill(process_of(session), signal.SIGSTOP)
    assert_cancelled_at_once(session, events)
    again = session.scan(ScanRequest(tmp_path, 1))
    cancel = threading.Timer(0.1, session.cancel)
    cancel.start()
    began = time.monotonic()
    assert rest_of(again) == ([BatchEnded("cancelled")], None)
    assert time.monotonic() - began < 30
    cancel.join()
    # it is not forgotten: the session waits for it at the next call, and finds it dead
    os.kill(process_of(session), signal.SIGKILL)
    assert session.get("mode") == "Color"
    assert list(tmp_path.iterdir()) == []


def test_a_cancel_before_the_first_byte_ends_the_batch(
    opened: Open, simulated: HardwareConfiguration, tmp_path: Path
) -> None:
    session = opened("simulated:stuck", replace(simulated, start_timeout=30))
    cancel = threading.Timer(0.2, session.cancel)
    cancel.start()
    told, error = rest_of(session.scan(ScanRequest(tmp_path, 1)))
    cancel.join()
    assert (told, error) == ([BatchEnded("cancelled")], None)


# The spool


def test_a_spool_that_cannot_be_written_is_said_and_the_session_lives_on(
    opened: Open, simulated: HardwareConfiguration, tmp_path: Path
) -> None:
    session = opened("simulated:bed", simulated)
    session.apply({"resolution": 50})
    (tmp_path / "0001.raw.part").symlink_to("/dev/full")
    told, error = rest_of(session.scan(ScanRequest(tmp_path, 1)))
    assert isinstance(error, SpoolFull)
    assert "Free space" in error.remedy
    assert [type(event) for event in told] == [PageStarted, PageVoid]
    assert list(tmp_path.iterdir()) == []
    assert rest_of(session.scan(ScanRequest(tmp_path, 1)))[0][-1] == BatchEnded("limit")


def test_a_spool_that_is_a_file_is_said(
    opened: Open, simulated: HardwareConfiguration, tmp_path: Path
) -> None:
    session = opened("simulated:bed", simulated)
    (tmp_path / "spool").touch()
    told, error = rest_of(session.scan(ScanRequest(tmp_path / "spool", 1)))
    assert isinstance(error, SpoolFull)
    assert told == []


# Beginning and end


def test_an_unexpected_failure_of_a_driver_is_reported_with_its_last_words(
    opened: Open, simulated: HardwareConfiguration
) -> None:
    session = opened("simulated:bed", simulated)
    with pytest.raises(DriverCrashed) as caught:
        session._call("fold")
    assert "KeyError: 'fold'" in caught.value.facts["last_words"]
    assert session.get("mode") == "Color"


def test_the_session_ends_with_an_error_when_the_device_cannot_be_opened(
    simulated: HardwareConfiguration,
) -> None:
    message: dict[str, Any] = {"backend": "sane", "name": "test:0", "library": "libsane-absent.so.9"}
    with pytest.raises(ScannerError, match="could not be loaded"):
        DeviceSession("sane:test:0", message, ("test",), simulated)
