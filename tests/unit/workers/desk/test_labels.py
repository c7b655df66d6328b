# SPDX-License-Identifier: Apache-2.0
"""Page labels of every scheme, read and written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.desk.errors import LabelUnreadable
from workers.desk.labels import LabelScheme, count_labels, custom_labels, label_start, read_label, write_label

COUNTED = [LabelScheme.ARABIC, LabelScheme.ROMAN, LabelScheme.FOLIO]


@given(st.sampled_from(COUNTED), st.integers(1, 3999))
def test_a_label_that_was_written_is_read_as_the_same_count(scheme: LabelScheme, count: int) -> None:
    assert read_label(scheme, write_label(scheme, count)) == count
    assert read_label(LabelScheme.ROMAN, write_label(LabelScheme.ROMAN, count, upper=True)) == count


@pytest.mark.parametrize(
    ("scheme", "count", "label"),
    [("arabic", 12, "12"), ("roman", 1994, "mcmxciv"), ("folio", 1, "1r"), ("folio", 24, "12v")],
)
def test_labels_look_as_they_are_printed(scheme: str, count: int, label: str) -> None:
    assert write_label(LabelScheme(scheme), count) == label


@pytest.mark.parametrize(
    ("scheme", "text"),
    [
        ("arabic", "0"), ("arabic", "x"), ("arabic", "-1"), ("arabic", "999999"), ("arabic", "٣"),
        ("roman", "iiii"), ("roman", "vx"), ("roman", "iV"), ("roman", ""),
        ("folio", "1"), ("folio", "0r"), ("folio", "1x"), ("custom", "  "),
    ],
)  # fmt: skip
def test_what_is_no_label_of_its_scheme_is_refused(scheme: str, text: str) -> None:
    with pytest.raises(LabelUnreadable):
        label_start(LabelScheme(scheme), text)


def test_custom_labels_that_end_in_a_number_are_counted() -> None:
    assert custom_labels("Pl. 09", 3) == ["Pl. 09", "Pl. 10", "Pl. 11"]
    assert custom_labels("[cover]", 2) == ["[cover]", "[cover]"]


def test_custom_labels_do_not_count() -> None:
    cover = label_start(LabelScheme.CUSTOM, "[cover]")
    told = list(count_labels([cover, label_start(LabelScheme.ROMAN, "IX"), None, cover, None]))
    assert [label for label, _ in told] == ["[cover]", "IX", "X", "[cover]", "XI"]
