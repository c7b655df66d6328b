# SPDX-License-Identifier: Apache-2.0
"""A preview is set as low as the device goes, and no lower than asked for."""

from __future__ import annotations

import pytest

from hardware.errors import BadOption
from hardware.options import (
    SETTABLE,
    Capability,
    Constraint,
    OneOf,
    OptionDescriptor,
    OptionType,
    Range,
    Unit,
)
from hardware.preview import Area, preview_settings


def number(name: str, constraint: Constraint, unit: Unit = Unit.MM) -> OptionDescriptor:
    return OptionDescriptor(1, name, "", "", OptionType.FIXED, unit, constraint=constraint)


GLASS = tuple(
    number(name, Range(0, size))
    for name, size in {"tl-x": 216, "tl-y": 297, "br-x": 216, "br-y": 297}.items()
)


@pytest.mark.parametrize(
    ("constraint", "dpi", "expected"),
    [
        (OneOf((50, 100, 300)), 75, 100),
        (OneOf((50, 75, 300)), 75, 75),
        (OneOf((25, 50)), 75, 50),
        (Range(100, 600), 75, 100),
        (Range(50, 60), 75, 60),
        (Range(50, 600), 90, 90),
        (None, 75, 75),
    ],
)
def test_the_resolution_is_the_nearest_that_is_not_lower(
    constraint: Constraint, dpi: float, expected: float
) -> None:
    assert preview_settings((number("resolution", constraint, Unit.DPI),), dpi=dpi) == {
        "resolution": expected
    }


def test_without_a_region_all_that_the_source_reaches_is_shown() -> None:
    assert preview_settings(GLASS) == {"tl-x": 0, "tl-y": 0, "br-x": 216, "br-y": 297}


def test_a_region_is_taken_as_it_is() -> None:
    settings = preview_settings(GLASS, Area(10, 20, 30, 40))
    assert settings == {"tl-x": 10, "tl-y": 20, "br-x": 30, "br-y": 40}


def test_a_region_needs_a_device_that_measures_in_millimetres() -> None:
    with pytest.raises(BadOption, match="cannot scan a region"):
        preview_settings((number("tl-x", Range(0, 100), Unit.PIXEL),), Area(1, 1, 2, 2))
    with pytest.raises(BadOption):
        preview_settings((), Area(1, 1, 2, 2))
    assert preview_settings(()) == {}


def test_the_drivers_own_preview_and_eight_bit_are_used_where_they_are() -> None:
    preview = OptionDescriptor(1, "preview", "", "", OptionType.BOOL)
    depth = OptionDescriptor(2, "depth", "", "", OptionType.INT, constraint=OneOf((8, 16)))
    asleep = OptionDescriptor(
        3, "resolution", "", "", OptionType.INT, capabilities=SETTABLE | {Capability.INACTIVE}
    )
    assert preview_settings((preview, depth, asleep)) == {"depth": 8, "preview": True}


@pytest.mark.parametrize("edges", [(10, 0, 10, 5), (0, 9, 10, 5), (-1, 0, 10, 5)])
def test_a_region_without_an_inside_is_refused(edges: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match="region"):
        Area(*edges)
