# SPDX-License-Identifier: Apache-2.0
"""Actions that are there on every screen."""

from __future__ import annotations

from app.desktop.actions.record import GENERAL, ActionRecord
from app.desktop.language.marking import QT_TRANSLATE_NOOP

ACTIONS: tuple[ActionRecord, ...] = (
    ActionRecord(
        "general.palette", QT_TRANSLATE_NOOP("actions", "Find an action"), GENERAL, "Ctrl+Shift+P", "search"
    ),
    ActionRecord("general.keys", QT_TRANSLATE_NOOP("actions", "Show all keys"), GENERAL, "?", "keyboard"),
    ActionRecord("general.undo", QT_TRANSLATE_NOOP("actions", "Undo"), GENERAL, "Ctrl+Z", "undo"),
    ActionRecord("general.redo", QT_TRANSLATE_NOOP("actions", "Redo"), GENERAL, "Ctrl+Shift+Z", "redo"),
    ActionRecord(
        "general.full_screen", QT_TRANSLATE_NOOP("actions", "Full screen"), GENERAL, "F11", "full-screen"
    ),
    ActionRecord(
        "general.second_window",
        QT_TRANSLATE_NOOP("actions", "Show the page in a second window"),
        GENERAL,
        "Ctrl+Shift+V",
        "second-window",
    ),
    ActionRecord(
        "general.other_theme",
        QT_TRANSLATE_NOOP("actions", "Switch between light and dark"),
        GENERAL,
        "",
        "theme",
    ),
    ActionRecord("general.large_type", QT_TRANSLATE_NOOP("actions", "Large type"), GENERAL, "", "zoom-in"),
    ActionRecord(
        "general.close_message",
        QT_TRANSLATE_NOOP("actions", "Put the newest message away"),
        GENERAL,
        "",
        "close",
    ),
    ActionRecord(
        "general.first_run",
        QT_TRANSLATE_NOOP("actions", "Set Recto up step by step"),
        GENERAL,
        "",
        "settings",
    ),
    ActionRecord(
        "general.save_report",
        QT_TRANSLATE_NOOP("actions", "Save a report about a problem"),
        GENERAL,
        "",
        "save",
    ),
    ActionRecord("general.about", QT_TRANSLATE_NOOP("actions", "About Recto"), GENERAL, "", "info"),
    ActionRecord("general.quit", QT_TRANSLATE_NOOP("actions", "Close Recto"), GENERAL, "Ctrl+Q", "quit"),
)
