# SPDX-License-Identifier: Apache-2.0
"""`recto devices` and `recto options` in this process: all that a device tells, whole in JSON, short in a table."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.command_line import main
from app.commands import device_watch
from app.commands.options import shown_constraint, shown_value, states
from app.output import out
from hardware.options import Capability, OneOf, OptionDescriptor, OptionType, Range, Value
from hardware.sensors import SensorChanged
from tests.conftest import missing

SETTINGS = """\
[devices]
sane_backends = ["test"]
backend_seconds = 20

[[devices.simulated]]
name = "stack"
kind = "feeder"
"""


@pytest.fixture
def configured(recto_home: Path) -> None:
    (recto_home / "config").mkdir(parents=True)
    (recto_home / "config" / "recto.toml").write_text(SETTINGS)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (True, "yes"),
        (300, "300"),
        (215.9, "215.9"),
        ("x" * 50, "x" * 39 + "…"),
        ([1, 2, 3, 4], "4 numbers: 1 2 3 4"),
        (list(range(256)), "256 numbers: 0 1 2 … 255"),
    ],
)
def test_a_value_fits_in_a_line(value: Value, expected: str) -> None:
    assert shown_value(value) == expected


def described(
    constraint: Range | OneOf | None = None, *has: Capability, of_type: OptionType = OptionType.INT
) -> OptionDescriptor:
    return OptionDescriptor(1, "it", "", "", of_type, constraint=constraint, capabilities=frozenset(has))


def test_a_constraint_fits_in_a_line() -> None:
    assert shown_constraint(described(Range(75, 600, 1))) == "75 to 600 in steps of 1"
    assert shown_constraint(described(Range(0, 215.9))) == "0 to 215.9"
    assert shown_constraint(described(OneOf(("Gray", "Color")))) == "Gray, Color"
    assert shown_constraint(described(OneOf(tuple(range(46))))).endswith("10, 11, … 46 in all")
    assert shown_constraint(described(of_type=OptionType.BOOL)) == "yes, no"


SOFT, DETECT = Capability.SOFT_SELECT, Capability.SOFT_DETECT


@pytest.mark.parametrize(
    ("has", "expected"),
    [
        ({SOFT, DETECT}, []),
        ({DETECT}, ["only told"]),
        ({SOFT}, ["not told"]),
        ({Capability.HARD_SELECT, DETECT}, ["set at the device"]),
        ({SOFT, DETECT, Capability.INACTIVE, Capability.ADVANCED}, ["inactive", "advanced"]),
        ({SOFT, DETECT, Capability.AUTOMATIC, Capability.EMULATED}, ["automatic", "emulated"]),
    ],
)
def test_what_is_special_about_an_option_is_told(has: set[Capability], expected: list[str]) -> None:
    assert states(described(None, *has)) == expected


@pytest.mark.sane
@pytest.mark.usefixtures("configured")
def test_options_are_told_whole_in_json_and_short_in_a_table() -> None:
    ended = CliRunner().invoke(main, ["options", "sane:test:0", "--json"])
    if ended.exit_code == 3:
        missing("libsane and its test backend are not installed (Debian: libsane1).")
    document = {option["name"]: option for option in json.loads(ended.stdout) if option["name"]}
    assert document["resolution"]["unit"] == "dpi"
    assert document["resolution"]["constraint"] == {"range": {"minimum": 1, "maximum": 1200, "quant": 1}}
    assert document["depth"]["group"] == "Scan Mode"
    assert len(document["gamma-table"]["value"]) == document["gamma-table"]["length"] == 4096
    assert (document["three-pass"]["active"], document["three-pass"]["readable"]) == (False, False)
    assert all(
        {"index", "capabilities", "settable", "value", "title"} <= set(each) for each in document.values()
    )
    table = CliRunner().invoke(main, ["options", "sane:test:0"]).stdout
    assert "inactive" in table
    assert "4096 numbers" in table
    assert "Scan Mode" in table
    assert all(len(line) <= 160 for line in table.splitlines())


@pytest.mark.usefixtures("configured")
def test_options_can_be_read_where_there_is_no_room_for_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out, "width", 60)
    lines = CliRunner().invoke(main, ["options", "simulated:stack"]).stdout.splitlines()
    assert lines[0] == "simulated:stack"
    at = lines.index("  resolution = 300 dpi")
    assert lines[at + 1] == "      Scan resolution: int in dpi; 50 to 1200 in steps of 1"
    assert "  simulate-scan-button (advanced)" in lines
    assert all(len(line) <= 60 for line in lines)


@pytest.mark.usefixtures("configured")
@pytest.mark.parametrize("as_json", [True, False])
def test_changes_are_printed_as_they_come_until_somebody_interrupts(
    monkeypatch: pytest.MonkeyPatch, *, as_json: bool
) -> None:
    shown = device_watch._print

    def print_and_interrupt(change: SensorChanged, *, as_json: bool) -> None:
        shown(change, as_json=as_json)
        if change.name == "cover-open":
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(device_watch, "_print", print_and_interrupt)
    ended = CliRunner().invoke(main, ["devices", "--watch", "simulated:stack", *(["--json"] * as_json)])
    assert ended.exit_code == 130
    first, second = ended.stdout.splitlines()
    if as_json:
        assert json.loads(first) | {"at": ""} == {
            "name": "page-loaded",
            "kind": "sensor",
            "value": True,
            "at": "",
            "initial": True,
        }
    else:
        assert first.split()[1:] == ["page-loaded", "yes", "(so", "far)"]
        assert second.split()[1:3] == ["cover-open", "no"]


def test_names_are_printed_as_they_are_with_brackets_and_without_a_vendor(recto_home: Path) -> None:
    settings = recto_home / "config" / "recto.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(
        '[devices]\nsane = false\n[[devices.folders]]\nname = "over[head]"\nfolder = "/srv/[/old]"\n'
    )
    ended = CliRunner().invoke(main, ["devices"])
    assert f"{'folder:over[head]':<32} /srv/[/old], hot folder, missing" in ended.stdout.splitlines()


@pytest.mark.usefixtures("configured")
def test_a_device_that_cannot_be_watched_is_told_in_one_line_of_json() -> None:
    ended = CliRunner().invoke(main, ["devices", "--watch", "simulated:stick", "--json"])
    assert ended.exit_code == 3
    [line] = ended.stdout.splitlines()
    assert json.loads(line)["error"]["code"] == "scanner.device_not_found"
    assert "Did you mean simulated:stack" in ended.stderr


def test_devices_are_watched_or_tried_but_not_both() -> None:
    ended = CliRunner().invoke(main, ["devices", "--watch", "a", "--capabilities", "b"])
    assert ended.exit_code == 2
