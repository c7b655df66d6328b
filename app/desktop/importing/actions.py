# SPDX-License-Identifier: Apache-2.0
"""The actions of this screen: batch import and the manifest form."""

from __future__ import annotations

from app.desktop.actions.record import ActionRecord
from app.desktop.language.marking import QT_TRANSLATE_NOOP

SECTION = "importing"

ACTIONS: tuple[ActionRecord, ...] = (
    ActionRecord(
        "importing.open", QT_TRANSLATE_NOOP("actions", "Open a manifest"), SECTION, "Ctrl+O", "open"
    ),
    ActionRecord("importing.check", QT_TRANSLATE_NOOP("actions", "Check again"), SECTION, "F5", "refresh"),
    ActionRecord("importing.stop", QT_TRANSLATE_NOOP("actions", "Stop reading"), SECTION, "Esc", "stop"),
    ActionRecord(
        "importing.next_problem", QT_TRANSLATE_NOOP("actions", "Next problem"), SECTION, "F8", "chevron-down"
    ),
    ActionRecord(
        "importing.previous_problem",
        QT_TRANSLATE_NOOP("actions", "Previous problem"),
        SECTION,
        "Shift+F8",
        "chevron-up",
    ),
    ActionRecord(
        "importing.accept",
        QT_TRANSLATE_NOOP("actions", "Let this warning stand"),
        SECTION,
        "Ctrl+Shift+A",
        "accept",
    ),
    ActionRecord(
        "importing.export",
        QT_TRANSLATE_NOOP("actions", "Export with a Problems column"),
        SECTION,
        "Ctrl+E",
        "export",
    ),
    ActionRecord(
        "importing.create", QT_TRANSLATE_NOOP("actions", "Create the batch"), SECTION, "Ctrl+Return", "batch"
    ),
    ActionRecord(
        "importing.open_existing",
        QT_TRANSLATE_NOOP("actions", "Go on with the batch that exists"),
        SECTION,
        "",
        "batch",
    ),
    ActionRecord(
        "importing.start_capturing",
        QT_TRANSLATE_NOOP("actions", "Start capturing"),
        SECTION,
        "Ctrl+Shift+Return",
        "capture",
    ),
    ActionRecord(
        "importing.show_board",
        QT_TRANSLATE_NOOP("actions", "See the batch on the board"),
        SECTION,
        "",
        "board",
    ),
    ActionRecord(
        "importing.close", QT_TRANSLATE_NOOP("actions", "Put this manifest away"), SECTION, "Ctrl+W", "close"
    ),
    ActionRecord(
        "importing.sample", QT_TRANSLATE_NOOP("actions", "Open the sample batch"), SECTION, "", "simulated"
    ),
    ActionRecord(
        "importing.form", QT_TRANSLATE_NOOP("actions", "Fill in a form instead"), SECTION, "Ctrl+N", "edit"
    ),
    ActionRecord("importing.add_item", QT_TRANSLATE_NOOP("actions", "Add an item"), SECTION, "Ins", "add"),
    ActionRecord(
        "importing.duplicate_items",
        QT_TRANSLATE_NOOP("actions", "Duplicate the items"),
        SECTION,
        "Ctrl+D",
        "copy",
    ),
    ActionRecord(
        "importing.paste_items",
        QT_TRANSLATE_NOOP("actions", "Paste rows as items"),
        SECTION,
        "Ctrl+V",
        "manifest",
    ),
    ActionRecord(
        "importing.delete_items",
        QT_TRANSLATE_NOOP("actions", "Delete the items"),
        SECTION,
        "Ctrl+Del",
        "remove",
    ),
    ActionRecord(
        "importing.undo_form", QT_TRANSLATE_NOOP("actions", "Undo in the form"), SECTION, "", "undo"
    ),
    ActionRecord(
        "importing.redo_form", QT_TRANSLATE_NOOP("actions", "Redo in the form"), SECTION, "", "redo"
    ),
    ActionRecord(
        "importing.save_form", QT_TRANSLATE_NOOP("actions", "Save the manifest"), SECTION, "Ctrl+S", "save"
    ),
    ActionRecord(
        "importing.import_form",
        QT_TRANSLATE_NOOP("actions", "Save and import"),
        SECTION,
        "Ctrl+Shift+S",
        "import",
    ),
)
