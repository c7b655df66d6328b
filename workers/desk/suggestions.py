# SPDX-License-Identifier: Apache-2.0
"""What programs suggest about an item, to be accepted or refused by a person; each decision can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from archive.registry import Session
from archive.registry.suggestions import Choice, KnownSuggestion, decide, list_suggestions
from workers.desk.change import Change, PlaceState
from workers.node import Node
from workers.operations import acting

DECIDE = "decide"
"""What the change of a decision is called."""


class ItemSuggestions:
    """The suggestions about one item and its pages, to be read and decided.

    Args:
        node: The process's settings and registry.
        batch: The batch.
        item: The item.
    """

    def __init__(self, node: Node, batch: str, item: str) -> None:
        self._node = node
        self.batch = batch
        self.item = item

    def read(self) -> list[KnownSuggestion]:
        """All of them, as `list_suggestions` orders them.

        Raises:
            BatchUnknown, ItemUnknown: There is no such batch or item.
        """
        with self._node.registry.reading() as session:
            return list_suggestions(session, self.batch, Choice(item=self.item))

    def decide(self, ids: Sequence[int], status: str) -> Change:
        """Accept or refuse suggestions, or open them again; an event of the batch's history each.

        Args:
            ids: Which.
            status: What they become, one of `archive.registry.suggestions.STATUSES`.

        Returns:
            Those that were changed; its numbers are the pages they are about, none for the item itself.

        Raises:
            SuggestionUnknown: One is not there any more.
        """
        with self._node.registry.transaction() as session:
            return self._set(session, dict.fromkeys(ids, status))

    def restore(self, change: Change) -> Change:
        """Take a decision back; what this does can be taken back in the same way.

        Raises:
            SuggestionUnknown: One is not there any more.
        """
        with self._node.registry.transaction() as session:
            return self._set(session, {state.id: str(state.values[0]) for state in change.before})

    def _set(self, session: Session, wanted: dict[int, str]) -> Change:
        known = list_suggestions(session, self.batch, Choice(item=self.item, ids=wanted))
        before = {each.id: each.status for each in known}
        changed: list[KnownSuggestion] = []
        for status, ids in groupby(sorted(wanted, key=wanted.__getitem__), key=wanted.__getitem__):
            choice = Choice(item=self.item, ids=list(ids))
            changed += decide(session, self.batch, choice, status, agents=acting(self._node))
        return Change(
            self.batch,
            self.item,
            DECIDE,
            tuple(sorted({each.page for each in changed if each.page is not None})),
            tuple(PlaceState(each.id, (before[each.id],)) for each in changed),
            tuple(PlaceState(each.id, (each.status,)) for each in changed),
        )
