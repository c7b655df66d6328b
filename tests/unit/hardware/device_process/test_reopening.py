# SPDX-License-Identifier: Apache-2.0
"""A device that refuses to start a page is opened anew once for it, and nothing that was scanned comes again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.device_process.reopening import reopening_events
from hardware.errors import BadOption, FeederEmpty, Jam, ScannerError
from hardware.scanner import BatchEnded, PageCompleted, PageEvent, PageVoid, ScanRequest
from tests.unit.hardware.test_resumption import page


def refusal() -> BadOption:
    return BadOption("It does not start.", call="sane_start")


class Device:
    """Plays what is scripted: numbers are pages that come whole, events are told, errors end a scan."""

    def __init__(self, *scans: list[int | PageVoid | ScannerError]) -> None:
        self.scans = list(scans)
        self.asked: list[tuple[int, int | None]] = []
        self.opened_anew = 0

    def scan(self, request: ScanRequest) -> Iterator[PageEvent]:
        self.asked.append((request.first_page, request.pages))
        for step in self.scans.pop(0):
            if isinstance(step, ScannerError):
                raise step
            yield step if isinstance(step, PageVoid) else PageCompleted(page(step))
        yield BatchEnded("limit")

    def reopen(self) -> None:
        self.opened_anew += 1


def pages_of(device: Device, told: list[int], *, pages: int | None = None) -> None:
    """Scan from page 5 on, and note the numbers of the pages that come."""
    events = reopening_events(ScanRequest(Path(), pages, first_page=5), device.scan, device.reopen)
    told.extend(event.page.number for event in events if isinstance(event, PageCompleted))


@pytest.mark.parametrize(("pages", "left"), [(None, None), (3, 2)])
def test_a_device_that_serves_one_page_an_opening_serves_them_all(
    pages: int | None, left: int | None
) -> None:
    device, told = Device([5, refusal()], [6, 7]), list[int]()
    pages_of(device, told, pages=pages)
    assert told == [5, 6, 7]
    assert device.asked == [(5, pages), (6, left)]
    assert device.opened_anew == 1


def test_a_device_that_refuses_the_same_page_twice_is_believed() -> None:
    device, told = Device([5, refusal()], [refusal()]), list[int]()
    with pytest.raises(BadOption) as caught:
        pages_of(device, told)
    assert caught.value.facts["next_page"] == 6
    assert told == [5]
    assert device.opened_anew == 1


def test_a_refusal_after_a_page_had_begun_is_believed_at_once() -> None:
    device, told = Device([PageVoid(5, Jam("Stuck.")), refusal()]), list[int]()
    with pytest.raises(BadOption):
        pages_of(device, told)
    assert device.opened_anew == 0


def test_what_is_no_refusal_ends_the_scan_and_names_the_page_to_go_on_with() -> None:
    device, told = Device([5, 6, Jam("Stuck.")]), list[int]()
    with pytest.raises(Jam) as caught:
        pages_of(device, told)
    assert (caught.value.facts["last_good_page"], caught.value.facts["next_page"]) == (6, 7)
    assert device.opened_anew == 0


def test_a_feeder_that_runs_empty_is_the_end_and_an_empty_one_an_error() -> None:
    told = list[int]()
    pages_of(Device([5, refusal()], [FeederEmpty("Empty.")]), told)
    assert told == [5]
    with pytest.raises(FeederEmpty):
        pages_of(Device([FeederEmpty("Empty.")]), told)
