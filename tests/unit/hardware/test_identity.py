# SPDX-License-Identifier: Apache-2.0
"""A device is known again by what it is, not by the socket it is plugged into."""

from __future__ import annotations

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from hardware.identity import candidates, recall, remember, same_model, stable_name
from hardware.scanner import DeviceInfo


def device(name: str, model: str = "V600", serial: str = "", vendor: str = "Epson") -> DeviceInfo:
    backend = name.partition(":")[0]
    return DeviceInfo(f"sane:{name}", backend, vendor, model, "flatbed scanner", False, "ready", serial)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("sane:epson2:libusb:001:004", "sane:epson2:libusb:003:017"),
        ("sane:airscan:e0:Office", "sane:airscan:w3:Office"),
        ("sane:umax:/dev/usb/scanner0", "sane:umax:/dev/usb/scanner1"),
    ],
)
def test_what_a_cable_decides_is_not_part_of_the_stable_name(before: str, after: str) -> None:
    assert stable_name(before) == stable_name(after)


def test_names_that_differ_otherwise_stay_apart() -> None:
    assert stable_name("sane:airscan:e0:Office") != stable_name("sane:airscan:e0:Archive")


@pytest.mark.parametrize(
    "other",
    [
        device("epson2:libusb:001:005", model="V700"),
        device("epsonscan2:libusb:001:005"),
        device("epson2:libusb:001:005", serial="B"),
        device("epson2:libusb:001:005", vendor="Canon"),
    ],
)
def test_another_device_is_not_taken_for_it(other: DeviceInfo) -> None:
    known = device("epson2:libusb:001:004", serial="A")
    assert not same_model(known, other)
    assert candidates(known, [other]) == []


def test_the_serial_number_decides_between_devices_alike() -> None:
    known = device("epson2:libusb:001:004", serial="A")
    right, unknown = device("epson2:libusb:001:008", serial="a".upper()), device("epson2:libusb:001:009")
    assert candidates(known, [unknown, right]) == [right]


def test_the_stable_part_of_the_name_decides_between_devices_alike() -> None:
    known = device("airscan:e0:Office")
    right, wrong = device("airscan:e1:Office"), device("airscan:e0:Archive")
    assert candidates(known, [wrong, right]) == [right]


def test_devices_that_cannot_be_told_apart_are_all_named() -> None:
    known = device("epson2:libusb:001:004")
    found = [device("epson2:libusb:001:008"), device("epson2:libusb:001:009")]
    assert candidates(known, found) == found


def test_a_device_is_remembered_by_the_id_it_was_opened_with(tmp_path: Path) -> None:
    known = device("epson2:libusb:001:004")
    assert recall(tmp_path / "known", "sane:epson2:libusb:001:003") is None
    remember(tmp_path / "known", "sane:epson2:libusb:001:003", known)
    assert recall(tmp_path / "known", "sane:epson2:libusb:001:003") == known
    assert [path.suffix for path in (tmp_path / "known").iterdir()] == [".json"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"device": {}}', '{"device": null}'])
def test_a_record_that_is_damaged_is_as_good_as_none_and_said(tmp_path: Path, text: str) -> None:
    known = device("epson2:libusb:001:004")
    remember(tmp_path, known.id, known)
    (path,) = tmp_path.iterdir()
    path.write_text(text)
    with capture_logs() as logs:
        assert recall(tmp_path, known.id) is None
    assert logs[0]["event"] == "record of a device is unreadable"


def test_a_folder_that_takes_nothing_is_said_and_does_not_stop_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with capture_logs() as logs:
        remember(tmp_path / "file", "sane:x", device("x"))
    assert logs[-1]["event"] == "device is not remembered"
