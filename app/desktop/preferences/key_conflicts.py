# SPDX-License-Identifier: Apache-2.0
"""Which action has a key already, among those that can be meant at the same moment."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence

from app.desktop.actions.book import ActionBook
from app.desktop.actions.record import GENERAL


def action_with_key(book: ActionBook, action_id: str, key: str) -> str | None:
    """The id of another action that the key leads to where this action's key works; None where it is free.

    Args:
        book: All actions.
        action_id: The action that is to get the key.
        key: The key as QKeySequence's portable text.
    """
    sequence = QKeySequence(key, QKeySequence.SequenceFormat.PortableText)
    if sequence.isEmpty():
        return None
    section = book.record(action_id).section
    for record in book.records:
        meets = GENERAL in {section, record.section} or section == record.section
        if record.id != action_id and meets and sequence in book.action(record.id).shortcuts():
            return record.id
    return None
