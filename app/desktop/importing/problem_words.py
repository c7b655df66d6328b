# SPDX-License-Identifier: Apache-2.0
"""The problems of a manifest in the operator's language; files that Recto writes keep them in English."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from PySide6.QtCore import QCoreApplication

from app.desktop.importing.problem_sentences import SENTENCES
from archive.manifest.problems import Problem

PARTS = frozenset({
    "expectation", "found", "kind", "message", "reason", "reasons", "sentence", "what", "where", "whose",
})  # fmt: skip
"""Names of values that are words of Recto's own, to be translated too; all others are the manifest's."""

CLOSED = frozenset({"kind", "what", "where", "whose"})
"""Those of them that are always known; where one is not, the sentence is another one."""

REASONS = "; it "
"""What stands between several reasons why an id is refused."""

_NAME = re.compile(r"\{(\w+)\}")


def message_words(problem: Problem) -> str:
    """What is wrong, in the operator's language."""
    return in_words(problem.message)


def remedy_words(problem: Problem) -> str:
    """What to do about it, in the operator's language."""
    return in_words(problem.remedy)


def whole_words(problem: Problem, between: str = "\n") -> str:
    """What is wrong and what to do about it, in the operator's language."""
    return f"{message_words(problem)}{between}{remedy_words(problem)}"


def in_words(sentence: str) -> str:
    """A sentence of `archive.manifest` in the operator's language; as it is where nobody translated it."""
    recognised = recognise(sentence)
    if recognised is None:
        return sentence
    known, values = recognised
    if any(name in CLOSED and recognise(value) is None for name, value in values):
        return sentence
    told = {name: _part(value) if name in PARTS else value for name, value in values}
    return QCoreApplication.translate("problems", known).format(**told)


def _part(value: str) -> str:
    return "; ".join(in_words(each) for each in value.split(REASONS))


@lru_cache(maxsize=4096)
def recognise(sentence: str) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """The known sentence that a sentence is an instance of, with its values; None where there is none."""
    for known, pattern in _patterns():
        if found := pattern.fullmatch(sentence):
            return known, tuple(found.groupdict().items())
    return None


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The sentences as patterns, those with the most words of their own first: they say more than others."""
    by_words = sorted(SENTENCES, key=lambda known: len(_NAME.sub("", known)), reverse=True)
    return tuple((known, re.compile(_pattern(known), re.DOTALL)) for known in by_words)


def _pattern(known: str) -> str:
    pieces = _NAME.split(known)
    # every second piece is the name of a value
    return "".join(
        f"(?P<{piece}>.+?)" if number % 2 else re.escape(piece) for number, piece in enumerate(pieces)
    )
