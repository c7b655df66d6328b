# SPDX-License-Identifier: Apache-2.0
"""Where in the text of a TOML 1.0 file each header and each `key = value` begins and ends."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["table", "entry", "value"]


@dataclass(frozen=True, slots=True)
class Statement:
    """One header or one `key = value`, which may go over several lines.

    Attributes:
        kind: A table's header, the header of an entry of an array of tables, or a value.
        key: All the way from the top, with the place (from 0) within each array of tables.
        table: The header that it stands below; None at the top and for headers.
        begin: Offset of the first character of its first line.
        end: Offset behind the end of its last line.
        value_begin: Offset of a value's first character.
        value_end: Offset behind a value's last character.
    """

    kind: Kind
    key: tuple[str | int, ...]
    table: Statement | None
    begin: int
    end: int
    value_begin: int = 0
    value_end: int = 0


def statements_of(text: str) -> list[Statement]:
    """All statements in their order.

    Args:
        text: Valid TOML; what `tomllib` refuses must not come here.
    """
    reading = _Reading(text)
    place = 0
    while place < len(text):
        line_end = _line_end(text, place)
        line = text[place:line_end].strip()
        if not line or line.startswith("#"):
            place = line_end
        elif line.startswith("["):
            place = reading.header(place, line_end)
        else:
            place = reading.value(place)
    return reading.statements


class _Reading:
    def __init__(self, text: str) -> None:
        self._text = text
        self._table: Statement | None = None
        self._counts: dict[tuple[str | int, ...], int] = {}
        self.statements: list[Statement] = []

    def header(self, begin: int, end: int) -> int:
        line = self._text[begin:end].strip()
        is_entry = line.startswith("[[")
        inner = line[2:] if is_entry else line[1:]
        names = _names(inner[: _key_end(inner, 0, "]")])
        key = self._resolved(names, last=not is_entry)
        if is_entry:
            number = self._counts.get(key, 0)
            self._counts[key] = number + 1
            key = (*key, number)
        self._table = Statement("entry" if is_entry else "table", key, None, begin, end)
        self.statements.append(self._table)
        return end

    def value(self, begin: int) -> int:
        equals = _key_end(self._text, begin, "=")
        value_begin = equals + 1
        while self._text[value_begin] in " \t":
            value_begin += 1
        value_end = _value_end(self._text, value_begin)
        end = _line_end(self._text, value_end)
        above = self._table.key if self._table else ()
        key = (*above, *_names(self._text[begin:equals]))
        self.statements.append(Statement("value", key, self._table, begin, end, value_begin, value_end))
        return end

    def _resolved(self, names: list[str], *, last: bool) -> tuple[str | int, ...]:
        """A header's key, each array of tables on the way standing for its latest entry."""
        key: tuple[str | int, ...] = ()
        for position, name in enumerate(names, 1):
            key = (*key, name)
            if key in self._counts and (last or position < len(names)):
                key = (*key, self._counts[key] - 1)
        return key


def _names(dotted: str) -> list[str]:
    """The names of a dotted key, quotes and escapes undone by the TOML reader itself."""
    data: Any = tomllib.loads(f"{dotted.strip()} = 0")
    names = []
    while isinstance(data, dict):
        ((name, data),) = data.items()
        names.append(name)
    return names


def _line_end(text: str, place: int) -> int:
    found = text.find("\n", place)
    return len(text) if found < 0 else found + 1


def _key_end(text: str, place: int, end: str) -> int:
    """Where a key ends: at the given character, outside quotes."""
    while text[place] != end:
        place = _string_end(text, place) if text[place] in "\"'" else place + 1
    return place


def _value_end(text: str, place: int) -> int:
    """Behind a value: a string, an array, an inline table, or a word up to the line's end or a comment."""
    depth = 0
    end = place
    while place < len(text):
        letter = text[place]
        if letter in "\"'":
            place = end = _string_end(text, place)
            continue
        if letter == "#":
            if not depth:
                return end
            place = _line_end(text, place)
            continue
        if letter == "\n" and not depth:
            return end
        depth += (letter in "[{") - (letter in "]}")
        place += 1
        if not letter.isspace():
            end = place
    return end


def _string_end(text: str, place: int) -> int:
    """Behind a string of any of TOML's four kinds."""
    quote = text[place]
    mark = quote * 3 if text.startswith(quote * 3, place) else quote
    place += len(mark)
    while not text.startswith(mark, place):
        place += 2 if quote == '"' and text[place] == "\\" else 1
    place += len(mark)
    if len(mark) == 3:  # noqa: PLR2004 - one or two quotes may stand right before the closing three
        while text[place : place + 1] == quote:
            place += 1
    return place
