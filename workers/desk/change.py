# SPDX-License-Identifier: Apache-2.0
"""What a change did to the places of an item, so that it can be undone exactly, and that undone again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, Self

from archive.registry.tables import DeskPlaceRow

_FIELDS = ("rank", "aside", "label_start", "rotation", "verdict", "reason")


class ChangeFacts(NamedTuple):
    """What the words of "Undo ..." need.

    Attributes:
        kind: "capture", "retake", "take in", "missing", "discard", "reorder", "interleave", "relabel", "rotate",
            "judge", or "decide" for suggestions (no numbers stand for the item itself).
        numbers: The positions in the item that the change concerned, from 1.
    """

    kind: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlaceState:
    """Everything about a place that a change may alter."""

    id: int
    values: tuple[Any, ...]

    @classmethod
    def of(cls, row: DeskPlaceRow) -> Self:
        """The state of a place now."""
        return cls(row.id, tuple(getattr(row, field) for field in _FIELDS))


@dataclass(frozen=True, slots=True)
class Change:
    """A change of an item at the desk; `Desk.restore` takes it back.

    Attributes:
        batch: The batch.
        item: The item.
        kind: See `ChangeFacts`; a restored change keeps the kind of what it restores.
        numbers: See `ChangeFacts`.
        before: The places that it altered, as they were.
        after: The same places as they are since.
    """

    batch: str
    item: str
    kind: str
    numbers: tuple[int, ...]
    before: tuple[PlaceState, ...] = ()
    after: tuple[PlaceState, ...] = ()

    @property
    def text_facts(self) -> ChangeFacts:
        """What the words of "Undo ..." need."""
        return ChangeFacts(self.kind, self.numbers)

    @property
    def places(self) -> tuple[int, ...]:
        """Ids of the places that it altered."""
        return tuple(state.id for state in self.before)


class Restores(Protocol):
    """Whoever can take changes back."""

    def restore(self, change: Change) -> Change:
        """Take a change back; what this does can be taken back in the same way."""
        ...


class Recording:
    """Notes how places were before they are altered.

    Args:
        rows: The places that are about to be altered.
    """

    made: Change
    """The change, once it is made."""

    def __init__(self, rows: Sequence[DeskPlaceRow] = ()) -> None:
        self._before: dict[int, PlaceState] = {}
        self._rows: dict[int, DeskPlaceRow] = {}
        for row in rows:
            self.touch(row)

    def touch(self, row: DeskPlaceRow) -> DeskPlaceRow:
        """Note how a place is, before it is altered for the first time."""
        if row.id not in self._rows:
            self._rows[row.id], self._before[row.id] = row, PlaceState.of(row)
        return row

    def added(self, row: DeskPlaceRow) -> None:
        """Note a place that is new: before, it was aside."""
        values = ("undone" if field == "aside" else getattr(row, field) for field in _FIELDS)
        self._rows[row.id], self._before[row.id] = row, PlaceState(row.id, tuple(values))

    def change(self, batch: str, item: str, kind: str, numbers: Sequence[int]) -> Change:
        """The change from then to now, of the places that are different."""
        after = {key: PlaceState.of(row) for key, row in self._rows.items()}
        altered = [key for key in after if after[key] != self._before[key]]
        return Change(
            batch,
            item,
            kind,
            tuple(numbers),
            tuple(self._before[key] for key in altered),
            tuple(after[key] for key in altered),
        )


def put_back(row: DeskPlaceRow, before: PlaceState, after: PlaceState) -> None:
    """Give a place what a change took from it; what the change left alone stays as it is now."""
    for field, old, new in zip(_FIELDS, before.values, after.values, strict=True):
        if old != new:
            setattr(row, field, old)
