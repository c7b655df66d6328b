# SPDX-License-Identifier: Apache-2.0
"""What is to be said of the chosen cell: its state, why it stands still, and the buttons that help."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QPalette
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget

from app.desktop.board.cell_look import look_of_cell, look_of_item
from app.desktop.board.flow_layout import FlowLayout
from app.desktop.board.words import clock, length, stage_title
from app.desktop.failures.explanation import explain
from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from app.desktop.widgets.head_line import HeadLine
from app.desktop.widgets.state_chip import StateChip
from archive.registry.board import BoardItem
from archive.registry.item_history import ItemHistory, UnitFacts

MOST_PAGES = 12
"""Page numbers that are named one by one."""
ELSEWHERE = frozenset({"devices", "capture", "quality", "settings"})
"""Screens that a reason may lead to; all else is done here."""


class ReasonPanel(QScrollArea):
    """State, reason in three parts, attempts, and what can be done.

    Args:
        theme: Colours and icons.
        actions: Actions that get a button, shown only while they can be done.
    """

    screen_wanted = Signal(str)
    """Another screen, where the reason can be done away with."""

    def __init__(self, theme: Theme, actions: Sequence[QAction]) -> None:
        super().__init__()
        self._theme = theme
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("The chosen step"))
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        self.title = HeadLine(scale=1.15)
        self.title.setWordWrap(True)
        self.chip = StateChip(theme)
        self.facts = _sentence()
        self.headline = _sentence()
        font = self.headline.font()
        font.setBold(True)
        self.headline.setFont(font)
        self.about, self.consequence, self.remedy = _sentence(), _sentence(), _sentence()
        self.same = _sentence()
        for widget in (
            self.title,
            self.chip,
            self.facts,
            self.headline,
            self.about,
            self.consequence,
            self.remedy,
            self.same,
        ):
            column.addWidget(widget)
        column.addSpacing(4)
        self.go_there = QToolButton()
        self.go_there.setMinimumHeight(32)
        self.go_there.clicked.connect(self._go)
        self._screen = ""
        place = QWidget()
        flow = FlowLayout(place)
        flow.addWidget(self.go_there)
        self.buttons = [self._button(action) for action in actions]
        for button in self.buttons:
            flow.addWidget(button)
        column.addWidget(place)
        column.addStretch(1)
        self.setWidget(inner)
        theme.changed.connect(self._paint)
        self._paint()
        self.show_nothing()

    def _button(self, action: QAction) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(action)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setMinimumHeight(32)
        button.setVisible(action.isEnabled())
        action.enabledChanged.connect(button.setVisible)
        return button

    def _go(self) -> None:
        self.screen_wanted.emit(self._screen)

    def _paint(self) -> None:
        for label in (self.facts, self.about, self.same):
            quiet = label.palette()
            quiet.setColor(QPalette.ColorRole.WindowText, self._theme.color(Role.MUTED))
            label.setPalette(quiet)

    def show_nothing(self) -> None:
        """No cell is chosen."""
        self.title.setText(self.tr("Choose an item or a step"))
        self.chip.hide()
        self.show_same(0)
        self._say(self.facts, self.tr("Its reason, its way, its stored copies and its log are shown here."))
        self._show_failure(None)

    def show_cell(self, item: BoardItem, stage: str | None, history: ItemHistory | None) -> None:
        """Show a step of an item, or the item as a whole.

        Args:
            item: The item.
            stage: The step; None for the whole item.
            history: Its units, when they have been read.
        """
        name = item.name if stage is None else f"{item.name} · {stage_title(stage)}"
        self.title.setText(_breakable(name))
        look = look_of_item(item) if stage is None else look_of_cell(item, stage, None)
        self.chip.show_state(look.mark.text, look.mark.role, look.mark.icon)
        self.chip.show()
        units = () if history is None else history.units if stage is None else history.of(stage)
        self._say(self.facts, self._facts(units))
        self._show_failure(_failure(units, history))
        if item.on_hold == "operator" and item.hold_reason:
            self._say(self.headline, self.tr("Held: {reason}").format(reason=item.hold_reason))

    def show_same(self, items: int) -> None:
        """Say how many items rest for the same reason, where there are others."""
        told = self.tr("%n item(s) stopped for this reason.", "", items) if items > 1 else ""
        self._say(self.same, told)

    def _facts(self, units: Sequence[UnitFacts]) -> str:
        told: list[str] = []
        attempts = max((unit.attempts for unit in units), default=0)
        if attempts:
            told.append(self.tr("%n attempt(s)", "", attempts))
        started = [unit.started_at for unit in units if unit.started_at]
        ended = [unit.finished_at for unit in units if unit.finished_at]
        if started:
            told.append(self.tr("started {time}").format(time=clock(min(started))))
        if started and ended and len(ended) == len(units):
            told.append(self.tr("took {time}").format(time=length(max(ended) - min(started))))
        later = [unit.next_attempt_at - time.time() for unit in units if unit.error]
        if later and max(later) > 0:
            told.append(self.tr("next attempt in {time}").format(time=length(max(later))))
        return " · ".join(told)

    def _show_failure(self, failure: Mapping[str, Any] | None) -> None:
        told = explain(failure) if failure is not None else None
        self._say(self.headline, told.headline if told else "")
        self._say(self.about, told.about or self._pages(failure) if told and failure else "")
        self._say(self.consequence, told.consequence if told else "")
        self._say(self.remedy, told.remedy if told else "")
        self._screen = told.screen if told and told.screen in ELSEWHERE else ""
        self.go_there.setText(told.go_there if told else "")
        self.go_there.setAccessibleName(told.go_there if told else "")
        self.go_there.setVisible(bool(self._screen))

    def _pages(self, failure: Mapping[str, Any]) -> str:
        """Which pages an error is about, where it names them."""
        pages = (failure.get("facts") or {}).get("pages")
        if not isinstance(pages, list) or not pages:
            return ""
        numbers = ", ".join(str(page) for page in pages[:MOST_PAGES])
        more = "" if len(pages) <= MOST_PAGES else " …"
        return self.tr("Page(s) {numbers}", "", len(pages)).format(numbers=numbers + more)

    def _say(self, label: QLabel, text: str) -> None:
        label.setText(text)
        label.setVisible(bool(text))


def _failure(units: Sequence[UnitFacts], history: ItemHistory | None) -> Mapping[str, Any] | None:
    """Why a cell stands still: the first of its units' reasons, or that its scanner is taken."""
    for unit in units:
        if unit.error is not None:
            return unit.error
    return history.hindrance if history is not None else None


def _breakable(name: str) -> str:
    """A name with places where it may be broken: an id is one word, which may be wider than the panel."""
    return re.sub(r"(\S{20})(?=\S)", "\\1\u200b", name)


def _sentence() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    # reasons hold what storage and operators say, and are no HTML
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
