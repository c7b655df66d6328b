# SPDX-License-Identifier: Apache-2.0
"""What the operator reads when pages at the desk cannot be changed: one entry for each code of the desk."""

from __future__ import annotations

from app.desktop.failures.wording import Wording
from app.desktop.language.marking import QT_TRANSLATE_NOOP

DESK: dict[str, Wording] = {
    "desk.error": Wording(
        QT_TRANSLATE_NOOP("failures", "The pages could not be changed"),
        QT_TRANSLATE_NOOP("failures", "The item is as it was. Every captured page is kept."),
        QT_TRANSLATE_NOOP("failures", "Look at the details, then try again."),
        QT_TRANSLATE_NOOP("failures", "Show the pages"),
        "capture",
        message_matters=True,
    ),
    "desk.closed": Wording(
        QT_TRANSLATE_NOOP("failures", "This item is not at the desk"),
        QT_TRANSLATE_NOOP("failures", "The item is as it was. Every captured page is kept."),
        QT_TRANSLATE_NOOP(
            "failures",
            "Choose an item that is still to be captured. Pages of this one are retaken in Quality.",
        ),
        QT_TRANSLATE_NOOP("failures", "Look at the pages"),
        "quality",
        message_matters=True,
    ),
    "desk.busy": Wording(
        QT_TRANSLATE_NOOP("failures", "A scan of this item is still under way"),
        QT_TRANSLATE_NOOP("failures", "The item is as it was. Every captured page is kept."),
        QT_TRANSLATE_NOOP("failures", "Wait until the scanner has finished, or stop it. Then try again."),
        QT_TRANSLATE_NOOP("failures", "Try again"),
        "capture",
    ),
    "desk.pages_waiting": Wording(
        QT_TRANSLATE_NOOP("failures", "Interrupted captures of this item wait for your decision"),
        QT_TRANSLATE_NOOP("failures", "The item is as it was. Every captured page is kept."),
        QT_TRANSLATE_NOOP("failures", "Say whether their pages belong to the item. Then mark the item done."),
        QT_TRANSLATE_NOOP("failures", "Decide now"),
        "capture",
    ),
    "desk.place_unknown": Wording(
        QT_TRANSLATE_NOOP("failures", "This page is no longer in the item"),
        QT_TRANSLATE_NOOP("failures", "The item is as it was. Every captured page is kept."),
        QT_TRANSLATE_NOOP("failures", "Look at the pages as they are now, and choose again."),
        QT_TRANSLATE_NOOP("failures", "Show the pages"),
        "capture",
        message_matters=True,
    ),
    "desk.page_gone": Wording(
        QT_TRANSLATE_NOOP("failures", "The file of a page is gone"),
        QT_TRANSLATE_NOOP("failures", "The item is as it was. Every other page is kept."),
        QT_TRANSLATE_NOOP("failures", "Put the file back from a copy, or capture the page again."),
        QT_TRANSLATE_NOOP("failures", "Show the pages"),
        "capture",
        message_matters=True,
    ),
    "desk.sheets_unequal": Wording(
        QT_TRANSLATE_NOOP("failures", "Fronts and backs do not fit together"),
        QT_TRANSLATE_NOOP("failures", "The item is as it was. Every captured page is kept."),
        QT_TRANSLATE_NOOP(
            "failures", "Look for the page that is too many or missing. Mark a missing one, then try again."
        ),
        QT_TRANSLATE_NOOP("failures", "Show the pages"),
        "capture",
        message_matters=True,
    ),
    "desk.label_unreadable": Wording(
        QT_TRANSLATE_NOOP("failures", "This is no page label of its kind"),
        QT_TRANSLATE_NOOP("failures", "The item is as it was. Every captured page is kept."),
        QT_TRANSLATE_NOOP(
            "failures",
            "Write 1 for arabic, i or I for roman, 1r or 1v for folios. Or choose custom for any text.",
        ),
        QT_TRANSLATE_NOOP("failures", "Label again"),
        "capture",
        message_matters=True,
    ),
    "desk.file_refused": Wording(
        QT_TRANSLATE_NOOP("failures", "A file cannot become a page"),
        QT_TRANSLATE_NOOP("failures", "No file was taken in. The item is as it was."),
        QT_TRANSLATE_NOOP("failures", "Use TIFF, JPEG, PNG or JPEG 2000 files that open whole."),
        QT_TRANSLATE_NOOP("failures", "Choose other files"),
        "capture",
        message_matters=True,
    ),
    "desk.pages_not_ready": Wording(
        QT_TRANSLATE_NOOP("failures", "Pages of this item are not ready"),
        QT_TRANSLATE_NOOP("failures", "The item stays at the desk. Every captured page is kept."),
        QT_TRANSLATE_NOOP(
            "failures",
            "Capture the pages again that are named below, or discard them. Then mark the item done.",
        ),
        QT_TRANSLATE_NOOP("failures", "Show the pages"),
        "capture",
        message_matters=True,
    ),
}
