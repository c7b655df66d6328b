# SPDX-License-Identifier: Apache-2.0
"""A language for tests: every text marked and 40 % longer, so that untranslated and cut texts show."""

from __future__ import annotations

import re

from PySide6.QtCore import QObject, QTranslator

LONGER = 0.4
_KEPT = re.compile(r"\{[^}]*\}|%n|%L?\d+|&(?=\w)|<[^>]+>")
"""Parts with a meaning of their own: places for values, plurals, keys of menus, markup."""

_ACCENTED = str.maketrans("aceinosuyzACEINOSUYZ", "åçéîñöšüýžÅÇÉÎÑÖŠÜÝŽ")


class PseudoTranslator(QTranslator):
    """Translates every text into itself, accented and longer, between marks.

    Args:
        parent: Owner.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)

    def isEmpty(self) -> bool:
        """Never; Qt leaves empty translators out."""
        return False

    def translate(self, context: str, text: str, comment: str | None = None, n: int = -1) -> str:
        """The text in the pseudo-language."""
        del context, comment, n
        return pseudo(text) if text else text


def pseudo(text: str) -> str:
    """A text in the pseudo-language: "Open" becomes "[Öpéñ··]"."""
    parts: list[str] = []
    place = 0
    for kept in _KEPT.finditer(text):
        parts += [text[place : kept.start()].translate(_ACCENTED), kept[0]]
        place = kept.end()
    parts.append(text[place:].translate(_ACCENTED))
    return f"[{''.join(parts)}{'·' * max(0, round(len(text) * LONGER) - 2)}]"
