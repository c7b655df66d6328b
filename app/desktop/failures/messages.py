# SPDX-License-Identifier: Apache-2.0
"""An error's own sentence, and what a check found, in the operator's language."""

from __future__ import annotations

import re

from app.desktop.failures.sentences import FINDINGS, MESSAGES
from app.desktop.language.sentence_book import SentenceBook

BOOK = SentenceBook(
    "messages",
    (*FINDINGS, *MESSAGES),
    parts={"finding": "", "sentence": "", "way": "", "where": "", "demanded": ", ", "delivered": ", "},
    numbers={"number", "other", "limit"},
)
"""Sentences of hardware, archive and workers; logs, events and exported files keep them in English."""

_NEXT_PAGE = re.compile(r"; (?=page \d+: )")
"""Where the next page begins in the reason why an item is held."""


def message_words(message: str) -> str:
    """A sentence in the operator's language; as it is where nobody translated it."""
    return "; ".join(BOOK.in_words(each) for each in _NEXT_PAGE.split(message))
