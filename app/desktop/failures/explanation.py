# SPDX-License-Identifier: Apache-2.0
"""From a failure as the lower floors tell it to what the operator reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication

from app.desktop.failures.archive import ARCHIVE
from app.desktop.failures.depositing import DEPOSITING
from app.desktop.failures.desk import DESK
from app.desktop.failures.fetching import FETCHING
from app.desktop.failures.imaging import IMAGING
from app.desktop.failures.keeping import KEEPING
from app.desktop.failures.messages import message_words
from app.desktop.failures.receiving import RECEIVING
from app.desktop.failures.scanner import SCANNER
from app.desktop.failures.storage import STORAGE
from app.desktop.failures.wording import Wording
from app.desktop.failures.workers import WORKERS
from app.desktop.language.marking import QT_TRANSLATE_NOOP

WORDINGS: dict[str, Wording] = {
    **SCANNER,
    **DESK,
    **WORKERS,
    **STORAGE,
    **DEPOSITING,
    **KEEPING,
    **RECEIVING,
    **FETCHING,
    **IMAGING,
    **ARCHIVE,
}
"""What is said, by the error's code."""

_GO_THERE: dict[str, str] = {
    "devices": QT_TRANSLATE_NOOP("failures", "Open devices"),
    "importing": QT_TRANSLATE_NOOP("failures", "Open import"),
    "capture": QT_TRANSLATE_NOOP("failures", "Open capture"),
    "quality": QT_TRANSLATE_NOOP("failures", "Look at the pages"),
    "board": QT_TRANSLATE_NOOP("failures", "Show on the board"),
    "settings": QT_TRANSLATE_NOOP("failures", "Open settings"),
    "report": QT_TRANSLATE_NOOP("failures", "Save a report"),
}

_SUBJECTS = ("device", "page", "file", "path", "item", "url", "bucket", "program")
"""Facts that say what an error is about, the plainest first."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the operator reads, translated.

    Attributes:
        headline: What happened.
        about: What it happened to, such as the scanner's id; "" where nothing names it.
        consequence: What it means for the work.
        remedy: What to do.
        button: Words on the button, where the one who reports can do it.
        screen: Id of the screen where it can be done, or "report".
        go_there: Words on the button that leads to this screen.
        details: For those who look after Recto: code, own words and facts of the error, as text.
    """

    headline: str
    about: str
    consequence: str
    remedy: str
    button: str
    screen: str
    go_there: str
    details: str


def explain(failure: Mapping[str, Any]) -> Explanation:
    """What to say about a failure.

    Args:
        failure: A failure's JSON, as `workers.failures.describe_failure` makes it. A code that has no wording
            of its own keeps the error's own sentences.
    """
    wording = WORDINGS.get(failure["code"]) or Wording(
        failure["message"], failure["consequence"], failure["remedy"], _GO_THERE["report"], "report"
    )
    return Explanation(
        headline=_say(wording.headline),
        about=message_words(failure["message"]) if wording.message_matters else _subject(failure),
        consequence=_say(wording.consequence),
        remedy=_say(wording.remedy),
        button=_say(wording.button),
        screen=wording.screen,
        go_there=_say(_GO_THERE[wording.screen]),
        details=_details(failure),
    )


def _say(text: str) -> str:
    return QCoreApplication.translate("failures", text)


def _subject(failure: Mapping[str, Any]) -> str:
    facts = failure.get("facts") or {}
    named = [str(facts[name]) for name in _SUBJECTS if facts.get(name) not in {None, ""}]
    return " · ".join(named[:2])


def _details(failure: Mapping[str, Any]) -> str:
    lines = [failure["message"], failure["consequence"], failure["remedy"], "", f"code: {failure['code']}"]
    for name, value in (failure.get("facts") or {}).items():
        text = value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
        lines.append(f"{name}: {text}")
    return "\n".join(lines)
