# SPDX-License-Identifier: Apache-2.0
"""Tag files: written so that every reader understands them, read leniently."""

from __future__ import annotations

import pytest

from archive.bag.tag_files import first_values, format_tags, parse_tags, tag_problem


def test_labels_are_sorted_and_values_folded_at_their_line_breaks() -> None:
    assert (
        format_tags({"B": "one\r\ntwo\n\nthree", "A": "x", "C": ""}) == b"A: x\nB: one\n  two\n  three\nC:\n"
    )


def test_a_label_with_several_values_stands_there_as_often() -> None:
    text = format_tags({"B": "2", "A": ("1", "0"), "C": ()})
    assert text == b"A: 1\nA: 0\nB: 2\n"
    assert parse_tags(text.decode()) == ([("A", "1"), ("A", "0"), ("B", "2")], [])


def test_a_folded_value_is_read_as_one_line_with_its_words_apart() -> None:
    assert parse_tags("B: one\n  two\n\tthree\nA:x\n") == ([("B", "one two three"), ("A", "x")], [])


def test_repeated_labels_are_all_read_and_the_first_value_counts() -> None:
    tags, _ = parse_tags("A: 1\r\nA: 2\rB: 3")
    assert tags == [("A", "1"), ("A", "2"), ("B", "3")]
    assert first_values(tags) == {"A": "1", "B": "3"}


def test_a_line_without_colon_is_told() -> None:
    assert parse_tags("no tag here\nA: b\n") == ([("A", "b")], ["no tag here"])


@pytest.mark.parametrize(
    ("label", "value"), [("", "x"), ("A:B", "x"), (" A", "x"), ("A\nB", "x"), ("A", "x\0y")]
)
def test_tags_that_would_become_other_tags_are_refused(label: str, value: str) -> None:
    assert tag_problem(label, value)


def test_line_breaks_and_tabs_in_a_value_are_no_problem() -> None:
    assert tag_problem("Description", "two\nlines\tand a tab") is None
