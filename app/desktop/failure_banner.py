# SPDX-License-Identifier: Apache-2.0
"""Failures above the screen: what happened, what it means, what to do, and one button."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.desktop.failure_notice import FailureNotice
from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from app.desktop.widgets.card import Card


class FailureBanner(QWidget):
    """One card for each failure that is not resolved; the newest on top.

    Args:
        theme: Colours and icons.
    """

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._cards: dict[str, Card] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    @property
    def keys(self) -> tuple[str, ...]:
        """What the failures shown are about."""
        return tuple(self._cards)

    def show_notice(self, notice: FailureNotice) -> None:
        """Show a failure, in the place of an earlier one about the same thing."""
        self.resolve(notice.key)
        card = self._card(notice)
        self._cards[notice.key] = card
        self._column.insertWidget(0, card)
        self.show()
        self.changed.emit()

    def resolve(self, key: str) -> None:
        """Take away what is shown about this."""
        card = self._cards.pop(key, None)
        if card is not None:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.setVisible(bool(self._cards))
        self.changed.emit()

    def _card(self, notice: FailureNotice) -> Card:
        card = Card(self._theme)
        row = QHBoxLayout()
        card.column.addLayout(row)
        picture = QLabel()
        picture.setPixmap(
            self._theme.icon("trouble", Role.TROUBLE).pixmap(QSize(24, 24), self.devicePixelRatio())
        )
        row.addWidget(picture, alignment=Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        row.addLayout(words, 1)
        for part in ("message", "consequence", "remedy"):
            label = QLabel(str(notice.failure[part]))
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            words.addWidget(label)
        if notice.remedy is not None:
            button = QPushButton(notice.remedy_title)
            button.clicked.connect(notice.remedy)
            row.addWidget(button, alignment=Qt.AlignmentFlag.AlignTop)
        close = QToolButton()
        close.setIcon(self._theme.icon("close"))
        close.setAccessibleName(self.tr("Put this message away"))
        close.clicked.connect(partial(self.resolve, notice.key))
        row.addWidget(close, alignment=Qt.AlignmentFlag.AlignTop)
        return card
