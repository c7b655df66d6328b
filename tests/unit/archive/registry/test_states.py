# SPDX-License-Identifier: Apache-2.0
"""The state machine of units, legal transition by legal transition."""

from __future__ import annotations

import itertools

import pytest

from archive.registry.states import IllegalTransition, State, require_legal, state_of_whole

LEGAL = {
    ("waiting", "queued"),
    ("waiting", "running"),
    ("waiting", "failed"),
    ("waiting", "cancelled"),
    ("queued", "failed"),
    ("done", "waiting"),
    ("queued", "waiting"),
    ("queued", "running"),
    ("queued", "cancelled"),
    ("running", "running"),
    ("running", "waiting"),
    ("running", "done"),
    ("running", "held"),
    ("running", "failed"),
    ("running", "cancelled"),
    ("held", "waiting"),
    ("held", "done"),
    ("held", "cancelled"),
    ("failed", "waiting"),
    ("failed", "cancelled"),
    ("cancelled", "waiting"),
}


@pytest.mark.parametrize(("before", "after"), list(itertools.product(State, State)))
def test_exactly_the_listed_transitions_are_legal(before: State, after: State) -> None:
    if (str(before), str(after)) in LEGAL:
        require_legal(before, after)
    else:
        with pytest.raises(IllegalTransition):
            require_legal(before, after)


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (["done", "done"], "done"),
        (["done", "waiting"], "running"),
        (["waiting", "waiting"], "waiting"),
        (["queued", "waiting"], "queued"),
        (["queued", "done"], "running"),
        (["running", "failed"], "failed"),
        (["held", "running"], "held"),
        (["held", "failed"], "failed"),
        (["done", "cancelled"], "cancelled"),
        ([], "waiting"),
    ],
)
def test_trouble_shows_before_progress_and_progress_before_rest(parts: list[str], whole: str) -> None:
    assert state_of_whole(State(part) for part in parts) == whole
