# SPDX-License-Identifier: Apache-2.0
"""Profiles of options settle or are taken back, whatever the device makes of them."""

from __future__ import annotations

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
)
from hardware.profile import apply_values, restore_values


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


# Taking back


def test_a_profile_that_is_refused_late_is_taken_back() -> None:
    device = Device(MODE, DEPTH, PASSES, RESOLUTION)
    before = dict(device.store)
    with pytest.raises(BadOption, match="inactive with the other settings"):
        apply_values(device, {"three-pass": True, "depth": 16, "resolution": 300})
    assert device.store == before


class Dependent(Device):
    """A device whose paper depends on its source, and which refuses one source altogether."""

    PAPER = replace(MODE, name="paper", constraint=OneOf(("A4",)))
    SOURCE = replace(MODE, name="source", constraint=OneOf(("Glass", "Feeder", "Broken")))

    def __init__(self) -> None:
        super().__init__(MODE, PASSES, self.SOURCE, self.PAPER)
        self.store |= {"source": "Glass", "paper": "A4"}

    def descriptors(self) -> tuple[OptionDescriptor, ...]:
        sizes = OneOf(("A4", "Legal") if self.store["source"] == "Feeder" else ("A4",))
        return tuple(
            replace(known, constraint=sizes) if known.name == "paper" else known
            for known in super().descriptors()
        )

    def set(self, name: str, value: Value) -> SetResult:
        if value == "Broken":
            raise BadOption("The device refuses this.")
        return super().set(name, value)


def test_a_value_may_become_possible_by_another_of_the_same_profile() -> None:
    device = Dependent()
    applied = apply_values(device, {"paper": "Legal", "source": "Feeder"})
    assert applied["paper"].actual == "Legal"


def test_what_was_asleep_before_is_asleep_as_it_was_afterwards() -> None:
    device = Dependent()
    before = dict(device.store)
    with pytest.raises(BadOption, match="one of A4"):
        apply_values(device, {"mode": "Color", "three-pass": True, "source": "Glass", "paper": "Legal"})
    assert device.store == before
    with pytest.raises(BadOption, match="refuses this"):
        apply_values(device, {"mode": "Color", "three-pass": True, "source": "Broken"})
    assert device.store == before


class Sticky(Dependent):
    """A device that never goes back to the glass."""

    def set(self, name: str, value: Value) -> SetResult:
        if value == "Glass":
            raise BadOption("The feeder is closed for good.")
        return super().set(name, value)


def test_a_device_that_cannot_be_brought_back_is_said() -> None:
    with pytest.raises(BadOption, match="one of A4, Legal") as caught:
        apply_values(Sticky(), {"source": "Feeder", "paper": "A5"})
    assert caught.value.facts["not_taken_back"] == "The feeder is closed for good."


class Growing(Device):
    """A device whose resolution reaches further when another option is set, which comes after it."""

    def descriptors(self) -> tuple[OptionDescriptor, ...]:
        reach = Range(50, 1200 if self.store["interpolate"] else 600, 1)
        return tuple(
            replace(known, constraint=reach) if known.name == "resolution" else known
            for known in super().descriptors()
        )

    def set(self, name: str, value: Value) -> SetResult:
        if name != "resolution":
            return super().set(name, value)
        assert isinstance(value, (int, float))
        self.calls.append((name, value))
        actual = min(float(value), 1200 if self.store["interpolate"] else 600)
        self.store[name] = actual
        return SetResult(actual, inexact=actual != value)


def test_a_rounded_value_is_tried_again_when_its_limits_have_moved() -> None:
    device = Growing(RESOLUTION, option("interpolate", OptionType.BOOL))
    device.store["interpolate"] = False
    applied = apply_values(device, {"resolution": 1200, "interpolate": True})
    assert applied["resolution"].actual == 1200
    assert [name for name, _ in device.calls] == ["resolution", "interpolate", "resolution"]
