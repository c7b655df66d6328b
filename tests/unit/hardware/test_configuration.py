# SPDX-License-Identifier: Apache-2.0
"""A configuration that cannot work is refused when it is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hardware.configuration import HardwareConfiguration, SimulatedDevice


def test_a_simulated_device_survives_json() -> None:
    device = SimulatedDevice("bed", "feeder", seed=7, glass=Path("/glass"), sheets=3, line_delay=0.5)
    assert SimulatedDevice.from_json(json.loads(json.dumps(device.to_json()))) == device


@pytest.mark.parametrize(
    "facts",
    [
        {"name": ""},
        {"kind": "drum"},
        {"sheets": -1},
        {"line_delay": -0.1},
        {"warm_up": -1},
        {"page_width": 5},
        {"page_height": 400},
    ],
    ids=lambda facts: next(iter(facts)),
)
def test_an_impossible_device_is_refused(facts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        SimulatedDevice(**{"name": "bed", **facts})


def test_two_devices_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="same name: bed, bed"):
        HardwareConfiguration(simulated=(SimulatedDevice("bed"), SimulatedDevice("bed", "feeder")))
