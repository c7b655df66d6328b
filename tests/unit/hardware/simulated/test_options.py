# SPDX-License-Identifier: Apache-2.0
"""A simulated device answers to its options as a real one does."""

from __future__ import annotations

import pytest

from hardware.configuration import SimulatedDevice
from hardware.errors import BadOption
from hardware.options import OneOf, OptionType, find_option
from hardware.profile import apply_values
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
        "Sensors",
        "Simulation",
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


# What belongs to a source


@pytest.fixture
def duplex() -> SimulatedOptions:
    return SimulatedOptions(SimulatedDevice("both", "duplex"))


def constraint(options: SimulatedOptions, name: str) -> object:
    return find_option(options.descriptors(), name).constraint


def test_another_source_brings_its_own_limits_and_says_so(duplex: SimulatedOptions) -> None:
    assert constraint(duplex, "depth") == OneOf((8,))
    assert duplex.set("resolution", 1200).actual == 600
    assert duplex.set("source", "Flatbed").reload_options
    assert constraint(duplex, "depth") == OneOf((8, 16))
    assert duplex.set("resolution", 1200).actual == 1200
    assert duplex.greatest("br-y") == duplex.get("br-y") == 297
    with pytest.raises(BadOption, match="inactive"):
        duplex.get("page-width")


def test_values_that_a_source_cannot_have_become_its_nearest(duplex: SimulatedOptions) -> None:
    apply_values(duplex, {"source": "Flatbed", "depth": 16, "resolution": 1200, "tl-y": 290})
    duplex.set("source", "ADF Front")
    assert (duplex.get("depth"), duplex.get("resolution"), duplex.get("tl-y")) == (8, 600, 0)
    assert duplex.get("br-y") == 356


def test_a_profile_holds_together_in_whatever_order_it_is_written(duplex: SimulatedOptions) -> None:
    profile = {"br-y": 280, "resolution": 1200, "depth": 16, "mode": "Gray", "source": "Flatbed"}
    applied = apply_values(duplex, profile)
    assert {name: option.actual for name, option in applied.items()} == profile


def test_lineart_stays_without_a_depth_under_another_source(duplex: SimulatedOptions) -> None:
    apply_values(duplex, {"mode": "Lineart", "source": "Flatbed"})
    assert duplex.depth == 1
    with pytest.raises(BadOption, match="inactive"):
        duplex.get("depth")


def test_film_has_sixteen_bits_steps_of_resolution_and_infrared() -> None:
    film = SimulatedOptions(SimulatedDevice("film", "film"))
    assert film.depth == 16
    result = film.set("resolution", 1000)
    assert (result.actual, result.inexact) == (900, True)
    assert film.set("mode", "Infrared").actual == "Infrared"
    with pytest.raises(BadOption, match="it is one of Gray, Color, Infrared"):
        film.set("mode", "Lineart")


# Sensors


def test_a_press_of_the_button_is_seen_once(flatbed: SimulatedOptions) -> None:
    assert flatbed.get("scan") is False
    flatbed.set("simulate-scan-button", None)
    assert [flatbed.get("scan"), flatbed.get("scan")] == [True, False]


def test_the_sensors_can_be_read_and_not_set(flatbed: SimulatedOptions) -> None:
    for name in ("page-loaded", "cover-open", "scan"):
        option = find_option(flatbed.descriptors(), name)
        assert option.readable
        assert not option.settable
        with pytest.raises(BadOption):
            flatbed.set(name, True)


def test_the_cover_is_open_when_somebody_opened_it(flatbed: SimulatedOptions) -> None:
    assert flatbed.get("cover-open") is False
    flatbed.set("simulate-cover-open", True)
    assert flatbed.get("cover-open") is True


def test_an_empty_feeder_has_no_page_loaded() -> None:
    assert SimulatedOptions(SimulatedDevice("none", "feeder", sheets=0)).get("page-loaded") is False
    assert SimulatedOptions(SimulatedDevice("some", "feeder", sheets=2)).get("page-loaded") is True
