# SPDX-License-Identifier: Apache-2.0
"""`recto devices` and `recto options` tell what a scanner can do, and describe it in a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.command_line import main
from hardware.device_description import load_description
from tests.e2e.conftest import Home


@pytest.fixture(autouse=True)
def _here(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECTO_HOME", str(home.folder))


def recto(*arguments: str, expect: int = 0) -> Result:
    """Run the command in this process: only its devices have processes of their own."""
    ended = CliRunner().invoke(main, arguments)
    assert ended.exit_code == expect, ended.output
    return ended


def answer(*arguments: str) -> Any:
    return json.loads(recto(*arguments, "--json").stdout)


def test_a_device_is_described_in_a_new_file_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # credentials for saned are not taken for an unknown setting
    monkeypatch.setenv("SANED_USER", "reader")
    monkeypatch.setenv("SANED_PASSWORD", "open-sesame")
    file = tmp_path / "device.json"
    told = answer("options", "simulated:flatbed", "--dump", str(file))
    description = load_description(file)
    counts = {"options": len(description.options), "states": len(description.states)}
    assert told == {"file": str(file), **counts, "quirks": [], "complete": True}
    assert description.device.id == "simulated:flatbed"
    options = answer("options", "simulated:flatbed")
    assert [option["name"] for option in options] == [each.descriptor.name for each in description.options]
    before = file.read_bytes()
    refused = recto("options", "simulated:flatbed", "--dump", str(file), expect=2)
    assert "exists already" in refused.stderr
    assert file.read_bytes() == before


def test_a_device_that_is_not_there_leaves_no_file(tmp_path: Path) -> None:
    recto("options", "simulated:flatbet", "--dump", str(tmp_path / "device.json"), expect=3)
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".json"] == []


def test_capabilities_are_told_source_by_source() -> None:
    told = answer("devices", "--capabilities", "simulated:feeder")
    assert told["device"]["id"] == "simulated:feeder"
    assert all(source["feeder"] for source in told["sources"])
    assert told["sources"][0]["modes"]["Color"] == [8, 16]
    table = recto("devices", "--capabilities", "simulated:feeder").stdout
    assert told["sources"][0]["source"] in table


def test_scanners_that_are_missing_are_told_beside_the_list_and_not_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RECTO_DEVICES__SANE_BACKENDS", '["tset"]')
    told = recto("devices", "--json")
    assert {device["backend"] for device in json.loads(told.stdout)} == {"simulated"}
    assert "SANE" in told.stderr
    assert "missing" in told.stderr or "tset, which the settings name, is not installed" in told.stderr


def test_a_hot_folder_is_a_device_of_the_station(home: Home, tmp_path: Path) -> None:
    home.configure(f'\n[[devices.folders]]\nname = "overhead"\nfolder = "{tmp_path}"\nmodel = "Overhead 5"\n')
    found = {device["id"]: device for device in answer("devices")}
    assert (found["folder:overhead"]["model"], found["folder:overhead"]["state"]) == ("Overhead 5", "ready")
    assert recto("devices", "--fresh", expect=2).stderr.strip().endswith("devices are looked for each time.")
