# SPDX-License-Identifier: Apache-2.0
"""The checks of a page as a table: what was checked, what was found, what is allowed, and what follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt

from app.desktop.failures.messages import message_words
from app.desktop.quality.marked_icon import marked_icon
from app.desktop.quality.words import NOT_SHOWN, VERDICTS, check_name, measure, word
from app.desktop.theme.theme import Theme

Index = QModelIndex | QPersistentModelIndex

ICON = QSize(16, 16)
SHARP = 2.0
"""Drawn for fine displays; on others it is made smaller."""
_URGENCY = list(VERDICTS)


class CheckModel(QAbstractTableModel):
    """Checks with something against the page come first.

    Args:
        theme: Colours and icons.
        parent: Owner.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._checks: list[Mapping[str, Any]] = []
        theme.changed.connect(self._repaint)

    def show_checks(self, checks: Sequence[Mapping[str, Any]]) -> None:
        """Show the checks of another page."""
        self.beginResetModel()
        shown = [check for check in checks if check["check"] not in NOT_SHOWN]
        self._checks = sorted(shown, key=lambda check: -_URGENCY.index(check["verdict"]))
        self.endResetModel()

    def sentence(self, row: int) -> str:
        """What a check found, in a sentence."""
        return message_words(self._checks[row]["sentence"]) if 0 <= row < len(self._checks) else ""

    def rowCount(self, parent: Index | None = None) -> int:
        """How many checks there are."""
        return 0 if parent is not None and parent.isValid() else len(self._checks)

    def columnCount(self, parent: Index | None = None) -> int:
        """Verdict, check, found and allowed."""
        return 0 if parent is not None and parent.isValid() else 4

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The names of the columns."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("Verdict"), self.tr("Check"), self.tr("Found"), self.tr("Limit"))[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What is shown of a check."""
        if not index.isValid() or index.row() >= len(self._checks):
            return None
        check, column = self._checks[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._texts(check)[column]
        if role == Qt.ItemDataRole.ToolTipRole:
            return message_words(check["sentence"])
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return (
                f"{self._texts(check)[column]}: {message_words(check['sentence'])}" if column == 1 else None
            )
        return self._look(check, role) if column == 0 else None

    def _texts(self, check: Mapping[str, Any]) -> tuple[str, str, str, str]:
        verdict = word(VERDICTS[check["verdict"]][0])
        return verdict, check_name(check["check"]), measure(check["measured"]), measure(check["threshold"])

    def _look(self, check: Mapping[str, Any], role: int) -> Any:
        _, icon, color = VERDICTS[check["verdict"]]
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._theme.color(color)
        if role == Qt.ItemDataRole.DecorationRole:
            return marked_icon(self._theme, icon, color, ICON, SHARP)
        return None

    def _repaint(self) -> None:
        if self._checks:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._checks) - 1, 3))
