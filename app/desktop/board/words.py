# SPDX-License-Identifier: Apache-2.0
"""The board's words: stages and states as operators call them, times, sizes and lengths of time."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from app.desktop.failures.explanation import WORDINGS
from app.desktop.language.marking import QT_TRANSLATE_NOOP
from app.desktop.theme.roles import Role
from archive.registry.stage_holds import OPERATOR, StageHold
from archive.registry.stages import Stage
from archive.registry.states import State

STAGE_TITLES: dict[str, str] = {
    Stage.VALIDATE: QT_TRANSLATE_NOOP("board", "Check"),
    Stage.CAPTURE: QT_TRANSLATE_NOOP("board", "Capture"),
    Stage.CHARACTERISE: QT_TRANSLATE_NOOP("board", "Metadata"),
    Stage.ENRICH: QT_TRANSLATE_NOOP("board", "Suggestions"),
    Stage.OCR: QT_TRANSLATE_NOOP("board", "Text"),
    Stage.ASSEMBLE: QT_TRANSLATE_NOOP("board", "PDF"),
    Stage.BAG: QT_TRANSLATE_NOOP("board", "Bag"),
    Stage.UPLOAD: QT_TRANSLATE_NOOP("board", "Upload"),
    Stage.CONFIRM: QT_TRANSLATE_NOOP("board", "Proof"),
}

STAGE_TELLS: dict[str, str] = {
    Stage.VALIDATE: QT_TRANSLATE_NOOP("board", "What the manifest asks for is checked against this station."),
    Stage.CAPTURE: QT_TRANSLATE_NOOP("board", "Pages become masters, and each is read back."),
    Stage.CHARACTERISE: QT_TRANSLATE_NOOP(
        "board", "Technical metadata, quality checks and viewing copies of each page."
    ),
    Stage.ENRICH: QT_TRANSLATE_NOOP("board", "Suggestions for language, dates and key phrases."),
    Stage.OCR: QT_TRANSLATE_NOOP("board", "The text of each page is read."),
    Stage.ASSEMBLE: QT_TRANSLATE_NOOP("board", "The searchable PDF and the text of the whole item."),
    Stage.BAG: QT_TRANSLATE_NOOP("board", "Pages and metadata are packed into a bag."),
    Stage.UPLOAD: QT_TRANSLATE_NOOP("board", "The bag is sent to every storage."),
    Stage.CONFIRM: QT_TRANSLATE_NOOP("board", "The stored bytes are read back and proved equal."),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """How a state is shown: word, colour and icon together.

    Attributes:
        word: To be translated in the context "board".
        role: Colour.
        icon: Name of an icon.
    """

    word: str
    role: Role
    icon: str

    @property
    def text(self) -> str:
        """The word in the operator's language."""
        return QCoreApplication.translate("board", self.word)


MARKS: dict[State, Mark] = {
    State.WAITING: Mark(QT_TRANSLATE_NOOP("board", "Waiting"), Role.WAITING, "waiting"),
    State.QUEUED: Mark(QT_TRANSLATE_NOOP("board", "Waiting"), Role.WAITING, "queued"),
    State.RUNNING: Mark(QT_TRANSLATE_NOOP("board", "Working"), Role.BUSY, "busy"),
    State.DONE: Mark(QT_TRANSLATE_NOOP("board", "Done"), Role.DONE, "done"),
    State.HELD: Mark(QT_TRANSLATE_NOOP("board", "Needs you"), Role.HELD, "held"),
    State.FAILED: Mark(QT_TRANSLATE_NOOP("board", "Failed"), Role.TROUBLE, "failed"),
    State.CANCELLED: Mark(QT_TRANSLATE_NOOP("board", "Cancelled"), Role.WAITING, "cancelled"),
}
ON_HOLD = Mark(QT_TRANSLATE_NOOP("board", "On hold"), Role.HELD, "hold")
AT_DESK = Mark(QT_TRANSLATE_NOOP("board", "At the desk"), Role.WAITING, "capture")
TRIES_AGAIN = Mark(QT_TRANSLATE_NOOP("board", "Tries again"), Role.HELD, "retry")


def say(text: str) -> str:
    """A text of this module's tables in the operator's language."""
    return QCoreApplication.translate("board", text)


def stage_title(stage: str) -> str:
    """What operators call a stage; one of a site's own has its name for a title."""
    if stage in STAGE_TITLES:
        return say(STAGE_TITLES[stage])
    words = re.sub(r"[-_]+", " ", stage).strip()
    return words[:1].upper() + words[1:]


def stage_tells(stage: str) -> str:
    """What happens in a stage; of one of a site's own its name."""
    return say(STAGE_TELLS[stage]) if stage in STAGE_TELLS else stage


def words_of_hold(hold: StageHold) -> str:
    """Why a stage stands still, in one sentence."""
    reason = hold.reason or say(QT_TRANSLATE_NOOP("board", "no reason was given"))
    if hold.by != OPERATOR:
        words = say(QT_TRANSLATE_NOOP("board", "{step} waits: {reason}"))
    elif hold.batch:
        words = say(QT_TRANSLATE_NOOP("board", "{step} is on hold: {reason}"))
    else:
        words = say(QT_TRANSLATE_NOOP("board", "{step} is on hold in all batches: {reason}"))
    return words.format(step=stage_title(hold.stage), reason=reason)


def headline_of(code: str) -> str:
    """What an error of this code is, in few words; the code itself where nobody has found words."""
    wording = WORDINGS.get(code)
    return code if wording is None else QCoreApplication.translate("failures", wording.headline)


def clock(seconds: float) -> str:
    """A moment: its time today, its day and time before that."""
    moment = dt.datetime.fromtimestamp(seconds, tz=dt.UTC).astimezone()
    locale, told = QLocale(), QDateTime.fromSecsSinceEpoch(int(seconds))
    if moment.date() == dt.datetime.now(tz=dt.UTC).astimezone().date():
        return locale.toString(told.time(), QLocale.FormatType.ShortFormat)
    return locale.toString(told, QLocale.FormatType.ShortFormat)


def moment(iso: str) -> str:
    """A moment of the registry (ISO 8601) for people, in local time."""
    return clock(dt.datetime.fromisoformat(iso).timestamp())


def length(seconds: float) -> str:
    """A length of time in its two greatest units."""
    whole = max(0, round(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes_rest = divmod(minutes, 60)
    if hours:
        return say(QT_TRANSLATE_NOOP("board", "{hours} h {minutes} min")).format(
            hours=hours, minutes=minutes_rest
        )
    if minutes:
        return say(QT_TRANSLATE_NOOP("board", "{minutes} min {seconds} s")).format(
            minutes=minutes, seconds=rest
        )
    return say(QT_TRANSLATE_NOOP("board", "{seconds} s")).format(seconds=whole)


def about(seconds: float) -> str:
    """A length of time that is only an estimate: whole minutes, in coarser steps the longer it is."""
    minutes = max(1, round(seconds / 60))
    if minutes > _AN_HOUR:
        return length(round(minutes / 10) * 600)
    rounded = minutes if minutes < _EXACT else round(minutes / 5) * 5
    return say(QT_TRANSLATE_NOOP("board", "{minutes} min")).format(minutes=rounded)


_AN_HOUR, _EXACT = 60, 10
"""Minutes above which tens, and from which fives, are told."""


def size(number: int) -> str:
    """Bytes for people."""
    return QLocale().formattedDataSize(number, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)
