# SPDX-License-Identifier: Apache-2.0
"""One page among the thumbnails, and the words for its state."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from app.desktop.language.marking import QT_TRANSLATE_NOOP
from app.desktop.theme.roles import Role
from archive.imaging.image_source import ImageSource


class PageState(StrEnum):
    """How far a page is."""

    CAPTURED = "captured"
    ARRIVING = "arriving"
    MISSING = "missing"
    RETAKE = "retake"
    LOOK = "look"
    HELD = "held"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ThumbnailRow:
    """A page as the strip shows it.

    Attributes:
        key: The caller's name for the page, unique in the strip.
        label: What is printed under it, such as "17" or "12v".
        name: Name of its file, for the tooltip; "" where it has none yet.
        state: How far it is; a value of `PageState`.
        verdict: "accepted", "rejected" or "".
        source: Its image, or None for a page without one.
        turns: Quarter turns clockwise of the view.
    """

    key: str
    label: str
    name: str = ""
    state: str = PageState.CAPTURED
    verdict: str = ""
    source: ImageSource | None = None
    turns: int = 0


@dataclass(frozen=True, slots=True)
class StateMark:
    """How a state is shown: colour, icon and word together.

    Attributes:
        word: To be translated in the context "pages".
        icon: Name of an icon.
        role: Colour of both.
    """

    word: str
    icon: str
    role: Role

    @property
    def text(self) -> str:
        """The word in the operator's language."""
        return QCoreApplication.translate("pages", self.word)


_VERDICTS = {
    "accepted": StateMark(QT_TRANSLATE_NOOP("pages", "Accepted"), "accept", Role.DONE),
    "rejected": StateMark(QT_TRANSLATE_NOOP("pages", "Retake"), "retake", Role.TROUBLE),
}
_STATES = {
    PageState.CAPTURED: None,
    PageState.ARRIVING: StateMark(QT_TRANSLATE_NOOP("pages", "Arriving"), "busy", Role.BUSY),
    PageState.MISSING: StateMark(QT_TRANSLATE_NOOP("pages", "Missing"), "missing", Role.HELD),
    PageState.RETAKE: StateMark(QT_TRANSLATE_NOOP("pages", "Retake"), "retake", Role.TROUBLE),
    PageState.LOOK: StateMark(QT_TRANSLATE_NOOP("pages", "Look"), "quality", Role.HELD),
    PageState.HELD: StateMark(QT_TRANSLATE_NOOP("pages", "Held"), "held", Role.HELD),
    PageState.DONE: StateMark(QT_TRANSLATE_NOOP("pages", "Done"), "done", Role.DONE),
    PageState.FAILED: StateMark(QT_TRANSLATE_NOOP("pages", "Failed"), "failed", Role.TROUBLE),
}


def mark_of(row: ThumbnailRow) -> StateMark | None:
    """How the state of a page is shown; None for one that was captured and nothing more.

    Raises:
        ValueError: The row's state is none of `PageState`.
    """
    return _VERDICTS.get(row.verdict) or _STATES[PageState(row.state)]


def describe(row: ThumbnailRow) -> str:
    """A page in words, for screen readers: "page 17, accepted"."""
    mark = mark_of(row)
    if mark is None:
        return QCoreApplication.translate("pages", "page {label}").format(label=row.label)
    words = QCoreApplication.translate("pages", "page {label}, {state}")
    return words.format(label=row.label, state=mark.text.lower())
