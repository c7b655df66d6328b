# SPDX-License-Identifier: Apache-2.0
"""Scans of any device that are stopped: by a cancel at any time, by closing, by the death of the driver."""

from __future__ import annotations

import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from hardware.errors import DriverCrashed, DriverHung, ScanCancelled, SpoolFull
from hardware.scanner import BatchEnded, PageCompleted, PageEvent, PageProgress, PageStarted, PageVoid
from tests.integration.hardware.contract.conftest import Device, Told, to_the_middle

CONTROL = 0.5
"""Seconds within which a cancel gives control back."""


def cancelled(device: Device, events: Iterator[PageEvent]) -> Told:
    """Cancel from another thread, as an operator does; what was told from then on, in time."""
    thread = threading.Thread(target=device.session.cancel)
    began = time.monotonic()
    thread.start()
    told = Told.of(events)
    assert time.monotonic() - began < CONTROL
    thread.join()
    assert told.error is None
    assert told.events[-1] == BatchEnded("cancelled")
    return told


def assert_usable(device: Device) -> None:
    device.session.apply(device.quick)
    (page,) = device.scan().pages
    assert page.complete
    assert device.left_in_spool() == ["0001.raw"]


# Cancel


def test_a_cancel_without_a_scan_does_nothing(device: Device) -> None:
    device.session.cancel()
    assert_usable(device)


def test_a_cancel_before_the_first_event_is_asked_for_ends_the_scan(device: Device) -> None:
    events = device.session.scan(device.request())
    told = cancelled(device, events)
    assert told.events == [BatchEnded("cancelled")]
    assert device.left_in_spool() == []
    assert_usable(device)


def begun(device: Device) -> tuple[Iterator[PageEvent], PageStarted]:
    """A scan whose first page has begun.

    The reader of libsane's own test backend now and then hangs in sane_start where it was cancelled just before;
    that is what the watchdog is for, and the next scan has a fresh driver.
    """
    events = device.session.scan(device.request())
    try:
        started = next(events)
    except DriverHung:
        if device.kind != "test":
            raise
        events = device.session.scan(device.request())
        started = next(events)
    assert isinstance(started, PageStarted)
    return events, started


@pytest.mark.parametrize("reports", [0, 1, 3])
def test_a_cancelled_page_is_void_and_the_device_is_ready_again(device: Device, reports: int) -> None:
    device.session.apply({**device.quick, **device.slow})
    events, started = begun(device)
    process = device.process_id
    for _ in range(reports):
        assert isinstance(next(events), PageProgress)
    void, _ended = cancelled(device, events).events
    assert isinstance(void, PageVoid)
    assert isinstance(void.error, ScanCancelled)
    assert void.number == started.number
    device.session.apply(device.quick)
    assert device.left_in_spool() == []
    # what a saned does to its driver after a cancel cannot be known
    assert (device.process_id == process) is (device.kind != "saned")


def test_a_cancel_between_pages_keeps_the_pages_before(device: Device) -> None:
    device.session.apply({"source": device.feeder})
    events = device.session.scan(device.request(None))
    pages = [next(event for event in events if isinstance(event, PageCompleted)) for _ in range(2)]
    told = cancelled(device, events)
    # the device runs ahead of whoever listens
    pages += [event for event in told.events if isinstance(event, PageCompleted)]
    numbers = [event.page.number for event in pages]
    assert numbers == list(range(1, len(numbers) + 1))
    device.session.get("mode")
    assert device.left_in_spool()[: len(numbers)] == [f"{number:04d}.raw" for number in numbers]
    assert not [name for name in device.left_in_spool() if name.endswith(".part")]


def test_a_scan_that_is_left_in_the_middle_is_cancelled(device: Device) -> None:
    device.session.apply({**device.quick, **device.slow})
    events = device.session.scan(device.request())
    to_the_middle(events)
    events.close()  # type: ignore[attr-defined]  # it is a generator
    device.session.get("mode")
    assert device.left_in_spool() == []


# Closing


def test_a_closed_session_is_closed_for_good_and_may_be_closed_again(device: Device) -> None:
    process = device.process_id
    device.session.close()
    device.session.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    with pytest.raises(ValueError, match="closed"):
        device.session.get("mode")
    with pytest.raises(ValueError, match="closed"):
        next(device.session.scan(device.request()))


def test_closing_in_the_middle_of_a_page_leaves_nothing(device: Device) -> None:
    device.session.apply({**device.quick, **device.slow})
    events = device.session.scan(device.request())
    to_the_middle(events)
    process = device.process_id
    began = time.monotonic()
    device.session.close()
    assert time.monotonic() - began < 1.5
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    told = Told.of(events)
    assert [type(event) for event in told.events] == [PageVoid, BatchEnded]
    assert device.left_in_spool() == []


# The death of the driver


def test_a_driver_that_dies_within_a_page_costs_one_page_and_one_error(device: Device) -> None:
    session = device.session
    session.apply({**device.quick, **device.slow})
    before = device.settings()
    for number in (signal.SIGKILL, signal.SIGSEGV):
        process = device.process_id
        events = session.scan(device.request(2))
        to_the_middle(events)
        os.kill(process, number)
        told = Told.of(events)
        assert isinstance(told.error, DriverCrashed)
        assert number.name in told.error.message
        assert told.error.retry == "reopen"
        assert told.events == [PageVoid(1, told.error)]
        assert device.left_in_spool() == []
        # exactly one error: the session goes on with a fresh driver and the old settings
        assert device.settings() == before
        assert device.process_id != process
    assert_usable(device)


def test_a_driver_that_died_while_idle_is_started_again_with_all_settings(
    device: Device, gone: Callable[[int, float], bool]
) -> None:
    session, process = device.session, device.process_id
    session.apply({"mode": "Color", "depth": 16, "br-x": 25})
    before = device.settings()
    os.kill(process, signal.SIGKILL)
    assert gone(process, 5)
    (page,) = device.scan().pages
    assert (page.bits_per_sample, page.samples_per_pixel) == (16, 3)
    assert device.process_id != process
    assert device.settings() == before


def test_pages_before_the_death_of_the_driver_are_kept(device: Device) -> None:
    device.session.apply({**device.slow, "source": device.feeder, "resolution": device.quick["resolution"]})
    assert len(device.scan(1).pages) == 1
    events = device.session.scan(device.request(None, first_page=2))
    to_the_middle(events)
    os.kill(device.process_id, signal.SIGKILL)
    assert isinstance(Told.of(events).error, DriverCrashed)
    assert device.left_in_spool()[0] == "0001.raw"
    assert not [name for name in device.left_in_spool() if name.endswith(".part")]


# The spool


def test_a_disk_that_fills_up_within_a_page_costs_that_page_only(device: Device) -> None:
    process = device.process_id
    device.session.apply({"mode": "Color", "resolution": 100})
    before, hard = resource.prlimit(process, resource.RLIMIT_FSIZE)
    # a limit on files instead of a full disk: it can be set without rights
    resource.prlimit(process, resource.RLIMIT_FSIZE, (20_000, hard))
    told = device.scan(3)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (before, hard))
    assert isinstance(told.error, SpoolFull)
    assert "Free space" in told.error.remedy
    assert [type(event) for event in told.events] == [PageStarted, PageVoid]
    assert device.left_in_spool() == []
    assert device.process_id == process
    assert_usable(device)


def test_a_page_whose_facts_cannot_be_written_is_void(device: Device) -> None:
    facts = device.spool.with_name(f"{device.spool.name}-facts")
    (facts / "0001.json.part").mkdir(parents=True)
    told = device.scan()
    assert isinstance(told.error, SpoolFull)
    assert [type(event) for event in told.events] == [PageStarted, PageVoid]
    assert device.left_in_spool() == []
    (facts / "0001.json.part").rmdir()
    facts.rmdir()
    # no place for any facts
    facts.touch()
    told = device.scan()
    assert isinstance(told.error, SpoolFull)
    assert told.events == []
    facts.unlink()
    assert_usable(device)
