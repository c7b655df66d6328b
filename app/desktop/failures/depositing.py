# SPDX-License-Identifier: Apache-2.0
"""What the operator reads about depositors and the bags that they send: one entry for each code of archive.errors.depositing."""

from __future__ import annotations

from app.desktop.failures.wording import Wording
from app.desktop.language.marking import QT_TRANSLATE_NOOP

DEPOSITING: dict[str, Wording] = {
    "deposit.error": Wording(
        QT_TRANSLATE_NOOP("failures", "A depositor, or a bag of one, cannot be dealt with"),
        QT_TRANSLATE_NOOP("failures", "Nothing was changed."),
        QT_TRANSLATE_NOOP("failures", "Look at the details, then try again."),
        QT_TRANSLATE_NOOP("failures", "Save a report"),
        "report",
        message_matters=True,
    ),
    "deposit.institution_unknown": Wording(
        QT_TRANSLATE_NOOP("failures", "There is no depositor of this name"),
        QT_TRANSLATE_NOOP("failures", "Nothing was changed."),
        QT_TRANSLATE_NOOP("failures", "Check the name; the archive lists its depositors."),
        QT_TRANSLATE_NOOP("failures", "Save a report"),
        "report",
        message_matters=True,
    ),
    "deposit.institution_exists": Wording(
        QT_TRANSLATE_NOOP("failures", "A depositor of this name is registered already"),
        QT_TRANSLATE_NOOP("failures", "Nothing was changed. The registered one is untouched."),
        QT_TRANSLATE_NOOP("failures", "Look at the registered one, and change it if it is meant."),
        QT_TRANSLATE_NOOP("failures", "Save a report"),
        "report",
        message_matters=True,
    ),
    "deposit.institution_invalid": Wording(
        QT_TRANSLATE_NOOP("failures", "What was told of the depositor cannot be used"),
        QT_TRANSLATE_NOOP("failures", "Nothing was registered or changed."),
        QT_TRANSLATE_NOOP("failures", "Mend what the message names, then try again."),
        QT_TRANSLATE_NOOP("failures", "Save a report"),
        "report",
        message_matters=True,
    ),
    "deposit.work_item_unknown": Wording(
        QT_TRANSLATE_NOOP("failures", "No bag that arrived has this number"),
        QT_TRANSLATE_NOOP("failures", "Nothing was changed."),
        QT_TRANSLATE_NOOP("failures", "Look for the bag in the list of those that arrived."),
        QT_TRANSLATE_NOOP("failures", "Save a report"),
        "report",
        message_matters=True,
    ),
    "deposit.work_item_exists": Wording(
        QT_TRANSLATE_NOOP("failures", "The same bag is being worked on already"),
        QT_TRANSLATE_NOOP("failures", "No second one was made. The bag is ingested once."),
        QT_TRANSLATE_NOOP("failures", "Nothing need be done."),
        QT_TRANSLATE_NOOP("failures", "Save a report"),
        "report",
        message_matters=True,
    ),
    "deposit.work_item_settled": Wording(
        QT_TRANSLATE_NOOP("failures", "This bag has come to its end already"),
        QT_TRANSLATE_NOOP("failures", "Nothing was changed."),
        QT_TRANSLATE_NOOP("failures", "Look how it ended."),
        QT_TRANSLATE_NOOP("failures", "Save a report"),
        "report",
        message_matters=True,
    ),
}
