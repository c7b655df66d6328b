# SPDX-License-Identifier: Apache-2.0
"""Devices are found, whatever SANE does, and opened by their id."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs

from hardware.configuration import HardwareConfiguration, SimulatedDevice
from hardware.discovery import FoundScanner, list_devices, open_session
from hardware.errors import DeviceNotFound, DriverMissing

BED = SimulatedDevice("bed")


def ids(configuration: HardwareConfiguration) -> list[str]:
    return [device.id for device in list_devices(configuration)]


@pytest.mark.sane
def test_simulated_and_sane_devices_are_listed_together(sane: HardwareConfiguration) -> None:
    devices = list(list_devices(replace(sane, simulated=(BED,))))
    assert [device.id for device in devices] == ["simulated:bed", "sane:test:0", "sane:test:1"]
    assert [device.simulated for device in devices] == [True, False, False]
    assert devices[1].to_json() == {
        "id": "sane:test:0",
        "backend": "test",
        "vendor": "Noname",
        "model": "frontend-tester",
        "type": "virtual device",
        "simulated": False,
        "state": "ready",
        "serial": "",
    }


def test_simulated_devices_do_not_wait_for_sane() -> None:
    began = time.monotonic()
    first = next(iter(list_devices(HardwareConfiguration(simulated=(BED,)))))
    assert first.id == "simulated:bed"
    assert time.monotonic() - began < 1


def test_a_missing_libsane_does_not_stop_the_list() -> None:
    with capture_logs() as logs:
        found = ids(HardwareConfiguration(simulated=(BED,), sane_library="libsane-absent.so.9"))
    assert found == ["simulated:bed"]
    (warning,) = [entry for entry in logs if entry["log_level"] == "warning"]
    assert warning["code"] == "scanner.driver_missing"
    assert "libsane-absent.so.9" in warning["message"]


def test_a_sane_that_takes_too_long_does_not_stop_the_list() -> None:
    with capture_logs() as logs:
        found = ids(
            HardwareConfiguration(simulated=(BED,), sane_backends=("test",), discovery_deadline=0.001)
        )
    assert found == ["simulated:bed"]
    assert [entry["event"] for entry in logs if entry["log_level"] == "warning"] == ["sane discovery killed"]


def test_no_sane_means_no_sane() -> None:
    assert ids(HardwareConfiguration(simulated=(BED,), sane=False)) == ["simulated:bed"]


@pytest.mark.sane
def test_only_the_backends_that_were_chosen_are_asked(sane: HardwareConfiguration) -> None:
    assert ids(replace(sane, sane_backends=())) == []


@pytest.mark.parametrize(
    "device_id", ["simulated:bad", "simulated:", "bed", "", "folder:x", "sane:", "sane:test:0"]
)
def test_an_unknown_id_is_not_found(device_id: str) -> None:
    configuration = HardwareConfiguration(simulated=(BED,), sane=False)
    with pytest.raises(DeviceNotFound) as caught:
        open_session(device_id, configuration)
    assert caught.value.facts["device"] == device_id


def test_the_nearest_id_is_suggested() -> None:
    with pytest.raises(DeviceNotFound) as caught:
        open_session("simulated:bef", HardwareConfiguration(simulated=(BED,), sane=False))
    assert "Did you mean simulated:bed?" in caught.value.remedy


@pytest.mark.sane
def test_a_sane_device_that_is_away_is_not_found_and_the_nearest_is_suggested(
    sane: HardwareConfiguration,
) -> None:
    with pytest.raises(DeviceNotFound, match="test:7") as caught:
        open_session("sane:test:7", sane)
    assert "sane:test:0" in caught.value.remedy


def test_a_backend_that_was_not_chosen_is_not_loaded() -> None:
    with pytest.raises(DeviceNotFound):
        open_session("sane:epson2:usb", HardwareConfiguration(sane_backends=("test",), sane_library="none"))


def test_a_sane_device_without_libsane_is_said_with_what_to_install() -> None:
    with pytest.raises(DriverMissing, match="could not be loaded"):
        open_session("sane:test:0", HardwareConfiguration(sane_library="libsane-absent.so.9"))


@pytest.mark.sane
def test_a_device_opens_under_the_systems_own_configuration(
    opened: Callable[..., Any], sane: HardwareConfiguration
) -> None:
    session = opened("sane:test:0", replace(sane, sane_backends=None))
    assert session.device.model == "frontend-tester"


def test_a_found_scanner_can_be_opened() -> None:
    configuration = HardwareConfiguration(simulated=(BED,), sane=False)
    (info,) = list_devices(configuration)
    with FoundScanner(info, configuration).open() as session:
        assert session.device == info
