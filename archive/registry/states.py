# SPDX-License-Identifier: Apache-2.0
"""The closed state machine of units, and how the states of items and batches follow from it.

waiting -> queued -> running -> done
   ^         |         |------> held      (the operator decides)
   |         |         |------> failed    (attempts exhausted, or nothing to retry)
   |<--------+---------+        cancelled

Held and failed units go back to waiting when somebody releases or retries them.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class State(StrEnum):
    """Where a unit, an item or a batch stands."""

    WAITING = "waiting"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    HELD = "held"
    FAILED = "failed"
    CANCELLED = "cancelled"


LEGAL: dict[State, frozenset[State]] = {
    # waiting or queued -> failed: the attempts were used up under a higher limit than today's
    State.WAITING: frozenset({State.QUEUED, State.RUNNING, State.FAILED, State.CANCELLED}),
    State.QUEUED: frozenset({State.WAITING, State.RUNNING, State.FAILED, State.CANCELLED}),
    # running -> running is a second claim after the first one's lease ran out
    State.RUNNING: frozenset(
        {State.RUNNING, State.WAITING, State.DONE, State.HELD, State.FAILED, State.CANCELLED}
    ),
    # only an operator does a stage again, and all that stand on it
    State.DONE: frozenset({State.WAITING}),
    State.HELD: frozenset({State.WAITING, State.DONE, State.CANCELLED}),
    State.FAILED: frozenset({State.WAITING, State.CANCELLED}),
    State.CANCELLED: frozenset({State.WAITING}),
}

SETTLED = frozenset({State.DONE, State.HELD, State.FAILED, State.CANCELLED})
"""States in which nothing happens by itself any more."""


class IllegalTransition(RuntimeError):
    """A change of state that the state machine does not know: a defect in Recto, never the operator's doing."""

    def __init__(self, before: State, after: State) -> None:
        super().__init__(before, after)
        self.before = before
        self.after = after

    def __str__(self) -> str:
        return f"A unit cannot go from {self.before} to {self.after}."


def require_legal(before: State, after: State) -> None:
    """Refuse a transition that the state machine does not know.

    Raises:
        IllegalTransition: `before` may not become `after`.
    """
    if after not in LEGAL[before]:
        raise IllegalTransition(before, after)


def state_of_whole(parts: Iterable[State]) -> State:
    """The state of an item from its units, or of a batch from its items.

    Trouble that needs a person shows first, then work in progress, then rest.
    """
    present = set(parts)
    for state in (State.FAILED, State.HELD):
        if state in present:
            return state
    if State.RUNNING in present:
        return State.RUNNING
    for state in (State.QUEUED, State.WAITING):
        if state in present:
            return State.RUNNING if State.DONE in present else state
    if State.CANCELLED in present:
        return State.CANCELLED
    return State.DONE if present else State.WAITING
