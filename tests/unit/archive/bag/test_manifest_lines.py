# SPDX-License-Identifier: Apache-2.0
"""Manifest lines: what is written strictly and read tolerantly."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archive.bag.manifest_lines import decode_path, encode_path, format_manifest, parse_manifest


def test_exactly_carriage_return_line_feed_and_percent_are_encoded() -> None:
    assert encode_path("a\rb\nc%d e%0Af") == "a%0Db%0Ac%25d e%250Af"


@given(st.text())
def test_every_path_comes_back(path: str) -> None:
    assert decode_path(encode_path(path)) == path


def test_other_percent_sequences_are_left_alone() -> None:
    assert decode_path("a%20b%0a%0D%25%2") == "a%20b\n\r%%2"


def test_a_manifest_is_sorted_with_two_spaces() -> None:
    assert format_manifest([("data/b", "02"), ("data/a%", "01")]) == b"01  data/a%25\n02  data/b\n"


def test_foreign_line_ends_asterisks_dots_and_upper_case_are_understood() -> None:
    entries, rubbish = parse_manifest("AB *data/a b\r\ncd\t./data/c\rEF  data/d\n\n")
    assert [(e.digest, e.path, e.starred, e.dotted) for e in entries] == [
        ("ab", "data/a b", True, False),
        ("cd", "data/c", False, True),
        ("ef", "data/d", False, False),
    ]
    assert rubbish == []


def test_lines_that_are_no_entries_are_told() -> None:
    assert parse_manifest("data/x\nzz  data/y\nab\n")[1] == ["data/x", "zz  data/y", "ab"]
