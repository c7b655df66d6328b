# SPDX-License-Identifier: Apache-2.0
"""What every step of the first run is: a name, a sentence, and something to choose."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desktop.preferences.block import Note
from app.desktop.widgets.head_line import HeadLine
from app.desktop.workplace import Workplace


class Step(QWidget):
    """A step.

    Args:
        workplace: What the step needs.
        title: Its name, translated.
        text: What is chosen in it and why, translated.
    """

    def __init__(self, workplace: Workplace, title: str, text: str) -> None:
        super().__init__()
        self.workplace = workplace
        self.title = title
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)
        self.column.addWidget(HeadLine(title))
        self.column.addWidget(Note(workplace.theme, text))

    def entered(self) -> None:
        """The step is shown now."""

    def apply(self, then: Callable[[], None]) -> None:
        """Do what was chosen.

        Args:
            then: Called when it is done; not at all where it was refused, which the step then tells.
        """
        then()
