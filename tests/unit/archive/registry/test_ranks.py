# SPDX-License-Identifier: Apache-2.0
"""Ranks leave room between any two, and stay short in the ways in which pages are inserted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.registry.ranks import rank_between


@given(st.lists(st.integers(0, 10_000), max_size=200))
def test_whatever_is_inserted_stands_where_it_was_put(positions: list[int]) -> None:
    ranks: list[str] = []
    for wish in positions:
        at = wish % (len(ranks) + 1)
        before = ranks[at - 1] if at else None
        ranks.insert(at, rank_between(before, ranks[at] if at < len(ranks) else None))
        assert ranks == sorted(set(ranks))


def test_ten_thousand_pages_at_the_end_have_short_ranks() -> None:
    rank = None
    for _ in range(10_000):
        following = rank_between(rank, None)
        assert rank is None or rank < following
        rank = following
    assert rank is not None
    assert len(rank) == 6


def test_a_thousand_pages_inserted_before_one_page_have_ranks_of_bearable_length() -> None:
    before, after = rank_between(None, None), rank_between(rank_between(None, None), None)
    for _ in range(1000):
        before = rank_between(before, after)
    assert len(before) < 150


def test_an_order_the_wrong_way_round_is_refused() -> None:
    with pytest.raises(ValueError, match="does not come before"):
        rank_between("i00001", "i00000")
