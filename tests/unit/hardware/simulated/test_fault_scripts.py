# SPDX-License-Identifier: Apache-2.0
"""Whatever a fault script says, on whatever device: no page that was complete is lost, and none is wrong.

The devices live in this process and by a clock that nobody waits for, so that many scripts can be gone
through; what kills a driver is left to the tests of the device process.
"""

from __future__ import annotations

import functools
import hashlib
import json
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hardware.adapted import AdaptedDriver
from hardware.capture import ScanControl, capture_batch
from hardware.configuration import SimulatedDevice
from hardware.describing import describe
from hardware.device_process.session import _FORGOTTEN
from hardware.errors import ScannerError
from hardware.options import Value
from hardware.profile import apply_values
from hardware.quirks import Quirks
from hardware.scanner import BatchEnded, PageCompleted, PageEvent, PageVoid, ScanRequest
from hardware.simulated.clock import VirtualClock
from hardware.simulated.device import SimulatedDriver
from hardware.simulated.faults import STATUSES, WHOLE_PAGE, Fault, FaultKind
from hardware.spool_file import PIXEL_OFFSET
from hardware.waiting import BackOff

PAGES = 4
SETTINGS: dict[str, dict[str, Value]] = {
    "flatbed": {"mode": "Gray", "resolution": 50},
    "feeder": {"mode": "Lineart", "resolution": 50},
    "duplex": {"mode": "Color", "resolution": 50},
    "book": {"mode": "Gray", "resolution": 50},
    "film": {"mode": "Gray", "depth": 16, "resolution": 300},
    "described": {"mode": "Gray", "resolution": 50},
}


@pytest.fixture(scope="module", autouse=True)
def things(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A glass with a noisy image for each page, quicker than pages of text, and the description of a feeder."""
    folder = tmp_path_factory.mktemp("things")
    (folder / "glass").mkdir()
    noise = np.random.default_rng(3)
    for number in range(1, PAGES + 1):
        image = Image.fromarray(noise.integers(0, 256, (26, 31, 3), np.uint8))
        image.save(folder / "glass" / f"{number}.png")
    driver = SimulatedDriver(SimulatedDevice("d", "duplex"))
    (folder / "device.json").write_text(json.dumps(describe(driver, driver.info, ()).to_json()))
    return folder


def device(
    things: Path, kind: Any, faults: tuple[Fault, ...] = (), record: Path | None = None
) -> SimulatedDevice:
    return SimulatedDevice(
        "d",
        kind,
        glass=things / "glass",
        description=things / "device.json" if kind == "described" else None,
        warm_up=20,
        page_seconds=10,
        faults=faults,
        fault_record=record,
    )


@dataclass
class Flag(threading.Event):
    """A cancel flag that somebody raises when it has been looked at so often, in the middle of anything."""

    clock: VirtualClock
    looks: int | None
    cancel: Callable[[], None]

    def __post_init__(self) -> None:
        super().__init__()

    def is_set(self) -> bool:
        if self.looks is not None:
            self.looks -= 1
            if self.looks < 0:
                self.looks = None
                self.set()
                self.cancel()
        return super().is_set()

    def wait(self, timeout: float | None = None) -> bool:
        return self.is_set() or (timeout is not None and self.clock.wait(timeout, self))


@dataclass
class Operator:
    """Scans until all pages are there: goes on at the page that is missing after every error and every cancel."""

    device: SimulatedDevice
    spool: Path
    cancels: list[int] = field(default_factory=list)
    committed: dict[int, str] = field(default_factory=dict)
    errors: list[ScannerError] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    void: set[int] = field(default_factory=set)
    clock: VirtualClock = field(default_factory=VirtualClock)

    def opened(self) -> AdaptedDriver:
        driver = AdaptedDriver(SimulatedDriver(self.device, self.clock), Quirks())
        apply_values(driver, SETTINGS[self.device.kind])
        return driver

    def scan(self, tries: int) -> None:
        driver = self.opened()
        while len(self.committed) < PAGES and tries:
            tries -= 1
            first = len(self.committed) + 1
            flag = Flag(self.clock, self.cancels.pop() if self.cancels else None, driver.cancel)
            control = ScanControl(flag, self.heard, lambda _: None, 30, BackOff(1, 4, 10))
            try:
                request = ScanRequest(self.spool, PAGES - first + 1, first, "b", "i")
                capture_batch(driver, request, {}, control)
            except ScannerError as error:
                self.errors.append(error)
                if not isinstance(error, _FORGOTTEN):
                    # as the session does: only a fresh driver is sure to have forgotten it
                    driver.close()
                    driver = self.opened()
            assert self.kept() == self.committed

    def heard(self, event: PageEvent) -> None:
        match event:
            case PageCompleted(page):
                assert page.number not in self.committed
                self.committed[page.number] = page.pixel_sha256
            case PageVoid(number):
                assert number == len(self.committed) + 1
                self.void.add(number)
            case BatchEnded(reason):
                self.ends.append(reason)

    def kept(self) -> dict[int, str]:
        """SHA-256 of what lies in the spool, by page."""
        return {
            int(path.stem): hashlib.sha256(path.read_bytes()[PIXEL_OFFSET:]).hexdigest()
            for path in (self.spool.iterdir() if self.spool.exists() else ())
        }


@contextmanager
def folder() -> Iterator[Path]:
    # in memory where that is possible: what is proved here is not the disk
    memory = Path("/dev/shm")  # noqa: S108
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name)


@functools.cache
def truth(things: Path, kind: str) -> dict[int, str]:
    """SHA-256 of the pixels of each page when nothing goes wrong."""
    with folder() as spool:
        operator = Operator(device(things, kind), spool)
        operator.scan(PAGES)
    assert len(set(operator.committed.values())) == PAGES
    assert operator.errors == []
    return operator.committed


DEADLY = {FaultKind.CRASH, FaultKind.EXIT}
# a sheet that is scanned twice, or was lost by a cancel, is another sheet: no pixel of the page tells
OTHER_SHEETS = {
    FaultKind.DUPLICATE_PAGE,
    FaultKind.FLATBED_NEVER_EMPTY,
    FaultKind.PREFETCH_DROPPED_ON_CANCEL,
}
LINES = st.none() | st.integers(0, 30) | st.integers(0, 100).map("{}%".format)


@st.composite
def any_fault(draw: st.DrawFn, kinds: list[FaultKind]) -> Fault:
    kind = draw(st.sampled_from(kinds))
    timed = {
        FaultKind.SLOW: st.just(5.0),
        FaultKind.HANG: st.just(600.0),
        FaultKind.BUSY: st.sampled_from([None, 3.0, 600.0]),
        FaultKind.WARMING_UP: st.sampled_from([None, 3.0, 600.0]),
    }
    return Fault(
        kind,
        page=draw(st.none() | st.integers(1, PAGES)),
        line=None if kind in WHOLE_PAGE else draw(LINES),
        times=draw(st.integers(1, 2)),
        seconds=draw(timed[kind]) if kind in timed else None,
        extra=draw(st.integers(1, 3000)) if kind in {FaultKind.EXTRA_BYTES, FaultKind.PADDED_LINES} else 1000,
        status=draw(st.sampled_from(STATUSES)) if kind is FaultKind.STATUS else "",
    )


# whether a page of unknown height was cut short nothing tells either
UNSEEN = {FaultKind.UNKNOWN_HEIGHT}
SCRIPTS = st.lists(any_fault([*set(FaultKind) - DEADLY - OTHER_SHEETS - UNSEEN]), max_size=5, unique=True)
CANCELS = st.lists(st.integers(0, 60), max_size=3)


def spells(script: list[Fault]) -> int:
    """How many scans a script can spoil: a device that is not ready for long spoils one after the other."""
    return sum((fault.times or 0) * (70 if fault.seconds == 600 else 1) for fault in script)


@settings(max_examples=40, deadline=None, database=None)
@given(kind=st.sampled_from([*SETTINGS]), script=SCRIPTS, cancels=CANCELS)
def test_no_page_is_lost_and_none_is_wrong(
    things: Path, kind: str, script: list[Fault], cancels: list[int]
) -> None:
    with folder() as place:
        operator = Operator(
            device(things, kind, tuple(script), place / "record"), place / "spool", [*cancels]
        )
        operator.scan(2 * PAGES + 2 * spells(script) + len(cancels))
        assert operator.committed == truth(things, kind)
        assert len(operator.errors) <= spells(script)


@settings(max_examples=8, deadline=None, database=None)
@given(script=SCRIPTS)
def test_a_feeder_that_takes_sheets_ahead_loses_none_as_long_as_nobody_cancels(
    things: Path, script: list[Fault]
) -> None:
    ahead = Fault(FaultKind.PREFETCH_DROPPED_ON_CANCEL, times=None)
    with folder() as place:
        operator = Operator(device(things, "feeder", (ahead, *script), place / "record"), place / "spool")
        operator.scan(2 * PAGES + 2 * spells(script))
        assert operator.committed == truth(things, "feeder")


@pytest.mark.parametrize("kind", ["feeder", "duplex", "book"])
def test_a_sheet_that_is_scanned_twice_is_known_by_the_digest_of_the_page_before(
    things: Path, kind: str
) -> None:
    with folder() as place:
        twice = Fault(FaultKind.DUPLICATE_PAGE, page=3)
        operator = Operator(device(things, kind, (twice,), place / "record"), place / "spool")
        operator.scan(1)
        assert operator.committed == {**truth(things, kind), 3: truth(things, kind)[2]}
