# SPDX-License-Identifier: Apache-2.0
"""Every kind of option of SANE's test device can be read and set, and tells what the device made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hardware.configuration import HardwareConfiguration
from hardware.device_process.session import DeviceSession
from hardware.discovery import open_session
from hardware.errors import BadOption
from hardware.options import Capability, OneOf, OptionType, Range, Unit, Value, find_option

pytestmark = pytest.mark.sane


@pytest.fixture
def session(opened: Callable[..., Any], sane: HardwareConfiguration) -> DeviceSession:
    device: DeviceSession = opened("sane:test:0", sane)
    return device


@pytest.fixture(scope="module")
def shared(sane: HardwareConfiguration) -> Iterator[DeviceSession]:
    """One session for tests that set different options, or fail to set any."""
    with open_session("sane:test:1", sane) as session:
        session.set("enable-test-options", value=True)
        yield session


@pytest.fixture
def exotic(session: DeviceSession) -> DeviceSession:
    assert session.set("enable-test-options", value=True).reload_options
    return session


def test_descriptors_are_those_of_the_device(session: DeviceSession) -> None:
    options = session.options()
    resolution = find_option(options, "resolution")
    assert (resolution.type, resolution.unit) == (OptionType.FIXED, Unit.DPI)
    assert resolution.constraint == Range(1, 1200, 1)
    assert resolution.group == "Scan Mode"
    assert find_option(options, "mode").constraint == OneOf(("Gray", "Color"))
    assert find_option(options, "depth").constraint == OneOf((1, 8, 16))
    gamma = find_option(options, "gamma-table")
    assert (gamma.length, gamma.constraint) == (4096, Range(0, 255, 1))
    assert Capability.ADVANCED in gamma.capabilities
    assert [option.title for option in options if option.type is OptionType.GROUP][:3] == [
        *("Scan Mode", "Special Options", "Geometry"),
    ]


def test_a_rounded_value_is_said_to_be_inexact(session: DeviceSession) -> None:
    result = session.set("resolution", 100.5)
    assert result.inexact
    assert result.reload_parameters
    assert result.actual == session.get("resolution") == 101


def test_a_value_out_of_range_is_clamped_by_the_device(session: DeviceSession) -> None:
    applied = session.apply({"br-x": 500})
    assert applied["br-x"].to_json() == {"requested": 500, "actual": 200.0}


def test_an_option_that_was_asleep_can_be_set_after_the_reload(session: DeviceSession) -> None:
    with pytest.raises(BadOption, match="inactive"):
        session.set("three-pass", value=True)
    assert session.set("mode", "Color").reload_options
    assert session.set("three-pass", value=True).reload_options
    assert session.get("three-pass") is True


def test_a_profile_settles_in_whatever_order_it_is_written(session: DeviceSession) -> None:
    values: dict[str, Value] = {
        "three-pass-order": "BGR",
        "three-pass": "yes",
        "br-x": "50",
        "depth": "16",
        "mode": "Color",
        "invert-endianess": True,
        "tl-x": 20,
    }
    applied = session.apply(values)
    assert {name: pair.actual for name, pair in applied.items()} == {
        "three-pass-order": "BGR",
        "three-pass": True,
        "br-x": 50,
        "depth": 16,
        "mode": "Color",
        "invert-endianess": True,
        "tl-x": 20,
    }


@pytest.mark.parametrize(
    ("name", "value", "actual", "inexact"),
    [
        ("int", -7, -7, False),
        ("int-constraint-range", 7, 8, True),
        ("int-constraint-word-list", 40, 42, True),
        ("int-inexact", 5, None, True),
        ("int-constraint-array", [1, 2, 3, -4, 5, 6], [1, 2, 3, -4, 5, 6], False),
        ("fixed", -3.25, -3.25, False),
        ("fixed-constraint-word-list", 12, 12.1, True),
        ("string", "été", "été", False),
        ("string-constraint-string-list", "Second entry", "Second entry", False),
        ("bool-soft-select-soft-detect", "yes", True, False),
    ],
)
def test_every_type_of_value_goes_there_and_back(
    shared: DeviceSession, name: str, value: Value, actual: Value, *, inexact: bool
) -> None:
    result = shared.set(name, value)
    assert result.inexact is inexact
    if actual is not None:
        assert result.actual == pytest.approx(actual, abs=1e-4) if isinstance(actual, float) else actual
    assert shared.get(name) == result.actual


def test_a_whole_gamma_table_goes_there_and_back(session: DeviceSession) -> None:
    table = [(value * 7) % 256 for value in range(256)]
    session.set("red-gamma-table", table)
    assert session.get("red-gamma-table") == table
    assert session.get("green-gamma-table") != table


def test_a_button_can_be_pressed_and_has_no_value(exotic: DeviceSession) -> None:
    assert exotic.set("button", None).actual is None
    with pytest.raises(BadOption, match="has no value"):
        exotic.get("button")


def test_an_automatic_setting_can_be_chosen_where_there_is_one(exotic: DeviceSession) -> None:
    exotic.set("bool-soft-select-soft-detect-auto", None)
    with pytest.raises(BadOption, match="no automatic setting"):
        exotic.set("int", None)


def test_what_is_set_by_hand_is_neither_set_nor_asked_for(exotic: DeviceSession) -> None:
    with pytest.raises(BadOption, match="set by hand"):
        exotic.set("bool-hard-select", value=True)
    with pytest.raises(BadOption):
        exotic.get("bool-hard-select")
    assert "bool-hard-select" not in exotic.values()


def test_all_readable_values_are_listed(exotic: DeviceSession) -> None:
    values = exotic.values()
    readable = {option.name for option in exotic.options() if option.readable}
    assert set(values) == readable
    assert len(values) >= 40


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"resolutoin": 300}, "no option named"),
        ({"mode": "Sepia"}, "one of Gray, Color"),
        ({"resolution": "high"}, "takes a number"),
        ({"gamma-table": [1, 2]}, "takes 4096 numbers"),
        ({"three-pass": True, "mode": "Gray"}, "inactive with the other settings"),
    ],
)
def test_a_bad_profile_is_refused_and_the_session_lives_on(
    shared: DeviceSession, values: dict[str, Value], said: str
) -> None:
    process = shared.process_id
    with pytest.raises(BadOption, match=said):
        shared.apply({"depth": 16, **values})
    assert shared.get("mode") == "Gray"
    assert shared.process_id == process
