# SPDX-License-Identifier: Apache-2.0
"""What a single key of a pipeline may hold: each reads a node, or tells a problem and gives None."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from archive.manifest.nearest import did_you_mean
from archive.manifest.problems import shown
from workers.pipelines.condition import parse_condition
from workers.pipelines.condition_tokens import ConditionInvalid
from workers.pipelines.duration import read_duration
from workers.pipelines.problems import Code, Place, Problems
from workers.pipelines.tree import Entry, Mapping, Node
from workers.steps.parameters import Parameter, ParameterRefused

LONGEST_NAME = 40
LONGEST_LIMIT = 24 * 3600
_NAME = re.compile(r"[a-z][a-z0-9_-]*", re.ASCII)

Read = Callable[[Node, Problems], Any]


def entries_of(node: Node, known: Iterable[str], problems: Problems) -> Iterator[Entry]:
    """The entries with known keys, each once; others are told."""
    words = list(known)
    first: dict[str, int] = {}
    for entry in node.value.entries if isinstance(node.value, Mapping) else ():
        if entry.key in first:
            problems.tell(
                entry.place,
                Code.DUPLICATE_KEY,
                f"The key {shown(entry.key)} is there already, in line {first[entry.key]}.",
                "Keep one of them.",
            )
        elif entry.key not in words:
            first[entry.key] = entry.place.line
            problems.tell(
                entry.place,
                Code.UNKNOWN_KEY,
                f"The key {shown(entry.key)} is not known here.",
                did_you_mean(entry.key, words),
            )
        else:
            first[entry.key] = entry.place.line
            yield entry


def read_name(node: Node, problems: Problems) -> str | None:
    """A name that can stand in an address, a column and a command line."""
    value = node.value
    if isinstance(value, str) and _NAME.fullmatch(value) and len(value) <= LONGEST_NAME:
        return value
    problems.tell(
        node.place,
        Code.NAME_FORM,
        f"{_told(node)} cannot be a name.",
        f"Write a small letter, then small letters, digits, - and _; {LONGEST_NAME} characters at most.",
    )
    return None


def read_names(node: Node, problems: Problems) -> list[tuple[str, Place]] | None:
    """Names with their places; one alone need not be a list."""
    if not isinstance(node.value, tuple):
        name = read_name(node, problems)
        return None if name is None else [(name, node.place)]
    found = [(read_name(each, problems), each.place) for each in node.value]
    named = [(name, place) for name, place in found if name is not None]
    return named if len(named) == len(found) else None


def line_of(longest: int) -> Read:
    """A reader of texts up to so many characters."""

    def read(node: Node, problems: Problems) -> Any:
        value = node.value
        if not isinstance(value, str) or not value.strip():
            return _wrong(node, problems, "a text", "Write a text.")
        if len(value) > longest:
            return _wrong(node, problems, f"a text of {longest} characters at most", "Shorten it.")
        return value.strip()

    return read


def whole_of(least: int, most: int) -> Read:
    """A reader of whole numbers between two."""

    def read(node: Node, problems: Problems) -> Any:
        text = node.value
        plain = isinstance(text, str) and node.loose and re.fullmatch(r"[0-9]{1,9}", text, re.ASCII)
        if plain and least <= int(plain[0]) <= most:
            return int(plain[0])
        return _wrong(node, problems, f"a whole number from {least} to {most}", "Correct the number.")

    return read


def one_of(*choices: str, code: Code = Code.WRONG_VALUE) -> Read:
    """A reader of words from a closed list."""

    def read(node: Node, problems: Problems) -> Any:
        if isinstance(node.value, str) and node.value in choices:
            return node.value
        remedy = did_you_mean(node.value if isinstance(node.value, str) else "", choices)
        return _wrong(node, problems, f"one of {', '.join(choices)}", remedy, code)

    return read


def read_flag(node: Node, problems: Problems) -> Any:
    """True or false."""
    flags = {"true": True, "yes": True, "false": False, "no": False}
    if isinstance(node.value, str) and node.loose and node.value.casefold() in flags:
        return flags[node.value.casefold()]
    return _wrong(node, problems, "true or false", "Write true or false.")


def read_limit(node: Node, problems: Problems) -> Any:
    """Seconds of a time limit."""
    try:
        seconds = read_duration(node.value) if isinstance(node.value, str) else 0
    except ValueError:
        seconds = 0
    if 1 <= seconds <= LONGEST_LIMIT:
        return seconds
    remedy = "Write it as in: 90 s, 10 min, 1 h 30 min."
    return _wrong(node, problems, "a duration from 1 s to 24 h", remedy)


def read_when(node: Node, problems: Problems) -> Any:
    """The text of a condition that could be read."""
    if not isinstance(node.value, str) or not node.value.strip():
        return _wrong(node, problems, "a condition", "Write it as in: pages > 1, or leave `when` out.")
    try:
        parse_condition(node.value)
    except ConditionInvalid as error:
        place = node.place
        if node.inset is not None:
            place = Place(place.line, place.column + node.inset + error.position, place.pointer)
        message = f"The condition cannot be understood at character {error.position + 1}: {error.message}"
        problems.tell(place, Code.CONDITION, message, error.remedy)
        return None
    return node.value.strip()


def read_parameter(parameter: Parameter, node: Node, problems: Problems) -> Any:
    """A parameter's value, None where it has none that the step takes."""
    value: Any = node.value
    loose = node.loose
    if isinstance(value, tuple):
        value, loose = [each.value for each in value], all(each.loose for each in value)
    try:
        return parameter.read(value, loose=loose)
    except ParameterRefused as error:
        problems.tell(node.place, Code.PARAMETER_VALUE, str(error), f"{parameter.description}.")
        return None


def _wrong(node: Node, problems: Problems, wanted: str, remedy: str, code: Code = Code.WRONG_VALUE) -> Any:
    """Tell that a key holds something else than it should; there is no value then."""
    key = node.place.pointer.rpartition("/")[2]
    problems.tell(node.place, code, f"{key} is {wanted}, not {_told(node)}.", remedy)
    return None


def _told(node: Node) -> str:
    if isinstance(node.value, Mapping):
        return "a mapping"
    if isinstance(node.value, tuple):
        return "a list"
    return "nothing" if node.value is None else shown(node.value)
