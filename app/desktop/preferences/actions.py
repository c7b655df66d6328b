# SPDX-License-Identifier: Apache-2.0
"""The actions of this screen: settings."""

from __future__ import annotations

from app.desktop.actions.record import ActionRecord
from app.desktop.language.marking import QT_TRANSLATE_NOOP

ACTIONS: tuple[ActionRecord, ...] = (
    ActionRecord(
        "settings.search", QT_TRANSLATE_NOOP("actions", "Search the settings"), "settings", "Ctrl+F", "search"
    ),
)
