# SPDX-License-Identifier: Apache-2.0
"""A device for the desktop: nothing waits, everything is told, whatever goes wrong."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.desktop.devices.controller import DeviceController
from hardware.scanner import ScanRequest
from tests.unit.app.desktop.devices.conftest import Heard, Until


def driver_of(controller: DeviceController) -> int:
    """Process id of the driver that holds the controller's device."""
    assert controller._thread is not None
    assert controller._thread._session is not None
    process = controller._thread._session.process_id
    assert process is not None
    return process


def test_a_device_is_opened_told_its_settings_and_scanned(
    controller: DeviceController, heard: Heard, until: Until, tmp_path: Path
) -> None:
    controller.open("simulated:bed")
    controller.apply({"resolution": 75, "mode": "Gray"})
    controller.scan(ScanRequest(tmp_path / "spool", 1))
    until(lambda: heard.ends == ["limit"])
    assert controller.device is not None
    assert controller.device.simulated
    assert controller.options().values["resolution"] == 75
    assert [(page.number, page.dpi) for page in heard.pages] == [(1, (75, 75))]
    until(lambda: heard.states == ["opening", "ready", "scanning", "ready"])
    assert heard.failures == []


def test_what_the_device_made_of_a_value_is_told(controller: DeviceController, until: Until) -> None:
    told: list[tuple[str, object, object]] = []
    controller.option_set.connect(lambda name, asked, result: told.append((name, asked, result.actual)))
    controller.open("simulated:bed")
    controller.set_option("resolution", 5000)
    until(lambda: bool(told))
    assert told == [("resolution", 5000, 1200)]
    assert controller.options().values["resolution"] == 1200


def test_an_option_that_is_refused_leaves_the_device_ready(
    controller: DeviceController, heard: Heard, until: Until
) -> None:
    controller.open("simulated:bed")
    controller.apply({"resolutoin": 75})
    until(lambda: bool(heard.failures) and controller.state == "ready")
    assert [failure["code"] for failure in heard.failures] == ["scanner.bad_option"]
    assert "resolution" in heard.failures[0]["remedy"]


def test_a_feeder_gives_its_sheets_and_then_says_that_it_is_empty(
    controller: DeviceController, heard: Heard, until: Until, tmp_path: Path
) -> None:
    controller.open("simulated:stack")
    controller.apply({"resolution": 50})
    controller.scan(ScanRequest(tmp_path / "spool", None))
    until(lambda: len(heard.ends) == 1)
    controller.open("simulated:empty")
    controller.scan(ScanRequest(tmp_path / "spool", None, first_page=4))
    until(lambda: len(heard.ends) == 2)
    assert [page.number for page in heard.pages] == [1, 2, 3]
    assert heard.ends == ["feeder_empty", "failed"]
    assert [failure["code"] for failure in heard.failures] == ["scanner.feeder_empty"]
    until(lambda: controller.state == "trouble")
    assert controller.failure == heard.failures[0]


def test_a_preview_is_page_0_and_leaves_the_settings_as_they_were(
    controller: DeviceController, heard: Heard, until: Until
) -> None:
    controller.open("simulated:bed")
    controller.apply({"resolution": 300})
    controller.preview()
    until(lambda: heard.ends == ["limit"])
    (page,) = heard.pages
    assert (page.number, page.dpi) == (0, (75, 75))
    assert page.path.stat().st_size >= page.height * page.bytes_per_row
    controller.open("simulated:bed")
    until(lambda: controller.options().values["resolution"] == 300)
    folder = page.path.parent
    controller.close()
    until(lambda: not controller.has_thread)
    assert not folder.exists()


# requirement 15
def test_a_killed_driver_gives_one_error_with_a_remedy_and_the_device_is_there_at_the_next_call(
    controller: DeviceController, heard: Heard, until: Until, tmp_path: Path
) -> None:
    controller.open("simulated:endless")
    controller.apply({"resolution": 75, "mode": "Gray"})
    controller.scan(ScanRequest(tmp_path / "spool", None))
    until(lambda: bool(heard.progress))
    os.kill(driver_of(controller), signal.SIGKILL)
    until(lambda: len(heard.ends) == 1)
    assert heard.ends == ["failed"]
    assert [failure["code"] for failure in heard.failures] == ["scanner.driver_crashed"]
    assert heard.failures[0]["remedy"]
    until(lambda: controller.state == "trouble")
    before = len(heard.pages)
    controller.scan(ScanRequest(tmp_path / "spool", 1, first_page=before + 1))
    until(lambda: len(heard.ends) == 2)
    assert heard.ends[1] == "limit"
    # what was set on the driver that died is set on the one after it
    assert [page.dpi for page in heard.pages[before:]] == [(75, 75)]
    assert len(heard.failures) == 1


def test_a_driver_that_is_killed_while_idle_is_started_again_without_a_word(
    controller: DeviceController, heard: Heard, until: Until, tmp_path: Path
) -> None:
    controller.open("simulated:bed")
    until(lambda: controller.state == "ready")
    process = driver_of(controller)
    os.kill(process, signal.SIGKILL)
    # it is dead, and nobody has asked after it yet
    os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)
    controller.scan(ScanRequest(tmp_path / "spool", 1))
    until(lambda: heard.ends == ["limit"])
    assert heard.failures == []


# requirement 17
def test_a_cancel_is_answered_within_half_a_second_by_a_driver_that_hangs_and_keeps_what_was_scanned(
    controller: DeviceController, heard: Heard, until: Until, tmp_path: Path
) -> None:
    started: list[int] = []
    controller.page_started.connect(lambda page: started.append(page.number))
    controller.open("simulated:hangs")
    controller.apply({"resolution": 50, "mode": "Gray"})
    controller.scan(ScanRequest(tmp_path / "spool", None))
    until(lambda: 2 in started)
    asked = time.monotonic()
    controller.cancel()
    assert controller.state == "stopping"
    until(lambda: heard.ends == ["cancelled"])
    assert time.monotonic() - asked <= 0.5
    assert [page.number for page in heard.pages] == [1]
    assert heard.pages[0].path.exists()
    assert heard.void == [2]
    assert heard.failures == []


# requirement 17
def test_a_cancel_is_answered_as_soon_by_a_driver_that_hangs_while_its_options_are_set(
    controller: DeviceController, heard: Heard, until: Until, tmp_path: Path
) -> None:
    controller.open("simulated:bed")
    until(lambda: controller.state == "ready")
    os.kill(driver_of(controller), signal.SIGSTOP)
    controller.apply({"resolution": 75})
    controller.scan(ScanRequest(tmp_path / "spool", 1))
    thread = controller._thread
    assert thread is not None
    until(lambda: thread._current is not None)
    asked = time.monotonic()
    controller.cancel()
    until(lambda: heard.ends == ["cancelled"])
    assert time.monotonic() - asked <= 0.5
    assert heard.failures == []
    controller.scan(ScanRequest(tmp_path / "spool", 1))
    until(lambda: heard.ends == ["cancelled", "limit"])


def test_a_scan_that_waits_in_line_is_cancelled_with_the_one_before_it(
    controller: DeviceController, heard: Heard, until: Until, tmp_path: Path
) -> None:
    controller.open("simulated:endless")
    controller.scan(ScanRequest(tmp_path / "spool", None))
    controller.scan(ScanRequest(tmp_path / "later", None))
    until(lambda: controller.state == "scanning")
    controller.cancel()
    until(lambda: len(heard.ends) == 2)
    assert heard.ends == ["cancelled", "cancelled"]
    assert not (tmp_path / "later").exists()


def test_a_jam_is_told_once_and_names_what_to_do(
    controller: DeviceController, heard: Heard, until: Until, tmp_path: Path
) -> None:
    controller.open("simulated:jams")
    controller.apply({"resolution": 50})
    controller.scan(ScanRequest(tmp_path / "spool", 3))
    until(lambda: heard.ends == ["failed"])
    assert [failure["code"] for failure in heard.failures] == ["scanner.jam"]
    assert [page.number for page in heard.pages] == [1]
    controller.scan(ScanRequest(tmp_path / "spool", 2, first_page=2))
    until(lambda: heard.ends == ["failed", "limit"])
    assert [page.number for page in heard.pages] == [1, 2, 3]


def test_a_busy_device_is_waited_for_and_says_so(
    controller: DeviceController, heard: Heard, until: Until, tmp_path: Path
) -> None:
    controller.open("simulated:busy")
    controller.scan(ScanRequest(tmp_path / "spool", 1))
    until(lambda: heard.ends == ["limit"])
    assert [wait.error.code for wait in heard.waits] == ["scanner.device_busy"] * len(heard.waits)
    assert heard.waits
    until(lambda: heard.states == ["opening", "ready", "scanning", "waiting", "scanning", "ready"])


def test_a_device_that_is_not_there_can_be_asked_for_again(
    controller: DeviceController, heard: Heard, until: Until
) -> None:
    controller.open("simulated:bad")
    until(lambda: len(heard.failures) == 1)
    until(lambda: controller.state == "trouble")
    assert "simulated:bed" in heard.failures[0]["remedy"]
    controller.open("simulated:bad")
    until(lambda: len(heard.failures) == 2)


def test_another_device_takes_the_place_of_the_first_which_is_heard_no_more(
    controller: DeviceController, heard: Heard, until: Until, tmp_path: Path
) -> None:
    controller.open("simulated:endless")
    controller.scan(ScanRequest(tmp_path / "spool", None))
    until(lambda: controller.state == "scanning")
    controller.open("simulated:bed")
    until(lambda: controller.device is not None and controller.device.id == "simulated:bed")
    assert heard.ends == []
    until(lambda: len(controller._leaving) == 1 and not controller._leaving[0].alive)


def test_the_button_on_the_device_is_heard_and_so_are_its_sensors(
    controller: DeviceController, until: Until
) -> None:
    pressed: list[str] = []
    controller.button_pressed.connect(pressed.append)
    controller.open("simulated:buttons")
    until(lambda: controller.sensors.get("cover-open") is False)
    controller.set_option("simulate-scan-button", None)
    until(lambda: pressed == ["scan"])
    controller.set_option("simulate-cover-open", value=True)
    until(lambda: controller.sensors["cover-open"])


@pytest.mark.parametrize("end", [DeviceController.close, DeviceController.shut_down])
def test_letting_go_of_a_device_that_hangs_holds_nobody_up_and_leaves_nothing(
    controller: DeviceController,
    heard: Heard,
    until: Until,
    tmp_path: Path,
    end: Callable[[DeviceController], None],
) -> None:
    started: list[int] = []
    controller.page_started.connect(lambda page: started.append(page.number))
    controller.open("simulated:hangs")
    controller.apply({"resolution": 50, "mode": "Gray"})
    controller.scan(ScanRequest(tmp_path / "spool", None))
    until(lambda: 2 in started)
    process = driver_of(controller)
    asked = time.monotonic()
    end(controller)
    assert time.monotonic() - asked < 0.1
    until(lambda: not controller.has_thread)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
