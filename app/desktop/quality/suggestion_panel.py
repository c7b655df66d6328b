# SPDX-License-Identifier: Apache-2.0
"""Below the checks of a page: what programs suggest about it and its item, to be accepted or refused one by one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.desktop.quality.decision_button import decision_button
from app.desktop.quality.suggesting import Suggesting
from app.desktop.quality.suggestion_model import SuggestionModel
from app.desktop.quality.suggestion_words import STATUSES, confidence_words, word
from app.desktop.widgets.head_line import HeadLine
from app.desktop.workplace import Workplace
from archive.registry.suggestions import ACCEPTED, REFUSED, SUGGESTED, KnownSuggestion

ROW_HEIGHT = 28
MOST_ROWS = 8
"""Rows that are shown at once; of more the table is moved."""


class SuggestionPanel(QWidget):
    """One suggestion is marked; keys and buttons decide over that one, and mark the next that is open.

    Args:
        workplace: What the screens share.
    """

    to_be_seen = Signal()
    """A key was pressed that is about suggestions, and nobody sees them: they are to be brought into view."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self._suggesting: Suggesting | None = None
        self.model = SuggestionModel(workplace.theme, self)
        self.table = self._make_table()
        self.source = QLabel()
        self.source.setWordWrap(True)
        self.source.setTextFormat(Qt.TextFormat.PlainText)
        self.source.setAccessibleName(self.tr("Who suggests this"))
        self.stops: list[QWidget] = [self.table]
        """What the Tab key stops at, from the top."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(HeadLine(self.tr("Suggestions"), 1.15))
        column.addWidget(self.table)
        column.addWidget(self.source)
        row = QHBoxLayout()
        for action in ("quality.accept_suggestion", "quality.refuse_suggestion"):
            row.addWidget(self._button(action))
        column.addLayout(row)
        self.hide()

    def bind(self, suggesting: Suggesting) -> None:
        """Show what is suggested, and let the actions decide over it."""
        self._suggesting = suggesting
        suggesting.changed.connect(self.show_page)
        actions = self._workplace.actions

        def bind(name: str, status: str) -> None:
            def stands_otherwise() -> bool:
                marked = self.marked
                return marked is not None and marked.status != status

            actions.bind(f"quality.{name}_suggestion", lambda: self._decide(status), when=stands_otherwise)

        for name, status in (("accept", ACCEPTED), ("refuse", REFUSED), ("reopen", SUGGESTED)):
            bind(name, status)
        actions.bind(
            "quality.next_suggestion", self._mark_next, when=lambda: self.model.next_open(self._row) >= 0
        )

    def show_page(self) -> None:
        """Show what is suggested about the page in view."""
        if self._suggesting is None:
            return
        marked = self._row
        self.model.show_suggestions(self._suggesting.of_page())
        rows = self.model.rowCount()
        self.setVisible(rows > 0)
        if rows and (self._row < 0 or marked < 0):
            self._mark(max(self.model.next_open(-1), 0))
        header = self.table.horizontalHeader().sizeHint().height()
        self.table.setFixedHeight(header + min(rows, MOST_ROWS) * ROW_HEIGHT + 4)
        self._tell()

    @property
    def marked(self) -> KnownSuggestion | None:
        """The suggestion that keys and buttons decide over."""
        return self.model.suggestions[self._row] if 0 <= self._row < self.model.rowCount() else None

    @property
    def _row(self) -> int:
        return self.table.currentIndex().row()

    def _mark(self, row: int) -> None:
        self.table.selectRow(row)

    def _mark_next(self) -> None:
        if self._is_seen():
            self._mark(self.model.next_open(self._row))
        else:
            self.to_be_seen.emit()

    def _is_seen(self) -> bool:
        marked = self.table.visualRect(self.table.currentIndex())
        return self.table.viewport().visibleRegion().contains(marked.center())

    def _decide(self, status: str) -> None:
        marked = self.marked
        if marked is None or self._suggesting is None:
            return
        if self._is_seen():
            self._suggesting.decide(marked, status)
            if status != SUGGESTED:
                # the glance goes on at once; the registry follows
                following = self.model.next_open(self._row)
                self._mark(following if following >= 0 else self._row)
        else:
            # nobody decides over what they do not see: the next press does
            self.table.scrollTo(self.table.currentIndex())
            self.to_be_seen.emit()

    def _tell(self) -> None:
        marked = self.marked
        if marked is None:
            self.source.setText("")
        else:
            about = self.tr("Of page {page}") if marked.page else self.tr("Of the whole item")
            text = self.tr("{about}, suggested by {source} {version}, {sure} sure. {status}.")
            self.source.setText(
                text.format(
                    about=about.format(page=marked.page),
                    source=marked.source,
                    version=marked.version,
                    sure=confidence_words(marked.confidence),
                    status=word(STATUSES[marked.status][0]),
                )
            )
        self._workplace.actions.refresh()

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName(self.tr("Suggestions about the page and its item"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        table.selectionModel().currentRowChanged.connect(lambda *_: self._tell())
        return table

    def _button(self, action: str) -> QToolButton:
        button = decision_button(self._workplace, action)
        self.stops.append(button)
        return button
