# SPDX-License-Identifier: Apache-2.0
"""Putting the inventory of a version into every location of its object, before the version counts."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import structlog

from archive.errors import ObjectExists
from archive.receiving.inventory import WrittenInventory, written_inventory
from archive.receiving.keys import earlier_inventory_key, inventory_digest_key, inventory_key
from archive.receiving.version_facts import VersionFacts
from archive.registry import Session
from archive.registry.content_copies import StoredContent
from archive.registry.kept_objects import identifier_of
from archive.registry.object_versions import arrived_files, kept_document
from archive.storage.place import ObjectReader, Place, PlacedObject
from workers.receiving.ingest import Ingest
from workers.receiving.locations import Keeping, open_location

log = structlog.get_logger(__name__)

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class PlacedInventory:
    """An inventory and its digest in one location."""

    location: str
    inventory: StoredContent
    digest: StoredContent


@dataclass(frozen=True, slots=True)
class KeptInventory:
    """An inventory that lies in every location.

    Attributes:
        sha256: Of the document.
        files: How many files it lists.
    """

    sha256: str
    files: int
    places: tuple[PlacedInventory, ...]


def keep_inventory(
    ingest: Ingest, keeping: Keeping, number: int, bag: Mapping[str, Any]
) -> tuple[VersionFacts, KeptInventory]:
    """Write the inventory of a version that is to be recorded, and put it into every location.

    Args:
        ingest: The ingest.
        keeping: Its object, and where that is kept.
        number: Of the version.
        bag: What it tells of the bag.

    Returns:
        What the files amount to, and where the inventory lies.

    Raises:
        StorageError: A location does not take it.
    """
    facts = VersionFacts()
    with contextlib.ExitStack() as stack:
        with ingest.work.node.registry.reading() as session:
            written = stack.enter_context(_written(session, ingest, keeping, number, bag, facts))
        # no transaction is open while bytes travel
        places = tuple(_placed(ingest, keeping, location, number, written) for location in keeping.locations)
        return facts, KeptInventory(written.sha256, written.files, places)


def _written(
    session: Session,
    ingest: Ingest,
    keeping: Keeping,
    number: int,
    bag: Mapping[str, Any],
    facts: VersionFacts,
) -> AbstractContextManager[WrittenInventory]:
    kept = keeping.object
    before = inventory_key(kept.uid, number - 1)
    previous = kept_document(session, kept.id, before)
    told = {
        "object": {
            "identifier": identifier_of(kept),
            "uid": kept.uid,
            "institution": {"id": ingest.institution.id, "name": ingest.institution.name},
            "storage_option": kept.storage_option,
        },
        "version": number,
        "previous": previous and {"inventory": before, "sha256": previous},
        "bag": dict(bag),
    }
    return written_inventory(told, facts.counted(arrived_files(session, kept.id, ingest.item.id)))


def _placed(
    ingest: Ingest, keeping: Keeping, location: str, number: int, written: WrittenInventory
) -> PlacedInventory:
    place, uid = open_location(ingest, location), keeping.object.uid
    ingest.work.still_ours()
    digest = written.digest_file()
    return PlacedInventory(
        location,
        _put_inventory(place, uid, number, written),
        _put(
            place,
            inventory_digest_key(uid, number),
            lambda: [digest],
            len(digest),
            hashlib.sha256(digest).hexdigest(),
        ),
    )


def _put_inventory(place: Place, uid: str, number: int, written: WrittenInventory) -> StoredContent:
    key = inventory_key(uid, number)
    there = place.look(key)
    if there is not None:
        _keep_earlier(place, uid, number, there, written.sha256)
    return _put(place, key, written.blocks, written.size, written.sha256)


def _keep_earlier(place: Place, uid: str, number: int, there: PlacedObject, sha256: str) -> None:
    """Keep an unknown inventory beside the one that is to have its key.

    It may be of an ingest that was given up, or of a version that was recorded after the backup from which
    the registry was restored: then it is all that says which bytes here are that version, for which its
    depositor has a receipt.
    """
    found = hashlib.sha256()
    with contextlib.closing(place.open(there.key, there.etag)) as reading:
        for block in _blocks(reading):
            found.update(block)
    if found.hexdigest() == sha256:
        return
    earlier = earlier_inventory_key(uid, number, found.hexdigest())
    with contextlib.closing(place.open(there.key, there.etag)) as reading:
        place.put(earlier, _blocks(reading), size=there.size, sha256=found.hexdigest())
    log.warning("ingest.inventory_kept_aside", key=earlier, url=place.url)


def _blocks(reading: ObjectReader) -> Iterator[bytes]:
    return iter(lambda: reading.read(_BLOCK), b"")


def _put(place: Place, key: str, blocks: Any, size: int, sha256: str) -> StoredContent:
    try:
        copy = place.put(key, blocks(), size=size, sha256=sha256)
    except ObjectExists:
        # of a version that the registry does not know: that number is free again
        there = place.look(key)
        copy = place.put(key, blocks(), size=size, sha256=sha256, instead_of=there.etag if there else "")
    return StoredContent(sha256, size, key, copy.url, copy.proof)
