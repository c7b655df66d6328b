# SPDX-License-Identifier: Apache-2.0
"""The words, signs, numbers and texts that a condition is made of, each with its position."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from archive.manifest.problems import shown

LONGEST = 2000
"""Characters of the longest condition."""

_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\r\n]+)
  | (?P<NUMBER>-?[0-9]{1,15}(?:\.[0-9]{1,15})?(?![\w.]))
  | (?P<quoted>[A-Za-z]+\."[^"\n]+")
  | (?P<WORD>[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)?)
  | (?P<TEXT>"[^"\n]*"|'[^'\n]*')
  | (?P<SIGN><=|>=|!=|[=<>()\[\],])
    """,
    re.VERBOSE | re.ASCII,
)


class Kind(Enum):
    """What a token is."""

    NUMBER = auto()
    WORD = auto()
    TEXT = auto()
    SIGN = auto()
    END = auto()


class ConditionInvalid(ValueError):
    """A text is no condition.

    Args:
        position: Where, in characters from 0.
        message: What is wrong, as a sentence.
        remedy: What to do.
    """

    def __init__(self, position: int, message: str, remedy: str) -> None:
        super().__init__(f"At character {position + 1}: {message} {remedy}")
        self.position = position
        self.message = message
        self.remedy = remedy

    def __reduce__(self) -> tuple[type[ConditionInvalid], tuple[int, str, str]]:
        return type(self), (self.position, self.message, self.remedy)


@dataclass(frozen=True, slots=True)
class Token:
    """One part of a condition; a text is without its quotation marks."""

    kind: Kind
    text: str
    position: int


def tokens_of(text: str) -> list[Token]:
    """The tokens of a condition, the end among them.

    Raises:
        ConditionInvalid: It holds something else, or is too long.
    """
    if len(text) > LONGEST:
        raise ConditionInvalid(
            LONGEST,
            f"A condition has at most {LONGEST} characters; this one has {len(text)}.",
            "Shorten it.",
        )
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise _strange(text, position)
        if found.lastgroup == "quoted":
            # a name of the manifest's own that is no word
            tokens.append(Token(Kind.WORD, found[0].replace('"', ""), position))
        elif found.lastgroup == "TEXT":
            tokens.append(Token(Kind.TEXT, found[0][1:-1], position))
        elif found.lastgroup is not None and found.lastgroup != "space":
            tokens.append(Token(Kind[found.lastgroup], found[0], position))
        position = found.end()
    tokens.append(Token(Kind.END, "", len(text)))
    return tokens


def _strange(text: str, position: int) -> ConditionInvalid:
    if text[position] in "\"'":
        return ConditionInvalid(position, "A text is not closed.", "Close it with the same quotation mark.")
    remedies = {
        "&": "Write: and.",
        "|": "Write: or.",
        "!": "Write: not.",
    }
    return ConditionInvalid(
        position,
        f"{shown(text[position : position + 12])} does not belong into a condition.",
        remedies.get(
            text[position], "Use names of facts, = != < <= > >=, and, or, not, in, contains, is set."
        ),
    )
