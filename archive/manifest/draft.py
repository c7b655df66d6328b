# SPDX-License-Identifier: Apache-2.0
"""What a manifest file says before it is checked: values with their places, the same for every format."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from archive.manifest.problems import Place


class Kind(Enum):
    """What a field of a manifest holds."""

    TEXT = auto()
    INTEGER = auto()
    LIST = auto()
    SETTINGS = auto()
    TAGS = auto()


BATCH_FIELDS = {
    "id": Kind.TEXT,
    "institution": Kind.TEXT,
    "collection": Kind.TEXT,
    "scanner_id": Kind.TEXT,
    "scanner_model": Kind.TEXT,
    "resolution_dpi": Kind.INTEGER,
    "color_profile": Kind.TEXT,
    "settings": Kind.SETTINGS,
    "pipeline": Kind.TEXT,
    "bag_profile": Kind.TEXT,
    "storage": Kind.LIST,
    "tags": Kind.TAGS,
}
"""The fields of a batch, in the order in which people fill them in; `items` apart."""

ITEM_FIELDS = {
    "id": Kind.TEXT,
    "title": Kind.TEXT,
    "creator": Kind.TEXT,
    "date": Kind.TEXT,
    "language": Kind.TEXT,
    "rights": Kind.TEXT,
    "pages": Kind.INTEGER,
    "file_paths": Kind.LIST,
    "attachments": Kind.LIST,
    "scanner_id": Kind.TEXT,
    "settings": Kind.SETTINGS,
    "tags": Kind.TAGS,
}
"""The fields of an item."""


class Faulty(Enum):
    """Stands for a value that was there but could not be read; its problem is reported already."""

    FAULTY = auto()


FAULTY = Faulty.FAULTY

Scalar = str | int | float | bool | None | Faulty


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a manifest and where it stands.

    Attributes:
        value: A scalar, a tuple of fields for a list, or a dict of fields for settings and tags.
        place: Where it stands.
        loose: Whether the format leaves the type of a text open (a CSV cell, a plain YAML scalar).
    """

    value: Scalar | tuple[Field, ...] | dict[str, Field]
    place: Place
    loose: bool = False


@dataclass(slots=True)
class Record:
    """The batch or one item: its fields by name, and the place of the whole."""

    place: Place
    fields: dict[str, Field] = field(default_factory=dict)

    def place_of(self, name: str) -> Place:
        """Where a field stands or, when it is absent, where it should."""
        return self.fields[name].place if name in self.fields else self.place


@dataclass(slots=True)
class Draft:
    """A whole manifest before it is checked.

    Attributes:
        batch: The batch's own fields.
        items: The items in order.
        items_place: Where items stand, or should.
    """

    batch: Record
    items: list[Record] = field(default_factory=list)
    items_place: Place = field(default_factory=Place)
