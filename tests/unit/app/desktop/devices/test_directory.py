# SPDX-License-Identifier: Apache-2.0
"""The directory: devices stream in, are missed when they go, and are shared by all screens."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.desktop.devices.device_model import DEVICE_ID, RECORD, DeviceModel
from app.desktop.devices.device_record import DeviceRecord
from app.desktop.devices.directory import DeviceDirectory
from app.desktop.devices.usb_watch import UsbWatch
from app.desktop.workplace import Workplace
from hardware.scanner import DeviceInfo, ScanRequest
from tests.conftest import missing
from workers.settings import load_settings
from workers.settings_file import SetValue, change_settings, remove_device
from workers.test_scans import TestScan


@pytest.fixture
def directory(workplace: Workplace, qtbot: QtBot) -> Iterator[DeviceDirectory]:
    """The directory of the workplace, after its first search."""
    made = DeviceDirectory.of(workplace)
    qtbot.waitUntil(lambda: not made.is_searching, timeout=25000)
    yield made
    made.shut_down()


def ids(directory: DeviceDirectory) -> list[str]:
    return [record.id for record in directory.model.records]


def states(directory: DeviceDirectory) -> dict[str, str]:
    return {record.id: record.state for record in directory.model.records}


def test_the_devices_of_the_settings_are_found_and_ready(
    directory: DeviceDirectory, workplace: Workplace
) -> None:
    assert ids(directory) == ["simulated:flatbed", "simulated:feeder"]
    assert set(states(directory).values()) == {"ready"}
    assert all(record.info.simulated for record in directory.model.records)
    assert DeviceDirectory.of(workplace) is directory


def test_a_device_that_left_the_settings_leaves_the_list(
    directory: DeviceDirectory, workplace: Workplace, qtbot: QtBot
) -> None:
    controller = directory.controller("simulated:feeder")
    controller.open("simulated:feeder")
    qtbot.waitUntil(lambda: controller.state == "ready", timeout=25000)
    workplace.node.settings = remove_device("simulated", "feeder")
    with qtbot.waitSignal(workplace.devices_changed):
        workplace.settings_changed.emit()
    assert ids(directory) == ["simulated:flatbed"]
    qtbot.waitUntil(lambda: controller.state == "closed")
    # whoever holds it still gets an answer, and no crash
    with qtbot.waitSignal(controller.failed, timeout=25000) as failed:
        controller.open("simulated:feeder")
    assert failed.args[0]["code"] == "scanner.device_not_found"


def test_a_real_device_that_is_not_told_any_more_is_offline_since_then(
    directory: DeviceDirectory, qtbot: QtBot
) -> None:
    directory._hear(
        DeviceInfo(
            "sane:epson2:libusb:001:004", "epson2", "Epson", "V850", "flatbed scanner", simulated=False
        )
    )
    with qtbot.waitSignal(directory.search_changed, check_params_cb=lambda searching: not searching):
        directory.search()
    record = directory.record("sane:epson2:libusb:001:004")
    assert record is not None
    assert record.state == "offline"
    assert record.offline_since is not None
    with qtbot.waitSignal(directory.search_changed, check_params_cb=lambda searching: not searching):
        directory.search()
    again = directory.record("sane:epson2:libusb:001:004")
    assert again is not None
    assert again.offline_since == record.offline_since


def test_the_state_of_a_device_in_use_is_that_of_its_controller(
    directory: DeviceDirectory, qtbot: QtBot, tmp_path: Path
) -> None:
    controller = directory.controller("simulated:feeder")
    assert directory.controller("simulated:feeder") is controller
    seen: set[tuple[str, str]] = set()

    def note(device_id: str) -> None:
        record = directory.record(device_id)
        assert record is not None
        seen.add((record.state, record.work))

    directory.record_changed.connect(note)
    controller.open("simulated:feeder")
    controller.apply({"resolution": 50})
    with qtbot.waitSignal(controller.run_ended, timeout=25000):
        controller.scan(ScanRequest(tmp_path / "spool", 1, batch="b", item="i"))
    assert {("opening", ""), ("scanning", "b · i"), ("ready", "")} <= seen


def test_a_test_scan_is_remembered_for_the_next_start(
    directory: DeviceDirectory, workplace: Workplace, qtbot: QtBot
) -> None:
    scan = TestScan("simulated:flatbed", "2026-11-21T10:42:00+00:00", 100, 200, (75, 75), 8, 3, 0.5)
    directory.keep_test(scan)
    qtbot.waitUntil(lambda: directory.model.records[0].test == scan)
    later = DeviceDirectory(workplace)
    later.search()
    qtbot.waitUntil(lambda: not later.is_searching, timeout=25000)
    assert later.model.records[0].test == scan
    later.shut_down()


def test_a_search_that_is_asked_for_while_one_runs_follows_it(
    directory: DeviceDirectory, qtbot: QtBot
) -> None:
    told: list[bool] = []
    directory.search_changed.connect(told.append)
    directory.search()
    directory.search()
    directory.search()
    qtbot.waitUntil(lambda: len(told) == 4)
    assert told == [True, False, True, False]


@pytest.fixture
def silent_host() -> Iterator[str]:
    """A host whose saned takes connections and never answers."""
    address = "127.0.3.77"
    with socket.socket() as listener:
        try:
            listener.bind((address, 6566))
        except OSError:
            missing("Port 6566 of the loopback network cannot be had.")
        listener.listen()
        yield address


@pytest.mark.sane
def test_a_back_end_that_hangs_holds_up_neither_the_list_nor_the_window_nor_its_end(
    workplace: Workplace, qtbot: QtBot, silent_host: str
) -> None:
    devices = {"sane": True, "sane_backends": ["test"], "sane_hosts": [silent_host], "backend_seconds": 60.0}
    workplace.node.settings = change_settings(
        *(
            SetValue(("devices", name), value)
            for name, value in {**devices, "discovery_seconds": 60.0}.items()
        )
    )
    assert load_settings().devices.sane
    directory = DeviceDirectory.of(workplace)
    begun = time.monotonic()
    if not _found(qtbot, directory, "sane:test:0"):
        missing("libsane and its test backend are not installed (Debian: libsane1).")
    assert time.monotonic() - begun < 5
    assert directory.is_searching
    assert ids(directory)[:2] == ["simulated:flatbed", "simulated:feeder"]
    begun = time.monotonic()
    directory.shut_down()
    assert time.monotonic() - begun < 0.05
    qtbot.waitUntil(lambda: not directory.is_searching, timeout=10000)


def _found(qtbot: QtBot, directory: DeviceDirectory, device_id: str) -> bool:
    qtbot.waitUntil(lambda: device_id in ids(directory) or bool(directory.notices), timeout=5000)
    return device_id in ids(directory)


def test_the_model_keeps_what_views_rely_on(qtmodeltester: ModelTester, qtbot: QtBot) -> None:
    model = DeviceModel()
    info = DeviceInfo("sane:test:0", "test", "Noname", "frontend-tester", "virtual device", simulated=False)
    other = DeviceInfo("sane:test:1", "test", "Noname", "frontend-tester", "virtual device", simulated=False)
    qtmodeltester.check(model)
    model.put(DeviceRecord(info))
    model.put(DeviceRecord(other))
    with qtbot.waitSignal(model.dataChanged):
        model.put(DeviceRecord(info, state="scanning"))
    with qtbot.assertNotEmitted(model.dataChanged):
        model.put(DeviceRecord(info, state="scanning"))
    assert model.index(0).data() == "Noname frontend-tester (test:0): Scanning"
    assert model.index(1).data(DEVICE_ID) == "sane:test:1"
    assert model.index(0).data(RECORD) == DeviceRecord(info, state="scanning", twin=True)
    model.remove(["sane:test:0"])
    assert [record.id for record in model.records] == ["sane:test:1"]
    # alone it needs nothing to be told apart by
    assert model.index(0).data() == "Noname frontend-tester: Ready"


def test_what_changes_on_the_usb_bus_is_told_once(tmp_path: Path, qtbot: QtBot) -> None:
    told: list[bool] = []
    watch = UsbWatch(settling=50)
    watch.changed.connect(lambda: told.append(True))
    watch.watch([str(tmp_path)])
    (tmp_path / "001").touch()
    (tmp_path / "002").touch()
    qtbot.waitUntil(lambda: told == [True])
    watch.stop()
