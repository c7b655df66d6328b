# SPDX-License-Identifier: Apache-2.0
"""A JSON or YAML document as a tree whose every value knows its line, and the limits both readers keep."""

from __future__ import annotations

from dataclasses import dataclass

from archive.manifest.problems import Code, Place, Problem

DEEPEST = 16
"""Levels of nesting that are followed; a manifest has four."""


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a document.

    Attributes:
        value: A scalar, a tuple of nodes for a list, or a `Mapping`.
        line: Line on which it begins, from 1.
        loose: Whether a text's type is open (a plain YAML scalar).
    """

    value: str | int | float | bool | tuple[Node, ...] | Mapping | None
    line: int
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a mapping, its line, and its value."""

    key: str
    line: int
    value: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    """The entries of a mapping in order, repeated keys among them."""

    entries: tuple[Entry, ...]


class DocumentBrokenError(Exception):
    """A document breaks the grammar of its format, or goes beyond what a manifest may contain.

    Args:
        line: Line, from 1.
        code: The kind of problem.
        message: What is wrong.
        remedy: What to do.
    """

    def __init__(self, line: int, code: Code, message: str, remedy: str) -> None:
        super().__init__(message)
        self.problem = Problem.at(Place(pointer="", line=line), code, message, remedy)


def too_deep(line: int) -> DocumentBrokenError:
    """The document is nested deeper than any manifest."""
    return DocumentBrokenError(
        line,
        Code.TOO_DEEP,
        f"Lists and mappings are nested more than {DEEPEST} levels deep.",
        "A manifest has four levels at most; take the inner ones out.",
    )
