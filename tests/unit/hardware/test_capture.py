# SPDX-License-Identifier: Apache-2.0
"""A page is complete or void, whatever the driver does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hardware.capture import ScanControl, _resolution, capture_batch
from hardware.driver import PageAddress
from hardware.errors import (
    Disconnected,
    FeederEmpty,
    IncompletePage,
    InputOutputFailure,
    Jam,
    ScanCancelled,
    ScannerError,
    SpoolFull,
    UnsupportedFrame,
)
from hardware.frames import FrameFormat, FrameParameters
from hardware.options import OptionDescriptor, SetResult, Value
from hardware.scanner import (
    BatchEnded,
    DeviceInfo,
    PageCompleted,
    PageEvent,
    PageProgress,
    PageStarted,
    PageVoid,
    ScanRequest,
)
from hardware.spool import part_path
from hardware.spool_file import PIXEL_OFFSET

INFO = DeviceInfo("scripted:1", "scripted", "", "", "", simulated=True)

Read = bytes | None | ScannerError | Callable[[], bytes | None]


@dataclass
class Frame:
    """What one start and the reads after it do; reads beyond the list end the frame."""

    reads: Iterable[Read] = (b"abcdef",)
    form: FrameFormat = FrameFormat.GRAY
    width: int = 3
    lines: int = 2
    depth: int = 8
    last: bool = True
    error: ScannerError | None = None


@dataclass
class ScriptedDriver:
    """A driver that does what its script says, and then has no more sheets."""

    script: list[Frame]
    feeds: bool = True
    cancels: int = 0
    started: list[PageAddress] = field(default_factory=list)
    info: DeviceInfo = INFO

    def descriptors(self) -> tuple[OptionDescriptor, ...]:
        return ()

    def get(self, name: str) -> Value:
        raise AssertionError(name)

    def set(self, name: str, value: Value) -> SetResult:
        raise AssertionError(name)

    def load(self, pages: int | None) -> None:
        pass

    def start(self, page: PageAddress) -> None:
        self.started.append(page)
        if not self.script:
            raise FeederEmpty("No more sheets.")
        self.frame = self.script.pop(0)
        if self.frame.error:
            raise self.frame.error
        self.reads = iter(self.frame.reads)

    def parameters(self) -> FrameParameters:
        frame = self.frame
        bytes_per_line = frame.width * frame.depth // 8 * (3 if frame.form is FrameFormat.RGB else 1)
        return FrameParameters(frame.form, frame.last, bytes_per_line, frame.width, frame.lines, frame.depth)

    def read(self, size: int) -> bytes | None:
        block = next(self.reads, None)
        if isinstance(block, ScannerError):
            raise block
        return block() if callable(block) else block

    def cancel(self) -> None:
        self.cancels += 1

    def close(self) -> None:
        pass


class Station:
    """Runs a batch and keeps what came of it."""

    def __init__(self, spool: Path) -> None:
        self.spool = spool
        self.cancelled = threading.Event()
        self.events: list[PageEvent] = []

    def scan(self, *frames: Frame, pages: int | None = None, feeds: bool = True) -> ScriptedDriver:
        self.driver = driver = ScriptedDriver(list(frames), feeds)
        control = ScanControl(self.cancelled, self.events.append, lambda phase: None, read_timeout=0.05)
        capture_batch(driver, ScanRequest(self.spool, pages), {}, control)
        return driver

    @property
    def told(self) -> list[str]:
        return [type(event).__name__ for event in self.events if not isinstance(event, PageProgress)]

    @property
    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes()[PIXEL_OFFSET:] for path in sorted(self.spool.iterdir())}

    @property
    def void(self) -> list[ScannerError]:
        return [event.error for event in self.events if isinstance(event, PageVoid)]


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return Station(tmp_path)


def test_a_feeder_is_scanned_until_it_is_empty_and_cancelled_once(station: Station) -> None:
    driver = station.scan(Frame(), Frame([b"123456"]))
    assert station.told == ["PageStarted", "PageCompleted", "PageStarted", "PageCompleted", "BatchEnded"]
    assert station.events[-1] == BatchEnded("feeder_empty")
    assert station.files == {"0001.raw": b"abcdef", "0002.raw": b"123456"}
    assert driver.cancels == 1


def test_the_start_of_a_page_tells_how_the_rows_that_have_come_can_be_shown(station: Station) -> None:
    grown: list[bytes] = []

    def look() -> bytes:
        grown.append(part_path(station.spool / "0001.raw").read_bytes())
        return b"y" * 2048

    # the first of four MiB is in the file for certain when the fourth has come
    rows = [b"x" * (4 << 20), look]
    station.scan(Frame(rows, FrameFormat.RGB, width=1 << 10, lines=1366), pages=1)
    assert station.events[0] == PageStarted(1, 1 << 10, 1366, 8, 3, "rgb", PIXEL_OFFSET)
    assert grown[0][PIXEL_OFFSET:].startswith(b"xxx")


def test_a_page_in_three_passes_cannot_be_shown_while_it_comes(station: Station) -> None:
    passes = [FrameFormat.GREEN, FrameFormat.RED, FrameFormat.BLUE]
    station.scan(*(Frame(form=form, last=form is passes[-1]) for form in passes), pages=1)
    assert station.events[0] == PageStarted(1, 3, 2)


def test_a_feeder_stops_at_the_limit(station: Station) -> None:
    driver = station.scan(Frame(), Frame(), Frame(), pages=2)
    assert station.events[-1] == BatchEnded("limit")
    assert len(driver.script) == 1


def test_a_flatbed_gives_one_page_however_many_are_asked_for(station: Station) -> None:
    station.scan(Frame(), Frame(), pages=2, feeds=False)
    assert station.told == ["PageStarted", "PageCompleted", "BatchEnded"]


def test_an_empty_feeder_is_an_error(station: Station) -> None:
    with pytest.raises(FeederEmpty):
        station.scan()
    assert station.events == []


def test_a_feeder_that_says_empty_only_when_read_has_ended_too(station: Station) -> None:
    station.scan(Frame(), Frame([FeederEmpty("No more sheets.")]))
    assert station.told == ["PageStarted", "PageCompleted", "BatchEnded"]
    assert list(station.files) == ["0001.raw"]


@pytest.mark.parametrize("error", [Jam("Stuck."), InputOutputFailure("Broken.")])
def test_an_error_within_a_page_makes_it_void_and_keeps_the_pages_before(
    station: Station, error: ScannerError
) -> None:
    with pytest.raises(type(error)):
        station.scan(Frame(), Frame([b"abc", error]))
    assert station.told == ["PageStarted", "PageCompleted", "PageStarted", "PageVoid"]
    assert station.void == [error]
    assert list(station.files) == ["0001.raw"]
    assert station.driver.cancels == 1


def test_an_error_before_the_first_byte_concerns_no_started_page(station: Station) -> None:
    with pytest.raises(Jam):
        station.scan(Frame(error=Jam("Stuck.")))
    assert station.events == []
    assert station.files == {}


@pytest.mark.parametrize("reads", [[b"abc"], [b"abcd"], [b"abcdefghi"], []])
def test_an_end_of_data_with_other_rows_than_announced_is_no_page(
    station: Station, reads: list[Read]
) -> None:
    with pytest.raises(IncompletePage):
        station.scan(Frame(reads))
    assert station.files == {}


def test_an_end_of_data_after_a_cancel_is_no_page(station: Station) -> None:
    def all_rows_and_a_cancel() -> bytes:
        station.cancelled.set()
        return b"abcdef"

    station.scan(Frame([all_rows_and_a_cancel]))
    assert station.told == ["BatchEnded"]
    assert station.events[-1] == BatchEnded("cancelled")
    assert station.files == {}


def test_a_page_of_unknown_height_is_not_complete_when_it_was_cancelled(station: Station) -> None:
    def end_because_of_a_cancel() -> None:
        station.cancelled.set()

    station.scan(Frame([b"abc", end_because_of_a_cancel], lines=-1))
    assert station.told == ["PageStarted", "PageVoid", "BatchEnded"]
    assert station.void[0].facts["by"] == "recto"
    assert station.files == {}


def test_a_cancelled_driver_may_say_anything(station: Station) -> None:
    def failure_because_of_a_cancel() -> bytes:
        station.cancelled.set()
        raise InputOutputFailure("Broken.")

    station.scan(Frame([b"abc", failure_because_of_a_cancel]))
    assert [type(error) for error in station.void] == [ScanCancelled]
    assert station.events[-1] == BatchEnded("cancelled")


def test_a_cancel_at_the_device_ends_the_batch_and_keeps_the_pages_before(station: Station) -> None:
    station.scan(Frame(), Frame([b"abc", ScanCancelled("Stopped at the panel.", by="device")]))
    assert station.told == ["PageStarted", "PageCompleted", "PageStarted", "PageVoid", "BatchEnded"]
    assert station.events[-1] == BatchEnded("cancelled")
    assert station.void[0].facts["by"] == "device"


def test_reads_without_bytes_are_waited_for(station: Station) -> None:
    station.scan(Frame([b"", b"abc", b"", b"", b"def"]))
    assert station.files == {"0001.raw": b"abcdef"}


def test_a_device_that_sends_nothing_for_ever_is_gone(station: Station) -> None:
    def nothing_for_ever() -> Iterable[Read]:
        yield b"abc"
        while True:
            yield b""

    with pytest.raises(Disconnected, match="after 3 bytes of page 1"):
        station.scan(Frame(nothing_for_ever()))
    assert station.told == ["PageStarted", "PageVoid"]
    assert station.files == {}


def test_a_page_that_was_scanned_again_replaces_the_first(station: Station) -> None:
    station.scan(Frame(), pages=1)
    station.scan(Frame([b"better"]), pages=1)
    assert station.files == {"0001.raw": b"better"}


def test_a_full_disk_makes_the_page_void(station: Station) -> None:
    (station.spool / "0001.raw.part").symlink_to("/dev/full")
    with pytest.raises(SpoolFull):
        station.scan(Frame([b"abc", b"def"]))
    assert station.files == {}


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        ({"resolution": 300}, (300, 300)),
        ({"resolution": 300.5, "y-resolution": 600}, (300.5, 600)),
        ({"x-resolution": 200, "y-resolution": 100}, (200, 100)),
        ({}, (0, 0)),
    ],
)
def test_the_resolution_is_the_one_the_device_has(
    actual: dict[str, Value], expected: tuple[float, float]
) -> None:
    record: dict[str, dict[str, Value]] = {
        name: {"requested": 1, "actual": value} for name, value in actual.items()
    }
    assert _resolution(record) == expected


# Three passes


def passes(*order: str, **changes: dict[str, object]) -> list[Frame]:
    planes = {"red": b"RRRRRR", "green": b"GGGGGG", "blue": b"BBBBBB"}
    return [
        Frame(
            **{
                "reads": [planes[name]],
                "form": FrameFormat(name),
                "last": name == order[-1],
                **changes.get(name, {}),
            }
        )  # type: ignore[arg-type]
        for name in order
    ]


@pytest.mark.parametrize(
    "order", [("red", "green", "blue"), ("blue", "red", "green"), ("green", "blue", "red")]
)
def test_three_passes_make_one_picture_in_any_order(station: Station, order: tuple[str, ...]) -> None:
    station.scan(*passes(*order))
    assert station.files == {"0001.raw": b"RGB" * 6}
    assert {address.number for address in station.driver.started[:3]} == {1}
    completed = [event.page for event in station.events if isinstance(event, PageCompleted)]
    assert (completed[0].samples_per_pixel, completed[0].bytes_received) == (3, 18)


@pytest.mark.parametrize(
    ("frames", "expected"),
    [
        (passes("red", "green", "blue", blue={"form": FrameFormat.GREEN}), UnsupportedFrame),
        (passes("red", "green", "blue", green={"width": 2, "reads": [b"GGGG"]}), UnsupportedFrame),
        (passes("red", "green", "blue", blue={"form": FrameFormat.GRAY}), UnsupportedFrame),
        (passes("red", "green"), IncompletePage),
        (passes("red", "green", "blue", blue={"lines": 1, "reads": [b"BBB"]}), IncompletePage),
        (passes("red", "green", "blue", blue={"reads": [b"BBB"]}), IncompletePage),
    ],
    ids=["twice-green", "narrower", "gray", "two", "shorter", "cut"],
)
def test_passes_that_make_no_picture_are_no_page(
    station: Station, frames: list[Frame], expected: type[ScannerError]
) -> None:
    with pytest.raises(expected):
        station.scan(*frames)
    assert station.told == ["PageStarted", "PageVoid"]
    assert station.files == {}
