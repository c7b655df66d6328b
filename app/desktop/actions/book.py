# SPDX-License-Identifier: Apache-2.0
"""All actions of the desktop, with the keys that lead to them and what they do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence

from app.desktop.actions.record import GENERAL, ActionRecord


class ActionBook(QObject):
    """Knows every action, also those of screens that were not opened yet.

    Args:
        records: The actions.
        keys: Keys that the operator chose instead, by action id.
        parent: Owner.
    """

    keys_changed = Signal()

    def __init__(
        self,
        records: Iterable[ActionRecord],
        keys: Mapping[str, str] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.records = tuple(records)
        self._by_id = {record.id: record for record in self.records}
        if len(self._by_id) != len(self.records):
            raise ValueError("Two actions have one id")
        self._section = ""
        self._when: dict[str, Callable[[], bool]] = {}
        self._actions = {
            record.id: self._make(record, (keys or {}).get(record.id)) for record in self.records
        }

    def _make(self, record: ActionRecord, key: str | None) -> QAction:
        action = QAction(QCoreApplication.translate(record.context, record.title), self)
        action.setObjectName(record.id)
        sequence = QKeySequence(record.key if key is None else key, QKeySequence.SequenceFormat.PortableText)
        action.setShortcut(sequence)
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setAutoRepeat(record.repeats)
        # nothing is bound to it yet
        action.setEnabled(False)
        return action

    def record(self, action_id: str) -> ActionRecord:
        """The record of an action.

        Raises:
            KeyError: There is no such action.
        """
        return self._by_id[action_id]

    def action(self, action_id: str) -> QAction:
        """The QAction, for menus and buttons.

        Raises:
            KeyError: There is no such action.
        """
        return self._actions[action_id]

    def bind(
        self, action_id: str, run: Callable[[], None], *, when: Callable[[], bool] | None = None
    ) -> QAction:
        """Say what an action does, and when it can be done.

        Args:
            action_id: Which.
            run: Called on the window's thread.
            when: Whether it can be done now; always, where left out. It must answer at once.

        Raises:
            KeyError: There is no such action.
        """
        action = self._actions[action_id]
        action.triggered.connect(lambda _checked=False: run())
        self._when[action_id] = when or (lambda: True)
        self._refresh(action_id)
        return action

    @property
    def section(self) -> str:
        """The screen whose actions have their keys now."""
        return self._section

    def set_key(self, action_id: str, key: str) -> None:
        """Give an action another key, or none.

        Args:
            action_id: Which.
            key: Portable text, such as "Ctrl+P"; "" for none.

        Raises:
            KeyError: There is no such action.
        """
        self._actions[action_id].setShortcut(QKeySequence(key, QKeySequence.SequenceFormat.PortableText))
        self.keys_changed.emit()

    def choose_section(self, section: str) -> None:
        """Have the keys of one screen lead to its actions, and those of the others nowhere."""
        self._section = section
        self.refresh()

    def refresh(self) -> None:
        """Ask again of every action whether it can be done."""
        for action_id in self._when:
            self._refresh(action_id)

    def _refresh(self, action_id: str) -> None:
        here = self._by_id[action_id].section in {GENERAL, self._section}
        self._actions[action_id].setEnabled(here and self._when[action_id]())
