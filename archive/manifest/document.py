# SPDX-License-Identifier: Apache-2.0
"""From the tree of a JSON or YAML document to a draft, every value with its JSON pointer and line."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as KindsByName

from archive.manifest.draft import BATCH_FIELDS, ITEM_FIELDS, Draft, Field, Kind, Record
from archive.manifest.nearest import did_you_mean
from archive.manifest.nodes import Entry, Mapping, Node
from archive.manifest.problems import Code, Place, Problem, shown


def read_document(root: Node | None) -> tuple[Draft | None, list[Problem]]:
    """The draft that a document describes, None when it is no mapping; and what does not belong into it."""
    problems: list[Problem] = []
    top = Place(pointer="", line=root.line if root else 1)
    if root is None or not isinstance(root.value, Mapping):
        problems.append(_wrong_type(top, "A manifest is a mapping with id, institution and so on, and items"))
        return None, problems
    draft = Draft(Record(top), [], top)
    for entry, pointer in _entries(root.value, "", problems):
        if entry.key == "items":
            draft.items_place = Place(pointer=pointer, line=entry.line)
            draft.items = list(_items(entry.value, pointer, problems))
        else:
            _add(draft.batch, entry, pointer, {**BATCH_FIELDS, "items": Kind.LIST}, problems)
    return draft, problems


def _items(node: Node, pointer: str, problems: list[Problem]) -> Iterator[Record]:
    if node.value is None:
        return
    if not isinstance(node.value, tuple):
        problems.append(_wrong_type(Place(pointer=pointer, line=node.line), "items is a list"))
        return
    for number, each in enumerate(node.value):
        place = Place(pointer=f"{pointer}/{number}", line=each.line)
        if not isinstance(each.value, Mapping):
            problems.append(_wrong_type(place, "An item is a mapping with id, title and so on"))
            continue
        record = Record(place)
        for entry, below in _entries(each.value, f"{pointer}/{number}", problems):
            _add(record, entry, below, ITEM_FIELDS, problems)
        yield record


def _add(
    record: Record, entry: Entry, pointer: str, kinds: KindsByName[str, Kind], problems: list[Problem]
) -> None:
    if entry.key not in kinds:
        problems.append(
            Problem.at(
                Place(pointer=pointer, line=entry.line),
                Code.UNKNOWN_KEY,
                f"The key {shown(entry.key)} is not known here.",
                did_you_mean(entry.key, kinds),
            )
        )
        return
    record.fields[entry.key] = _field(entry.value, pointer, problems)


def _field(node: Node, pointer: str, problems: list[Problem]) -> Field:
    place = Place(pointer=pointer, line=node.line)
    if isinstance(node.value, Mapping):
        entries = _entries(node.value, pointer, problems)
        return Field({entry.key: _field(entry.value, below, problems) for entry, below in entries}, place)
    if isinstance(node.value, tuple):
        return Field(
            tuple(_field(each, f"{pointer}/{index}", problems) for index, each in enumerate(node.value)),
            place,
        )
    return Field(node.value, place, node.loose)


def _entries(mapping: Mapping, pointer: str, problems: list[Problem]) -> Iterator[tuple[Entry, str]]:
    """The entries with their pointers; a repeated key is reported and left out."""
    first: dict[str, int] = {}
    for entry in mapping.entries:
        below = f"{pointer}/{entry.key.replace('~', '~0').replace('/', '~1')}"
        if entry.key in first:
            problems.append(
                Problem.at(
                    Place(pointer=below, line=entry.line),
                    Code.DUPLICATE_KEY,
                    f"The key {shown(entry.key)} is there already, in line {first[entry.key]}.",
                    "Keep one of them.",
                )
            )
            continue
        first[entry.key] = entry.line
        yield entry, below


def _wrong_type(place: Place, expectation: str) -> Problem:
    return Problem.at(place, Code.WRONG_TYPE, f"{expectation}; this is not.", "Compare it with the template.")
