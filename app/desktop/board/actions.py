# SPDX-License-Identifier: Apache-2.0
"""The actions of the board."""

from __future__ import annotations

from app.desktop.actions.record import ActionRecord
from app.desktop.language.marking import QT_TRANSLATE_NOOP

ACTIONS: tuple[ActionRecord, ...] = (
    ActionRecord("board.retry_cell", QT_TRANSLATE_NOOP("actions", "Try step again"), "board", "R", "retry"),
    ActionRecord(
        "board.retry_item",
        QT_TRANSLATE_NOOP("actions", "Try item again"),
        "board",
        "Shift+R",
        "retry",
    ),
    ActionRecord(
        "board.retry_reason",
        QT_TRANSLATE_NOOP("actions", "Try all with this reason"),
        "board",
        "Ctrl+R",
        "retry",
    ),
    ActionRecord(
        "board.accept", QT_TRANSLATE_NOOP("actions", "Accept with a reason"), "board", "A", "accept"
    ),
    ActionRecord("board.hold", QT_TRANSLATE_NOOP("actions", "Hold back"), "board", "H", "hold"),
    ActionRecord("board.release", QT_TRANSLATE_NOOP("actions", "Let go on"), "board", "Shift+H", "release"),
    ActionRecord(
        "board.hold_batch", QT_TRANSLATE_NOOP("actions", "Hold the whole batch back"), "board", "", "hold"
    ),
    ActionRecord(
        "board.release_batch",
        QT_TRANSLATE_NOOP("actions", "Let the whole batch go on"),
        "board",
        "",
        "release",
    ),
    ActionRecord(
        "board.hold_stage",
        QT_TRANSLATE_NOOP("actions", "Hold this step back in the whole batch"),
        "board",
        "Ctrl+H",
        "hold",
    ),
    ActionRecord(
        "board.release_stage",
        QT_TRANSLATE_NOOP("actions", "Let this step go on in the whole batch"),
        "board",
        "Ctrl+Shift+H",
        "release",
    ),
    ActionRecord(
        "board.verify", QT_TRANSLATE_NOOP("actions", "Verify bag and copies now"), "board", "V", "quality"
    ),
    ActionRecord(
        "board.open_folder", QT_TRANSLATE_NOOP("actions", "Open the item's folder"), "board", "O", "folder"
    ),
    ActionRecord(
        "board.next_trouble",
        QT_TRANSLATE_NOOP("actions", "Next item that needs you"),
        "board",
        "F8",
        "trouble",
    ),
    ActionRecord(
        "board.previous_trouble",
        QT_TRANSLATE_NOOP("actions", "Previous item that needs you"),
        "board",
        "Shift+F8",
        "trouble",
    ),
    ActionRecord("board.find", QT_TRANSLATE_NOOP("actions", "Look for an item"), "board", "Ctrl+F", "search"),
    ActionRecord(
        "board.show_way", QT_TRANSLATE_NOOP("actions", "Show the way of the item"), "board", "Alt+1", "graph"
    ),
    ActionRecord(
        "board.show_copies",
        QT_TRANSLATE_NOOP("actions", "Show the stored copies"),
        "board",
        "Alt+2",
        "storage",
    ),
    ActionRecord(
        "board.show_log", QT_TRANSLATE_NOOP("actions", "Show the log of the step"), "board", "Alt+3", "log"
    ),
    ActionRecord(
        "board.show_details", QT_TRANSLATE_NOOP("actions", "Show the details"), "board", "Alt+4", "info"
    ),
    ActionRecord(
        "board.refresh", QT_TRANSLATE_NOOP("actions", "Read the board again"), "board", "F5", "refresh"
    ),
    ActionRecord(
        "board.start_workers", QT_TRANSLATE_NOOP("actions", "Start the workers"), "board", "", "worker"
    ),
    ActionRecord("board.import", QT_TRANSLATE_NOOP("actions", "Import a manifest"), "board", "", "import"),
)
