# SPDX-License-Identifier: Apache-2.0
"""The line above the page that says what a check has against a page that was just captured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy

from app.desktop.failures.messages import message_words
from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from app.desktop.widgets.card import Card
from app.desktop.widgets.state_chip import StateChip
from workers.desk.places import Place

MOST_TOLD = 2
"""Sentences that are told at once: of a bad page many are true, and Quality has them all."""

BY_HAND = ("blank", "skew", "cut_text", "streaks", "sheet", "unsharp")
"""What hands can mend at once, and what is told before the rest."""


def findings(place: Place) -> list[Mapping[str, Any]]:
    """What checks have against a page that nobody has judged.

    Returns:
        What would hold its item comes first, then what can be mended at once.
    """
    if place.verdict:
        return []
    told = [check for check in place.checks if check["verdict"] != "pass"]
    return sorted(told, key=_rank)


def _rank(check: Mapping[str, Any]) -> tuple[bool, int]:
    name = check["check"]
    return check["verdict"] != "hold", BY_HAND.index(name) if name in BY_HAND else len(BY_HAND)


class FindingBar(Card):
    """Tells of the page in view, else of the newest page that something was found about; decides nothing.

    Args:
        theme: Colours and icons.
    """

    page_wanted = Signal(int)
    """The operator wants to see a page: its position."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._position = 0
        self._sign = StateChip(theme, self.tr("Look"), Role.HELD, "quality")
        self._sign.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setAccessibleName(self.tr("What checks found of a page"))
        self.show_page = QPushButton(self.tr("Show the page"))
        self.show_page.setMinimumHeight(32)
        self.show_page.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.show_page.clicked.connect(lambda: self.page_wanted.emit(self._position))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._sign)
        row.addWidget(self.sentence, 1)
        row.addWidget(self.show_page)
        self.column.setContentsMargins(12, 6, 12, 6)
        self.column.addLayout(row)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def show_places(self, places: Sequence[Place], current: Place | None) -> None:
        """Tell of the page in view, else of the newest one with something against it; hidden where there is none."""
        told = current if current is not None and findings(current) else _newest(places)
        self.setVisible(told is not None)
        if told is None:
            return
        self._position = told.position
        found = findings(told)
        words = " ".join(message_words(check["sentence"]) for check in found[:MOST_TOLD])
        self.sentence.setToolTip("\n".join(message_words(check["sentence"]) for check in found))
        self.sentence.setText(self.tr("Page {label}: {sentences}").format(label=told.label, sentences=words))
        holds = any(check["verdict"] == "hold" for check in found)
        if holds:
            self._sign.show_state(self.tr("Would be held"), Role.TROUBLE, "held")
        else:
            self._sign.show_state(self.tr("Look"), Role.HELD, "quality")
        self.show_page.setVisible(told is not current)


def _newest(places: Sequence[Place]) -> Place | None:
    flagged = (place for place in places if findings(place))
    return max(flagged, key=lambda place: (place.captured_at, place.position), default=None)
