# SPDX-License-Identifier: Apache-2.0
"""What the operator can do in Quality, and with which keys; none of them captures."""

from __future__ import annotations

from app.desktop.actions.record import ActionRecord
from app.desktop.language.marking import QT_TRANSLATE_NOOP

SECTION = "quality"

ACTIONS: tuple[ActionRecord, ...] = (
    ActionRecord("quality.accept", QT_TRANSLATE_NOOP("actions", "Accept this page"), SECTION, "A", "accept"),
    ActionRecord("quality.reject", QT_TRANSLATE_NOOP("actions", "Reject this page"), SECTION, "R", "reject"),
    ActionRecord(
        "quality.take_back", QT_TRANSLATE_NOOP("actions", "Take the verdict back"), SECTION, "U", "undo"
    ),
    ActionRecord(
        "quality.retake",
        QT_TRANSLATE_NOOP("actions", "Capture this page again"),
        SECTION,
        "Ctrl+R",
        "retake",
    ),
    ActionRecord(
        "quality.release",
        QT_TRANSLATE_NOOP("actions", "Accept the held item with a reason"),
        SECTION,
        "Ctrl+Return",
        "release",
    ),
    ActionRecord(
        "quality.accept_suggestion",
        QT_TRANSLATE_NOOP("actions", "Accept the suggestion"),
        SECTION,
        "Shift+A",
        "accept",
    ),
    ActionRecord(
        "quality.refuse_suggestion",
        QT_TRANSLATE_NOOP("actions", "Refuse the suggestion"),
        SECTION,
        "Shift+R",
        "reject",
    ),
    ActionRecord(
        "quality.reopen_suggestion",
        QT_TRANSLATE_NOOP("actions", "Leave the suggestion open again"),
        SECTION,
        "Shift+U",
        "undo",
    ),
    ActionRecord(
        "quality.next_suggestion",
        QT_TRANSLATE_NOOP("actions", "Next open suggestion"),
        SECTION,
        "S",
        "chevron-down",
        repeats=True,
    ),
    ActionRecord(
        "quality.next_page",
        QT_TRANSLATE_NOOP("actions", "Next page"),
        SECTION,
        "Right",
        "chevron-right",
        repeats=True,
    ),
    ActionRecord(
        "quality.previous_page",
        QT_TRANSLATE_NOOP("actions", "Previous page"),
        SECTION,
        "Left",
        "chevron-left",
        repeats=True,
    ),
    ActionRecord("quality.first_page", QT_TRANSLATE_NOOP("actions", "First page"), SECTION, "Home", "first"),
    ActionRecord("quality.last_page", QT_TRANSLATE_NOOP("actions", "Last page"), SECTION, "End", "last"),
    ActionRecord(
        "quality.next_open",
        QT_TRANSLATE_NOOP("actions", "Next page that needs a look"),
        SECTION,
        "N",
        "quality",
    ),
    ActionRecord(
        "quality.next_item", QT_TRANSLATE_NOOP("actions", "Next item"), SECTION, "Ctrl+Right", "chevron-right"
    ),
    ActionRecord(
        "quality.previous_item",
        QT_TRANSLATE_NOOP("actions", "Previous item"),
        SECTION,
        "Ctrl+Left",
        "chevron-left",
    ),
    ActionRecord("quality.filter", QT_TRANSLATE_NOOP("actions", "Show other pages"), SECTION, "V", "filter"),
    ActionRecord(
        "quality.compare", QT_TRANSLATE_NOOP("actions", "Compare two pages"), SECTION, "C", "compare"
    ),
    ActionRecord(
        "quality.link",
        QT_TRANSLATE_NOOP("actions", "Move compared pages together"),
        SECTION,
        "Shift+C",
        "lock",
    ),
    ActionRecord(
        "quality.loupe", QT_TRANSLATE_NOOP("actions", "Show the loupe"), SECTION, "Shift+L", "loupe"
    ),
    ActionRecord("quality.grid", QT_TRANSLATE_NOOP("actions", "Show pages as a grid"), SECTION, "G", "grid"),
    ActionRecord("quality.fit", QT_TRANSLATE_NOOP("actions", "Show the whole page"), SECTION, "F", "fit"),
    ActionRecord(
        "quality.zoom_full", QT_TRANSLATE_NOOP("actions", "Zoom to 100 %"), SECTION, "1", "actual-size"
    ),
    ActionRecord("quality.zoom_half", QT_TRANSLATE_NOOP("actions", "Zoom to 50 %"), SECTION, "2", "zoom-out"),
    ActionRecord(
        "quality.zoom_pointer",
        QT_TRANSLATE_NOOP("actions", "100 % at the pointer, and back"),
        SECTION,
        "Z",
        "zoom-in",
    ),
    ActionRecord(
        "quality.choose_batch", QT_TRANSLATE_NOOP("actions", "Choose a batch"), SECTION, "Ctrl+B", "batch"
    ),
)
