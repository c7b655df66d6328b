# SPDX-License-Identifier: Apache-2.0
"""What the operator reads when a bag that arrived cannot be ingested: one entry for each code of workers.receiving.errors."""

from __future__ import annotations

from app.desktop.failures.wording import Wording
from app.desktop.language.marking import QT_TRANSLATE_NOOP

RECEIVING: dict[str, Wording] = {
    "receiving.location_away": Wording(
        QT_TRANSLATE_NOOP("failures", "A place where files are kept cannot be reached"),
        QT_TRANSLATE_NOOP(
            "failures",
            "The bag waits for this place and goes on by itself. Copies elsewhere are made meanwhile.",
        ),
        QT_TRANSLATE_NOOP(
            "failures", "Nothing needs doing if the place comes back. Otherwise check the network."
        ),
        QT_TRANSLATE_NOOP("failures", "Check connection"),
        "settings",
        message_matters=True,
    ),
    "receiving.earlier_bag_first": Wording(
        QT_TRANSLATE_NOOP("failures", "An earlier bag of the same object is still being stored"),
        QT_TRANSLATE_NOOP("failures", "This bag waits and goes on by itself once the earlier one has ended."),
        QT_TRANSLATE_NOOP(
            "failures", "If the earlier one stands still, have it tried again or cancelled at the archive."
        ),
        QT_TRANSLATE_NOOP("failures", "Save a report"),
        "report",
        message_matters=True,
    ),
    "receiving.deletion_first": Wording(
        QT_TRANSLATE_NOOP("failures", "The object of this bag is being deleted just now"),
        QT_TRANSLATE_NOOP("failures", "The bag waits and goes on by itself once all old copies are gone."),
        QT_TRANSLATE_NOOP(
            "failures", "Nothing needs doing. If it lasts, look why the deletion has not ended."
        ),
        QT_TRANSLATE_NOOP("failures", "Save a report"),
        "report",
        message_matters=True,
    ),
    "receipt.refused": Wording(
        QT_TRANSLATE_NOOP("failures", "What calls itself a receipt proves nothing"),
        QT_TRANSLATE_NOOP("failures", "It was not accepted, and nothing was released because of it."),
        QT_TRANSLATE_NOOP("failures", "Ask the archive for its public keys and name them under Settings."),
        QT_TRANSLATE_NOOP("failures", "Open settings"),
        "settings",
        message_matters=True,
    ),
    "receiving.contradicted": Wording(
        QT_TRANSLATE_NOOP("failures", "The registry and what is stored tell different things"),
        QT_TRANSLATE_NOOP(
            "failures",
            "No version was recorded and no receipt was given. The bag still lies where it arrived.",
        ),
        QT_TRANSLATE_NOOP("failures", "Tell whoever answers for the archive."),
        QT_TRANSLATE_NOOP("failures", "Save a report"),
        "report",
        message_matters=True,
    ),
}
