# SPDX-License-Identifier: Apache-2.0
"""A driver may crash, hang, or be left alone: no page is half done, no session lost, no process left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hardware.configuration import HardwareConfiguration
from hardware.device_process.session import DeviceSession
from hardware.errors import (
    BadOption,
    DeviceBusy,
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


# Crashes


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_page_is_void_when_the_child_is_killed(
    opened: Open, simulated: HardwareConfiguration, tmp_path: Path, number: signal.Signals
) -> None:
    session = opened("simulated:slow", simulated)
    session.apply({"resolution": 150, "mode": "Gray"})
    events = session.scan(ScanRequest(tmp_path, 2, batch="b", item="i"))
    to_the_middle(events)
    first = process_of(session)
    os.kill(first, number)
    told, error = rest_of(events)
    assert isinstance(error, DriverCrashed)
    assert number.name in error.message
    (void,) = told
    assert isinstance(void, PageVoid)
    assert (void.number, void.error) == (1, error)
    assert list(tmp_path.iterdir()) == []
    # exactly one error: the session goes on with a fresh driver and the old settings
    assert session.get("resolution") == 150
    assert session.get("mode") == "Gray"
    assert process_of(session) != first


def test_pages_before_the_crash_are_kept(
    opened: Open, simulated: HardwareConfiguration, tmp_path: Path
) -> None:
    session = opened("simulated:slow", simulated)
    session.apply({"resolution": 50})
    events = session.scan(ScanRequest(tmp_path, 3))
    next(event for event in events if isinstance(event, PageCompleted))
    to_the_middle(events)
    os.kill(process_of(session), signal.SIGKILL)
    told, error = rest_of(events)
    assert isinstance(error, DriverCrashed)
    assert [type(event) for event in told] == [PageVoid]
    assert [path.name for path in tmp_path.iterdir()] == ["0001.raw"]


def test_a_driver_that_died_while_idle_is_started_again(
    opened: Open, simulated: HardwareConfiguration, tmp_path: Path, gone: Gone
) -> None:
    session = opened("simulated:bed", simulated)
    session.apply({"resolution": 50, "depth": 16})
    session.apply({"mode": "Lineart"})
    os.kill(process_of(session), signal.SIGKILL)
    assert gone(process_of(session), 5)
    told, error = rest_of(session.scan(ScanRequest(tmp_path, 1)))
    assert error is None
    (page,) = [event.page for event in told if isinstance(event, PageCompleted)]
    assert (page.bits_per_sample, page.dpi) == (1, (50, 50))


@pytest.mark.sane
def test_a_sane_page_is_void_when_its_driver_is_killed(
    opened: Open, sane: HardwareConfiguration, tmp_path: Path
) -> None:
    session = opened("sane:test:0", sane)
    session.apply({"resolution": 300, "read-delay": True, "read-delay-duration": 200000})
    events = session.scan(ScanRequest(tmp_path, 1))
    to_the_middle(events)
    os.kill(process_of(session), signal.SIGKILL)
    told, error = rest_of(events)
    assert isinstance(error, DriverCrashed)
    assert [type(event) for event in told] == [PageVoid]
    assert list(tmp_path.iterdir()) == []
    session.apply({"read-delay": False})
    assert rest_of(session.scan(ScanRequest(tmp_path, 1)))[0][-1] == BatchEnded("limit")


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


def cancel_soon(session: DeviceSession) -> threading.Thread:
    thread = threading.Thread(target=session.cancel)
    thread.start()
    return thread


def assert_cancelled_at_once(session: DeviceSession, events: Iterator[PageEvent]) -> None:
    began = time.monotonic()
    thread = cancel_soon(session)
    told, error = rest_of(events)
    assert time.monotonic() - began < 0.5
    thread.join()
    assert error is None
    void, ended = told
    assert isinstance(void, PageVoid)
    assert isinstance(void.error, ScanCancelled)
    assert ended == BatchEnded("cancelled")


def test_a_cancelled_page_is_void_and_the_device_is_ready_again(
    opened: Open, simulated: HardwareConfiguration, tmp_path: Path
) -> None:
    session = opened("simulated:slow", simulated)
    session.apply({"resolution": 100})
    process = process_of(session)
    events = session.scan(ScanRequest(tmp_path, None))
    to_the_middle(events)
    assert_cancelled_at_once(session, events)
    assert list(tmp_path.iterdir()) == []
    session.apply({"resolution": 50})
    assert process_of(session) == process


@pytest.mark.sane
def test_a_cancelled_sane_page_is_void_and_the_device_is_ready_again(
    opened: Open, sane: HardwareConfiguration, tmp_path: Path
) -> None:
    session = opened("sane:test:0", sane)
    session.apply({"resolution": 300, "read-delay": True, "read-delay-duration": 200000})
    process = process_of(session)
    events = session.scan(ScanRequest(tmp_path, 1))
    to_the_middle(events)
    assert_cancelled_at_once(session, events)
    session.apply({"read-delay": False})
    assert list(tmp_path.iterdir()) == []
    assert rest_of(session.scan(ScanRequest(tmp_path, 1)))[0][-1] == BatchEnded("limit")
    assert process_of(session) == process


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


def test_a_cancel_before_the_first_byte_ends_the_batch(
    opened: Open, simulated: HardwareConfiguration, tmp_path: Path
) -> None:
    session = opened("simulated:stuck", replace(simulated, start_timeout=30))
    cancel = threading.Timer(0.2, session.cancel)
    cancel.start()
    told, error = rest_of(session.scan(ScanRequest(tmp_path, 1)))
    cancel.join()
    assert (told, error) == ([BatchEnded("cancelled")], None)


def test_a_cancel_without_a_scan_does_nothing(
    opened: Open, simulated: HardwareConfiguration, tmp_path: Path
) -> None:
    session = opened("simulated:bed", simulated)
    session.apply({"resolution": 50})
    session.cancel()
    assert rest_of(session.scan(ScanRequest(tmp_path, 1)))[0][-1] == BatchEnded("limit")


def test_a_scan_that_is_left_in_the_middle_is_cancelled(
    opened: Open, simulated: HardwareConfiguration, tmp_path: Path
) -> None:
    session = opened("simulated:slow", simulated)
    session.apply({"resolution": 100})
    events = session.scan(ScanRequest(tmp_path, None))
    to_the_middle(events)
    events.close()  # type: ignore[attr-defined]  # it is a generator
    session.apply({"resolution": 50})
    assert list(tmp_path.iterdir()) == []
    assert rest_of(session.scan(ScanRequest(tmp_path, 1)))[0][-1] == BatchEnded("limit")


def test_a_running_scan_keeps_others_from_the_device(
    opened: Open, simulated: HardwareConfiguration, tmp_path: Path
) -> None:
    session = opened("simulated:stack", simulated)
    session.apply({"resolution": 50})
    events = session.scan(ScanRequest(tmp_path, 1))
    next(events)
    with pytest.raises(DeviceBusy):
        session.get("mode")
    with pytest.raises(DeviceBusy):
        next(session.scan(ScanRequest(tmp_path, 1)))
    assert rest_of(events)[0][-1] == BatchEnded("limit")
    assert session.get("mode") == "Color"


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


def test_a_closed_session_leaves_no_process(
    opened: Open, simulated: HardwareConfiguration, gone: Gone
) -> None:
    session = opened("simulated:bed", simulated)
    process = process_of(session)
    with session:
        pass
    assert gone(process, 0)
    session.close()
    with pytest.raises(ValueError, match="closed"):
        session.get("mode")


def test_a_device_process_of_a_killed_parent_ends(tmp_path: Path, gone: Gone) -> None:
    spool, private = tmp_path / "spool", tmp_path / "private"
    private.mkdir()
    # the parent's end of the channel stays open in a process that the parent forked
    program = """
import os, sys, time
from pathlib import Path
from hardware.configuration import HardwareConfiguration, SimulatedDevice
from hardware.discovery import open_session
from hardware.scanner import PageProgress, ScanRequest
slow = SimulatedDevice("slow", line_delay=0.05)
session = open_session("simulated:slow", HardwareConfiguration(simulated=(slow,), sane=False))
heir = os.fork()
if heir == 0:
    time.sleep(60)
    os._exit(0)
for event in session.scan(ScanRequest(Path(sys.argv[1]), 1)):
    if isinstance(event, PageProgress):
        print(session.process_id, heir, file=sys.stderr, flush=True)
"""
    with subprocess.Popen(
        [sys.executable, "-c", program, str(spool)],
        env=os.environ | {"TMPDIR": str(private)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stderr is not None
        child, heir = map(int, parent.stderr.readline().split())
        parent.kill()
        parent.wait()
        try:
            assert gone(child, 10)
        finally:
            os.kill(heir, signal.SIGKILL)
    assert [*spool.iterdir(), *private.iterdir()] == []


def test_an_unexpected_failure_of_a_driver_is_reported_with_its_last_words(
    opened: Open, simulated: HardwareConfiguration
) -> None:
    session = opened("simulated:bed", simulated)
    with pytest.raises(DriverCrashed) as caught:
        session._call("fold")
    assert "KeyError: 'fold'" in caught.value.facts["last_words"]
    assert session.get("mode") == "Color"


def test_a_bad_option_does_not_cost_the_driver(opened: Open, simulated: HardwareConfiguration) -> None:
    session = opened("simulated:bed", simulated)
    process = process_of(session)
    with pytest.raises(BadOption):
        session.set("mode", "Sepia")
    assert process_of(session) == process


def test_the_session_ends_with_an_error_when_the_device_cannot_be_opened(
    simulated: HardwareConfiguration,
) -> None:
    message: dict[str, Any] = {"backend": "sane", "name": "test:0", "library": "libsane-absent.so.9"}
    with pytest.raises(ScannerError, match="could not be loaded"):
        DeviceSession("sane:test:0", message, ("test",), simulated)
