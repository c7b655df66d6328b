# SPDX-License-Identifier: Apache-2.0
"""What crosses the pipe of a device process arrives as it was sent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hardware.errors import DeviceBusy, Jam
from hardware.scanner import (
    BatchEnded,
    DeviceInfo,
    PageCompleted,
    PageEvent,
    PageFile,
    PageProgress,
    PageStarted,
    PageVoid,
    ScanRequest,
    event_from_json,
    event_to_json,
)
from hardware.waiting import DeviceWaiting

DEVICE = DeviceInfo("sane:test:0", "test", "Noname", "frontend-tester", "virtual device", simulated=False)


def page_file(**changes: object) -> PageFile:
    facts: dict[str, object] = {
        "path": Path("/spool/0001.raw"),
        "number": 1,
        "width": 13,
        "height": 4,
        "bits_per_sample": 1,
        "samples_per_pixel": 1,
        "photometric": "white_is_zero",
        "pixel_sha256": "0" * 64,
        "dpi": (300.0, 600.0),
        "options": {"gamma": {"requested": [1, 2], "actual": [1, 2]}},
        "device": DEVICE,
        "started_at": "2026-01-01T00:00:00.000+00:00",
        "finished_at": "2026-01-01T00:00:01.000+00:00",
        "bytes_received": 8,
        "complete": True,
    }
    return PageFile(**{**facts, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "event",
    [
        PageStarted(1, 100, None),
        PageStarted(1, 100, 50, 8, 3, "rgb", 4096),
        PageProgress(1, 10, 20),
        PageCompleted(page_file()),
        BatchEnded("feeder_empty"),
    ],
    ids=lambda event: type(event).__name__,
)
def test_an_event_survives_json(event: PageEvent) -> None:
    assert event_from_json(json.loads(json.dumps(event_to_json(event)))) == event


def test_a_page_started_by_an_earlier_release_is_still_read() -> None:
    event = event_from_json({"event": "PageStarted", "number": 1, "width": 100, "height": None})
    assert event == PageStarted(1, 100, None, bits_per_sample=0, samples_per_pixel=0, photometric=None)


def test_a_void_page_survives_json_with_its_error() -> None:
    event = event_from_json(json.loads(json.dumps(event_to_json(PageVoid(7, Jam("Stuck.", page=7))))))
    assert isinstance(event, PageVoid)
    assert type(event.error) is Jam
    assert (event.number, event.error.facts) == (7, {"page": 7})


def test_a_pause_survives_json_with_what_the_device_said() -> None:
    event = event_from_json(
        json.loads(json.dumps(event_to_json(DeviceWaiting(DeviceBusy("Busy."), 2, 1, 59))))
    )
    assert isinstance(event, DeviceWaiting)
    assert type(event.error) is DeviceBusy
    assert (event.attempt, event.pause, event.left) == (2, 1, 59)


def test_rubbish_is_no_event() -> None:
    with pytest.raises(ValueError, match="PageEaten"):
        event_from_json({"event": "PageEaten"})


def test_a_device_is_described_by_exactly_these_keys() -> None:
    assert list(DEVICE.to_json()) == [
        *("id", "backend", "vendor", "model", "type", "simulated", "state", "serial", "driver"),
    ]


def test_a_request_reaches_another_folder_as_an_absolute_path() -> None:
    request = ScanRequest(Path("spool"), pages=None, first_page=5, batch="b", item="i")
    there = ScanRequest.from_json(json.loads(json.dumps(request.to_json())))
    assert there.spool == Path.cwd() / "spool"
    assert (there.pages, there.first_page, there.batch, there.item) == (None, 5, "b", "i")


@pytest.mark.parametrize(("pages", "first"), [(0, 1), (-1, 1), (1, -1)])
def test_a_request_for_no_page_is_refused(pages: int, first: int) -> None:
    with pytest.raises(ValueError, match="at least one page"):
        ScanRequest(Path("spool"), pages=pages, first_page=first)


@pytest.mark.parametrize(
    ("bits", "samples", "expected"), [(1, 1, 2), (8, 1, 13), (16, 1, 26), (8, 3, 39), (16, 3, 78)]
)
def test_a_row_is_as_long_as_its_packed_samples(bits: int, samples: int, expected: int) -> None:
    assert page_file(bits_per_sample=bits, samples_per_pixel=samples).bytes_per_row == expected
