# SPDX-License-Identifier: Apache-2.0
"""The count at the end of a feeder run: "Expected 120, got 118", and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from app.desktop.widgets.card import Card
from app.desktop.widgets.head_line import HeadLine
from app.desktop.widgets.state_chip import StateChip


class FeederCount(QWidget):
    """Stands above the page when a feeder gave other than what was expected; nothing is decided by itself.

    Args:
        theme: Colours and icons.
    """

    scan_more = Signal()
    mark_missing = Signal(int)
    """So many pages are missing in the original."""
    accepted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._short = 0
        card = Card(theme)
        self._sign = StateChip(theme, self.tr("Count"), Role.HELD, "trouble")
        self._sign.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._head = HeadLine("", 1.3)
        self._words = QLabel()
        self._words.setWordWrap(True)
        self.more = QPushButton(self.tr("Scan the rest"))
        self.missing = QPushButton()
        self.accept = QPushButton(self.tr("The count is right"))
        self.more.clicked.connect(self._more)
        self.missing.clicked.connect(self._missing)
        self.accept.clicked.connect(self._accept)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.more, self.missing, self.accept):
            button.setMinimumHeight(32)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)
        row.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self._sign)
        top.addWidget(self._head, 1)
        card.column.addLayout(top)
        card.column.addWidget(self._words)
        card.column.addLayout(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.addWidget(card)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    @property
    def headline(self) -> str:
        """What is said first."""
        return self._head.text()

    def show_count(self, expected: int, got: int) -> None:
        """Say that another number of pages is there than was expected; hides itself where they are equal."""
        self._short = expected - got
        number = QLocale().toString
        self._head.setText(
            self.tr("Expected {expected}, got {got}").format(expected=number(expected), got=number(got))
        )
        if self._short > 0:
            self._words.setText(
                self.tr(
                    "Look for sheets that stayed behind or went in together. All pages that came are kept."
                )
            )
            self.missing.setText(self.tr("Mark %n page(s) as missing", "", self._short))
        else:
            self._words.setText(
                self.tr("More pages came than the list announces. Discard what does not belong here.")
            )
        self.more.setVisible(self._short > 0)
        self.missing.setVisible(self._short > 0)
        self.setVisible(self._short != 0)

    def _more(self) -> None:
        self.hide()
        self.scan_more.emit()

    def _missing(self) -> None:
        self.hide()
        self.mark_missing.emit(self._short)

    def _accept(self) -> None:
        self.hide()
        self.accepted.emit()
