# SPDX-License-Identifier: Apache-2.0
"""What the operator reads when what is kept cannot be given back: one entry for each code of archive.errors.keeping."""

from __future__ import annotations

from app.desktop.failures.wording import Wording
from app.desktop.language.marking import QT_TRANSLATE_NOOP

KEEPING: dict[str, Wording] = {
    "keeping.error": Wording(
        QT_TRANSLATE_NOOP("failures", "The archive cannot do that with this object"),
        QT_TRANSLATE_NOOP("failures", "Nothing was changed."),
        QT_TRANSLATE_NOOP("failures", "Look at the details, then try again."),
        QT_TRANSLATE_NOOP("failures", "Save a report"),
        "report",
        message_matters=True,
    ),
    "keeping.object_unknown": Wording(
        QT_TRANSLATE_NOOP("failures", "The archive keeps no object of this name"),
        QT_TRANSLATE_NOOP("failures", "Nothing was read or changed."),
        QT_TRANSLATE_NOOP("failures", "Check the name: institution, slash, name of the bag."),
        QT_TRANSLATE_NOOP("failures", "Save a report"),
        "report",
        message_matters=True,
    ),
    "keeping.file_unknown": Wording(
        QT_TRANSLATE_NOOP("failures", "The object has no such file"),
        QT_TRANSLATE_NOOP("failures", "Nothing was read or changed."),
        QT_TRANSLATE_NOOP("failures", "Look which files this version has."),
        QT_TRANSLATE_NOOP("failures", "Save a report"),
        "report",
        message_matters=True,
    ),
    "keeping.object_deleted": Wording(
        QT_TRANSLATE_NOOP("failures", "The object was deleted from the archive"),
        QT_TRANSLATE_NOOP("failures", "There is nothing to give back. Its history is kept."),
        QT_TRANSLATE_NOOP("failures", "Look in its history who asked for that, and why."),
        QT_TRANSLATE_NOOP("failures", "Save a report"),
        "report",
        message_matters=True,
    ),
    "keeping.copies_lost": Wording(
        QT_TRANSLATE_NOOP("failures", "No copy of a file is good any more"),
        QT_TRANSLATE_NOOP("failures", "Nothing was restored. What is left of the copies was not touched."),
        QT_TRANSLATE_NOOP("failures", "Look for the file at its depositor and in backups."),
        QT_TRANSLATE_NOOP("failures", "Save a report"),
        "report",
        message_matters=True,
    ),
    "keeping.restore_place_missing": Wording(
        QT_TRANSLATE_NOOP("failures", "Nobody said where restored bags go"),
        QT_TRANSLATE_NOOP("failures", "Nothing was restored."),
        QT_TRANSLATE_NOOP("failures", "Name a place, or give the institution one for restored bags."),
        QT_TRANSLATE_NOOP("failures", "Save a report"),
        "report",
        message_matters=True,
    ),
    "keeping.restore_place_refused": Wording(
        QT_TRANSLATE_NOOP("failures", "Bags arrive there, or copies are kept"),
        QT_TRANSLATE_NOOP("failures", "Nothing was restored."),
        QT_TRANSLATE_NOOP("failures", "Name another place for what is restored."),
        QT_TRANSLATE_NOOP("failures", "Save a report"),
        "report",
        message_matters=True,
    ),
    "keeping.restored_differs": Wording(
        QT_TRANSLATE_NOOP("failures", "What was restored is not what was kept"),
        QT_TRANSLATE_NOOP("failures", "It was taken away again. The copies were not touched."),
        QT_TRANSLATE_NOOP("failures", "Have the place checked that it was restored to, then try again."),
        QT_TRANSLATE_NOOP("failures", "Save a report"),
        "report",
        message_matters=True,
    ),
    "keeping.deletion_refused": Wording(
        QT_TRANSLATE_NOOP("failures", "The object may not be deleted as things are"),
        QT_TRANSLATE_NOOP("failures", "Nothing was deleted. That it was tried is recorded."),
        QT_TRANSLATE_NOOP("failures", "Look at the details: two persons must agree, and no work be pending."),
        QT_TRANSLATE_NOOP("failures", "Save a report"),
        "report",
        message_matters=True,
    ),
    "keeping.deletion_unknown": Wording(
        QT_TRANSLATE_NOOP("failures", "There is no such request for a deletion"),
        QT_TRANSLATE_NOOP("failures", "Nothing was deleted."),
        QT_TRANSLATE_NOOP("failures", "Look which requests there are."),
        QT_TRANSLATE_NOOP("failures", "Save a report"),
        "report",
        message_matters=True,
    ),
}
"""By the error's code."""
