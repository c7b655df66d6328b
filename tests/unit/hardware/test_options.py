# SPDX-License-Identifier: Apache-2.0
"""Profiles of options settle, whatever the device makes of them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.errors import BadOption
from hardware.options import (
    SETTABLE,
    Capability,
    OneOf,
    OptionDescriptor,
    OptionType,
    Range,
    SetResult,
    Unit,
    Value,
    apply_values,
    coerce,
    find_option,
    read_values,
    restore_values,
)


def option(name: str, option_type: OptionType = OptionType.INT, **changes: object) -> OptionDescriptor:
    return replace(OptionDescriptor(1, name, name.title(), "", option_type), **changes)  # type: ignore[arg-type]


MODE = option("mode", OptionType.STRING, size=32, constraint=OneOf(("Gray", "Color")))
DEPTH = option("depth", constraint=OneOf((8, 16)), unit=Unit.BIT)
PASSES = option("three-pass", OptionType.BOOL)
RESOLUTION = option("resolution", OptionType.FIXED, constraint=Range(50, 600, 1), unit=Unit.DPI)
GAMMA = option("gamma", size=12)
CLEAN = option("clean", OptionType.BUTTON, size=0)


class Device:
    """A device whose depth forgets itself when the mode changes, and whose passes need colour."""

    def __init__(self, *options: OptionDescriptor) -> None:
        self.options = {known.name: known for known in options}
        self.store: dict[str, Value] = {
            "mode": "Gray",
            "depth": 8,
            "resolution": 50.0,
            "three-pass": False,
            "gamma": [0, 0, 0],
        }
        self.calls: list[tuple[str, Value]] = []

    def descriptors(self) -> tuple[OptionDescriptor, ...]:
        inactive = SETTABLE | {Capability.INACTIVE} if self.store["mode"] == "Gray" else SETTABLE
        return tuple(
            replace(known, capabilities=inactive) if known.name == "three-pass" else known
            for known in self.options.values()
        )

    def get(self, name: str) -> Value:
        return self.store[name]

    def set(self, name: str, value: Value) -> SetResult:
        self.calls.append((name, value))
        actual = value
        if name == "resolution":
            assert isinstance(value, (int, float))
            actual = float(min(600, max(50, round(value))))
        if name == "mode" and value != self.store["mode"]:
            self.store["depth"] = 8
        if self.options[name].type is not OptionType.BUTTON:
            self.store[name] = actual
        return SetResult(actual, inexact=actual != value, reload_options=name == "mode")


# Values


@pytest.mark.parametrize(
    ("known", "given", "expected"),
    [
        (DEPTH, "16", 16),
        (DEPTH, 16.0, 16),
        (RESOLUTION, "300.5", 300.5),
        (PASSES, "yes", True),
        (PASSES, "OFF", False),
        (PASSES, True, True),
        (MODE, "Color", "Color"),
        (GAMMA, "1,2 3", [1, 2, 3]),
        (GAMMA, [1, 2, 3], [1, 2, 3]),
        (CLEAN, "anything", None),
    ],
)
def test_a_value_is_read_as_the_option_says(known: OptionDescriptor, given: Value, expected: Value) -> None:
    read = coerce(known, given)
    assert read == expected
    assert type(read) is type(expected)


@pytest.mark.parametrize(
    ("known", "given", "said"),
    [
        (DEPTH, "many", "takes a number"),
        (DEPTH, 8.5, "whole number"),
        (DEPTH, True, "takes a number"),
        (DEPTH, "nan", "out of bounds"),
        (DEPTH, "inf", "out of bounds"),
        (DEPTH, 2**31, "out of bounds"),
        (RESOLUTION, 2**15, "out of bounds"),
        (DEPTH, None, "no automatic setting"),
        (PASSES, "perhaps", "yes or no"),
        (PASSES, 2, "yes or no"),
        (MODE, 3, "takes text"),
        (MODE, "Colour", "one of Gray, Color"),
        (GAMMA, [1, 2], "takes 3 numbers, not 2"),
        (GAMMA, 1, "takes 3 numbers, not 1"),
        (GAMMA, "1 2 x", "takes a number"),
        (option("title", OptionType.STRING, size=4), "long", "at most 3 bytes"),
        (option("Scan", OptionType.GROUP), 1, "heading"),
    ],
)
def test_an_impossible_value_is_refused(known: OptionDescriptor, given: Value, said: str) -> None:
    with pytest.raises(BadOption, match=said) as caught:
        coerce(known, given)
    json.dumps(caught.value.to_json())


def test_a_value_nearly_right_is_suggested() -> None:
    with pytest.raises(BadOption) as caught:
        coerce(MODE, "color")
    assert caught.value.remedy == "Did you mean Color?"


def test_a_name_nearly_right_is_suggested() -> None:
    with pytest.raises(BadOption, match="no option named 'resolutoin'") as caught:
        find_option((MODE, RESOLUTION), "resolutoin")
    assert "resolution" in caught.value.remedy


def test_where_a_name_stands_twice_the_active_option_is_meant() -> None:
    asleep = option("mode", capabilities=SETTABLE | {Capability.INACTIVE})
    assert find_option((asleep, MODE), "mode") is MODE


@pytest.mark.parametrize("known", [MODE, DEPTH, RESOLUTION, GAMMA, CLEAN, PASSES])
def test_a_descriptor_survives_json(known: OptionDescriptor) -> None:
    assert OptionDescriptor.from_json(json.loads(json.dumps(known.to_json()))) == known


# Profiles


def test_what_others_depend_on_is_set_first() -> None:
    device = Device(MODE, DEPTH, PASSES, RESOLUTION)
    applied = apply_values(device, {"three-pass": "yes", "depth": 16, "mode": "Color"})
    assert device.calls == [("mode", "Color"), ("depth", 16), ("three-pass", True)]
    assert {name: pair.to_json() for name, pair in applied.items()} == {
        "three-pass": {"requested": "yes", "actual": True},
        "depth": {"requested": 16, "actual": 16},
        "mode": {"requested": "Color", "actual": "Color"},
    }


def test_what_is_as_it_should_be_is_left_alone() -> None:
    device = Device(MODE, DEPTH)
    apply_values(device, {"mode": "Gray", "depth": "8"})
    assert device.calls == []


def test_a_rounded_value_is_reported_and_not_pressed_again() -> None:
    device = Device(MODE, RESOLUTION)
    applied = apply_values(device, {"resolution": 1200})
    assert device.calls == [("resolution", 1200.0)]
    assert applied["resolution"].to_json() == {"requested": 1200, "actual": 600.0}


def test_a_button_is_pressed_once() -> None:
    device = Device(MODE, DEPTH, CLEAN)
    apply_values(device, {"clean": None, "mode": "Color", "depth": 16})
    assert [call for call in device.calls if call[0] == "clean"] == [("clean", None)]


def test_an_unknown_name_changes_nothing() -> None:
    device = Device(MODE, DEPTH)
    with pytest.raises(BadOption):
        apply_values(device, {"mode": "Color", "dpeth": 16})
    assert device.calls == []


def test_an_option_that_stays_inactive_is_not_passed_over_in_silence() -> None:
    with pytest.raises(BadOption, match="inactive with the other settings"):
        apply_values(Device(MODE, PASSES), {"three-pass": True})


def test_an_option_that_was_asleep_does_not_stand_in_the_way_of_a_restart() -> None:
    device = Device(MODE, DEPTH, PASSES)
    restore_values(device, {"three-pass": True, "depth": 16})
    assert (device.store["depth"], device.store["three-pass"]) == (16, False)


def test_an_option_set_by_hand_is_refused() -> None:
    lamp = option("depth", capabilities=frozenset({Capability.SOFT_DETECT, Capability.HARD_SELECT}))
    with pytest.raises(BadOption, match="set by hand"):
        apply_values(Device(MODE, lamp), {"depth": 16})


class Liar(Device):
    """A device that lists an option as readable and refuses to read it."""

    def get(self, name: str) -> Value:
        if name == "depth":
            raise BadOption("No.")
        return super().get(name)


def test_an_option_that_cannot_be_read_after_all_is_left_out() -> None:
    assert read_values(Liar(MODE, DEPTH, CLEAN)) == {"mode": "Gray"}


class Quarrel(Device):
    """Two options that undo each other."""

    def set(self, name: str, value: Value) -> SetResult:
        result = super().set(name, value)
        other = {"left": "right", "right": "left"}[name]
        self.store[other] = 0
        return result


def test_options_that_undo_each_other_come_to_an_end() -> None:
    device = Quarrel(option("left"), option("right"))
    device.store |= {"left": 0, "right": 0, "mode": "Color"}
    applied = apply_values(device, {"left": 1, "right": 1})
    assert len(device.calls) <= 4
    assert sorted([applied["left"].actual, applied["right"].actual], key=str) == [0, 1]


@given(
    st.dictionaries(
        st.sampled_from(["mode", "depth", "resolution", "clean", "gamma"]),
        st.sampled_from(["Gray", "Color", 8, 16, "16", 100.5, 9999, None, [1, 2, 3], "1,2,3", True]),
    )
)
def test_any_profile_is_applied_or_refused_in_bounded_steps(values: dict[str, Value]) -> None:
    device = Device(MODE, DEPTH, RESOLUTION, CLEAN, GAMMA)
    try:
        applied = apply_values(device, values)
    except BadOption:
        assert device.calls == []
    else:
        assert set(applied) == set(values)
        assert len(device.calls) <= max(1, len(values) * (len(values) + 1) // 2)
