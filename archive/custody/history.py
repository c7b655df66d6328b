# SPDX-License-Identifier: Apache-2.0
"""An item's events read without trust: each recomputed, linked with its neighbours, and made a leaf of the tree."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from archive.canonical_json import canonical_json
from archive.custody.merkle import audit_path, leaf_hash, merkle_root

LONGEST_LINE = 16 << 20
"""Bytes of an event that are believed; real ones have some hundreds."""

MOST_EVENTS = 10_000_000
"""Events of one item that are believed."""

CAPTURES = frozenset({"capture", "ingestion"})
"""PREMIS event types by which a page comes into being: scanned here, or taken in as an image."""

REPLACES = "appraisal"
"""PREMIS event type by which files stop being part of the item: `superseded` in its detail names them."""

_MOST_PROBLEMS = 100


@dataclass(frozen=True, slots=True)
class PageEvent:
    """An event of a page that was asked for.

    Attributes:
        index: Its place among the item's events, from 0.
        event: The event with its own digest.
    """

    index: int
    event: dict[str, Any]


@dataclass
class History:
    """The events of one item as they come, from a registry or line by line from a bag.

    Attributes:
        page: The page whose events are kept, if one was asked for.
        problems: One sentence for each event that cannot be what was recorded.
        leaves: The leaf hashes, in order.
        last: Sequence number, digest and time of the last event.
        named: The batches and items that the events name.
        captured: The newest digest of each file that an event says was captured or taken in.
        of_page: The events of `page`.
    """

    page: int | None = None
    problems: list[str] = field(default_factory=list)
    leaves: list[bytes] = field(default_factory=list)
    last: tuple[int, str, str] = (0, "", "")
    named: set[tuple[str, str]] = field(default_factory=set)
    captured: dict[str, str] = field(default_factory=dict)
    of_page: list[PageEvent] = field(default_factory=list)
    _rest: bytearray = field(default_factory=bytearray)
    _given_up: bool = False

    @property
    def root(self) -> str:
        """The Merkle root over all events, hexadecimal."""
        return merkle_root(self.leaves).hex()

    def path_of(self, index: int) -> list[str]:
        """The audit path of an event, hexadecimal."""
        return [neighbour.hex() for neighbour in audit_path(self.leaves, index)]

    def feed(self, block: bytes) -> None:
        """Take the next bytes of an events.jsonl."""
        if self._given_up:
            return
        *lines, rest = (self._rest + block).split(b"\n")
        self._rest = rest
        for line in lines:
            self._line(bytes(line))
        if len(rest) > LONGEST_LINE:
            self._give_up(f"Event {len(self.leaves) + 1} is too long to be true.")

    def end(self) -> None:
        """There are no more bytes."""
        if self._rest and not self._given_up:
            self._give_up("The last event is cut off.")

    def add(self, event: Mapping[str, Any]) -> None:
        """Take the next event, with its recorded digest as `sha256`."""
        body = {name: value for name, value in event.items() if name != "sha256"}
        try:
            written = canonical_json(body)
            sequence, page = _number(event["sequence"]), event["page"]
            place = (str(event["batch"]), str(event["item"]))
            detail, digest = dict(event["detail"]), str(event["sha256"])
            kind, at, previous = str(event["type"]), str(event["at"]), str(event["previous"])
        except (KeyError, TypeError, ValueError, RecursionError):
            self._give_up(f"Event {len(self.leaves) + 1} of the item is no event of a chain.")
            return
        if hashlib.sha256(written).hexdigest() != digest:
            self._problem(f"Event {sequence} was altered: its body does not have the recorded SHA-256.")
        self._link(sequence, previous)
        if self.page is not None and page == self.page:
            self.of_page.append(PageEvent(len(self.leaves), dict(event)))
        if kind in CAPTURES and isinstance(detail.get("file"), str):
            self.captured[detail["file"]] = str(detail.get("sha256"))
        if kind == REPLACES:
            for file in _texts(detail.get("superseded")):
                self.captured.pop(file, None)
        self.named.add(place)
        self.leaves.append(leaf_hash(written))
        self.last = (sequence, digest, at)

    def _line(self, line: bytes) -> None:
        if self._given_up:
            return
        number = len(self.leaves) + 1
        if number > MOST_EVENTS:
            self._give_up(f"There are more than {MOST_EVENTS} events.")
            return
        try:
            event = json.loads(line)
            # a document that two readers could read in two ways proves nothing
            canonical = isinstance(event, dict) and canonical_json(event) == line
        except (ValueError, RecursionError):
            canonical = False
        if canonical:
            self.add(event)
        else:
            self._give_up(f"Line {number} of the events is not one event as canonical JSON.")

    def _link(self, sequence: int, previous: str) -> None:
        last_sequence, last_digest, _ = self.last
        if sequence <= last_sequence:
            self._problem(
                f"Event {sequence} stands after event {last_sequence}: events were moved or repeated."
            )
        elif sequence == last_sequence + 1 and self.leaves and previous != last_digest:
            self._problem(f"Event {sequence} does not name the SHA-256 of the event before it.")

    def _problem(self, problem: str) -> None:
        self.problems.append(problem)
        if len(self.problems) >= _MOST_PROBLEMS:
            self._give_up("There are too many problems to look further.")

    def _give_up(self, problem: str) -> None:
        self.problems.append(problem)
        self._given_up = True
        self._rest.clear()


def _texts(value: Any) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _number(value: Any) -> int:
    if type(value) is not int or value < 1:
        raise ValueError("not a sequence number")
    return value
