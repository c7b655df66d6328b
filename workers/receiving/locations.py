# SPDX-License-Identifier: Apache-2.0
"""Where the copies of an object are kept: the preservation locations of its storage option, one chunk each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archive.receiving.audit import require_mounted
from archive.registry.content_copies import any_copy_at
from archive.registry.kept_objects import identifier_of
from archive.registry.object_versions import copies_planned
from archive.registry.receiving_tables import ArchivalObjectRow
from archive.storage.place import Place
from workers.receiving.errors import IngestContradicted
from workers.receiving.ingest import Ingest

NO_SUCH_COPY: dict[str, Any] = {
    "skipped": {"code": "ingest.no_such_copy", "message": "The storage option has no further location."}
}
"""What a chunk returns that no location of the storage option stands for."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """The object of an ingest, and where it is kept.

    Attributes:
        object: The object's row.
        locations: The preservation locations that get a copy, in their order.
    """

    object: ArchivalObjectRow
    locations: tuple[str, ...]

    @classmethod
    def of(cls, ingest: Ingest) -> Keeping:
        """Where the object of an ingest is kept, as far as the ingest has a chunk for each location.

        Raises:
            IngestContradicted: No object was found for the bag, or its storage option has no location.
        """
        key = ingest.item.object
        if key is None:
            raise IngestContradicted(f"The bag {ingest.identifier} belongs to no object.")
        with ingest.work.node.registry.reading() as session:
            row = session.get_one(ArchivalObjectRow, key)
            # a location that the option was given meanwhile has no chunk in this ingest
            most = copies_planned(session, ingest.item.batch)
        locations = ingest.institution.storage_options.get(row.storage_option) or []
        if not locations:
            raise IngestContradicted(
                f"The storage option {row.storage_option!r} of {identifier_of(row)} has no location.",
                remedy="Give the option its locations with: recto institution add, then: recto receive retry WORK_ITEM",
            )
        return cls(row, tuple(str(name) for name in locations[:most]))

    def url_of(self, ingest: Ingest, location: str) -> str:
        """The address of a location, without credentials."""
        return ingest.work.node.place(location).url

    def of_chunk(self, first_page: int | None) -> str | None:
        """The location that a chunk stands for; None for a chunk too many."""
        index = (first_page or 1) - 1
        return self.locations[index] if index < len(self.locations) else None


def open_location(ingest: Ingest, location: str) -> Place:
    """A preservation location, to be stored into.

    Raises:
        StorageUnreachable: It is away, or empty though files were stored there: a share that is not mounted.
        SettingsInvalid, StorageUrlInvalid, AccessRefused: It cannot be used as the settings tell.
    """
    node = ingest.work.node
    place = node.place(location)
    with node.registry.reading() as session:
        used_before = any_copy_at(session, location)
    if used_before:
        require_mounted(place)
    return place
