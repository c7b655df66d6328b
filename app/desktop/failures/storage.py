# SPDX-License-Identifier: Apache-2.0
"""What the operator reads when a storage target refuses: one entry for each code of archive.errors.storage."""

from __future__ import annotations

from app.desktop.failures.wording import Wording
from app.desktop.language.marking import QT_TRANSLATE_NOOP

STORAGE: dict[str, Wording] = {
    "storage.error": Wording(
        QT_TRANSLATE_NOOP("failures", "The storage reported an error"),
        QT_TRANSLATE_NOOP("failures", "The upload waits and is tried again by itself."),
        QT_TRANSLATE_NOOP("failures", "If it stays, check the connection under Settings."),
        QT_TRANSLATE_NOOP("failures", "Check the connection"),
        "settings",
        message_matters=True,
    ),
    "storage.url_invalid": Wording(
        QT_TRANSLATE_NOOP("failures", "The address of the storage cannot be understood"),
        QT_TRANSLATE_NOOP("failures", "Nothing was uploaded."),
        QT_TRANSLATE_NOOP("failures", "Correct the address under Settings."),
        QT_TRANSLATE_NOOP("failures", "Correct the address"),
        "settings",
        message_matters=True,
    ),
    "storage.unreachable": Wording(
        QT_TRANSLATE_NOOP("failures", "The storage does not answer"),
        QT_TRANSLATE_NOOP(
            "failures", "Uploads wait. Parts that arrived are not sent again. Capturing goes on."
        ),
        QT_TRANSLATE_NOOP(
            "failures",
            "Nothing needs doing if the network comes back. Otherwise check the connection under Settings.",
        ),
        QT_TRANSLATE_NOOP("failures", "Check the connection"),
        "settings",
    ),
    "storage.access_refused": Wording(
        QT_TRANSLATE_NOOP("failures", "The storage refuses the access (403)"),
        QT_TRANSLATE_NOOP("failures", "Nothing was stored. Trying again with the same key cannot help."),
        QT_TRANSLATE_NOOP(
            "failures", "Enter the right access key under Settings, or have its rights corrected."
        ),
        QT_TRANSLATE_NOOP("failures", "Enter the access key"),
        "settings",
    ),
    "storage.credentials_missing": Wording(
        QT_TRANSLATE_NOOP("failures", "No access key for the storage was found"),
        QT_TRANSLATE_NOOP("failures", "Nothing was stored."),
        QT_TRANSLATE_NOOP("failures", "Enter the access key under Settings."),
        QT_TRANSLATE_NOOP("failures", "Enter the access key"),
        "settings",
    ),
    "storage.session_expired": Wording(
        QT_TRANSLATE_NOOP("failures", "The access to the storage has expired"),
        QT_TRANSLATE_NOOP("failures", "The upload waits. Parts that arrived are not sent again."),
        QT_TRANSLATE_NOOP("failures", "Log in to the storage again, then go on."),
        QT_TRANSLATE_NOOP("failures", "Enter the access key"),
        "settings",
    ),
    "storage.bucket_missing": Wording(
        QT_TRANSLATE_NOOP("failures", "There is no such bucket in the storage"),
        QT_TRANSLATE_NOOP("failures", "Nothing was stored."),
        QT_TRANSLATE_NOOP(
            "failures", "Check the spelling of the bucket under Settings. Recto makes no buckets."
        ),
        QT_TRANSLATE_NOOP("failures", "Correct the address"),
        "settings",
        message_matters=True,
    ),
    "storage.clock_skewed": Wording(
        QT_TRANSLATE_NOOP("failures", "This computer's clock is wrong"),
        QT_TRANSLATE_NOOP(
            "failures", "Nothing was stored: the storage takes only requests with the right time."
        ),
        QT_TRANSLATE_NOOP("failures", "Have the clock set, then try again."),
        QT_TRANSLATE_NOOP("failures", "Clock set, try again"),
        "board",
    ),
    "storage.damaged_in_transit": Wording(
        QT_TRANSLATE_NOOP("failures", "Data was damaged on its way to the storage"),
        QT_TRANSLATE_NOOP("failures", "The damaged part was not stored and is sent again."),
        QT_TRANSLATE_NOOP("failures", "If it happens often, have network card, cable or proxy checked."),
        QT_TRANSLATE_NOOP("failures", "Show on the board"),
        "board",
    ),
    "storage.refused": Wording(
        QT_TRANSLATE_NOOP("failures", "The storage refuses the bag"),
        QT_TRANSLATE_NOOP("failures", "Nothing was stored."),
        QT_TRANSLATE_NOOP("failures", "The reason is told below. Mend it, then try again."),
        QT_TRANSLATE_NOOP("failures", "Try again"),
        "board",
        message_matters=True,
    ),
    "storage.full": Wording(
        QT_TRANSLATE_NOOP("failures", "There is no room in the storage"),
        QT_TRANSLATE_NOOP("failures", "Nothing was stored, and nothing half-written stays."),
        QT_TRANSLATE_NOOP("failures", "Have room made, or writing allowed. Then try again."),
        QT_TRANSLATE_NOOP("failures", "Room made, try again"),
        "board",
    ),
    "storage.object_exists": Wording(
        QT_TRANSLATE_NOOP("failures", "Something else is stored under this name"),
        QT_TRANSLATE_NOOP("failures", "What is stored was left as it is. This bag was not stored."),
        QT_TRANSLATE_NOOP(
            "failures", "Find out which of the two is right, then store this one under another name."
        ),
        QT_TRANSLATE_NOOP("failures", "Show on the board"),
        "board",
        message_matters=True,
    ),
    "storage.bytes_differ": Wording(
        QT_TRANSLATE_NOOP("failures", "The stored copy is not what was sent"),
        QT_TRANSLATE_NOOP("failures", "This copy does not count. The bag here is still good."),
        QT_TRANSLATE_NOOP("failures", "Keep the bag here and have the storage checked, then upload again."),
        QT_TRANSLATE_NOOP("failures", "Show on the board"),
        "board",
    ),
    "storage.object_missing": Wording(
        QT_TRANSLATE_NOOP("failures", "The stored copy is gone"),
        QT_TRANSLATE_NOOP("failures", "This copy does not exist. The bag here is still good."),
        QT_TRANSLATE_NOOP("failures", "Upload the bag again and find out who removed it."),
        QT_TRANSLATE_NOOP("failures", "Upload again"),
        "board",
    ),
    "storage.object_changed": Wording(
        QT_TRANSLATE_NOOP("failures", "Something else has taken its place"),
        QT_TRANSLATE_NOOP("failures", "What was read of the old one does not count."),
        QT_TRANSLATE_NOOP("failures", "Nothing need be done. The new one is found by itself."),
        QT_TRANSLATE_NOOP("failures", "Show on the board"),
        "board",
    ),
    "storage.source_changed": Wording(
        QT_TRANSLATE_NOOP("failures", "The bag changed before it was uploaded"),
        QT_TRANSLATE_NOOP("failures", "The upload was given up. Nothing was stored from the changed bag."),
        QT_TRANSLATE_NOOP(
            "failures", "Have the bag checked, and made again from its pages if it is damaged."
        ),
        QT_TRANSLATE_NOOP("failures", "Show on the board"),
        "board",
    ),
    "storage.upload_unrecorded": Wording(
        QT_TRANSLATE_NOOP("failures", "The upload cannot be recorded here"),
        QT_TRANSLATE_NOOP("failures", "The upload was stopped. Parts that arrived stay."),
        QT_TRANSLATE_NOOP("failures", "Make room on this computer's disk, then go on."),
        QT_TRANSLATE_NOOP("failures", "Room made, go on"),
        "settings",
    ),
}
