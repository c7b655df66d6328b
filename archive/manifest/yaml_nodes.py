# SPDX-License-Identifier: Apache-2.0
"""A YAML text as nodes with line numbers: no tags, no aliases, and no word that turns into a boolean unasked."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from archive.manifest.nodes import DEEPEST, DocumentBrokenError, Entry, Mapping, Node, too_deep
from archive.manifest.problems import Code, shown

_NULLS = ("", "~", "null", "Null", "NULL")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's parser where PyYAML was built with it: thirty times faster, the same events."""


def read_yaml(text: str) -> Node | None:
    """The tree of a YAML text; None for one without a document.

    Plain scalars stay text and are marked loose: whether `no`, `0012` or `1915` is a word or a number is
    decided by the field they stand in, not by YAML.

    Raises:
        DocumentBrokenError: The text is no YAML, too deep, or uses what manifests do not.
    """
    try:
        return _document(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = " ".join(filter(None, (error.context, error.problem)))
        raise _not_yaml(mark.line + 1 if mark else 1, reason) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _not_yaml(line, f"the character {shown(error.character)} is not allowed") from error


def _not_yaml(line: int, reason: str) -> DocumentBrokenError:
    return DocumentBrokenError(
        line,
        Code.SYNTAX,
        f"This is not YAML: {reason}.",
        "Correct the text here or just before; look at the indentation (spaces only), colons and quotation marks.",
    )


def _document(events: Iterator[yaml.Event]) -> Node | None:
    node = None
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            if node is not None:
                raise _feature(event, "a second document", "Keep one manifest a file.")
            node = _node(next(events), events, DEEPEST)
    return node


def _node(event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
    line = _line(event)
    if isinstance(event, yaml.AliasEvent):
        raise _feature(event, f"the alias *{event.anchor}", "Write the value out where it is used.")
    tag = getattr(event, "tag", None)
    if tag not in (None, "!"):
        raise _feature(event, f"the tag {tag}", "Write the value without a tag.")
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event, line)
    if depth == 0:
        raise too_deep(line)
    if isinstance(event, yaml.SequenceStartEvent):
        return Node(tuple(_sequence(events, depth - 1)), line)
    return Node(Mapping(tuple(_entries(events, depth - 1))), line)


def _scalar(event: yaml.ScalarEvent, line: int) -> Node:
    if event.style:
        return Node(event.value, line)
    return Node(None if event.value in _NULLS else event.value, line, loose=True)


def _sequence(events: Iterator[yaml.Event], depth: int) -> Iterator[Node]:
    for event in events:
        if isinstance(event, yaml.SequenceEndEvent):
            return
        yield _node(event, events, depth)


def _entries(events: Iterator[yaml.Event], depth: int) -> Iterator[Entry]:
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            return
        line = _line(event)
        if not isinstance(event, yaml.ScalarEvent):
            raise _feature(event, "a key that is not a word", "Write a word before the colon.")
        yield Entry(event.value, line, _node(next(events), events, depth))


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _feature(event: yaml.Event, what: str, remedy: str) -> DocumentBrokenError:
    return DocumentBrokenError(
        _line(event),
        Code.YAML_FEATURE,
        f"The document holds {what}, which manifests do not use.",
        remedy,
    )
