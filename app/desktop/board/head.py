# SPDX-License-Identifier: Apache-2.0
"""The head of the board: which batch and which items are shown, how far the batch is, and how the workers are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.desktop.board.choices import TITLES, Choice, count
from app.desktop.board.health_strip import HealthStrip
from app.desktop.board.source import BatchChoice
from app.desktop.board.words import MARKS, about, headline_of, say, stage_title, words_of_hold
from app.desktop.theme.theme import Theme
from app.desktop.widgets.elided_label import ElidedLabel
from app.desktop.widgets.plain_words import plain_tip
from archive.registry.board import BatchStage, BoardItem
from archive.registry.pace import Pace
from archive.registry.stage_holds import StageHold


class BoardHead(QWidget):
    """Choices and figures above the table.

    Args:
        theme: Colours and icons.
        batch_actions: What can be done with the whole batch.
    """

    batch_chosen = Signal(str)
    choice_changed = Signal(object)
    words_changed = Signal(str)

    def __init__(self, theme: Theme, batch_actions: Sequence[QAction]) -> None:
        super().__init__()
        self._theme = theme
        self.batches = QComboBox()
        self.batches.setAccessibleName(self.tr("Batch"))
        self.batches.setMinimumContentsLength(14)
        self.batches.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.choices = QComboBox()
        self.choices.setAccessibleName(self.tr("Which items are shown"))
        self.choices.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for choice in Choice:
            self.choices.addItem(say(TITLES[choice]), choice)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Look for an item"))
        self.search.setAccessibleName(self.tr("Look for an item"))
        self.search.setClearButtonEnabled(True)
        self.pace = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self.pace.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.whole = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self.whole.hide()
        self.strip = HealthStrip(theme)
        row = QHBoxLayout()
        row.setSpacing(10)
        for widget in (self.batches, self.choices, self.search):
            widget.setMinimumHeight(32)
            row.addWidget(widget)
        row.addWidget(self.pace, 1)
        for action in batch_actions:
            row.addWidget(_button(action))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 8)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.whole)
        column.addWidget(self.strip)
        self.batches.activated.connect(self._choose_batch)
        self.choices.activated.connect(self._choose)
        self.search.textChanged.connect(self.words_changed)
        theme.changed.connect(self._paint_batches)

    def _choose_batch(self, place: int) -> None:
        self.batch_chosen.emit(self.batches.itemData(place).id)

    def _choose(self, place: int) -> None:
        self.choice_changed.emit(self.choices.itemData(place))

    def show_batches(self, batches: Sequence[BatchChoice], chosen: str | None) -> None:
        """Offer these batches."""
        with QSignalBlocker(self.batches):
            if [self.batches.itemData(place) for place in range(self.batches.count())] != list(batches):
                self.batches.clear()
                for batch in batches:
                    self.batches.addItem(batch.id, batch)
                self._paint_batches()
            names = [batch.id for batch in batches]
            self.batches.setCurrentIndex(names.index(chosen) if chosen in names else -1)

    def _paint_batches(self) -> None:
        for place in range(self.batches.count()):
            mark = MARKS[self.batches.itemData(place).state]
            self.batches.setItemIcon(place, self._theme.icon(mark.icon, mark.role))

    def show_choice(self, choice: Choice) -> None:
        """Have this choice stand in the box."""
        self.choices.setCurrentIndex(list(Choice).index(choice))

    def count(self, items: Iterable[BoardItem]) -> None:
        """Say how many items belong to each choice."""
        counted = count(items)
        for place, choice in enumerate(Choice):
            text = f"{say(TITLES[choice])} ({counted[choice]})"
            if text != self.choices.itemText(place):
                self.choices.setItemText(place, text)

    def show_whole(self, stages: Sequence[BatchStage], holds: Sequence[StageHold] = ()) -> None:
        """Say how the stages of the whole batch stand, where it has any, and which are held."""
        told = [f"{stage_title(stage.name)}: {_how(stage)}" for stage in stages]
        told += map(words_of_hold, holds)
        self.whole.setText(self.tr("Whole batch: {stages}").format(stages=" · ".join(told)) if told else "")
        self.whole.setToolTip(plain_tip(self.whole.text()))
        self.whole.setVisible(bool(told))

    def show_pace(self, pace: Pace | None) -> None:
        """Say how far the batch is, and how long it still takes where that can be told."""
        if pace is None:
            self.pace.setText("")
            return
        told = [self.tr("{done} of {total} items proved").format(done=pace.items_done, total=pace.items)]
        if pace.items_per_hour is not None:
            told.append(self.tr("%n item(s) an hour", "", max(1, round(pace.items_per_hour))))
        if pace.seconds_left:
            told.append(self.tr("about {time} left").format(time=about(pace.seconds_left)))
        elif pace.seconds_left is None:
            told.append(self.tr("time left not known yet"))
        self.pace.setText(" · ".join(told))
        self.pace.setToolTip(self.pace.text())


def _how(stage: BatchStage) -> str:
    word = MARKS[stage.state].text
    return f"{word}, {headline_of(stage.code)}" if stage.code else word


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setMinimumSize(32, 32)
    button.setVisible(action.isEnabled())
    action.enabledChanged.connect(button.setVisible)
    return button
