# SPDX-License-Identifier: Apache-2.0
"""The problems of a manifest in the operator's language; files that Recto writes keep them in English."""

from __future__ import annotations

from app.desktop.importing.problem_sentences import SENTENCES
from app.desktop.language.sentence_book import SentenceBook
from archive.manifest.problems import Problem

PARTS = {
    **dict.fromkeys(
        ("expectation", "found", "kind", "message", "reason", "sentence", "what", "where", "whose"), ""
    ),
    "reasons": "; ",
}
"""Names of values that are words of Recto's own, to be translated too; all others are the manifest's."""

PROBLEMS = SentenceBook("problems", SENTENCES, parts=PARTS, closed={"kind", "what", "where", "whose"})
"""What `archive.manifest` says."""


def message_words(problem: Problem) -> str:
    """What is wrong, in the operator's language."""
    return PROBLEMS.in_words(problem.message)


def remedy_words(problem: Problem) -> str:
    """What to do about it, in the operator's language."""
    return PROBLEMS.in_words(problem.remedy)


def whole_words(problem: Problem, between: str = "\n") -> str:
    """What is wrong and what to do about it, in the operator's language."""
    return f"{message_words(problem)}{between}{remedy_words(problem)}"
