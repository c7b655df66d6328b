# SPDX-License-Identifier: Apache-2.0
"""The cheat sheet: every key of this screen and of all screens, made from the actions."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.desktop.actions.book import ActionBook
from app.desktop.actions.record import GENERAL, ActionRecord
from app.desktop.actions.titles import key_text, section_title
from app.desktop.widgets.head_line import HeadLine

SIZE = QSize(980, 640)


def keys_by_section(book: ActionBook) -> dict[str, list[ActionRecord]]:
    """The actions that have a key, by section: the current screen's first, then the general ones."""
    sections = {record.section: None for record in book.records}
    order = sorted(sections, key=lambda section: (section != book.section, section != GENERAL))
    return {
        section: [r for r in book.records if r.section == section and key_text(book, r.id)]
        for section in order
    }


class CheatSheet(QDialog):
    """All keys, in columns.

    Args:
        book: All actions.
        parent: The window above which it opens.
    """

    def __init__(self, book: ActionBook, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        inner = QWidget()
        columns = QHBoxLayout(inner)
        columns.setSpacing(40)
        sides = [QVBoxLayout(), QVBoxLayout()]
        for side in sides:
            side.setSpacing(8)
            columns.addLayout(side, 1)
        lengths = [0, 0]
        for section, records in keys_by_section(book).items():
            if not records:
                continue
            shorter = lengths.index(min(lengths))
            lengths[shorter] += len(records) + 3
            sides[shorter].addWidget(HeadLine(section_title(section), 1.2))
            sides[shorter].addLayout(_rows(book, records))
            sides[shorter].addSpacing(16)
        for side in sides:
            side.addStretch(1)
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setAccessibleName(self.tr("Keys"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(area, 1)
        column.addWidget(buttons)
        self.resize(SIZE)


def _rows(book: ActionBook, records: list[ActionRecord]) -> QGridLayout:
    grid = QGridLayout()
    grid.setVerticalSpacing(6)
    grid.setHorizontalSpacing(16)
    grid.setColumnStretch(1, 1)
    for row, (title, keys) in enumerate(keys_by_title(book, records).items()):
        shown = QLabel(keys[0] if len(keys) == 1 else f"{keys[0]} … {keys[-1]}")
        font = shown.font()
        font.setBold(True)
        shown.setFont(font)
        grid.addWidget(shown, row, 0, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(QLabel(title), row, 1)
    return grid


def keys_by_title(book: ActionBook, records: list[ActionRecord]) -> dict[str, list[str]]:
    """The keys of each title: those that do the same with different things stand in one line."""
    found: dict[str, list[str]] = {}
    for record in records:
        found.setdefault(book.action(record.id).text(), []).append(key_text(book, record.id))
    return found
