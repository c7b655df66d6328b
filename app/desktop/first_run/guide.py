# SPDX-License-Identifier: Apache-2.0
"""The guide through the first run: five steps, back and forth, any of them or all of them skipped."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.desktop.first_run.connections_step import ConnectionsStep
from app.desktop.first_run.folders_step import FoldersStep
from app.desktop.first_run.look_step import LookStep
from app.desktop.first_run.sample_step import SampleStep
from app.desktop.first_run.scanner_step import ScannerStep
from app.desktop.first_run.step import Step
from app.desktop.operation import while_there
from app.desktop.preferences.block import make_high_enough
from app.desktop.theme.roles import Role
from app.desktop.widgets.head_line import HeadLine
from app.desktop.widgets.state_chip import StateChip
from app.desktop.workplace import Workplace

SIZE = QSize(960, 620)


class FirstRunGuide(QDialog):
    """Five steps to a captured item.

    Args:
        workplace: What the steps need.
        parent: The window above which it opens.
    """

    sample_wanted = Signal(str)
    """The operator goes on to capture the sample: its batch."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = workplace.theme
        self.setWindowTitle(self.tr("Set up Recto"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.sample = SampleStep(workplace)
        self.steps: tuple[Step, ...] = (
            LookStep(workplace),
            FoldersStep(workplace),
            ScannerStep(workplace),
            ConnectionsStep(workplace),
            self.sample,
        )
        self._done: set[int] = set()
        self._stack = QStackedWidget()
        self._marks = [StateChip(workplace.theme, step.title) for step in self.steps]
        self.back = QPushButton(self.tr("Back"))
        self.skip = QPushButton(self.tr("Skip this step"))
        self.next = QPushButton(self.tr("Next"))
        self.close_all = QPushButton(self.tr("Skip all"))
        self._position = QLabel()
        self._arrange()
        self.next.setDefault(True)
        self.next.clicked.connect(self.go_on)
        self.back.clicked.connect(self.go_back)
        self.skip.clicked.connect(self.skip_step)
        self.close_all.clicked.connect(self.reject)
        self.sample.ready.connect(self._leave_for_sample)
        self.resize(SIZE)
        self._enter(0)

    def _arrange(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(14)
        left.addWidget(HeadLine(self.tr("Welcome")))
        left.addSpacing(4)
        for mark in self._marks:
            left.addWidget(mark)
        left.addStretch(1)
        left.addWidget(self._position)
        for step in self.steps:
            area = QScrollArea()
            area.setWidget(step)
            area.setWidgetResizable(True)
            area.setFrameShape(QFrame.Shape.NoFrame)
            area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._stack.addWidget(area)
        upper = QHBoxLayout()
        upper.setSpacing(28)
        upper.addLayout(left, 1)
        upper.addWidget(self._stack, 4)
        lower = QHBoxLayout()
        lower.addWidget(self.close_all)
        lower.addStretch(1)
        for button in (self.back, self.skip, self.next):
            lower.addWidget(button)
        make_high_enough(self.back, self.skip, self.next, self.close_all)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(16)
        column.addLayout(upper, 1)
        column.addLayout(lower)

    @property
    def number(self) -> int:
        """Which step is shown, from 0."""
        return self._stack.currentIndex()

    def go_on(self) -> None:
        """Do what was chosen, then show the next step."""
        number = self.number
        # a slow disk may answer when the guide is closed
        self.steps[number].apply(while_there(partial(self._finish, number)))

    def _finish(self, number: int) -> None:
        self._done.add(number)
        if number == self.number and number + 1 < len(self.steps):
            self._enter(number + 1)

    def go_back(self) -> None:
        """Show the step before."""
        self._enter(self.number - 1)

    def skip_step(self) -> None:
        """Leave everything of this step as it is."""
        if self.number + 1 < len(self.steps):
            self._enter(self.number + 1)
        else:
            self.accept()

    def _enter(self, number: int) -> None:
        self._stack.setCurrentIndex(number)
        last = number + 1 == len(self.steps)
        self.back.setEnabled(number > 0)
        self.next.setText(self.tr("Capture the sample") if last else self.tr("Next"))
        self.skip.setText(self.tr("Without the sample") if last else self.tr("Skip this step"))
        self._position.setText(
            self.tr("Step {number} of {count}").format(number=number + 1, count=len(self.steps))
        )
        for place, mark in enumerate(self._marks):
            if place == number:
                mark.show_state(self.steps[place].title, Role.ACCENT, "chevron-right")
            elif place in self._done:
                mark.show_state(self.steps[place].title, Role.DONE, "done")
            else:
                mark.show_state(self.steps[place].title, Role.WAITING, "waiting")
        self.steps[number].entered()
        self.next.setFocus()

    def _leave_for_sample(self, batch: str) -> None:
        self.accept()
        self.sample_wanted.emit(batch)
