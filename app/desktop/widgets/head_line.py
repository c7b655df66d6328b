# SPDX-License-Identifier: Apache-2.0
"""Titles, in sizes that follow the font the operator chose."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QLabel


class HeadLine(QLabel):
    """A title.

    Args:
        text: The title, translated.
        scale: How much larger than ordinary text.
    """

    def __init__(self, text: str = "", scale: float = 1.5) -> None:
        super().__init__(text)
        # titles of items are somebody's words, whatever they look like
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._scale = scale
        self._enlarge()

    def _enlarge(self) -> None:
        font = QApplication.font()
        font.setPointSizeF(font.pointSizeF() * self._scale)
        font.setBold(True)
        self.setFont(font)

    def event(self, event: QEvent) -> bool:
        """Follow the application's font, which large type changes."""
        if event.type() == QEvent.Type.ApplicationFontChange:
            self._enlarge()
        return super().event(event)
