# SPDX-License-Identifier: Apache-2.0
"""The words of Quality: reasons to reject with their keys, checks, verdicts and filters."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from PySide6.QtCore import QCoreApplication, QLocale

from app.desktop.failures.messages import message_words
from app.desktop.language.marking import QT_TRANSLATE_NOOP
from app.desktop.theme.roles import Role
from archive.registry.review import ReviewStanding

REASONS: dict[str, tuple[str, str]] = {
    "S": ("skew", QT_TRANSLATE_NOOP("quality", "Skew")),
    "C": ("crop", QT_TRANSLATE_NOOP("quality", "Crop")),
    "F": ("focus", QT_TRANSLATE_NOOP("quality", "Focus")),
    "L": ("clipping", QT_TRANSLATE_NOOP("quality", "Clipping")),
    "O": ("order", QT_TRANSLATE_NOOP("quality", "Order")),
    "X": ("foreign object", QT_TRANSLATE_NOOP("quality", "Foreign object")),
}
"""For each key the reason as it is kept, and its word in the context "quality"."""

CHECKS: dict[str, str] = {
    "fixity": QT_TRANSLATE_NOOP("quality", "File unchanged"),
    "decode": QT_TRANSLATE_NOOP("quality", "Image opens whole"),
    "image_data": QT_TRANSLATE_NOOP("quality", "Image data undamaged"),
    "file_name": QT_TRANSLATE_NOOP("quality", "Name fits the format"),
    "whole": QT_TRANSLATE_NOOP("quality", "Image is complete"),
    "single_image": QT_TRANSLATE_NOOP("quality", "One image in the file"),
    "resolution": QT_TRANSLATE_NOOP("quality", "Resolution"),
    "color": QT_TRANSLATE_NOOP("quality", "Colour"),
    "icc": QT_TRANSLATE_NOOP("quality", "Colour profile"),
    "tags": QT_TRANSLATE_NOOP("quality", "Tags of the file"),
    "sheet": QT_TRANSLATE_NOOP("quality", "Share of the sheet"),
    "blank": QT_TRANSLATE_NOOP("quality", "Something on the page"),
    "highlight_clipping": QT_TRANSLATE_NOOP("quality", "Blown highlights"),
    "shadow_clipping": QT_TRANSLATE_NOOP("quality", "Blocked shadows"),
    "skew": QT_TRANSLATE_NOOP("quality", "Skew"),
    "streaks": QT_TRANSLATE_NOOP("quality", "Streaks"),
    "paper_white": QT_TRANSLATE_NOOP("quality", "Paper white"),
    "evenness": QT_TRANSLATE_NOOP("quality", "Even light"),
    "noise": QT_TRANSLATE_NOOP("quality", "Noise"),
    "sharpness": QT_TRANSLATE_NOOP("quality", "Sharpness"),
    "duplicate": QT_TRANSLATE_NOOP("quality", "Scanned once"),
    "noisy": QT_TRANSLATE_NOOP("quality", "As free of noise as its neighbours"),
    "square_pixels": QT_TRANSLATE_NOOP("quality", "Same resolution both ways"),
    "sheet_size": QT_TRANSLATE_NOOP("quality", "Size of the sheet"),
    "cut_text": QT_TRANSLATE_NOOP("quality", "Text inside the image"),
    "page_order": QT_TRANSLATE_NOOP("quality", "Order by printed numbers"),
    "unsharp": QT_TRANSLATE_NOOP("quality", "As sharp as its neighbours"),
    "ocr_confidence": QT_TRANSLATE_NOOP("quality", "Text read surely"),
    "ocr_unsure_words": QT_TRANSLATE_NOOP("quality", "Unsure words"),
    "orientation": QT_TRANSLATE_NOOP("quality", "Text upright"),
    "page_count": QT_TRANSLATE_NOOP("quality", "As many pages as announced"),
    "exiftool": QT_TRANSLATE_NOOP("quality", "Good to exiftool"),
    "jpylyzer": QT_TRANSLATE_NOOP("quality", "Good to jpylyzer"),
    "checkit_tiff": QT_TRANSLATE_NOOP("quality", "Good to checkit_tiff"),
    "access_jpeg2000": QT_TRANSLATE_NOOP("quality", "JPEG 2000 image valid"),
}
"""Names of checks; one that is not here is shown by its own name."""

NOT_SHOWN = frozenset({"fingerprint"})
"""Checks that only serve others: there is nothing to look at."""

VERDICTS: dict[str, tuple[str, str, Role]] = {
    "pass": (QT_TRANSLATE_NOOP("quality", "Good"), "accept", Role.DONE),
    "review": (QT_TRANSLATE_NOOP("quality", "Look"), "quality", Role.HELD),
    "hold": (QT_TRANSLATE_NOOP("quality", "Held"), "held", Role.TROUBLE),
}
"""Word, icon and colour of what a check says, the least urgent first."""

STANDINGS: dict[ReviewStanding, tuple[str, str, Role]] = {
    ReviewStanding.HELD: (QT_TRANSLATE_NOOP("quality", "Held"), "held", Role.HELD),
    ReviewStanding.REJECTED: (QT_TRANSLATE_NOOP("quality", "Retake"), "retake", Role.TROUBLE),
    ReviewStanding.OPEN: (QT_TRANSLATE_NOOP("quality", "To look at"), "quality", Role.WAITING),
    ReviewStanding.ACCEPTED: (QT_TRANSLATE_NOOP("quality", "Accepted"), "accept", Role.DONE),
    ReviewStanding.EMPTY: (QT_TRANSLATE_NOOP("quality", "No page yet"), "waiting", Role.WAITING),
}
"""Word, icon and colour of where an item stands."""


_LONGEST = 12
"""Letters of a measured word that are shown."""


class Filter(StrEnum):
    """Which pages are shown."""

    OPEN = "open"
    ALL = "all"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


FILTERS: dict[Filter, str] = {
    Filter.OPEN: QT_TRANSLATE_NOOP("quality", "Needs a look"),
    Filter.ALL: QT_TRANSLATE_NOOP("quality", "All pages"),
    Filter.ACCEPTED: QT_TRANSLATE_NOOP("quality", "Accepted"),
    Filter.REJECTED: QT_TRANSLATE_NOOP("quality", "Rejected"),
}


def word(text: str) -> str:
    """A word of the tables above in the operator's language."""
    return QCoreApplication.translate("quality", text)


def check_name(check: str) -> str:
    """The name of a check for people."""
    return word(CHECKS[check]) if check in CHECKS else check.replace("_", " ")


def reason_word(reason: str) -> str:
    """A reason for people; one that somebody wrote is as it was written."""
    return next((word(text) for kept, text in REASONS.values() if kept == reason), reason)


def measure(value: Any) -> str:
    """A measured value or a limit for people; "" for none."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool | str):
        words = message_words(str(value))
        # a digest says nothing to people
        return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
    number = float(value)
    if number.is_integer():
        return QLocale().toString(int(number))
    return QLocale().toString(number, "f", 3 if abs(number) < 1 else 1)
