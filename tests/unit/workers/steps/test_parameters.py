# SPDX-License-Identifier: Apache-2.0
"""A parameter takes the values of its type, and tells in a sentence why it takes no other."""

from __future__ import annotations

from typing import Any

import pytest

from workers.steps.parameters import Kind, Parameter, ParameterRefused


@pytest.mark.parametrize(
    ("kind", "written", "read"),
    [
        ("whole", "11", 11),
        ("number", "2.5", 2.5),
        ("number", "2", 2.0),
        ("flag", "no", False),
        ("flag", "True", True),
        ("text", " 0012 ", "0012"),
        ("texts", "one", ["one"]),
        ("texts", ["one", "two", "one"], ["one", "two"]),
    ],
)
def test_a_plain_word_is_read_as_the_parameter_wants_it(kind: Kind, written: Any, read: Any) -> None:
    assert Parameter("it", kind, "").read(written, loose=True) == read


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("whole", "1.5"),
        ("whole", True),
        ("whole", "\uff11\uff11"),
        ("number", "nan"),
        ("number", "inf"),
        ("number", [1]),
        ("flag", "maybe"),
        ("flag", 1),
        ("text", ""),
        ("text", 12),
        ("texts", []),
        ("texts", ["a", 3]),
        ("texts", None),
    ],
)
def test_anything_else_is_refused(kind: Kind, written: Any) -> None:
    with pytest.raises(ParameterRefused, match=r"^it is .*\.$"):
        Parameter("it", kind, "").read(written, loose=True)


def test_a_text_in_quotation_marks_is_no_number() -> None:
    with pytest.raises(ParameterRefused):
        Parameter("it", "whole", "").read("11")


def test_bounds_and_choices_are_kept() -> None:
    with pytest.raises(ParameterRefused, match="13 is the most"):
        Parameter("it", "whole", "", 0, 13).read(14)
    with pytest.raises(ParameterRefused, match="it may be red, blue"):
        Parameter("it", "texts", "", choices=("red", "blue")).read(["red", "green"])


def test_nothing_is_a_value_where_the_parameter_says_so() -> None:
    assert Parameter("it", "whole", "", may_be_none=True).read(None) is None
    with pytest.raises(ParameterRefused):
        Parameter("it", "whole", "").read(None)
