# SPDX-License-Identifier: Apache-2.0
"""Failures above the screen: the newest in full, the others behind a count, each until it is resolved."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.desktop.failure_notice import FailureNotice
from app.desktop.failures.card import FailureCard
from app.desktop.theme.theme import Theme

MOST_AT_ONCE = 4
"""More cards would leave nothing of the screen below them; the oldest wait behind the newer ones."""


class FailureBanner(QWidget):
    """One card for each failure that is not resolved.

    Args:
        theme: Colours and icons.
        go_to: Leads to the screen where a failure can be mended.
    """

    changed = Signal()

    def __init__(self, theme: Theme, go_to: Callable[[str], None]) -> None:
        super().__init__()
        self._theme = theme
        self._go_to = go_to
        self._cards: dict[str, FailureCard] = {}
        self._all_shown = False
        self._more = QToolButton()
        self._more.setAutoRaise(True)
        self._more.setMinimumHeight(32)
        self._more.clicked.connect(self._toggle)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(1)
        self._column.addWidget(self._more, alignment=Qt.AlignmentFlag.AlignHCenter)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        theme.changed.connect(self._settle)
        self.hide()

    @property
    def keys(self) -> tuple[str, ...]:
        """What the failures are about, the oldest first."""
        return tuple(self._cards)

    @property
    def failures(self) -> list[dict[str, Any]]:
        """The failures that are shown, the oldest first."""
        return [card.notice.failure for card in self._cards.values()]

    def card(self, key: str) -> FailureCard:
        """The card about this.

        Raises:
            KeyError: Nothing is shown about it.
        """
        return self._cards[key]

    def show_notice(self, notice: FailureNotice) -> None:
        """Show a failure, in the place of an earlier one about the same thing."""
        self._take_away(notice.key)
        card = FailureCard(notice, self._theme, self._go_to)
        card.put_away.connect(partial(self.resolve, notice.key))
        self._cards[notice.key] = card
        self._column.insertWidget(0, card)
        self._settle()
        QAccessible.updateAccessibility(QAccessibleEvent(card, QAccessible.Event.Alert))

    def resolve(self, key: str) -> None:
        """Take away what is shown about this."""
        if key in self._cards:
            self._take_away(key)
            self._settle()

    def _take_away(self, key: str) -> None:
        card = self._cards.pop(key, None)
        if card is not None:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()

    def _toggle(self) -> None:
        self._all_shown = not self._all_shown
        self._settle()

    def _settle(self) -> None:
        """Show what is to be seen now: the newest card, or all of them."""
        others = len(self._cards) - 1
        self._all_shown = self._all_shown and others > 0
        shown = MOST_AT_ONCE if self._all_shown else 1
        for place, card in enumerate(reversed(self._cards.values())):
            card.setVisible(place < shown)
        if self._all_shown:
            self._more.setText(self.tr("Show the newest message only"))
        else:
            self._more.setText(self.tr("Show %n more message(s)", "", others))
        self._more.setIcon(self._theme.icon("chevron-up" if self._all_shown else "chevron-down"))
        self._more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._more.setVisible(others > 0)
        self.setVisible(bool(self._cards))
        self.changed.emit()
