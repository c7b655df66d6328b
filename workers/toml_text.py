# SPDX-License-Identifier: Apache-2.0
"""Changes to the text of a TOML 1.0 file that leave comments, order and everything else as it stands."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from workers.toml_statements import Statement, statements_of

Key = tuple[str | int, ...]
"""Where a value is: names of tables and keys, and places (from 0) in arrays of tables."""

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f"}


def set_value(text: str, key: Key, value: object) -> str:
    """The text with a value in the place of the one before, or added where it belongs."""
    statements = statements_of(text)
    for statement in statements:
        if statement.kind == "value" and statement.key == key:
            return text[: statement.value_begin] + toml_value(value) + text[statement.value_end :]
    if (inline := _around(statements, key)) is not None:
        data = changed(tomllib.loads(text), key, value)
        return set_value(text, inline.key, at(data, inline.key))
    return _add_value(text, statements, key, value)


def remove(text: str, key: Key) -> str:
    """The text without a value, a table or an entry; the same text where it has none."""
    statements = statements_of(text)
    if (inline := _around(statements, key)) is not None:
        return set_value(text, inline.key, at(without(tomllib.loads(text), key), inline.key))
    # from the end, so that the places of those before stay true
    for statement in reversed(statements):
        if statement.key[: len(key)] == key:
            text = text[: statement.begin] + text[statement.end :]
    return text


def append_entry(text: str, key: Key, entry: Mapping[str, object]) -> str:
    """The text with one more table at the end of an array of tables."""
    statements = statements_of(text)
    inline = next(
        (found for found in statements if found.kind == "value" and _starts_with(key, found.key)), None
    )
    if inline is not None and (inline.key != key or at(tomllib.loads(text), key)):
        data = tomllib.loads(text)
        entries = at(data, key) if _has(data, key) else []
        return set_value(text, inline.key, at(changed(data, key, [*entries, dict(entry)]), inline.key))
    if inline is not None:
        return append_entry(remove(text, key), key, entry)
    own = [
        statement
        for statement in statements
        if len(statement.key) > len(key) and _starts_with(statement.key, key)
    ]
    block = [
        f"[[{_dotted(key)}]]",
        *(f"{_name(name)} = {toml_value(value)}" for name, value in entry.items()),
    ]
    return _insert(text, own[-1].end if own else len(text), ["", *block])


def toml_value(value: object) -> str:
    """A value as TOML writes it.

    Raises:
        TypeError: TOML has no such value.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, PurePath)):
        return f'"{"".join(_escaped(letter) for letter in str(value))}"'
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_name(name)} = {toml_value(part)}" for name, part in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, Sequence):
        return f"[{', '.join(toml_value(part) for part in value)}]"
    raise TypeError(f"TOML has no {type(value).__name__}")


def at(data: Any, key: Key) -> Any:
    """What stands at a key of parsed TOML."""
    for step in key:
        data = data[step]
    return data


def changed(data: Mapping[str, Any], key: Key, value: object) -> dict[str, Any]:
    """Parsed TOML with another value at a key."""
    whole = copy.deepcopy(dict(data))
    place: Any = whole
    for step in key[:-1]:
        place = place[step] if isinstance(step, int) else place.setdefault(step, {})
    place[key[-1]] = value
    return whole


def without(data: Mapping[str, Any], key: Key) -> dict[str, Any]:
    """Parsed TOML without what stands at a key."""
    whole = copy.deepcopy(dict(data))
    place: Any = whole
    for step in key[:-1]:
        if isinstance(step, str) and step not in place:
            return whole
        place = place[step]
    last: Any = key[-1]
    if isinstance(place, list) or last in place:
        del place[last]
    return whole


def _around(statements: Sequence[Statement], key: Key) -> Statement | None:
    """The inline table or array that a key is written inside of."""
    for statement in statements:
        if (
            statement.kind == "value"
            and len(statement.key) < len(key)
            and key[: len(statement.key)] == statement.key
        ):
            return statement
    return None


def _add_value(text: str, statements: Sequence[Statement], key: Key, value: object) -> str:
    table, name = key[:-1], str(key[-1])
    line = f"{_name(name)} = {toml_value(value)}"
    header = next((found for found in statements if found.kind != "value" and found.key == table), None)
    own = [found for found in statements if found.kind == "value" and found.key[:-1] == table and table]
    if header is not None:
        inside = [found for found in statements if found.table == header]
        return _insert(text, inside[-1].end if inside else header.end, [line])
    if own:
        # the table is written as dotted keys, and may not get a header as well
        prefix = own[-1].key[len(own[-1].table.key) if own[-1].table else 0 : -1]
        return _insert(text, own[-1].end, [f"{_dotted(prefix)}.{line}"])
    if not table:
        top = [found for found in statements if found.table is None and found.kind == "value"]
        return _insert(text, top[-1].end if top else _after_introduction(text), [line])
    return _insert(text, len(text), ["", f"[{_dotted(table)}]", line])


def _after_introduction(text: str) -> int:
    """Behind the comment that a file begins with, where an empty line ends it."""
    place = 0
    for line in text.splitlines(keepends=True):
        if not line.strip():
            return place + len(line) if place else 0
        if not line.lstrip().startswith("#"):
            return 0
        place += len(line)
    return place


def _insert(text: str, place: int, lines: Sequence[str]) -> str:
    end = "\r\n" if "\r\n" in text else "\n"
    before, after = text[:place], text[place:]
    if before and not before.endswith("\n"):
        before += end
    kept = list(lines)
    if kept[0] == "" and (not before.strip() or before.endswith(end + end)):
        kept = kept[1:]
    # a first key before a table keeps its distance
    if kept and lines[0] != "" and not before.strip() and after.lstrip().startswith("["):
        kept.append("")
    return before + "".join(line + end for line in kept) + after


def _starts_with(key: Key, beginning: Key) -> bool:
    return key[: len(beginning)] == beginning


def _has(data: Mapping[str, Any], key: Key) -> bool:
    place: Any = data
    for step in key:
        if isinstance(step, str) and step not in place:
            return False
        place = place[step]
    return True


def _dotted(key: Key) -> str:
    return ".".join(_name(step) for step in key if isinstance(step, str))


def _name(name: str) -> str:
    plain = name.isascii() and name.replace("-", "a").replace("_", "a").isalnum()
    return name if plain else toml_value(name)


def _escaped(letter: str) -> str:
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    # TOML 1.0, strings: no control characters but tab
    return f"\\u{ord(letter):04x}" if ord(letter) < 0x20 or ord(letter) == 0x7F else letter  # noqa: PLR2004
