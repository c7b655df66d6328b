# SPDX-License-Identifier: Apache-2.0
"""The suggestions of the item that is looked at, as the registry has them, and every decision over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.desktop.quality.reviewing import Reviewing
from app.desktop.quality.suggestion_words import NOT_ASKED, kind_word
from app.desktop.undo import LANE, UndoStacks
from app.desktop.workplace import Workplace
from archive.registry.suggestions import SUGGESTED, KnownSuggestion
from workers.desk.change import Change
from workers.desk.suggestions import ItemSuggestions


class Suggesting(QObject):
    """Reads what is suggested whenever the item is read, and shows nothing as decided that is not on disk.

    Args:
        workplace: What the screens share.
        reviewing: The item and the page that are looked at.
    """

    changed = Signal()
    """There are other suggestions, or one was decided."""

    def __init__(self, workplace: Workplace, reviewing: Reviewing) -> None:
        super().__init__(reviewing)
        self._workplace = workplace
        self._reviewing = reviewing
        self._undo = UndoStacks.of(workplace)
        self._at: ItemSuggestions | None = None
        self._known: list[KnownSuggestion] = []
        reviewing.was_read.connect(self._read)

    def of_page(self) -> Sequence[KnownSuggestion]:
        """What is suggested about the page in view, and behind it what is about the whole item."""
        page = self._reviewing.page
        if page is None or not self._is_current:
            return ()
        own = [each for each in self._known if each.page == page.position]
        whole = [each for each in self._known if each.page is None]
        # there are many phrases, and one language
        return [*own, *sorted(whole, key=lambda each: each.kind == "key_phrase")]

    @property
    def _is_current(self) -> bool:
        at, review = self._at, self._reviewing.review
        return at is not None and review is not None and (at.batch, at.item) == (review.batch, review.item)

    def _read(self, batch: str, item: str) -> None:
        at = ItemSuggestions(self._workplace.node, batch, item)

        def show(known: list[KnownSuggestion]) -> None:
            self._at = at
            self._known = [each for each in known if each.kind not in NOT_ASKED]
            self.changed.emit()

        self._workplace.operations.run(
            self.tr("Read the suggestions"), lambda _context: at.read(), lane=LANE, on_success=show
        )

    def decide(self, suggestion: KnownSuggestion, status: str) -> None:
        """Accept or refuse a suggestion, or open it again."""
        at = self._at
        if at is None or suggestion.status == status:
            return

        def done(change: Change) -> None:
            after = {state.id: str(state.values[0]) for state in change.after}
            self._known = [
                replace(each, status=after[each.id]) if each.id in after else each for each in self._known
            ]
            if change.before:
                # what somebody else has decided the same way meanwhile is no step of ours
                self._undo.push(at, change)
            self.changed.emit()
            if suggestion.bagged and status != SUGGESTED:
                self._workplace.say(
                    self.tr(
                        "The bag of this item is made already; it holds the suggestions as they were then."
                    )
                )

        def failed(failure: dict[str, Any]) -> None:
            # a stage that ran again has put others in its place
            self._read(at.batch, at.item)
            self._workplace.report(failure)

        operation = self._workplace.operations.run(
            self.tr("Decide over a suggestion: {kind}").format(kind=kind_word(suggestion.kind)),
            lambda _context: at.decide([suggestion.id], status),
            lane=LANE,
            lasts=True,
            on_success=done,
            on_failure=failed,
        )
        self._undo.settling.watch(operation)
