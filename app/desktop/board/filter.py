# SPDX-License-Identifier: Apache-2.0
"""Which items the board shows: by what they need, and by a word in their id or title."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel

from app.desktop.board.model import ITEM_COLUMN, ITEM_ROLE, SORT_ROLE, BoardModel
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


BELONGS: dict[Choice, Callable[[BoardItem], bool]] = {
    Choice.ALL: lambda _item: True,
    Choice.NEEDS_YOU: lambda item: item.state in {State.FAILED, State.HELD},
    Choice.WORKING: lambda item: (
        item.state not in {State.FAILED, State.HELD, State.DONE} and item.is_worked_on
    ),
    Choice.WAITING: lambda item: (
        item.state in {State.WAITING, State.QUEUED, State.RUNNING}
        and item.on_hold is None
        and not item.is_worked_on
    ),
    Choice.ON_HOLD: lambda item: item.on_hold is not None and item.state not in {State.FAILED, State.HELD},
    Choice.DONE: lambda item: item.state is State.DONE,
}


class BoardFilter(QSortFilterProxyModel):
    """The chosen items, sorted.

    Args:
        model: All of them.
        parent: Owner.
    """

    def __init__(self, model: BoardModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choice = Choice.ALL
        self._words = ""
        self.setSourceModel(model)
        self.setSortRole(SORT_ROLE)
        self.setDynamicSortFilter(True)
        self.sort(ITEM_COLUMN)

    @property
    def choice(self) -> Choice:
        """What is shown."""
        return self._choice

    def choose(self, choice: Choice) -> None:
        """Show these items only."""
        self._choice = choice
        self.invalidate()

    def look_for(self, words: str) -> None:
        """Show items with this text in their id or title only."""
        self._words = words.casefold().strip()
        self.invalidate()

    def filterAcceptsRow(self, source_row: int, source_parent: QModelIndex | QPersistentModelIndex) -> bool:
        """Whether an item is shown."""
        del source_parent
        model = self.sourceModel()
        item: BoardItem = model.index(source_row, ITEM_COLUMN).data(ITEM_ROLE)
        if self._words and self._words not in f"{item.name} {item.title}".casefold():
            return False
        return BELONGS[self._choice](item)
