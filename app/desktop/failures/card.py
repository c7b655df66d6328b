# SPDX-License-Identifier: Apache-2.0
"""One failure as the operator sees it: what happened, what it means, what to do, one button, folded details."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.desktop.failure_notice import FailureNotice
from app.desktop.failures.explanation import Explanation, explain
from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from app.desktop.widgets.card import Card
from app.desktop.widgets.head_line import HeadLine

ICON = QSize(28, 28)
ROWS_OF_DETAILS = 7


class FailureCard(Card):
    """A failure that stays until it is resolved or put away.

    Args:
        notice: The failure.
        theme: Colours and icons.
        go_to: Leads to the screen where the failure can be mended.
    """

    put_away = Signal()

    def __init__(self, notice: FailureNotice, theme: Theme, go_to: Callable[[str], None]) -> None:
        super().__init__(theme)
        self.notice = notice
        self.explanation = explain(notice.failure)
        self._go_to = go_to
        self._picture = QLabel()
        self._details = self._make_details(self.explanation)
        self._details.hide()
        self.column.setContentsMargins(16, 10, 12, 10)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(self._picture, alignment=Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._make_words(self.explanation), 1)
        row.addLayout(self._make_buttons(self.explanation))
        self.column.addLayout(row)
        self.column.addWidget(self._details)
        self.setAccessibleName(self.explanation.headline)
        self.setAccessibleDescription(f"{self.explanation.consequence} {self.explanation.remedy}")
        theme.changed.connect(self._paint_icons)
        self._paint_icons()

    def _make_words(self, explanation: Explanation) -> QVBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(3)
        headline = HeadLine(explanation.headline, 1.15)
        headline.setWordWrap(True)
        words.addWidget(headline)
        if explanation.about:
            about = _label(explanation.about)
            about.setForegroundRole(about.palette().ColorRole.PlaceholderText)
            words.addWidget(about)
        words.addWidget(_label(f"{explanation.consequence} {explanation.remedy}"))
        words.addStretch(1)
        return words

    def _make_buttons(self, explanation: Explanation) -> QHBoxLayout:
        buttons = QHBoxLayout()
        buttons.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.fold = QToolButton()
        self.fold.setText(self.tr("Details"))
        self.fold.setCheckable(True)
        self.fold.setAutoRaise(True)
        self.fold.setMinimumHeight(34)
        self.fold.toggled.connect(self._details.setVisible)
        buttons.addWidget(self.fold)
        self.button = QPushButton(self._button_title(explanation))
        self.button.setMinimumHeight(34)
        self.button.clicked.connect(self._act)
        buttons.addWidget(self.button)
        self._close = close = QToolButton()
        close.setAutoRaise(True)
        close.setMinimumSize(34, 34)
        close.setAccessibleName(self.tr("Put this message away"))
        close.setToolTip(self.tr("Put this message away"))
        close.clicked.connect(self.put_away)
        buttons.addWidget(close)
        return buttons

    def _button_title(self, explanation: Explanation) -> str:
        if self.notice.remedy is None:
            return explanation.go_there
        return self.notice.remedy_title or explanation.button

    def _make_details(self, explanation: Explanation) -> QWidget:
        fold = QFrame()
        row = QHBoxLayout(fold)
        row.setContentsMargins(ICON.width() + 14, 0, 0, 4)
        text = QPlainTextEdit(explanation.details)
        text.setReadOnly(True)
        text.setTabChangesFocus(True)
        text.setAccessibleName(self.tr("Details"))
        text.setFixedHeight(text.fontMetrics().lineSpacing() * ROWS_OF_DETAILS)
        copy = QPushButton(self.tr("Copy"))
        copy.setMinimumHeight(34)
        copy.clicked.connect(self.copy_details)
        row.addWidget(text, 1)
        row.addWidget(copy, alignment=Qt.AlignmentFlag.AlignTop)
        return fold

    def copy_details(self) -> None:
        """Put everything that is known about the failure on the clipboard."""
        QGuiApplication.clipboard().setText(f"{self.explanation.headline}\n{self.explanation.details}")

    def _act(self) -> None:
        if self.notice.remedy is None:
            self._go_to(self.explanation.screen)
        else:
            self.notice.remedy()

    def _paint_icons(self) -> None:
        self._close.setIcon(self._theme.icon("close"))
        icon = self._theme.icon("trouble", Role.TROUBLE)
        self._picture.setPixmap(icon.pixmap(ICON, self.devicePixelRatio()))


def _label(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
