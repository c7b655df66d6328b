# SPDX-License-Identifier: Apache-2.0
"""Pauses grow and have an end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.errors import DeviceBusy
from hardware.waiting import BackOff, Wait


def test_pauses_double_up_to_the_longest_and_add_up_to_the_total() -> None:
    pauses = list(BackOff().pauses())
    assert pauses[:5] == [0.5, 1, 2, 4, 5]
    assert max(pauses) == 5
    assert sum(pauses) == 60


@given(first=st.floats(0.01, 5), more=st.floats(0, 10), total=st.floats(0, 100))
def test_the_sum_of_the_pauses_is_what_was_asked_for(first: float, more: float, total: float) -> None:
    pauses = list(BackOff(first, first + more, total).pauses())
    assert sum(pauses) == pytest.approx(total)
    assert all(0 < pause <= first + more for pause in pauses)


@pytest.mark.parametrize(("first", "longest", "total"), [(0, 1, 1), (2, 1, 1), (1, 1, -1)])
def test_pauses_that_do_not_grow_are_refused(first: float, longest: float, total: float) -> None:
    with pytest.raises(ValueError, match="Pauses grow"):
        BackOff(first, longest, total)


def test_the_last_refusal_says_how_long_it_was_waited_for() -> None:
    wait = Wait(BackOff(1, 2, 3))
    told = [wait.after(DeviceBusy("Busy.")) for _ in range(2)]
    assert [(waiting.attempt, waiting.pause, waiting.left) for waiting in told] == [(1, 1, 3), (2, 2, 2)]
    with pytest.raises(DeviceBusy) as caught:
        wait.after(DeviceBusy("Busy."))
    assert caught.value.facts == {"attempts": 3, "waited_seconds": 3}


def test_no_patience_means_no_pause() -> None:
    with pytest.raises(DeviceBusy):
        Wait(BackOff(total=0)).after(DeviceBusy("Busy."))
