# SPDX-License-Identifier: Apache-2.0
"""The command palette: any action by some of its letters, with its key, done by Enter."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QListView, QVBoxLayout, QWidget

from app.desktop.actions.book import ActionBook
from app.desktop.actions.fuzzy import score
from app.desktop.actions.palette_row import KEY, SECTION, PaletteRow
from app.desktop.actions.record import GENERAL, ActionRecord
from app.desktop.actions.titles import key_text, section_title
from app.desktop.workplace import Workplace

AnyIndex = QModelIndex | QPersistentModelIndex

SIZE = QSize(640, 460)


class PaletteModel(QAbstractListModel):
    """Actions that answer what was typed, the best first.

    Args:
        book: All actions.
        parent: Owner.
    """

    def __init__(self, book: ActionBook, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._book = book
        self._found: list[ActionRecord] = []
        self.search("")

    def search(self, wanted: str) -> None:
        """Show what answers these letters."""
        self.beginResetModel()
        ranked = []
        for place, record in enumerate(self._book.records):
            if not self._can_be_done(record):
                continue
            title = self._book.action(record.id).text()
            best = score(wanted, title)
            in_section = score(wanted, f"{section_title(record.section)} {title}")
            if best is None and in_section is None:
                continue
            points = max(best if best is not None else -1000, (in_section or -1000) - 1)
            ranked.append((-points if wanted.strip() else 0, place, record))
        self._found = [record for _, _, record in sorted(ranked, key=lambda entry: entry[:2])]
        self.endResetModel()

    def _can_be_done(self, record: ActionRecord) -> bool:
        """Whether it can be done now, or perhaps on its own screen."""
        elsewhere = record.section not in {GENERAL, self._book.section}
        return record.id != "general.palette" and (elsewhere or self._book.action(record.id).isEnabled())

    def record(self, index: AnyIndex) -> ActionRecord:
        """The action of a row."""
        return self._found[index.row()]

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        """How many actions answer."""
        return 0 if parent.isValid() else len(self._found)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Title, section and key of a row."""
        if not index.isValid():
            return None
        action_id = self._found[index.row()].id
        action = self._book.action(action_id)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return action.text()
            case Qt.ItemDataRole.DecorationRole:
                return action.icon()
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{action.text()} {key_text(self._book, action_id)}"
        if role == KEY:
            return key_text(self._book, action_id)
        section = self._found[index.row()].section
        return section_title(section) if role == SECTION and section != GENERAL else None


class Palette(QDialog):
    """Find an action and do it.

    Args:
        workplace: What the screens share.
        parent: The window above which it opens.
    """

    def __init__(self, workplace: Workplace, parent: QWidget) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self.setWindowTitle(self.tr("Find an action"))
        self.model = PaletteModel(workplace.actions, self)
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("What do you want to do?"))
        self.field.setAccessibleName(self.tr("Letters of an action"))
        self.field.setMinimumHeight(40)
        self.field.setClearButtonEnabled(False)
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(PaletteRow(self.view))
        self.view.setUniformItemSizes(True)
        self.view.setAccessibleName(self.tr("Actions"))
        self._nothing = QLabel(self.tr("No action has these letters."))
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setMinimumHeight(60)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(self.field)
        column.addWidget(self._nothing)
        column.addWidget(self.view, 1)
        column.addStretch()
        self.field.textChanged.connect(self._search)
        self.field.returnPressed.connect(self.run_chosen)
        self.view.activated.connect(self.run_chosen)
        self.view.clicked.connect(self.run_chosen)
        self.field.installEventFilter(self)
        self.resize(SIZE)
        self._search("")

    def _search(self, wanted: str) -> None:
        self.model.search(wanted)
        found = self.model.rowCount() > 0
        self.view.setVisible(found)
        self._nothing.setVisible(not found)
        if found:
            self.view.setCurrentIndex(self.model.index(0))

    def run_chosen(self) -> None:
        """Do the action of the current row, on its own screen where it belongs to another one."""
        index = self.view.currentIndex()
        if not index.isValid():
            return
        record = self.model.record(index)
        self.accept()
        if record.section not in {GENERAL, self._workplace.actions.section}:
            self._workplace.go_to(record.section)
        action = self._workplace.actions.action(record.id)
        if action.isEnabled():
            action.trigger()
        else:
            self._workplace.say(self.tr("“{title}” cannot be done now.").format(title=action.text()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys walk the list while letters go into the field."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
            step = steps.get(Qt.Key(event.key()))
            if step is not None:
                self._walk(step)
                return True
        return super().eventFilter(watched, event)

    def _walk(self, step: int) -> None:
        last = self.model.rowCount() - 1
        row = min(max(self.view.currentIndex().row() + step, 0), last)
        if row >= 0:
            self.view.setCurrentIndex(self.model.index(row))

    def showEvent(self, event: QShowEvent) -> None:
        """Open over the upper part of the window, ready for letters."""
        super().showEvent(event)
        window = self.parentWidget()
        if window is not None:
            corner = window.mapToGlobal(window.rect().center())
            self.move(corner.x() - self.width() // 2, window.mapToGlobal(window.rect().topLeft()).y() + 90)
        self.field.setFocus()
