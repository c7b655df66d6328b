# SPDX-License-Identifier: Apache-2.0
"""What the operator can do in the capture workspace, and with which keys."""

from __future__ import annotations

from app.desktop.actions.record import ActionRecord
from app.desktop.language.marking import QT_TRANSLATE_NOOP

SECTION = "capture"

ACTIONS: tuple[ActionRecord, ...] = (
    # the loop
    ActionRecord("capture.scan", QT_TRANSLATE_NOOP("actions", "Capture"), SECTION, "Space", "capture"),
    ActionRecord(
        "capture.retake", QT_TRANSLATE_NOOP("actions", "Retake this page"), SECTION, "Backspace", "retake"
    ),
    ActionRecord(
        "capture.done",
        QT_TRANSLATE_NOOP("actions", "Item done, go to the next"),
        SECTION,
        "Return",
        "item-done",
    ),
    ActionRecord("capture.stop", QT_TRANSLATE_NOOP("actions", "Stop the scan"), SECTION, "Esc", "stop"),
    ActionRecord("capture.preview", QT_TRANSLATE_NOOP("actions", "Preview and crop"), SECTION, "P", "crop"),
    # the pages
    ActionRecord(
        "capture.next_page",
        QT_TRANSLATE_NOOP("actions", "Next page"),
        SECTION,
        "Right",
        "chevron-right",
        repeats=True,
    ),
    ActionRecord(
        "capture.previous_page",
        QT_TRANSLATE_NOOP("actions", "Previous page"),
        SECTION,
        "Left",
        "chevron-left",
        repeats=True,
    ),
    ActionRecord("capture.first_page", QT_TRANSLATE_NOOP("actions", "First page"), SECTION, "Home", "first"),
    ActionRecord("capture.last_page", QT_TRANSLATE_NOOP("actions", "Last page"), SECTION, "End", "last"),
    ActionRecord(
        "capture.insert",
        QT_TRANSLATE_NOOP("actions", "Insert before this page"),
        SECTION,
        "Ins",
        "insert-before",
    ),
    ActionRecord(
        "capture.missing",
        QT_TRANSLATE_NOOP("actions", "Mark a missing page after this one"),
        SECTION,
        "M",
        "missing",
    ),
    ActionRecord(
        "capture.discard", QT_TRANSLATE_NOOP("actions", "Discard this page"), SECTION, "Del", "discard"
    ),
    ActionRecord(
        "capture.earlier",
        QT_TRANSLATE_NOOP("actions", "Move this page earlier"),
        SECTION,
        "Ctrl+Left",
        "chevron-up",
        repeats=True,
    ),
    ActionRecord(
        "capture.later",
        QT_TRANSLATE_NOOP("actions", "Move this page later"),
        SECTION,
        "Ctrl+Right",
        "chevron-down",
        repeats=True,
    ),
    ActionRecord(
        "capture.interleave",
        QT_TRANSLATE_NOOP("actions", "Interleave fronts and backs"),
        SECTION,
        "Ctrl+B",
        "interleave",
    ),
    ActionRecord("capture.labels", QT_TRANSLATE_NOOP("actions", "Label pages"), SECTION, "L", "label"),
    ActionRecord(
        "capture.take_in", QT_TRANSLATE_NOOP("actions", "Add image files"), SECTION, "Ctrl+O", "add"
    ),
    # the view
    ActionRecord(
        "capture.rotate_left", QT_TRANSLATE_NOOP("actions", "Turn the view left"), SECTION, "[", "rotate-left"
    ),
    ActionRecord(
        "capture.rotate_right",
        QT_TRANSLATE_NOOP("actions", "Turn the view right"),
        SECTION,
        "]",
        "rotate-right",
    ),
    ActionRecord("capture.fit", QT_TRANSLATE_NOOP("actions", "Fit to the window"), SECTION, "F", "fit"),
    ActionRecord(
        "capture.zoom_full", QT_TRANSLATE_NOOP("actions", "Zoom 100 %"), SECTION, "1", "actual-size"
    ),
    ActionRecord("capture.zoom_half", QT_TRANSLATE_NOOP("actions", "Zoom 50 %"), SECTION, "2"),
    ActionRecord("capture.zoom_quarter", QT_TRANSLATE_NOOP("actions", "Zoom 25 %"), SECTION, "4"),
    ActionRecord(
        "capture.panel", QT_TRANSLATE_NOOP("actions", "Show or hide details"), SECTION, "I", "side-panel"
    ),
    # the items
    ActionRecord("capture.next_item", QT_TRANSLATE_NOOP("actions", "Next item"), SECTION, "Ctrl+Down"),
    ActionRecord("capture.previous_item", QT_TRANSLATE_NOOP("actions", "Previous item"), SECTION, "Ctrl+Up"),
    ActionRecord(
        "capture.choose_batch", QT_TRANSLATE_NOOP("actions", "Choose a batch"), SECTION, "B", "batch"
    ),
    # the station
    ActionRecord(
        "capture.choose_scanner", QT_TRANSLATE_NOOP("actions", "Choose the scanner"), SECTION, "S", "scanner"
    ),
    ActionRecord(
        "capture.arm", QT_TRANSLATE_NOOP("actions", "Arm or disarm the pedal"), SECTION, "Ctrl+K", "pedal"
    ),
    ActionRecord(
        "capture.learn_key", QT_TRANSLATE_NOOP("actions", "Teach the pedal's key"), SECTION, "", "key"
    ),
    ActionRecord(
        "capture.sound", QT_TRANSLATE_NOOP("actions", "Sound at each page on or off"), SECTION, "", "sound"
    ),
)
