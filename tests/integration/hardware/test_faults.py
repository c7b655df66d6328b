# SPDX-License-Identifier: Apache-2.0
"""Each fault is told by its state, keeps the pages before it, and lets the batch go on at the same number."""

from __future__ import annotations

import functools
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardware.configuration import HardwareConfiguration, SimulatedDevice
from hardware.device_process.session import DeviceSession
from hardware.discovery import list_devices, open_session
from hardware.driver import PageAddress
from hardware.errors import (
    BadOption,
    CoverOpen,
    DeviceBusy,
    DeviceNotFound,
    DeviceWarmingUp,
    Disconnected,
    DoubleFeed,
    DriverCrashed,
    DriverHung,
    FeederEmpty,
    IncompletePage,
    InputOutputFailure,
    Jam,
    ScanCancelled,
    ScannerError,
)
from hardware.scanner import BatchEnded, PageCompleted, PageStarted, PageVoid, ScanRequest
from hardware.simulated.faults import STATUSES, WHOLE_PAGE, Fault, FaultKind
from hardware.simulated.glass import to_gray
from hardware.simulated.pages import DrawnPage
from hardware.spool_file import PIXEL_OFFSET
from hardware.waiting import BackOff, DeviceWaiting

PAPER = (20.0, 20.0)
DPI = 60
ROWS = 47
PAGES = 3
TROUBLE = 2
"""The page at which it goes wrong."""

Open = Callable[[str, HardwareConfiguration], DeviceSession]


def station(tmp_path: Path, *faults: Fault, kind: Any = "feeder") -> HardwareConfiguration:
    device = SimulatedDevice(
        "stack",
        kind,
        page_width=PAPER[0],
        page_height=PAPER[1],
        faults=faults,
        fault_record=tmp_path / "state" / "record.json",
    )
    return HardwareConfiguration(
        (device,),
        sane=False,
        start_timeout=0.3,
        read_timeout=0.3,
        cancel_timeout=0.2,
        busy=BackOff(first=0.02, longest=0.02, total=0.1),
    )


@functools.cache
def truth(number: int) -> str:
    """SHA-256 of the pixels that lie on page n."""
    page = DrawnPage(1, PageAddress("b", "i", number), PAPER, DPI)
    assert page.height == ROWS
    return hashlib.sha256(to_gray(page.rows(0, page.height)).tobytes()).hexdigest()


@dataclass
class Told:
    """What an operator hears while a batch is scanned to its end."""

    spool: Path
    committed: dict[int, str] = field(default_factory=dict)
    void: list[PageVoid] = field(default_factory=list)
    errors: list[ScannerError] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    resumed_at: list[int] = field(default_factory=list)
    waits: list[DeviceWaiting] = field(default_factory=list)

    def kept(self) -> dict[int, str]:
        """SHA-256 of what lies in the spool, by page."""
        return {
            int(path.stem): hashlib.sha256(path.read_bytes()[PIXEL_OFFSET:]).hexdigest()
            for path in self.spool.iterdir()
        }


def scan_to_the_end(
    session: DeviceSession,
    spool: Path,
    pages: int = PAGES,
    tries: int = 25,
    cancel_after: int | None = None,
) -> Told:
    """Scan until all pages are there, going on after each error, and after one cancel, as an operator does."""
    session.apply({"mode": "Gray", "resolution": DPI})
    told = Told(spool)
    while len(told.committed) < pages and tries:
        tries -= 1
        first = len(told.committed) + 1
        told.resumed_at.append(first)
        request = ScanRequest(spool, pages - first + 1, first, "b", "i")
        try:
            for event in session.scan(request):
                cancel_after = None if cancel_after is None else cancel_after - 1
                if cancel_after == 0:
                    session.cancel()
                match event:
                    case PageCompleted(page):
                        assert page.number not in told.committed
                        told.committed[page.number] = page.pixel_sha256
                    case PageVoid():
                        told.void.append(event)
                    case DeviceWaiting():
                        told.waits.append(event)
                    case BatchEnded(reason):
                        told.ends.append(reason)
        except ScannerError as error:
            told.errors.append(error)
            # what was committed before is there still, and nothing half done
            assert told.kept() == told.committed if spool.exists() else not told.committed
    return told


EVERY_ERROR: list[tuple[FaultKind, type[ScannerError], str | None]] = [
    (FaultKind.JAM, Jam, "40%"),
    (FaultKind.STALE_JAM, Jam, "40%"),
    (FaultKind.COVER_OPEN, CoverOpen, "40%"),
    (FaultKind.IO_ERROR, InputOutputFailure, "40%"),
    (FaultKind.DISCONNECT, Disconnected, "40%"),
    (FaultKind.EARLY_EOF, IncompletePage, "40%"),
    (FaultKind.HANG, DriverHung, "40%"),
    (FaultKind.CRASH, DriverCrashed, "40%"),
    (FaultKind.EXIT, DriverCrashed, "40%"),
    (FaultKind.JAM, Jam, None),
    (FaultKind.HANG, DriverHung, None),
    (FaultKind.CRASH, DriverCrashed, None),
]


def test_every_fault_is_told_and_the_batch_goes_on_at_the_same_page(opened: Open, tmp_path: Path) -> None:
    faults = [Fault(kind, page=page, line=line) for page, (kind, _, line) in enumerate(EVERY_ERROR, TROUBLE)]
    pages = len(faults) + TROUBLE
    session = opened("simulated:stack", station(tmp_path, *faults))
    told = scan_to_the_end(session, tmp_path / "spool", pages)
    for page, raised, (_, error, _) in zip(range(TROUBLE, pages), told.errors, EVERY_ERROR, strict=True):
        assert type(raised) is error
        assert raised.facts["next_page"] == page
        assert f"go on with page {page}." in raised.remedy
    assert [void.number for void in told.void] == [fault.page for fault in faults if fault.line]
    assert told.resumed_at == [1, *range(TROUBLE, pages)]
    assert told.kept() == told.committed == {number: truth(number) for number in range(1, pages + 1)}


def test_a_status_that_refuses_to_start_once_is_met_by_opening_anew_and_twice_is_told(
    opened: Open, tmp_path: Path
) -> None:
    refuses = [
        Fault(FaultKind.STATUS, page=page, status="INVAL", times=times) for page, times in ((1, 1), (2, 2))
    ]
    told = scan_to_the_end(opened("simulated:stack", station(tmp_path, *refuses)), tmp_path / "spool")
    assert [type(error) for error in told.errors] == [BadOption]
    assert told.kept() == {number: truth(number) for number in range(1, PAGES + 1)}


def test_two_sheets_at_once_are_told_from_a_jam(opened: Open, tmp_path: Path) -> None:
    configuration = station(tmp_path, Fault(FaultKind.DOUBLE_FEED, page=TROUBLE))
    told = scan_to_the_end(opened("simulated:stack", configuration), tmp_path / "spool")
    (raised,) = told.errors
    assert isinstance(raised, DoubleFeed)
    assert told.resumed_at == [1, TROUBLE]
    assert "more than one sheet" in raised.message
    assert "separate them" in raised.remedy


def test_a_feeder_that_runs_out_ends_the_batch_without_an_error(opened: Open, tmp_path: Path) -> None:
    configuration = station(tmp_path, Fault(FaultKind.NO_DOCS, page=TROUBLE, line=20))
    told = scan_to_the_end(opened("simulated:stack", configuration), tmp_path / "spool")
    assert told.errors == []
    assert told.ends == ["feeder_empty", "limit"]
    assert told.kept() == {number: truth(number) for number in range(1, PAGES + 1)}


def test_a_feeder_without_a_first_sheet_is_an_error(opened: Open, tmp_path: Path) -> None:
    configuration = station(tmp_path, Fault(FaultKind.NO_DOCS, page=1))
    told = scan_to_the_end(opened("simulated:stack", configuration), tmp_path / "spool")
    assert [type(error) for error in told.errors] == [FeederEmpty]
    assert len(told.committed) == PAGES


def test_a_cancel_at_the_device_ends_the_batch_and_keeps_its_pages(opened: Open, tmp_path: Path) -> None:
    configuration = station(tmp_path, Fault(FaultKind.CANCELLED, page=TROUBLE, line="50%"))
    told = scan_to_the_end(opened("simulated:stack", configuration), tmp_path / "spool")
    assert told.ends == ["cancelled", "limit"]
    assert told.resumed_at == [1, TROUBLE]
    (void,) = told.void
    assert isinstance(void.error, ScanCancelled)
    assert void.error.facts["by"] == "device"


def test_a_device_that_is_not_ready_a_few_times_is_waited_for(opened: Open, tmp_path: Path) -> None:
    faults = Fault(FaultKind.BUSY, page=2, times=3), Fault(FaultKind.WARMING_UP, page=3, times=2)
    told = scan_to_the_end(opened("simulated:stack", station(tmp_path, *faults)), tmp_path / "spool")
    assert told.errors == []
    assert [type(waiting.error) for waiting in told.waits] == [DeviceBusy] * 3 + [DeviceWarmingUp] * 2
    assert told.kept() == {number: truth(number) for number in range(1, PAGES + 1)}


def test_a_device_that_never_gets_ready_is_an_error_that_keeps_the_pages_before(
    opened: Open, tmp_path: Path
) -> None:
    configuration = station(tmp_path, Fault(FaultKind.WARMING_UP, page=2, times=None))
    told = scan_to_the_end(opened("simulated:stack", configuration), tmp_path / "spool", tries=1)
    assert [type(raised) for raised in told.errors] == [DeviceWarmingUp]
    assert told.kept() == {1: truth(1)}


def test_a_slow_page_is_slow_and_can_be_cancelled(opened: Open, tmp_path: Path) -> None:
    session = opened("simulated:stack", station(tmp_path, Fault(FaultKind.SLOW, seconds=3600, line="50%")))
    session.apply({"mode": "Gray", "resolution": DPI})
    events = session.scan(ScanRequest(tmp_path / "spool", 1))
    next(event for event in events if isinstance(event, PageStarted))
    began = time.monotonic()
    session.cancel()
    assert list(events)[-1] == BatchEnded("cancelled")
    assert time.monotonic() - began < 0.5


def test_a_driver_that_calls_a_cancelled_page_ended_does_not_make_it_complete(
    opened: Open, tmp_path: Path
) -> None:
    session = opened(
        "simulated:stack",
        station(
            tmp_path, Fault(FaultKind.CANCEL_RETURNS_EOF), Fault(FaultKind.SLOW, seconds=3600, line="50%")
        ),
    )
    session.apply({"mode": "Gray", "resolution": DPI})
    events = session.scan(ScanRequest(tmp_path / "spool", None))
    next(event for event in events if isinstance(event, PageStarted))
    session.cancel()
    rest = list(events)
    assert not [event for event in rest if isinstance(event, PageCompleted)]
    assert rest[-1] == BatchEnded("cancelled")
    session.apply({"resolution": DPI})
    assert list((tmp_path / "spool").iterdir()) == []


def test_a_fault_that_always_comes_always_comes(opened: Open, tmp_path: Path) -> None:
    configuration = station(tmp_path, Fault(FaultKind.COVER_OPEN, page=2, times=None))
    told = scan_to_the_end(opened("simulated:stack", configuration), tmp_path / "spool", tries=2)
    assert [type(error) for error in told.errors] == [CoverOpen] * 2
    assert told.kept() == {1: truth(1)}


def test_a_fault_that_came_once_is_over_for_every_later_session(opened: Open, tmp_path: Path) -> None:
    configuration = station(tmp_path, Fault(FaultKind.CRASH, page=1))
    first = scan_to_the_end(opened("simulated:stack", configuration), tmp_path / "a", tries=1)
    assert [type(error) for error in first.errors] == [DriverCrashed]
    assert scan_to_the_end(opened("simulated:stack", configuration), tmp_path / "b").errors == []


def test_a_device_may_come_back_under_another_id(opened: Open, tmp_path: Path) -> None:
    configuration = station(tmp_path, Fault(FaultKind.DISCONNECT, page=TROUBLE, line="30%", new_id=True))
    session = opened("simulated:stack", configuration)
    told = scan_to_the_end(session, tmp_path / "spool", tries=2)
    assert [type(error) for error in told.errors] == [Disconnected, DeviceNotFound]
    assert "simulated:stack-2" in told.errors[1].remedy
    with pytest.raises(DeviceNotFound):
        open_session("simulated:stack", configuration)
    (device,) = configuration.simulated
    replugged = HardwareConfiguration((device.as_it_answers(),), sane=False)
    (info,) = list_devices(replugged)
    assert (info.id, info.serial) == ("simulated:stack-2", session.device.serial)
    assert scan_to_the_end(opened(info.id, replugged), tmp_path / "again").kept()[1] == told.kept()[1]


# Any script at all: many are gone through in tests/unit/hardware/simulated/test_fault_scripts.py

_LINES = st.none() | st.integers(0, ROWS + 5) | st.integers(0, 100).map("{}%".format)

_KINDS = [
    kind
    for kind in FaultKind
    if kind
    not in {
        # these show another sheet than the one that is asked for, or were said above
        FaultKind.DUPLICATE_PAGE,
        FaultKind.FLATBED_NEVER_EMPTY,
        FaultKind.PREFETCH_DROPPED_ON_CANCEL,
        # nothing tells whether a page of unknown height was cut short
        FaultKind.UNKNOWN_HEIGHT,
        FaultKind.HANG,
    }
]


@st.composite
def any_fault(draw: st.DrawFn) -> Fault:
    kind = draw(st.sampled_from(_KINDS))
    return Fault(
        kind,
        page=draw(st.none() | st.integers(1, PAGES)),
        line=None if kind in WHOLE_PAGE else draw(_LINES),
        seconds=0.01 if kind is FaultKind.SLOW else None,
        extra=draw(st.integers(1, 3000)) if kind is FaultKind.EXTRA_BYTES else 1000,
        status=draw(st.sampled_from(STATUSES)) if kind is FaultKind.STATUS else "",
    )


@settings(
    max_examples=3, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    kind=st.sampled_from(["feeder", "duplex", "flatbed"]),
    script=st.lists(any_fault(), max_size=4, unique=True),
    cancel_after=st.none() | st.integers(0, 12),
)
def test_whatever_goes_wrong_no_page_is_lost_and_none_is_wrong(
    tmp_path_factory: pytest.TempPathFactory, kind: Any, script: list[Fault], cancel_after: int | None
) -> None:
    folder = tmp_path_factory.mktemp("any")
    with open_session("simulated:stack", station(folder, *script, kind=kind)) as session:
        told = scan_to_the_end(session, folder / "spool", cancel_after=cancel_after)
    assert told.kept() == told.committed == {number: truth(number) for number in range(1, PAGES + 1)}
    assert len(told.errors) <= len(script)
