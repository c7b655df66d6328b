# SPDX-License-Identifier: Apache-2.0
"""Which items the board shows, and in which order: by what they need, and by a word in their id or title."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.desktop.board.columns import ITEM_COLUMN, PAGES_COLUMN, STATE_COLUMN, stage_of
from app.desktop.language.marking import QT_TRANSLATE_NOOP
from archive.registry.board import BoardItem
from archive.registry.states import State


class Choice(StrEnum):
    """What the operator wants to see."""

    ALL = "all"
    NEEDS_YOU = "needs you"
    WORKING = "working"
    WAITING = "waiting"
    ON_HOLD = "on hold"
    DONE = "done"


TITLES: dict[Choice, str] = {
    Choice.ALL: QT_TRANSLATE_NOOP("board", "All items"),
    Choice.NEEDS_YOU: QT_TRANSLATE_NOOP("board", "Needs you"),
    Choice.WORKING: QT_TRANSLATE_NOOP("board", "Working"),
    Choice.WAITING: QT_TRANSLATE_NOOP("board", "Waiting"),
    Choice.ON_HOLD: QT_TRANSLATE_NOOP("board", "On hold"),
    Choice.DONE: QT_TRANSLATE_NOOP("board", "Done"),
}

_URGENCY = {
    state: place
    for place, state in enumerate(
        (State.FAILED, State.HELD, State.RUNNING, State.QUEUED, State.WAITING, State.CANCELLED, State.DONE)
    )
}
"""How items are sorted by state: what needs a person comes first."""


def choice_of(item: BoardItem) -> Choice:
    """Under which choice an item is found, beside all; a cancelled one only there."""
    if item.state in {State.FAILED, State.HELD}:
        return Choice.NEEDS_YOU
    if item.state is State.DONE:
        return Choice.DONE
    if item.state is State.CANCELLED:
        return Choice.ALL
    if item.is_worked_on:
        return Choice.WORKING
    return Choice.WAITING if item.on_hold is None else Choice.ON_HOLD


def needs_you(item: BoardItem) -> bool:
    """Whether an item rests until a person acts."""
    return item.state in {State.FAILED, State.HELD}


def count(items: Iterable[BoardItem]) -> Counter[Choice]:
    """How many items each choice shows."""
    counted = Counter(choice_of(item) for item in items)
    counted[Choice.ALL] = counted.total()
    return counted


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Which items are shown, and in which order.

    Attributes:
        choice: Those.
        words: With this in their id or title.
        column: Sorted by this column.
        descending: Whether the other way round.
    """

    choice: Choice = Choice.ALL
    words: str = ""
    column: int = ITEM_COLUMN
    descending: bool = False

    def of(self, items: Iterable[BoardItem]) -> list[BoardItem]:
        """The items that are shown, in their order."""
        words = self.words.casefold().strip()
        shown = [item for item in items if self._belongs(item, words)]
        if self.column != ITEM_COLUMN or self.descending:
            shown.sort(key=self._key, reverse=self.descending)
        return shown

    def _belongs(self, item: BoardItem, words: str) -> bool:
        if self.choice is not Choice.ALL and choice_of(item) is not self.choice:
            return False
        return not words or words in f"{item.name} {item.title}".casefold()

    def _key(self, item: BoardItem) -> Any:
        if self.column == ITEM_COLUMN:
            return item.position
        if self.column == PAGES_COLUMN:
            return item.pages
        stage = None if self.column == STATE_COLUMN else stage_of(self.column, item.stages)
        return _URGENCY[item.state if stage is None else item.state_of(stage)]
