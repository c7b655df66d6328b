# SPDX-License-Identifier: Apache-2.0
"""The manifest at hand: its cells, its problems beside them, and what a batch of it would be."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QSplitter, QVBoxLayout, QWidget

from app.desktop.importing.action_button import ActionButton
from app.desktop.importing.controller import ImportController
from app.desktop.importing.problem_panel import ProblemPanel
from app.desktop.importing.sheet_model import SheetModel
from app.desktop.importing.sheet_table import SheetTable
from app.desktop.importing.summary import SummaryPanel
from app.desktop.widgets.elided_label import ElidedLabel
from app.desktop.widgets.head_line import HeadLine
from app.desktop.widgets.plain_words import on_one_line, plain_tip
from app.desktop.workplace import Workplace
from workers.manifest_check import Inspection

PROGRESS_WIDTH = 160
_VERBS = ("previous_problem", "next_problem", "check", "export", "open", "close")
_BY_ICON = frozenset({"previous_problem", "next_problem", "close"})


class SheetPage(QWidget):
    """Cells and problems, linked both ways.

    Args:
        workplace: What the screens share.
        controller: The manifest at hand.
    """

    def __init__(self, workplace: Workplace, controller: ImportController) -> None:
        super().__init__()
        self._controller = controller
        self.model = SheetModel(workplace.theme, self)
        self.table = SheetTable(self.model)
        self.problems = ProblemPanel(controller, workplace)
        self.summary = SummaryPanel(controller, workplace)
        # there is nothing to sum up before the first file was read
        self.summary.hide()
        self.bar = _FileBar(workplace)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.table)
        self.splitter.addWidget(self.problems)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 1)
        self.problems.setMinimumWidth(320)
        self.splitter.setSizes([860, 380])
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(10)
        column.addWidget(self.bar)
        column.addWidget(self.splitter, 1)
        column.addWidget(self.summary)
        self.table.cell_chosen.connect(self._explain_cell)
        self.problems.problem_chosen.connect(self._show_cell)
        controller.inspected.connect(self._show)
        controller.acceptance_changed.connect(self._show_acceptance)
        controller.began.connect(self.bar.show_reading)
        controller.progressed.connect(self.bar.show_progress)
        controller.failed.connect(self._show_what_is_there)

    def step(self, by: int) -> bool:
        """Go to another problem, and to its cell; tells whether the end of the list was passed."""
        return self.problems.step(by)

    def go_to(self, number: int) -> None:
        """Go to a problem, and to its cell."""
        self.problems.go_to(number)
        self._show_cell(number)

    def _show(self, inspection: Inspection) -> None:
        reading = inspection.reading
        self.summary.show()
        self.model.show_sheet(inspection.view, reading.problems, inspection.marks)
        self.model.show_accepted(tuple(self._controller.reasons), self._controller.reasons)
        self.bar.show_file(inspection.path)
        self.table.setFocus()
        if reading.problems:
            self.problems.step(1)
        elif inspection.view.rows:
            self.table.go_to(0, 0)

    def _show_what_is_there(self) -> None:
        """Reading came to nothing: the file before is at hand still, if there is one."""
        self.bar.show_rest()
        if self._controller.inspection is not None:
            self.bar.show_file(self._controller.inspection.path)

    def _show_acceptance(self, changed: list[int]) -> None:
        self.model.show_accepted(changed, self._controller.reasons)

    def _explain_cell(self, row: int, column: int) -> None:
        if self._controller.inspection is not None:
            found = self._controller.inspection.marks.at(row, column)
            self.problems.go_to(found[0] if found else None)

    def _show_cell(self, number: int) -> None:
        if self._controller.inspection is not None:
            self.table.go_to(*self._controller.inspection.marks.places[number])


class _FileBar(QWidget):
    """The file's name, what can be done with it, and how far its reading is."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._name = ElidedLabel()
        self._name.setFont(HeadLine("", 1.25).font())
        self._name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._progress = QProgressBar()
        self._progress.setAccessibleName(self.tr("Progress of reading"))
        self._progress.setTextVisible(False)
        self._progress.setFixedWidth(PROGRESS_WIDTH)
        self._busy = QLabel(self.tr("Reading…"))
        self._stop = ActionButton(workplace, "importing.stop")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._name, 1)
        for widget in (self._busy, self._progress, self._stop):
            row.addWidget(widget)
            widget.hide()
        self._verbs = [
            ActionButton(workplace, f"importing.{verb}", icon_only=verb in _BY_ICON) for verb in _VERBS
        ]
        for button in self._verbs:
            row.addWidget(button)

    def show_file(self, path: Path) -> None:
        """Show the name of the file that is at hand."""
        self._name.setText(on_one_line(path.name))
        self._name.setToolTip(plain_tip(str(path)))
        self.show_rest()

    def show_reading(self, path: Path) -> None:
        """A file is being read."""
        self._name.setText(path.name)
        self._progress.setRange(0, 0)
        self._busy.setText(self.tr("Reading…"))
        for widget in (self._busy, self._progress, self._stop):
            widget.show()
        for button in self._verbs:
            button.hide()

    def show_progress(self, done: int, total: int | None, _text: str) -> None:
        """So many items are checked."""
        self._progress.setRange(0, total or 0)
        self._progress.setValue(done)
        number = QLocale().toString
        if total:
            words = self.tr("{done} of {total} items checked")
            self._busy.setText(words.format(done=number(done), total=number(total)))

    def show_rest(self) -> None:
        """Nothing is being read."""
        for widget in (self._busy, self._progress, self._stop):
            widget.hide()
        for button in self._verbs:
            button.show()
