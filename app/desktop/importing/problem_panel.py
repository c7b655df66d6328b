# SPDX-License-Identifier: Apache-2.0
"""All problems of a manifest beside it: narrowed by kind, explained one at a time, warnings decided about."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from app.desktop.importing.action_button import HEIGHT, ActionButton
from app.desktop.importing.controller import ImportController
from app.desktop.importing.problem_model import PLACE, Filter, ProblemModel
from app.desktop.importing.problem_words import message_words, remedy_words
from app.desktop.importing.severity import ICONS, ROLES, Standing, place_words, standing_of, word
from app.desktop.widgets.state_chip import StateChip
from app.desktop.workplace import Workplace

FILTERS: Sequence[Filter] = ("all", "errors", "warnings")


class ProblemPanel(QWidget):
    """The list of problems and what is to be said of the chosen one.

    Args:
        controller: The manifest at hand.
        workplace: Actions and theme.
    """

    problem_chosen = Signal(int)
    """The operator went to a problem: its number."""

    def __init__(self, controller: ImportController, workplace: Workplace) -> None:
        super().__init__()
        self._controller = controller
        self._model = ProblemModel(workplace.theme, self)
        self._telling = True
        self._filter = QComboBox()
        self._filter.setAccessibleName(self.tr("Which problems are shown"))
        self._filter.setMinimumHeight(HEIGHT)
        self.list = self._make_list()
        self._detail = _Detail(workplace)
        self._detail.withdrawn.connect(self._withdraw)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._filter)
        column.addWidget(self.list, 1)
        column.addWidget(self._detail)
        for _ in FILTERS:
            self._filter.addItem("")
        self._filter.currentIndexChanged.connect(self._narrow)
        controller.inspected.connect(self._show)
        controller.acceptance_changed.connect(self._show_acceptance)
        self._show()

    def _make_list(self) -> QTreeView:
        made = QTreeView()
        made.setModel(self._model)
        made.setRootIsDecorated(False)
        made.setUniformRowHeights(True)
        made.setAllColumnsShowFocus(True)
        made.setIconSize(QSize(18, 18))
        made.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setAccessibleName(self.tr("Problems of the manifest"))
        head = made.header()
        head.setStretchLastSection(True)
        head.setSectionResizeMode(PLACE, QHeaderView.ResizeMode.Interactive)
        head.resizeSection(PLACE, made.fontMetrics().averageCharWidth() * 12 + 34)
        made.selectionModel().currentChanged.connect(self._tell)
        return made

    @property
    def model(self) -> ProblemModel:
        """What the list shows."""
        return self._model

    @property
    def current(self) -> int | None:
        """Number of the problem that is explained."""
        return self._model.number_at(self.list.currentIndex().row())

    @property
    def reason(self) -> str:
        """What the operator wrote about the chosen warning."""
        return self._detail.reason.text().strip()

    @property
    def means_all_alike(self) -> bool:
        """Whether the operator decides about all warnings of this kind at once."""
        return self._detail.all_alike.isChecked()

    def ask_for_reason(self) -> None:
        """Put the operator where a reason is written."""
        self._detail.reason.setFocus()

    def go_to(self, number: int | None) -> None:
        """Choose a problem, or none; nothing is told of it."""
        row = None if number is None else self._model.row_of(number)
        self._telling = False
        if row is None:
            self.list.clearSelection()
            self.list.selectionModel().clearCurrentIndex()
        else:
            index = self._model.index(row, PLACE)
            flags = QItemSelectionModel.SelectionFlag
            self.list.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.list.scrollTo(index)
        self._telling = True
        self._explain()

    def step(self, by: int) -> bool:
        """Go to the next problem of those shown, or to the one before; from the last on to the first.

        Returns:
            Whether the end was passed.
        """
        rows = self._model.rowCount()
        if not rows:
            return False
        here = self.list.currentIndex().row()
        there = here + by if here >= 0 else (0 if by > 0 else rows - 1)
        flags = QItemSelectionModel.SelectionFlag
        there_index = self._model.index(there % rows, PLACE)
        self.list.selectionModel().setCurrentIndex(there_index, flags.ClearAndSelect | flags.Rows)
        return not 0 <= there < rows

    def _tell(self) -> None:
        if not self._telling:
            return
        self._explain()
        if (number := self.current) is not None:
            self.problem_chosen.emit(number)

    def _explain(self) -> None:
        number = self.current
        problem = self._controller.problems[number] if number is not None else None
        if number is None or problem is None:
            self._detail.show_nothing(has_problems=bool(self._controller.problems))
            return
        standing = standing_of(problem, accepted=number in self._controller.reasons)
        alike = len(self._controller.alike(number)) if problem.severity == "warning" else 0
        self._detail.show_problem(
            standing, place_words(problem), message_words(problem), remedy_words(problem),
            self._controller.reasons.get(number, ""), alike,
        )  # fmt: skip

    def _show(self) -> None:
        self._telling = False
        self._model.show_problems(self._controller.problems, self._controller.reasons)
        self._telling = True
        total, errors = len(self._controller.problems), self._controller.errors
        for row, text in enumerate(
            (
                self.tr("All problems (%n)", "", total),
                self.tr("Errors only (%n)", "", errors),
                self.tr("Warnings only (%n)", "", total - errors),
            )
        ):
            self._filter.setItemText(row, text)
        # a clean sheet has the whole width
        self.setVisible(total > 0)
        self._explain()

    def _show_acceptance(self) -> None:
        self._model.show_accepted(self._controller.reasons)
        self._explain()

    def _narrow(self, row: int) -> None:
        number = self.current
        self._telling = False
        self._model.show_only(FILTERS[row])
        self._telling = True
        self.go_to(number)

    def _withdraw(self) -> None:
        if (number := self.current) is not None:
            self._controller.accept([number], "")


class _Detail(QWidget):
    """One problem in full, and the line for the reason why a warning may stand."""

    withdrawn = Signal()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self.setMinimumHeight(200)
        self._chip = StateChip(workplace.theme)
        self._place = QLabel()
        self._accept = ActionButton(workplace, "importing.accept")
        self._message = _words()
        self._remedy = _words()
        self.reason = QLineEdit()
        self.reason.setMinimumHeight(HEIGHT)
        self.reason.setPlaceholderText(self.tr("Reason, for the batch's history"))
        self.reason.setAccessibleName(self.tr("Why this warning may stand"))
        self.reason.returnPressed.connect(self._accept.click)
        self.all_alike = QPushButton()
        self.all_alike.setCheckable(True)
        self.all_alike.setAccessibleName(self.tr("Decide about all warnings of this kind"))
        self.all_alike.setMinimumHeight(HEIGHT)
        self._withdraw = QPushButton(self.tr("Decide again"))
        self._withdraw.setMinimumHeight(HEIGHT)
        self._withdraw.clicked.connect(self.withdrawn)
        head = QHBoxLayout()
        head.addWidget(self._chip)
        head.addStretch(1)
        head.addWidget(self._place)
        decision = QVBoxLayout()
        for widget in (self.reason, self.all_alike, self._accept, self._withdraw):
            decision.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self._message)
        column.addWidget(self._remedy)
        column.addStretch(1)
        column.addLayout(decision)

    def show_nothing(self, *, has_problems: bool) -> None:
        """No problem is chosen."""
        self._chip.hide()
        self._place.clear()
        self._message.setText(
            self.tr("Choose a problem, or press F8 to go from one to the next.") if has_problems else ""
        )
        self._remedy.clear()
        for widget in (self.reason, self.all_alike, self._accept, self._withdraw):
            widget.hide()

    def show_problem(
        self, standing: Standing, place: str, message: str, remedy: str, reason: str, alike: int
    ) -> None:
        """Explain a problem."""
        self._chip.show_state(word(standing), ROLES[standing], ICONS[standing])
        self._chip.show()
        self._place.setText(place)
        self._message.setText(message)
        accepted = standing is Standing.ACCEPTED
        self._remedy.setText(self.tr("Reason: {reason}").format(reason=reason) if accepted else remedy)
        warns = standing is Standing.WARNING
        self.reason.setVisible(warns)
        self._accept.setVisible(warns)
        self.all_alike.setVisible(warns and alike > 1)
        if alike <= 1:
            self.all_alike.setChecked(False)
        self.all_alike.setText(self.tr("All %n of this kind", "", alike))
        self._withdraw.setVisible(accepted)


def _words() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
