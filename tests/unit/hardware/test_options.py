# SPDX-License-Identifier: Apache-2.0
"""Values of options are read as their descriptors say, or refused in words."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

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
    coerce,
    find_option,
    read_values,
)


def option(name: str, option_type: OptionType = OptionType.INT, **changes: object) -> OptionDescriptor:
    return replace(OptionDescriptor(1, name, name.title(), "", option_type), **changes)  # type: ignore[arg-type]


MODE = option("mode", OptionType.STRING, size=32, constraint=OneOf(("Gray", "Color")))
DEPTH = option("depth", constraint=OneOf((8, 16)), unit=Unit.BIT)
PASSES = option("three-pass", OptionType.BOOL)
RESOLUTION = option("resolution", OptionType.FIXED, constraint=Range(50, 600, 1), unit=Unit.DPI)
GAMMA = option("gamma", size=12)
CLEAN = option("clean", OptionType.BUTTON, size=0)


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
        # less than 2**15, and yet more than fits behind the point
        (RESOLUTION, 32767.999999, "out of bounds"),
        (DEPTH, None, "no automatic setting"),
        (PASSES, "perhaps", "yes or no"),
        (PASSES, 2, "yes or no"),
        (MODE, 3, "takes text"),
        (MODE, "Colour", "one of Gray, Color"),
        (GAMMA, [1, 2], "takes 3 numbers, not 2"),
        (GAMMA, 1, "takes 3 numbers, not 1"),
        (GAMMA, "1 2 x", "takes a number"),
        (option("title", OptionType.STRING, size=4), "long", "at most 3 bytes"),
        (option("title", OptionType.STRING, size=9), "\udcff", "text in UTF-8"),
        (option("title", OptionType.STRING, size=9), "a\0b", "without NUL"),
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


class Stubborn:
    """A device that lists an option as readable and refuses to read it."""

    def descriptors(self) -> tuple[OptionDescriptor, ...]:
        return MODE, DEPTH, CLEAN

    def get(self, name: str) -> Value:
        if name == "depth":
            raise BadOption("No.")
        return "Gray"

    def set(self, name: str, value: Value) -> SetResult:
        raise AssertionError(f"{name} was set to {value}")


def test_an_option_that_cannot_be_read_after_all_is_left_out() -> None:
    assert read_values(Stubborn()) == {"mode": "Gray"}
