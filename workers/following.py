# SPDX-License-Identifier: Apache-2.0
"""Following a batch in the ledger: what changed since the last look, how fast it goes, and when nothing more happens."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from archive.registry import Session
from archive.registry.board import BoardItem, read_board
from archive.registry.open_work import whole_goes_on
from archive.registry.pace import Pace, read_pace
from archive.registry.pipelines import pipeline_of
from archive.registry.scanners import waiting_for_operator
from archive.registry.stage_holds import OPERATOR, StageHold, parked_items
from archive.registry.states import SETTLED, State
from archive.registry.status import pages_done
from archive.registry.tables import ItemRow
from workers.node import Node

PACE_SECONDS = 1.0
"""How often pages are counted and the pace is told: both look at the whole batch."""
SHARE_OF_TIME = 4
"""A look is followed by a pause of at least this many times its own length, whatever the batch's size."""


@dataclass(frozen=True, slots=True)
class Look:
    """A batch at one moment.

    Attributes:
        batch: The batch.
        state: Its state.
        stages: Names of its stages, in order.
        items: All items by their place in the manifest.
        changed: Those that are not as they were at the look before; all of them at the first.
        pages: How many pages there are, and how many have a master, an access copy and a text.
        pace: How fast it goes, and how long it still takes.
        holds: The stages of it that are held.
    """

    batch: str
    state: State
    stages: tuple[str, ...]
    items: tuple[BoardItem, ...]
    changed: tuple[BoardItem, ...]
    pages: dict[str, int]
    pace: Pace
    holds: tuple[StageHold, ...]


class Following:
    """Looks at a batch again and again, and reads only what may have changed.

    Args:
        node: The process's settings and registry.
        batch: The batch.
    """

    def __init__(self, node: Node, batch: str) -> None:
        self._node = node
        self._batch = batch
        self._items: dict[int, BoardItem] = {}
        self._seen: int | None = None
        self._counted_at = 0.0
        self._last: Look | None = None
        self.rests = False

    def look(self) -> Look:
        """The batch as it is now.

        Raises:
            BatchUnknown: No such batch.
        """
        with self._node.registry.reading() as session:
            reading = read_board(session, self._batch, seen=self._seen)
            self._seen = reading.events
            changed = tuple(item for item in reading.items if self._items.get(item.key) != item)
            self._items.update({item.key: item for item in changed})
            items = tuple(sorted(self._items.values(), key=lambda item: item.position))
            self.rests = _all_rest(session, self._batch, reading.state, items)
            pages, pace = self._figures(session)
            stages = pipeline_of(session, self._batch).names
        self._last = Look(self._batch, reading.state, stages, items, changed, pages, pace, reading.holds)
        return self._last

    def _figures(self, session: Session) -> tuple[dict[str, int], Pace]:
        moment = time.monotonic()
        if self._last is not None and not self.rests and moment - self._counted_at < PACE_SECONDS:
            return self._last.pages, self._last.pace
        self._counted_at = moment
        return pages_done(session, self._batch), read_pace(session, self._batch)


def follow(
    node: Node, batch: str, *, seconds_between: float = 0.25, watch: Callable[[], None] = lambda: None
) -> Iterator[Look]:
    """A batch from the ledger, again and again until nothing happens to it any more by itself.

    Args:
        node: The process's settings and registry.
        batch: The batch.
        seconds_between: The least pause between two looks.
        watch: Called between looks; may raise to end the following.

    Raises:
        BatchUnknown: No such batch.
    """
    following = Following(node, batch)
    while True:
        begun = time.monotonic()
        look = following.look()
        took = time.monotonic() - begun
        yield look
        if following.rests:
            return
        watch()
        time.sleep(max(seconds_between, SHARE_OF_TIME * took))


def _all_rest(session: Session, batch: str, state: State, items: tuple[BoardItem, ...]) -> bool:
    """Whether nothing happens to a batch until a person acts on it, or on the one before it."""
    moving = [item for item in items if item.state not in SETTLED and item.on_hold is None]
    if not moving:
        # stages of the whole batch come when its items are through
        return state in SETTLED or not whole_goes_on(session, batch)
    if any(item.is_worked_on for item in moving):
        return False
    parked = parked_items(session, batch, by=OPERATOR)
    return all(item.key in parked or _waits_for_a_person(session, item) for item in moving)


def _waits_for_a_person(session: Session, item: BoardItem) -> bool:
    return waiting_for_operator(session, session.get_one(ItemRow, item.key)) is not None
