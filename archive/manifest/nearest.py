# SPDX-License-Identifier: Apache-2.0
"""The nearest known word to a mistyped one, for remedies that say "did you mean"."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like `word`, compared without regard to case, or None when none is like it."""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    matches = difflib.get_close_matches(word[:100].casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[matches[0]] if matches else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A sentence that proposes the nearest known word, or lists all known words when none is near."""
    words = list(known)
    match = nearest(word, words)
    return f"Did you mean {match}?" if match else f"Known are: {', '.join(words)}."
