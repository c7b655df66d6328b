# SPDX-License-Identifier: Apache-2.0
"""What stands where nothing is yet: what belongs here, and the one next action."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.desktop.widgets.head_line import HeadLine


class EmptyPlace(QWidget):
    """A title, a sentence, and a button for the one next action.

    Args:
        title: What belongs here, translated.
        text: A sentence about it, translated.
        action: The next action.
    """

    def __init__(self, title: str, text: str, action: QAction | None = None) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.addStretch(2)
        head = HeadLine(title)
        sentence = QLabel(text)
        for label in (head, sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            column.addWidget(label)
        if action is not None:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            button.setMinimumHeight(40)
            column.addSpacing(12)
            column.addWidget(button, alignment=Qt.AlignmentFlag.AlignCenter)
        column.addStretch(3)
