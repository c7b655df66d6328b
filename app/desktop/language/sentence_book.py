# SPDX-License-Identifier: Apache-2.0
"""Sentences with values in them, as lower floors say them in English, told in the operator's language."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache

from PySide6.QtCore import QCoreApplication, QLocale

Recognised = tuple[str, dict[str, str]]
"""A known sentence, and the values that stand in it."""

LONGEST = 800
"""Letters of a sentence that is looked at; a longer text is no sentence, and would keep the window waiting."""

_NAME = re.compile(r"\{(\w+)\}")
_QUOTED = re.compile("“(.*?)”", re.DOTALL)
_DECIMAL = re.compile(r"-?\d+\.\d+(?=%?$)")


class SentenceBook:
    """Knows the sentences of some floor by their patterns, and translates what fits one of them.

    Args:
        context: Where the sentences are translated.
        sentences: With names in braces for values, collected by `QT_TRANSLATE_NOOP`.
        parts: Names of values that are sentences, or parts of them, themselves, and what stands between
            several of them; "" where there is one only.
        closed: Names of those parts that are always known: where one is not, the sentence is another one.
        numbers: Names of values that are numbers, shown as the operator writes them.
    """

    def __init__(
        self,
        context: str,
        sentences: Collection[str],
        *,
        parts: Mapping[str, str] | None = None,
        closed: Collection[str] = (),
        numbers: Collection[str] = (),
    ) -> None:
        self._context = context
        self._parts, self._closed, self._numbers = dict(parts or {}), frozenset(closed), frozenset(numbers)
        # those with the most words of their own first: they say more than others
        by_words = sorted(sentences, key=lambda known: len(_NAME.sub("", known)), reverse=True)
        self._patterns = [(known, re.compile(_pattern(known), re.DOTALL)) for known in by_words]
        self.recognise = lru_cache(maxsize=4096)(self._recognise)

    def in_words(self, sentence: str) -> str:
        """A sentence in the operator's language; as it is where nobody translated it."""
        recognised = self.recognise(sentence)
        if recognised is None:
            return sentence
        known, values = recognised
        told = {name: self._told(name, value) for name, value in values.items()}
        return QCoreApplication.translate(self._context, known).format(**told)

    def _told(self, name: str, value: str) -> str:
        if between := self._parts.get(name):
            return between.join(self.in_words(each) for each in value.split(between))
        if name in self._parts:
            return self.in_words(value)
        if name in self._numbers:
            return _DECIMAL.sub(lambda found: found[0].replace(".", QLocale().decimalPoint()), value)
        return _QUOTED.sub(lambda found: QLocale().quoteString(found[1]), value)

    def _recognise(self, sentence: str) -> Recognised | None:
        """The known sentence that a sentence is an instance of, with its values; None where there is none."""
        if len(sentence) > LONGEST:
            return None
        for known, pattern in self._patterns:
            found = pattern.fullmatch(sentence)
            if found and all(
                name not in self._closed or self.recognise(value) is not None
                for name, value in found.groupdict().items()
            ):
                return known, found.groupdict()
        return None


def _pattern(known: str) -> str:
    pieces = _NAME.split(known)
    # every second piece is the name of a value
    return "".join(
        f"(?P<{piece}>.+?)" if number % 2 else re.escape(piece) for number, piece in enumerate(pieces)
    )
