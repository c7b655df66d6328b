# SPDX-License-Identifier: Apache-2.0
"""A YAML text as a tree whose every value knows its place: no tags, no aliases, no word that becomes a boolean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from archive.manifest.problems import shown
from workers.pipelines.problems import Code, PipelineProblem, Place

DEEPEST = 12
"""Levels of nesting that are followed; a pipeline has five."""
_NULLS = ("", "~", "null", "Null", "NULL")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's parser where PyYAML was built with it."""
_ILLEGAL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold, and what terminals obey."""


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the document.

    Attributes:
        value: A text or None, a tuple of nodes for a list, or a `Mapping`.
        place: Where it begins.
        loose: Whether a text's type is open (a plain scalar): the key it belongs to decides.
        inset: How many characters stand before a one-line text that may be pointed into; None for others.
    """

    value: str | tuple[Node, ...] | Mapping | None
    place: Place
    loose: bool = False
    inset: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a mapping, the key's place, and its value."""

    key: str
    place: Place
    value: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    """The entries of a mapping in order, repeated keys among them."""

    entries: tuple[Entry, ...]


class DocumentBroken(Exception):
    """A document is no YAML, or uses what pipelines do not."""

    def __init__(self, problem: PipelineProblem) -> None:
        super().__init__(problem)
        self.problem = problem


def read_tree(text: str) -> Node | None:
    """The tree of a YAML text; None for one without a document.

    Raises:
        DocumentBroken: The text is no YAML, too deep, or uses what pipelines do not.
    """
    try:
        return _document(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = " ".join(filter(None, (error.context, error.problem)))
        raise _not_yaml(_place(mark, ""), reason) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _not_yaml(Place(line), f"the character {shown(error.character)} is not allowed") from error


def _not_yaml(place: Place, reason: str) -> DocumentBroken:
    return _broken(
        place,
        Code.SYNTAX,
        f"This is not YAML: {reason}.",
        "Correct the text here or just before; look at the indentation (spaces only), colons and quotation marks.",
    )


def _broken(place: Place, code: Code, message: str, remedy: str) -> DocumentBroken:
    return DocumentBroken(PipelineProblem.at(place, code, message, remedy))


def _document(events: Iterator[yaml.Event]) -> Node | None:
    node = None
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            if node is not None:
                raise _feature(event, "", "a second document", "Keep one pipeline a file.")
            node = _node(next(events), events, DEEPEST, "")
    return node


def _node(event: yaml.Event, events: Iterator[yaml.Event], depth: int, pointer: str) -> Node:
    place = _place(event.start_mark, pointer)
    if isinstance(event, yaml.AliasEvent):
        raise _feature(event, pointer, f"the alias *{event.anchor}", "Write the value out where it is used.")
    tag = getattr(event, "tag", None)
    if tag not in (None, "!"):
        raise _feature(event, pointer, f"the tag {shown(tag)}", "Write the value without a tag.")
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event, place)
    if depth == 0:
        raise _broken(
            place,
            Code.TOO_DEEP,
            f"Lists and mappings are nested more than {DEEPEST} levels deep.",
            "A pipeline has five levels at most; take the inner ones out.",
        )
    if isinstance(event, yaml.SequenceStartEvent):
        return Node(tuple(_sequence(events, depth - 1, pointer)), place)
    return Node(Mapping(tuple(_entries(events, depth - 1, pointer))), place)


def _scalar(event: yaml.ScalarEvent, place: Place) -> Node:
    if found := _ILLEGAL.search(event.value):
        # an escape in quotation marks can stand for what no name, picture or message may hold
        raise _not_yaml(place, f"the character {shown(found[0])} is not allowed")
    start, end = event.start_mark, event.end_mark
    one_line = bool(start and end and start.line == end.line)
    if event.style:
        # escapes and doubled quotation marks shift what stands behind them
        plain = one_line and event.style in "'\"" and not {"\\", "'", '"'} & set(event.value)
        return Node(event.value, place, inset=1 if plain else None)
    return Node(
        None if event.value in _NULLS else event.value, place, loose=True, inset=0 if one_line else None
    )


def _sequence(events: Iterator[yaml.Event], depth: int, pointer: str) -> Iterator[Node]:
    for number, event in enumerate(events):
        if isinstance(event, yaml.SequenceEndEvent):
            return
        yield _node(event, events, depth, f"{pointer}/{number}")


def _entries(events: Iterator[yaml.Event], depth: int, pointer: str) -> Iterator[Entry]:
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            return
        if not isinstance(event, yaml.ScalarEvent):
            raise _feature(event, pointer, "a key that is not a word", "Write a word before the colon.")
        below = f"{pointer}/{event.value.replace('~', '~0').replace('/', '~1')}"
        place = _place(event.start_mark, below)
        yield Entry(event.value, place, _node(next(events), events, depth, below))


def _place(mark: Any, pointer: str) -> Place:
    return Place(mark.line + 1, mark.column + 1, pointer) if mark else Place(pointer=pointer)


def _feature(event: yaml.Event, pointer: str, what: str, remedy: str) -> DocumentBroken:
    message = f"The document holds {what}, which pipelines do not use."
    return _broken(_place(event.start_mark, pointer), Code.YAML_FEATURE, message, remedy)
