# SPDX-License-Identifier: Apache-2.0
"""What is known of the page in view: verdict, the checks with what they mean, and how it was captured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QLocale, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QScrollArea,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.desktop.failures.messages import message_words
from app.desktop.quality.check_model import CheckModel
from app.desktop.quality.decision_button import decision_button
from app.desktop.quality.suggestion_panel import SuggestionPanel
from app.desktop.quality.words import reason_word
from app.desktop.theme.roles import Role
from app.desktop.widgets.card import Card
from app.desktop.widgets.head_line import HeadLine
from app.desktop.widgets.state_chip import StateChip
from app.desktop.workplace import Workplace
from workers.desk.review import Review, ReviewPage

LEAST_WIDTH = 330


class PagePanel(QScrollArea):
    """The column beside the page.

    Args:
        workplace: What the screens share.
    """

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        theme = workplace.theme
        self._workplace = workplace
        self.stops: list[QWidget] = []
        """What the Tab key stops at, from the top."""
        self.verdict = StateChip(theme)
        self.simulated = StateChip(
            theme, self.tr("Simulated: no paper was scanned"), Role.SIMULATED, "simulated"
        )
        self.problem = _text()
        self.problem.setAccessibleName(self.tr("What is wrong with the page"))
        self.held = Card(theme)
        self.held_chip = StateChip(theme, self.tr("This item is held"), Role.HELD, "held")
        self.held_reason = _text()
        self.held.column.addWidget(self.held_chip)
        self.held.column.addWidget(self.held_reason)
        self.held.column.addWidget(self._button("quality.release"))
        self.checks = CheckModel(theme, self)
        self.table = self._make_table()
        self.sentence = _text()
        self.sentence.setAccessibleName(self.tr("What the check found"))
        self.no_checks = _text()
        self.suggestions = SuggestionPanel(workplace)
        self.suggestions.to_be_seen.connect(self._show_suggestions)
        self._facts = QFormLayout()
        self._facts.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._lay_out()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Page"))

    def _lay_out(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(12, 8, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.held)
        column.addWidget(HeadLine(self.tr("Verdict"), 1.15))
        column.addWidget(self.verdict)
        column.addWidget(self.simulated)
        column.addWidget(self.problem)
        verdicts = QHBoxLayout()
        for action in ("quality.accept", "quality.reject"):
            verdicts.addWidget(self._button(action))
        column.addLayout(verdicts)
        column.addWidget(self._button("quality.retake"))
        column.addSpacing(8)
        column.addWidget(HeadLine(self.tr("Checks"), 1.15))
        column.addWidget(self.no_checks)
        column.addWidget(self.sentence)
        column.addWidget(self.table)
        self.stops.append(self.table)
        column.addSpacing(8)
        column.addWidget(self.suggestions)
        self.stops += self.suggestions.stops
        column.addWidget(HeadLine(self.tr("Capture"), 1.15))
        column.addLayout(self._facts)
        column.addStretch(1)
        self.setWidget(content)

    def _show_suggestions(self) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(min(bar.maximum(), self.suggestions.y()))

    def minimumSizeHint(self) -> QSize:
        """Wide enough for the longest button: a column cannot be moved sideways."""
        bar = self.verticalScrollBar().sizeHint().width()
        content: QWidget | None = self.widget()
        width = (content.minimumSizeHint().width() if content else 0) + bar + 2 * self.frameWidth()
        return QSize(max(LEAST_WIDTH, width), super().minimumSizeHint().height())

    def _button(self, action: str) -> QToolButton:
        button = decision_button(self._workplace, action)
        self.stops.append(button)
        return button

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.checks)
        table.setAccessibleName(self.tr("Checks of the page"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(32)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        table.selectionModel().currentRowChanged.connect(
            lambda index: self.sentence.setText(self.checks.sentence(index.row()))
        )
        return table

    def show_page(self, review: Review | None, page: ReviewPage | None) -> None:
        """Show what is known of a page, and of its item."""
        self.held.setVisible(bool(review and review.held))
        self.held_reason.setText(message_words(review.held) if review is not None else "")
        device = page.facts.get("device") if page is not None else None
        self.simulated.setVisible(bool(device and device["simulated"]))
        self._show_verdict(review, page)
        self._show_checks(review, page)
        self.suggestions.show_page()
        while self._facts.rowCount():
            self._facts.removeRow(0)
        for name, value in self._facts_of(page):
            label = _text(value)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._facts.addRow(name, label)

    def _show_verdict(self, review: Review | None, page: ReviewPage | None) -> None:
        self.problem.setText(page.problem if page is not None else "")
        self.problem.setVisible(bool(page and page.problem))
        if page is None or review is None:
            self.verdict.show_state(self.tr("No page in view"), Role.WAITING)
        elif page.kind == "missing":
            self.verdict.show_state(self.tr("Missing"), Role.HELD, "missing")
        elif page.verdict == "accepted":
            self.verdict.show_state(self.tr("Accepted"), Role.DONE, "accept")
        elif page.verdict == "rejected":
            words = self.tr("Rejected: {reason}").format(reason=reason_word(page.reason))
            self.verdict.show_state(words if page.reason else self.tr("Rejected"), Role.TROUBLE, "reject")
        elif review.needs_a_look(page):
            self.verdict.show_state(self.tr("Needs a look"), Role.HELD, "quality")
        else:
            self.verdict.show_state(self.tr("No objection"), Role.WAITING, "page")

    def _show_checks(self, review: Review | None, page: ReviewPage | None) -> None:
        checks = page.checks if page is not None else ()
        self.checks.show_checks(checks)
        rows = self.checks.rowCount()
        self.table.setVisible(rows > 0)
        self.sentence.setVisible(rows > 0)
        self.no_checks.setVisible(page is not None and rows == 0)
        at_desk = review is not None and review.at_desk
        self.no_checks.setText(
            self.tr("The checks run when the item is marked done. Look at the page itself.")
            if at_desk
            else self.tr("This page has not been checked yet.")
        )
        if rows:
            header = self.table.horizontalHeader().sizeHint().height()
            self.table.setFixedHeight(header + rows * self.table.verticalHeader().defaultSectionSize() + 4)
            self.table.selectRow(0)

    def _facts_of(self, page: ReviewPage | None) -> list[tuple[str, str]]:
        if page is None:
            return []
        facts: list[tuple[str, str]] = [(self.tr("File"), page.name), (self.tr("Label"), page.label)]
        return [fact for fact in facts + self._pixel_facts(page.facts) if fact[1]]

    def _pixel_facts(self, facts: Mapping[str, Any]) -> list[tuple[str, str]]:
        if not facts:
            return []
        locale = QLocale()
        horizontal, vertical = facts["dpi"]
        dpi = (
            f"{horizontal:g}"
            if horizontal == vertical
            else f"{horizontal:g} \N{MULTIPLICATION SIGN} {vertical:g}"
        )
        device = facts["device"]
        depth = self.tr("{bits} bit").format(bits=facts["bits_per_sample"])
        if facts["samples_per_pixel"] > 1:
            depth = f"{facts['samples_per_pixel']} \N{MULTIPLICATION SIGN} {depth}"
        size = (locale.toString(int(facts[side])) for side in ("width", "height"))
        return [
            (self.tr("Pixels"), " \N{MULTIPLICATION SIGN} ".join(size)),
            (self.tr("Resolution"), f"{dpi} dpi"),
            (self.tr("Depth"), depth),
            (self.tr("Scanner"), f"{device['vendor']} {device['model']}".strip() or device["id"]),
        ]


def _text(text: str = "") -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
