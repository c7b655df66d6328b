# SPDX-License-Identifier: Apache-2.0
"""`recto devices` and `recto options` tell what a scanner can do, and describe it in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hardware.device_description import load_description


def test_a_device_is_described_in_a_new_file_only(home: Any, tmp_path: Path) -> None:
    # credentials for saned are not taken for an unknown setting
    home.environment |= {"SANED_USER": "reader", "SANED_PASSWORD": "open-sesame"}
    file = tmp_path / "device.json"
    told = home.json("options", "simulated:flatbed", "--dump", str(file))
    description = load_description(file)
    assert told == {"file": str(file), "options": len(description.options), "quirks": []}
    assert description.device.id == "simulated:flatbed"
    options = home.json("options", "simulated:flatbed")
    assert [option["name"] for option in options] == [each.descriptor.name for each in description.options]
    before = file.read_bytes()
    refused = home.recto("options", "simulated:flatbed", "--dump", str(file), expect=2)
    assert "exists already" in refused.stderr
    assert file.read_bytes() == before


def test_a_device_that_is_not_there_leaves_no_file(home: Any, tmp_path: Path) -> None:
    home.recto("options", "simulated:flatbet", "--dump", str(tmp_path / "device.json"), expect=3)
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".json"] == []


def test_capabilities_are_told_source_by_source(home: Any) -> None:
    told = home.json("devices", "--capabilities", "simulated:feeder")
    assert told["device"]["id"] == "simulated:feeder"
    assert all(source["feeder"] for source in told["sources"])
    assert told["sources"][0]["modes"]["Color"] == [8, 16]
    table = home.recto("devices", "--capabilities", "simulated:feeder").stdout
    assert told["sources"][0]["source"] in table
