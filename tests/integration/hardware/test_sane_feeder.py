# SPDX-License-Identifier: Apache-2.0
"""Sheets, statuses and records of SANE's test device."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hardware.configuration import HardwareConfiguration
from hardware.errors import (
    AccessDenied,
    CoverOpen,
    DeviceBusy,
    FeederEmpty,
    IncompletePage,
    InputOutputFailure,
    Jam,
    OutOfMemory,
    ScannerError,
)
from hardware.options import Value
from hardware.scanner import BatchEnded, PageCompleted, ScanRequest

pytestmark = pytest.mark.sane

FEEDER: dict[str, Value] = {"source": "Automatic Document Feeder", "resolution": 20, "test-picture": "Grid"}


def test_a_feeder_gives_its_ten_pages_and_can_be_filled_again(
    opened: Callable[..., Any], sane: HardwareConfiguration, tmp_path: Path
) -> None:
    session = opened("sane:test:0", sane)
    session.apply(FEEDER)
    for first in (1, 11):
        events = list(session.scan(ScanRequest(tmp_path, None, first_page=first)))
        numbers = [event.page.number for event in events if isinstance(event, PageCompleted)]
        assert numbers == list(range(first, first + 10))
        assert events[-1] == BatchEnded("feeder_empty")
    assert len(list(tmp_path.glob("*.raw"))) == 20


def test_a_limit_leaves_sheets_in_the_feeder(
    opened: Callable[..., Any], sane: HardwareConfiguration, tmp_path: Path
) -> None:
    session = opened("sane:test:0", sane)
    session.apply(FEEDER)
    assert list(session.scan(ScanRequest(tmp_path, 4)))[-1] == BatchEnded("limit")
    events = list(session.scan(ScanRequest(tmp_path, None, first_page=5)))
    assert [event.page.number for event in events if isinstance(event, PageCompleted)] == [5, 6, 7, 8, 9, 10]


def test_an_empty_feeder_is_an_error_that_the_operator_mends(
    opened: Callable[..., Any], sane: HardwareConfiguration, tmp_path: Path
) -> None:
    session = opened("sane:test:0", sane)
    session.apply(FEEDER)
    list(session.scan(ScanRequest(tmp_path, 10)))
    with pytest.raises(FeederEmpty) as caught:
        list(session.scan(ScanRequest(tmp_path, None, first_page=11)))
    assert caught.value.retry == "after_operator"
    # the test device fills itself
    assert list(session.scan(ScanRequest(tmp_path, 1, first_page=11)))[-1] == BatchEnded("limit")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("SANE_STATUS_JAMMED", Jam),
        ("SANE_STATUS_COVER_OPEN", CoverOpen),
        ("SANE_STATUS_IO_ERROR", InputOutputFailure),
        ("SANE_STATUS_NO_MEM", OutOfMemory),
        ("SANE_STATUS_ACCESS_DENIED", AccessDenied),
        ("SANE_STATUS_DEVICE_BUSY", DeviceBusy),
        ("SANE_STATUS_NO_DOCS", FeederEmpty),
        ("SANE_STATUS_EOF", IncompletePage),
    ],
)
def test_a_status_is_raised_and_the_next_scan_works(
    opened: Callable[..., Any],
    sane: HardwareConfiguration,
    tmp_path: Path,
    status: str,
    expected: type[ScannerError],
) -> None:
    session = opened("sane:test:0", sane)
    session.apply({"resolution": 20, "read-return-value": status})
    with pytest.raises(expected):
        list(session.scan(ScanRequest(tmp_path, 1)))
    assert list(tmp_path.iterdir()) == []
    session.apply({"read-return-value": "Default"})
    assert list(session.scan(ScanRequest(tmp_path, 1)))[-1] == BatchEnded("limit")
    # a fresh driver has got the settings of the old one
    assert session.get("resolution") == 20


def test_a_cancel_at_the_device_is_no_error(scan: Callable[..., Any], sane: HardwareConfiguration) -> None:
    scanned = scan("sane:test:0", sane, {"read-return-value": "SANE_STATUS_CANCELLED"})
    assert scanned.events == [BatchEnded("cancelled")]


def test_a_page_knows_its_device_its_options_and_its_time(
    scan: Callable[..., Any], sane: HardwareConfiguration
) -> None:
    page = scan("sane:test:0", sane, {"resolution": 30.4, "mode": "Gray"}, first_page=17).page
    assert (page.number, page.path.name) == (17, "0017.raw")
    assert page.options["resolution"] == {"requested": 30.4, "actual": 30}
    assert page.options["source"] == {"requested": None, "actual": "Flatbed"}
    assert "gamma-table" not in page.options
    assert (page.device.id, page.device.vendor, page.device.type) == (
        "sane:test:0",
        "Noname",
        "virtual device",
    )
    assert page.started_at < page.finished_at
    assert page.started_at.endswith("+00:00")
    assert page.bytes_received == page.height * page.width


def test_two_devices_work_side_by_side(
    opened: Callable[..., Any], sane: HardwareConfiguration, tmp_path: Path
) -> None:
    first, second = opened("sane:test:0", sane), opened("sane:test:1", sane)
    first.apply({"resolution": 20})
    second.apply({"resolution": 40})
    one, two = first.scan(ScanRequest(tmp_path / "1", 1)), second.scan(ScanRequest(tmp_path / "2", 1))
    started = next(one), next(two)
    assert started[1].width == pytest.approx(2 * started[0].width, abs=2)
    assert list(one)[-1] == list(two)[-1] == BatchEnded("limit")
