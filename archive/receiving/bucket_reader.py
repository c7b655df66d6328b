# SPDX-License-Identifier: Apache-2.0
"""What the bucket reader decides of each object in a receiving location, and why.

The location is read whole and every time afresh, so that nothing depends on a message that may be lost.
A page of its list is held against what is known with one question to the registry; only what may be a new
bag is looked at by itself.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from archive.bag.readers import printable
from archive.errors import StorageUrlInvalid
from archive.receiving.arrivals import ArrivedBag, KnownItem, arrived, bag_of
from archive.registry.ingest_facts import Outcome
from archive.registry.states import State
from archive.storage.place import Place, PlacedObject
from archive.storage.target import checked_key

PAGE = 1000
"""Objects that are held against the registry at once: a page of S3's lists."""

QUARANTINE = "quarantine/"
"""Where refused bags go in a receiving location that has no quarantine elsewhere."""

ANSWERS = (".receipt.json", ".refused.json", ".refused.txt")
"""Ends of what is written beside a bag."""


class Decided(StrEnum):
    """What is done about an object."""

    MADE = "made"
    SUPERSEDING = "superseding"
    NOT_A_TAR = "not a tar"
    UNUSABLE_NAME = "unusable name"
    GROWING = "growing"
    WAITING_OR_RUNNING = "waiting or running"
    REFUSED_BEFORE = "refused before"
    FAILED_BEFORE = "failed before"
    CANCELLED_BEFORE = "cancelled before"
    KEPT = "kept"
    GONE = "gone"
    OURS = "receipt or report of ours"
    QUARANTINED = "in quarantine"


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done about one object.

    Attributes:
        key: Its key in the receiving location.
        decision: What.
        reason: Why, in a sentence.
        work_item: Number of the work item that it is about; None where there is none.
        size: Bytes.
    """

    key: str
    decision: Decided
    reason: str
    work_item: int | None = None
    size: int = 0

    def to_json(self) -> dict[str, Any]:
        """The line that `recto receive --json` prints, without the depositor."""
        return {
            "key": printable(self.key),
            "decision": str(self.decision),
            "reason": self.reason,
            "work_item": self.work_item,
            "size": self.size,
        }


@dataclass(frozen=True, slots=True)
class Registered:
    """What came of registering a bag.

    Attributes:
        work_item: Its work item's number; None where somebody else has made one meanwhile.
        superseded: Numbers of older ones that it takes the place of.
    """

    work_item: int | None
    superseded: tuple[int, ...] = ()


Known = Callable[[Collection[str]], Mapping[str, Sequence[KnownItem]]]
"""Work items that stand against making another one, by the names of bags."""

Register = Callable[[ArrivedBag], Registered]
"""Makes a work item of a bag, unless somebody else does so at the same moment."""


def read_location(
    place: Place, known: Known, register: Register, *, quiet: dt.timedelta
) -> Iterator[Decision]:
    """Decide of every object in a receiving location.

    Args:
        place: The location.
        known: Asked once for each page; may tell of other bags too.
        register: Called for each new bag.
        quiet: For how long a bag must not have changed.

    Raises:
        StorageError: The location cannot be listed to its end; what was decided till then counts.
    """
    listed = iter(place.objects())
    while page := list(itertools.islice(listed, PAGE)):
        aside = [_set_aside(found) for found in page]
        bags = [found.key for found, decision in zip(page, aside, strict=True) if decision is None]
        items = known(bags) if bags else {}
        for found, decision in zip(page, aside, strict=True):
            yield decision or _decide(place, found, items.get(found.key, ()), register, quiet)


def _set_aside(found: PlacedObject) -> Decision | None:
    """The decision of an object that its key tells to be no bag to read."""
    key = found.key
    if key.startswith(QUARANTINE):
        return Decision(key, Decided.QUARANTINED, "It was refused and lies in quarantine.", size=found.size)
    if key.endswith(ANSWERS):
        return Decision(key, Decided.OURS, "It is an answer to the depositor.", size=found.size)
    if not bag_of(key):
        return Decision(
            key, Decided.NOT_A_TAR, "Its name does not end in .tar; it is left alone.", size=found.size
        )
    try:
        checked_key(key)
    except StorageUrlInvalid:
        return Decision(
            key,
            Decided.UNUSABLE_NAME,
            "Its name has characters, or empty parts, that no registry keeps; it is left alone.",
            size=found.size,
        )
    return None


def _decide(
    place: Place,
    found: PlacedObject,
    items: Sequence[KnownItem],
    register: Register,
    quiet: dt.timedelta,
) -> Decision:
    same = [item for item in items if found.etag and (item.etag, item.size) == (found.etag, found.size)]
    if same and not _was_told_otherwise(same[-1]):
        return _of_known(found, same[-1])
    if found.age < quiet:
        return _growing(found, quiet)
    seen = place.look(found.key)
    if seen is None:
        return Decision(found.key, Decided.GONE, "It was removed while the location was read.")
    if (seen.etag, seen.size) != (found.etag, found.size):
        return _growing(seen, quiet)
    bag = arrived(seen)
    equal = [item for item in items if item.content == bag.content]
    if equal:
        # sent again, with other parts or at another time
        return _of_known(found, equal[-1])
    return _registered(bag, register(bag))


def _was_told_otherwise(item: KnownItem) -> bool:
    """Whether it may have been refused for the digest that was told with it, and not for its bytes."""
    return item.outcome == Outcome.REFUSED and item.state is State.DONE and item.is_by_told_digest


def _registered(bag: ArrivedBag, registered: Registered) -> Decision:
    if registered.work_item is None:
        return Decision(
            bag.name,
            Decided.WAITING_OR_RUNNING,
            "Another reader has made its work item at the same moment.",
            size=bag.size,
        )
    made = Decision(bag.name, Decided.MADE, "It is new, and quiet.", registered.work_item, bag.size)
    if not registered.superseded:
        return made
    older = ", ".join(map(str, registered.superseded))
    return replace(
        made,
        decision=Decided.SUPERSEDING,
        reason=f"It is newer than work item {older} of the same name, of which nothing was stored yet.",
    )


def _growing(found: PlacedObject, quiet: dt.timedelta) -> Decision:
    return Decision(
        found.key,
        Decided.GROWING,
        f"It changed {max(found.age.total_seconds(), 0):.0f} seconds ago, and must be quiet for "
        f"{quiet.total_seconds():.0f}.",
        size=found.size,
    )


def _of_known(found: PlacedObject, item: KnownItem) -> Decision:
    decided, reason = _standing(item)
    return Decision(found.key, decided, reason, item.id, found.size)


def _standing(item: KnownItem) -> tuple[Decided, str]:
    """How the work item of an equal bag stands."""
    if item.state in {State.FAILED, State.HELD}:
        return Decided.FAILED_BEFORE, (
            f"Its work item has {'failed' if item.state is State.FAILED else 'stopped'} and waits for a person: "
            f"recto receive show {item.id}"
        )
    if item.state is State.CANCELLED:
        return Decided.CANCELLED_BEFORE, (
            f"Its work item was cancelled; take it up again with: recto receive retry {item.id}"
        )
    if item.state is not State.DONE:
        return Decided.WAITING_OR_RUNNING, "Its work item waits or is worked on."
    if item.outcome == Outcome.REFUSED:
        return Decided.REFUSED_BEFORE, "The same bag was refused, and would be refused again."
    return Decided.KEPT, "It is ingested already, and still lies where it arrived."
