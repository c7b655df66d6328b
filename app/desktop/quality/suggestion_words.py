# SPDX-License-Identifier: Apache-2.0
"""The words of suggestions: what they are about, how they stand, and what those of Recto say."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from app.desktop.language.marking import QT_TRANSLATE_NOOP
from app.desktop.language.sentence_book import SentenceBook
from app.desktop.theme.roles import Role
from archive.registry.suggestions import ACCEPTED, REFUSED, SUGGESTED

KINDS: dict[str, str] = {
    "language": QT_TRANSLATE_NOOP("suggestions", "Language"),
    "key_phrase": QT_TRANSLATE_NOOP("suggestions", "Key phrase"),
    "date": QT_TRANSLATE_NOOP("suggestions", "Date"),
    "page_type": QT_TRANSLATE_NOOP("suggestions", "Kind of page"),
    "duplicate": QT_TRANSLATE_NOOP("suggestions", "Came twice"),
    "blank": QT_TRANSLATE_NOOP("suggestions", "Blank page"),
    "unsharp": QT_TRANSLATE_NOOP("suggestions", "Not sharp"),
    "noisy": QT_TRANSLATE_NOOP("suggestions", "Noisy"),
    "orientation": QT_TRANSLATE_NOOP("suggestions", "Upright"),
    "barcode": QT_TRANSLATE_NOOP("suggestions", "Barcode"),
    "separator": QT_TRANSLATE_NOOP("suggestions", "An item begins"),
    "title": QT_TRANSLATE_NOOP("suggestions", "Title"),
    "creator": QT_TRANSLATE_NOOP("suggestions", "Creator"),
    "place": QT_TRANSLATE_NOOP("suggestions", "Place"),
    "person": QT_TRANSLATE_NOOP("suggestions", "Person"),
    "subject": QT_TRANSLATE_NOOP("suggestions", "Subject"),
    "summary": QT_TRANSLATE_NOOP("suggestions", "Summary"),
}
"""What suggestions are about, in the context "suggestions"; a kind that is not here is shown by its own name."""

NOT_ASKED = frozenset({"format", "ink_share", "sheet_share"})
"""Kinds that are measurements: there is nothing to decide."""

VALUES = SentenceBook(
    "suggestions",
    (
        QT_TRANSLATE_NOOP("suggestions", "text"),
        QT_TRANSLATE_NOOP("suggestions", "title page"),
        QT_TRANSLATE_NOOP("suggestions", "table"),
        QT_TRANSLATE_NOOP("suggestions", "plate"),
        QT_TRANSLATE_NOOP("suggestions", "cover"),
        QT_TRANSLATE_NOOP("suggestions", "blank"),
        QT_TRANSLATE_NOOP("suggestions", "perhaps blank"),
        QT_TRANSLATE_NOOP("suggestions", "other"),
        QT_TRANSLATE_NOOP("suggestions", "turn by {number} degrees clockwise"),
        QT_TRANSLATE_NOOP("suggestions", "the same image as page {number}"),
        QT_TRANSLATE_NOOP("suggestions", "looks like page {number}"),
        QT_TRANSLATE_NOOP("suggestions", "the same text as page {number}"),
        QT_TRANSLATE_NOOP("suggestions", "{number} of the usual sharpness"),
        QT_TRANSLATE_NOOP("suggestions", "{number} times the usual noise"),
    ),
    numbers={"number"},
)
"""What Recto itself suggests in words; what was read on the page stays as it was read."""

_IN_WORDS = frozenset({"page_type", "blank", "duplicate", "unsharp", "noisy", "orientation"})

STATUSES: dict[str, tuple[str, str, Role]] = {
    SUGGESTED: (QT_TRANSLATE_NOOP("suggestions", "Open"), "help", Role.WAITING),
    ACCEPTED: (QT_TRANSLATE_NOOP("suggestions", "Accepted"), "accept", Role.DONE),
    REFUSED: (QT_TRANSLATE_NOOP("suggestions", "Refused"), "reject", Role.MUTED),
}
"""Word, icon and colour of how a suggestion stands."""


def word(text: str) -> str:
    """A word of the tables above in the operator's language."""
    return QCoreApplication.translate("suggestions", text)


def kind_word(kind: str) -> str:
    """What a suggestion is about, for people."""
    return word(KINDS[kind]) if kind in KINDS else kind.replace("_", " ")


def value_words(kind: str, value: str) -> str:
    """What is suggested, for people; text of the page and identifiers are as they are."""
    if kind == "page_type" and value == "title":
        value = "title page"
    return VALUES.in_words(value) if kind in _IN_WORDS else value


def confidence_words(confidence: float) -> str:
    """How sure the source is, as a share of a hundred."""
    return f"{QLocale().toString(round(confidence * 100))} %"
