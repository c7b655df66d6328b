# SPDX-License-Identifier: Apache-2.0
"""A simulated device answers to its options as a real one does."""

from __future__ import annotations

import pytest

from hardware.configuration import SimulatedDevice
from hardware.errors import BadOption
from hardware.options import OptionType, apply_values
from hardware.simulated.options import SimulatedOptions


@pytest.fixture
def flatbed() -> SimulatedOptions:
    return SimulatedOptions(SimulatedDevice("bed"))


@pytest.fixture
def feeder() -> SimulatedOptions:
    return SimulatedOptions(SimulatedDevice("stack", "feeder"))


def test_every_option_stands_in_a_group_and_has_its_place(flatbed: SimulatedOptions) -> None:
    options = flatbed.descriptors()
    assert [option.index for option in options] == list(range(1, len(options) + 1))
    assert {option.group for option in options if option.type is not OptionType.GROUP} == {
        "Scan Mode",
        "Geometry",
    }


def test_lineart_has_one_bit_and_no_depth_to_choose(flatbed: SimulatedOptions) -> None:
    assert flatbed.set("mode", "Lineart").reload_options
    assert flatbed.depth == 1
    with pytest.raises(BadOption, match="inactive"):
        flatbed.get("depth")
    with pytest.raises(BadOption, match="inactive"):
        flatbed.set("depth", 16)


@pytest.mark.parametrize(("asked", "made"), [(1300, 1200), (10, 50), (300, 300)])
def test_a_resolution_out_of_range_is_clamped_and_that_is_said(
    flatbed: SimulatedOptions, asked: int, made: int
) -> None:
    result = flatbed.set("resolution", asked)
    assert (result.actual, result.inexact) == (made, asked != made)
    assert flatbed.get("resolution") == made


def test_a_depth_between_is_brought_to_the_nearest(flatbed: SimulatedOptions) -> None:
    assert flatbed.set("depth", 14).actual == 16


def test_the_size_of_the_sheet_bounds_the_area(feeder: SimulatedOptions) -> None:
    applied = apply_values(feeder, {"br-x": 120, "page-width": 100, "page-height": 150})
    assert applied["br-x"].actual == 100
    assert feeder.get("br-y") == 150
    assert feeder.greatest("br-y") == 150


def test_a_sheet_may_grow_again(feeder: SimulatedOptions) -> None:
    apply_values(feeder, {"page-width": 100})
    apply_values(feeder, {"page-width": 200, "br-x": 180})
    assert feeder.get("br-x") == 180


def test_a_flatbed_has_no_sheets(flatbed: SimulatedOptions) -> None:
    with pytest.raises(BadOption, match="no option named 'page-width'"):
        flatbed.set("page-width", 100)
