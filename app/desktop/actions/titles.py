# SPDX-License-Identifier: Apache-2.0
"""How actions, their sections and their keys are called."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence

from app.desktop.actions.book import ActionBook
from app.desktop.actions.record import GENERAL
from app.desktop.screens import SCREENS


def section_title(section: str) -> str:
    """The name of a section: the screen's, or the general one."""
    if section == GENERAL:
        return QCoreApplication.translate("actions", "Everywhere")
    for place in SCREENS:
        if place.id == section:
            return QCoreApplication.translate("screens", place.title)
    return section


def key_text(book: ActionBook, action_id: str) -> str:
    """The keys of an action as they stand on the keyboard; "" where it has none."""
    shortcuts = book.action(action_id).shortcuts()
    return "  ".join(keys.toString(QKeySequence.SequenceFormat.NativeText) for keys in shortcuts)
