# SPDX-License-Identifier: Apache-2.0
"""A value that a device cannot have becomes the one that SANE backends would take."""

from __future__ import annotations

from typing import Any

import pytest

from hardware.options import OneOf, OptionDescriptor, OptionType, Range, Value
from hardware.simulated.rounding import nearest, same


@pytest.mark.parametrize(
    ("constraint", "value", "made"),
    [
        (Range(4, 192, 2), 5, 6),
        (Range(4, 192, 2), 4.9, 4),
        (Range(0, 10, 4), 10, 10),
        (Range(0, 10, 4), 99, 10),
        (Range(-42.17, 100), -50, -42.17),
        (OneOf((75, 150, 300)), 200, 150),
        (OneOf(()), 200, 200),
        (None, 7, 7),
        (Range(0, 255, 5), [3, 127, 300], [5, 125, 255]),
        (None, "text", "text"),
        (None, True, True),
    ],
)
def test_the_nearest_value_is_taken_and_halves_go_up(constraint: Any, value: Value, made: Value) -> None:
    option = OptionDescriptor(1, "x", "", "", OptionType.FIXED, constraint=constraint)
    actual = nearest(option, value)
    assert same(actual, made)
    assert same(nearest(option, actual), actual)


@pytest.mark.parametrize(
    ("actual", "wanted"), [(1.0, 1.001), ([1, 2], [1, 3]), ([1], [1, 2]), ("a", "b"), (None, 0)]
)
def test_what_was_rounded_is_not_the_same(actual: Value, wanted: Value) -> None:
    assert not same(actual, wanted)
