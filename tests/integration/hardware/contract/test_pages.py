# SPDX-License-Identifier: Apache-2.0
"""Pages of any device: one from a bed, all from a feeder, each with its record, nothing else meanwhile."""

from __future__ import annotations

import hashlib

import pytest

from hardware.discovery import open_session
from hardware.errors import BadOption, DeviceBusy, FeederEmpty
from hardware.scanner import BatchEnded, PageCompleted, PageStarted
from tests.integration.hardware.contract.conftest import SANE, SHEETS, Device, Told


def test_a_bed_gives_one_page_however_many_are_asked_for(device: Device) -> None:
    for pages in (None, 5):
        told = device.scan(pages)
        assert [type(event) for event in told.events] == [PageStarted, PageCompleted, BatchEnded]
        assert told.events[-1] == BatchEnded("limit")
    assert device.left_in_spool() == ["0001.raw"]


def test_a_page_is_what_its_record_says(device: Device) -> None:
    for depth in (8, 16):
        for mode, samples in (("Gray", 1), ("Color", 3)):
            device.session.apply({"mode": mode, "depth": depth})
            (page,) = device.scan(1, first_page=17).pages
            assert (page.number, page.path.name) == (17, "0017.raw")
            assert (page.bits_per_sample, page.samples_per_pixel) == (depth, samples)
            data = page.path.read_bytes()[page.pixel_offset :]
            assert len(data) == page.height * page.bytes_per_row == page.bytes_received
            assert page.pixel_sha256 == hashlib.sha256(data).hexdigest()
            assert page.complete
            resolution = device.quick["resolution"]
            assert page.dpi == (resolution, resolution)
            assert page.options["mode"] == {"requested": mode, "actual": mode}
            assert page.device == device.session.device
            assert page.started_at < page.finished_at


def test_the_same_settings_give_the_same_page(device: Device) -> None:
    first = device.page().pixel_sha256
    device.session.apply({"mode": "Color", "resolution": 100})
    assert device.page().pixel_sha256 != first
    device.session.apply(device.quick)
    assert device.page().pixel_sha256 == first


def test_a_limit_leaves_sheets_in_the_feeder_and_an_empty_one_can_be_filled_again(device: Device) -> None:
    device.forget()
    device.session.apply({**device.quick, "source": device.feeder})
    told = device.scan(4)
    assert [page.number for page in told.pages] == [1, 2, 3, 4]
    assert told.events[-1] == BatchEnded("limit")
    for first, last in ((5, SHEETS), (SHEETS + 1, 2 * SHEETS)):
        told = device.scan(None, first_page=first)
        assert [page.number for page in told.pages] == list(range(first, last + 1))
        assert told.events[-1] == BatchEnded("feeder_empty")
    assert len(device.left_in_spool()) == 2 * SHEETS


@pytest.mark.parametrize("device", SANE, indirect=True)
def test_an_empty_feeder_is_an_error_that_the_operator_mends(device: Device) -> None:
    device.forget()
    device.session.apply({**device.quick, "source": device.feeder})
    assert device.scan(SHEETS).events[-1] == BatchEnded("limit")
    told = device.scan(None)
    assert (told.events, type(told.error)) == ([], FeederEmpty)
    assert told.error is not None
    assert told.error.retry == "after_operator"
    # sane-test fills itself
    assert device.scan(1).pages[0].complete


def test_options_and_other_scans_are_refused_while_a_scan_runs(device: Device) -> None:
    session = device.session
    events = session.scan(device.request())
    next(events)
    for refused in (
        lambda: session.set("resolution", 100),
        lambda: session.apply({"mode": "Color"}),
        lambda: session.get("mode"),
        session.values,
        session.options,
        lambda: next(session.scan(device.request())),
    ):
        with pytest.raises(DeviceBusy):
            refused()
    assert Told.of(events).events[-1] == BatchEnded("limit")
    assert session.get("mode") == "Gray"
    assert session.set("mode", "Color").actual == "Color"


def test_a_refused_option_does_not_cost_the_driver_or_a_page(device: Device) -> None:
    process = device.process_id
    with pytest.raises(BadOption):
        device.session.set("mode", "Sepia")
    assert device.page().complete
    assert device.process_id == process


def test_two_sessions_work_at_once(device: Device) -> None:
    session = device.session
    with open_session(session._id, session._configuration) as other:
        other.apply({**device.quick, "resolution": 100})
        events, others = session.scan(device.request()), other.scan(device.request(first_page=2))
        started, other_started = next(events), next(others)
        assert isinstance(started, PageStarted)
        assert isinstance(other_started, PageStarted)
        assert other_started.width > started.width
        assert Told.of(others).events[-1] == Told.of(events).events[-1] == BatchEnded("limit")
    assert device.left_in_spool() == ["0001.raw", "0002.raw"]
