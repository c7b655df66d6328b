# SPDX-License-Identifier: Apache-2.0
"""Keys of one's own: every action with its key, another one for it, and the name of whatever has that key already."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
)

from app.desktop.preferences.block import Block, Note, make_high_enough
from app.desktop.preferences.choices import PersonalChoices
from app.desktop.preferences.key_conflicts import action_with_key
from app.desktop.preferences.key_model import ACTION, KEY, SCREEN, KeyModel
from app.desktop.theme.roles import Role
from app.desktop.workplace import Workplace


class KeysBlock(Block):
    """The keys of all actions.

    Args:
        workplace: Actions and theme.
    """

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace.theme)
        self._workplace = workplace
        self._choices = PersonalChoices.of(workplace)
        self.model = KeyModel(workplace.actions, self)
        self.table = QTableView()
        self.table.setModel(self.model)
        self._dress_table()
        self.chosen = QLabel()
        self.entry = QKeySequenceEdit()
        self.entry.setMaximumSequenceLength(1)
        self.entry.setClearButtonEnabled(True)
        self.entry.setAccessibleName(self.tr("New key"))
        for line in self.entry.findChildren(QLineEdit):
            line.setAccessibleName(self.tr("New key"))
        self.use = QPushButton(self.tr("Use this key"))
        self.without = QPushButton(self.tr("No key"))
        self.ordinary = QPushButton(self.tr("Ordinary key"))
        self.all_ordinary = QPushButton(self.tr("All keys as they were"))
        self.problem = Note(workplace.theme, "", Role.HELD)
        self._arrange()
        self.entry.installEventFilter(self)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_chosen())
        self.model.modelReset.connect(self._show_chosen)
        self.entry.keySequenceChanged.connect(self._look)
        self.use.clicked.connect(self.take)
        self.without.clicked.connect(lambda: self._set(""))
        self.ordinary.clicked.connect(lambda: self._set(None))
        self.all_ordinary.clicked.connect(self._reset_all)
        self._show_chosen()

    def _dress_table(self) -> None:
        self.table.setAccessibleName(self.tr("Actions and their keys"))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(32)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(SCREEN, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(ACTION, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(KEY, QHeaderView.ResizeMode.ResizeToContents)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.setMinimumHeight(32 * 9)

    def _arrange(self) -> None:
        self.column.addWidget(self.table)
        self.column.addWidget(self.chosen)
        row = QHBoxLayout()
        row.addWidget(self.entry, 1)
        for button in (self.use, self.without, self.ordinary):
            row.addWidget(button)
        make_high_enough(self.entry, self.use, self.without, self.ordinary, self.all_ordinary)
        self.column.addLayout(row)
        self.column.addWidget(self.problem)
        self.column.addWidget(self.all_ordinary, alignment=Qt.AlignmentFlag.AlignRight)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let a key that is entered mean nothing else meanwhile."""
        if watched is self.entry and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().eventFilter(watched, event)

    @property
    def action_id(self) -> str:
        """The action that is chosen; "" for none."""
        row = self.table.currentIndex().row()
        return self.model.records[row].id if 0 <= row < len(self.model.records) else ""

    def choose(self, action_id: str) -> None:
        """Choose an action."""
        self.table.selectRow(self.model.row_of(action_id))

    def _show_chosen(self) -> None:
        action_id = self.action_id
        self.entry.blockSignals(True)
        self.entry.clear()
        self.entry.blockSignals(False)
        self.problem.hide()
        for control in (self.entry, self.without, self.ordinary):
            control.setEnabled(bool(action_id))
        self.use.setEnabled(False)
        self.all_ordinary.setVisible(bool(self._choices.personal.keys))
        if not action_id:
            self.chosen.setText(self.tr("Choose an action, then press the key it is to have."))
            return
        self.ordinary.setEnabled(self.model.is_changed(action_id))
        title = self._workplace.actions.action(action_id).text()
        self.chosen.setText(self.tr("New key for “{action}”:").format(action=title))

    def _look(self) -> None:
        """Say at once whether the key is free."""
        key = self._entered()
        holder = action_with_key(self._workplace.actions, self.action_id, key)
        self.use.setEnabled(bool(key))
        self.use.setText(self.tr("Use this key"))
        self.problem.setVisible(holder is not None)
        if holder is not None:
            title = self._workplace.actions.action(holder).text()
            self.problem.setText(
                self.tr("“{action}” has this key. If you use it here, “{action}” has none.").format(
                    action=title
                )
            )
            self.use.setText(self.tr("Use it here"))

    def _entered(self) -> str:
        return self.entry.keySequence().toString(QKeySequence.SequenceFormat.PortableText)

    def take(self) -> None:
        """Give the action the key that was entered; whatever had it has none then."""
        key = self._entered()
        holder = action_with_key(self._workplace.actions, self.action_id, key)
        if holder is not None:
            self._choices.set_key(holder, "")
        self._set(key)

    def _set(self, key: str | None) -> None:
        self._choices.set_key(self.action_id, key)
        self.use.setText(self.tr("Use this key"))
        self._show_chosen()

    def _reset_all(self) -> None:
        for action_id in list(self._choices.personal.keys):
            self._choices.set_key(action_id, None)
        self._show_chosen()

    def show_found(self, words: Sequence[str]) -> bool:
        """Show the actions that have all the words."""
        found = self.model.show_found(words) > 0
        self.setVisible(found)
        return found
