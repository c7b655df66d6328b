# SPDX-License-Identifier: Apache-2.0
"""Names and values below a title: what is known of a page, or of an item."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from app.desktop.capture.facts import Fact
from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from app.desktop.widgets.head_line import HeadLine


class FactSheet(QWidget):
    """A title, and facts below it; labels are kept from page to page, so that nothing flickers.

    Args:
        theme: Colours.
        title: The title, translated.
        empty: What is said while there is nothing to tell, translated.
    """

    def __init__(self, theme: Theme, title: str, empty: str) -> None:
        super().__init__()
        self._theme = theme
        self._empty = QLabel(empty)
        self._empty.setWordWrap(True)
        self._rows: list[tuple[QLabel, QLabel]] = []
        self._grid = QGridLayout()
        self._grid.setColumnStretch(1, 1)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(HeadLine(title, 1.15))
        column.addWidget(self._empty)
        column.addLayout(self._grid)
        theme.changed.connect(self._paint)

    @property
    def facts(self) -> list[Fact]:
        """What is shown now."""
        return [(name.text(), value.text()) for name, value in self._rows if not name.isHidden()]

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show these facts."""
        while len(self._rows) < len(facts):
            self._add_row()
        for row, (name, value) in enumerate(self._rows):
            here = row < len(facts)
            name.setVisible(here)
            value.setVisible(here)
            if here:
                name.setText(facts[row][0])
                value.setText(facts[row][1])
        self._empty.setVisible(not facts)

    def _add_row(self) -> None:
        name, value = QLabel(), QLabel()
        for label in (name, value):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        row = len(self._rows)
        self._grid.addWidget(name, row, 0)
        self._grid.addWidget(value, row, 1)
        self._rows.append((name, value))
        self._paint()

    def _paint(self) -> None:
        for name, _value in self._rows:
            palette = name.palette()
            palette.setColor(QPalette.ColorRole.WindowText, self._theme.color(Role.MUTED))
            name.setPalette(palette)
