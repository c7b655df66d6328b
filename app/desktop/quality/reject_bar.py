# SPDX-License-Identifier: Apache-2.0
"""The bar that asks why a page is rejected: one key a reason, and the page stays in view beside it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from app.desktop.board.flow_layout import FlowLayout
from app.desktop.quality.words import REASONS, word
from app.desktop.theme.theme import Theme
from app.desktop.widgets.card import Card


class RejectBar(Card):
    """Takes the keyboard while it is shown; Esc puts it away and decides nothing.

    Args:
        theme: Colours.
    """

    chosen = Signal(str)
    """Why the page is rejected, as it is kept."""
    put_away = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.setAccessibleName(self.tr("Why is this page rejected?"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        line = QWidget()
        row = FlowLayout(line)
        why = QLabel(self.tr("Why?"))
        why.setMinimumHeight(36)
        row.addWidget(why)
        for key, (reason, text) in REASONS.items():
            row.addWidget(self._button(f"{word(text)}  {key}", reason))
        row.addWidget(self._button(self.tr("Cancel  Esc"), ""))
        self.column.setContentsMargins(12, 6, 12, 6)
        self.column.addWidget(line)
        self.hide()

    def _button(self, text: str, reason: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setMinimumHeight(36)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(partial(self._choose, reason))
        return button

    def ask(self) -> None:
        """Show the reasons, and listen for their keys."""
        self.show()
        self.setFocus()

    def _choose(self, reason: str) -> None:
        self.hide()
        if reason:
            self.chosen.emit(reason)
        self.put_away.emit()

    def event(self, event: QEvent) -> bool:
        """While the reasons are shown their keys mean reasons, whatever they mean otherwise."""
        overrides = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if overrides and self._reason(event) is not None:  # type: ignore[arg-type]
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose a reason by its key."""
        reason = self._reason(event)
        if reason is None:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self._choose(reason)

    def _reason(self, event: QKeyEvent) -> str | None:
        if event.key() == Qt.Key.Key_Escape:
            return ""
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return None
        known = REASONS.get(QKeySequence(event.key()).toString())
        return known[0] if known is not None else None

    def focusOutEvent(self, event: QEvent) -> None:
        """Elsewhere, the keys mean what they mean there."""
        super().focusOutEvent(event)  # type: ignore[arg-type]
        focused: QWidget | None = self.window().focusWidget()
        if self.isVisible() and focused is not None and not self.isAncestorOf(focused):
            self.hide()
            self.put_away.emit()
