# SPDX-License-Identifier: Apache-2.0
"""The settings' devices reach the hardware floor, with their faults, and a bad fault script is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hardware.configuration import HardwareConfiguration, SimulatedDevice
from hardware.credentials import Credentials
from hardware.describing import describe
from hardware.simulated.device import SimulatedDriver
from hardware.simulated.fault_record import FaultRecord
from hardware.simulated.faults import Fault, FaultKind
from hardware.waiting import BackOff
from workers.device_settings import DeviceSettings, HotFolderSettings, SimulatedDeviceSettings
from workers.errors import SettingsInvalid
from workers.node import Node
from workers.settings import Settings


def node_with(*devices: SimulatedDeviceSettings) -> Node:
    return Node(Settings(devices=DeviceSettings(sane=False, simulated=devices)))


def test_a_simulated_device_gets_its_faults_and_a_record_in_the_state_directory(
    recto_home: Path, tmp_path: Path
) -> None:
    script = tmp_path / "faults.yaml"
    script.write_text("faults: [{fault: jam, at: {page: 7, line: 40%}}]")
    node = node_with(SimulatedDeviceSettings(name="a/b", kind="duplex", warm_up_seconds=2, faults=script))
    (device,) = node.hardware().simulated
    assert (device.kind, device.warm_up) == ("duplex", 2)
    assert device.faults == (Fault(FaultKind.JAM, page=7, line="40%"),)
    assert device.fault_record == node.settings.state_directory / "faults" / "a%2Fb.json"


def test_a_device_that_came_back_under_another_id_is_found_under_it(recto_home: Path, tmp_path: Path) -> None:
    script = tmp_path / "faults.yaml"
    script.write_text("faults: [{fault: disconnect, new_id: true}]")
    node = node_with(SimulatedDeviceSettings(name="bed", faults=script))
    (device,) = node.hardware().simulated
    FaultRecord(device.fault_record).note_replugged()
    assert [device.id for device in node.hardware().simulated] == ["simulated:bed-2"]


@pytest.mark.parametrize("text", ["faults: [{fault: jamm}]", "nonsense: [", None])
def test_a_fault_script_that_cannot_be_used_is_named_with_its_device(
    recto_home: Path, tmp_path: Path, text: str | None
) -> None:
    script = tmp_path / "faults.yaml"
    if text is not None:
        script.write_text(text)
    node = node_with(SimulatedDeviceSettings(name="bed", faults=script))
    with pytest.raises(SettingsInvalid, match=r"'bed' cannot be used: .*faults\.yaml"):
        node.hardware()


def test_a_described_device_and_its_time_reach_the_hardware(recto_home: Path, tmp_path: Path) -> None:
    driver = SimulatedDriver(SimulatedDevice("real", "duplex"))
    description = tmp_path / "device.json"
    description.write_text(json.dumps(describe(driver, driver.info, ()).to_json()))
    described = SimulatedDeviceSettings(
        name="bed", kind="described", description=description, seconds_per_page=12, time_scale=0.5
    )
    (device,) = node_with(described).hardware().simulated
    assert (device.description, device.page_seconds, device.time_scale) == (description, 12, 0.5)


@pytest.mark.parametrize(("kind", "text"), [("described", "{"), ("described", None), ("duplex", "{}")])
def test_a_description_that_cannot_be_used_is_named_with_its_device(
    recto_home: Path, tmp_path: Path, kind: Any, text: str | None
) -> None:
    description = tmp_path / "device.json"
    if text is not None:
        description.write_text(text)
    node = node_with(SimulatedDeviceSettings(name="bed", kind=kind, description=description))
    with pytest.raises(SettingsInvalid, match="'bed' cannot be used"):
        node.hardware()


def test_a_described_device_needs_a_description(recto_home: Path) -> None:
    with pytest.raises(SettingsInvalid, match="needs a description"):
        node_with(SimulatedDeviceSettings(name="bed", kind="described")).hardware()


def test_a_feature_that_pages_do_not_have_is_refused(recto_home: Path) -> None:
    (device,) = node_with(SimulatedDeviceSettings(name="bed", features=("skew",))).hardware().simulated
    assert device.features == ("skew",)
    with pytest.raises(SettingsInvalid, match="no feature 'skwe'"):
        node_with(SimulatedDeviceSettings(name="bed", features=("skwe",))).hardware()


def test_a_hot_folder_reaches_the_hardware_and_one_that_cannot_be_watched_is_refused(
    recto_home: Path, tmp_path: Path
) -> None:
    def station(**facts: float) -> Node:
        hot = HotFolderSettings(name="overhead", folder=tmp_path, order="time", **facts)
        return Node(Settings(devices=DeviceSettings(sane=False, simulated=(), folders=(hot,))))

    (hot,) = station().hardware().folders
    assert (hot.info.id, hot.folder, hot.order) == ("folder:overhead", tmp_path, "time")
    assert (hot.wait, hot.poll) == (30, None)
    with pytest.raises(SettingsInvalid, match="'overhead' cannot be used"):
        station(settle_seconds=90).hardware()
    with pytest.raises(SettingsInvalid, match="less patience than the start timeout"):
        station(patience_seconds=90).hardware()


def test_every_limit_of_the_hardware_is_a_setting(recto_home: Path, tmp_path: Path) -> None:
    chosen = DeviceSettings(
        simulated=(),
        sane_hosts=("attic",),
        quirks=tmp_path / "quirks.toml",
        known_devices=tmp_path / "known",
        discovery_seconds=1,
        backend_seconds=2,
        open_timeout_seconds=3,
        option_timeout_seconds=4,
        probe_timeout_seconds=13,
        start_timeout_seconds=5,
        read_timeout_seconds=6,
        store_timeout_seconds=7,
        cancel_timeout_seconds=8,
        busy_first_seconds=9,
        busy_longest_seconds=10,
        busy_total_seconds=11,
        sensor_interval_seconds=12,
    )
    node = Node(Settings(devices=chosen))
    configuration = node.hardware()
    assert configuration == HardwareConfiguration(
        sane_hosts=("attic",),
        quirks=tmp_path / "quirks.toml",
        known_devices=tmp_path / "known",
        capability_cache=node.settings.state_directory / "capabilities",
        discovery_deadline=1,
        backend_deadline=2,
        open_timeout=3,
        option_timeout=4,
        probe_timeout=13,
        start_timeout=5,
        read_timeout=6,
        store_timeout=7,
        cancel_timeout=8,
        busy=BackOff(9, 10, 11),
        sensor_interval=12,
    )


def test_pauses_that_cannot_grow_are_refused(recto_home: Path) -> None:
    with pytest.raises(SettingsInvalid, match="Pauses grow"):
        Node(Settings(devices=DeviceSettings(busy_first_seconds=9))).hardware()


def test_passwords_for_saned_come_from_a_file_that_only_its_owner_may_read(
    recto_home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "pass"
    file.write_text("clerk:s3cret:net:attic:*\n")
    file.chmod(0o640)
    node = Node(Settings(devices=DeviceSettings(saned_passwords=file)))
    with pytest.raises(SettingsInvalid, match="chmod 600") as refused:
        node.hardware()
    assert "s3cret" not in str(refused.value)
    file.chmod(0o600)
    assert node.hardware().credentials == (Credentials("clerk", "s3cret", "net:attic:*"),)
    assert "s3cret" not in repr(node.hardware())
    assert "s3cret" not in node.settings.model_dump_json()
