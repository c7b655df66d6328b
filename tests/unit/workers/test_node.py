# SPDX-License-Identifier: Apache-2.0
"""The settings' devices reach the hardware floor, with their faults, and a bad fault script is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware.simulated.fault_record import FaultRecord
from hardware.simulated.faults import Fault, FaultKind
from workers.errors import SettingsInvalid
from workers.node import Node
from workers.settings import DeviceSettings, Settings, SimulatedDeviceSettings


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


def test_a_feature_that_pages_do_not_have_is_refused(recto_home: Path) -> None:
    (device,) = node_with(SimulatedDeviceSettings(name="bed", features=("skew",))).hardware().simulated
    assert device.features == ("skew",)
    with pytest.raises(SettingsInvalid, match="no feature 'skwe'"):
        node_with(SimulatedDeviceSettings(name="bed", features=("skwe",))).hardware()
