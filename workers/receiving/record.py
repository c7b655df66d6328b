# SPDX-License-Identifier: Apache-2.0
"""The record stage: a bag whose copies are all proved becomes a version of its object, or is known to be one already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archive.receiving.version_facts import ACCESSES, TITLES, VersionFacts, ingest_events, tag_value
from archive.registry import Session
from archive.registry.archival_objects import lock_object
from archive.registry.clock import now_iso
from archive.registry.content_copies import unproved_files
from archive.registry.deletions import void_open_deletions
from archive.registry.events import append_event
from archive.registry.ingest_facts import Outcome, set_outcome
from archive.registry.kept_objects import ACTIVE, DELETED, find_version
from archive.registry.notifications import Kind, notify
from archive.registry.object_versions import (
    add_version,
    copies_by_location,
    earlier_ingest,
    is_same,
    record_kept_document,
)
from archive.registry.receiving_tables import ArchivalObjectRow, ObjectVersionRow, WorkItemRow
from workers.receiving.errors import EarlierBagFirst, IngestContradicted, waiting_for_places
from workers.receiving.ingest import Ingest
from workers.receiving.inventories import keep_inventory
from workers.receiving.locations import Keeping
from workers.versions import recto_agent

if TYPE_CHECKING:
    from workers.work import Work


def record(work: Work) -> dict[str, Any]:
    """Record the bag as a version of its object, unless the newest has the very same files."""
    ingest = Ingest.of(work)
    skipped = ingest.skipped()
    if skipped is not None:
        return skipped
    if not ingest.item.outcome:
        keeping = Keeping.of(ingest)
        with work.node.registry.reading() as session:
            _require_turn(session, ingest, keeping)
            newest = _newest(session, keeping.object)
            same = newest is not None and is_same(session, newest.id, ingest.item.id)
        if same and newest is not None:
            _record_unchanged(ingest, keeping, newest)
        else:
            _record_new(ingest, keeping)
        ingest = Ingest.of(work)
    return {"outcome": ingest.item.outcome, "version": ingest.item.version}


def _require_turn(session: Session, ingest: Ingest, keeping: Keeping) -> None:
    """Bags of one object become versions in the order in which they came, and only with all their copies.

    Raises:
        EarlierBagFirst, IngestContradicted: It is not so far yet.
    """
    earlier = earlier_ingest(session, ingest.item)
    if earlier is not None:
        raise EarlierBagFirst(
            f"Work item {earlier} brings an earlier version of {ingest.identifier} and has not ended.",
            work_item=earlier,
        )
    for location in keeping.locations:
        missing = unproved_files(session, keeping.object.id, ingest.item.id, location)
        if missing:
            raise IngestContradicted(
                f"{missing} files of {ingest.identifier} have no proved copy at {location}.",
                location=location,
                files=missing,
            )


def _newest(session: Session, kept: ArchivalObjectRow) -> ObjectVersionRow | None:
    """The version that a bag may be equal to: none of an object that was deleted."""
    return None if kept.state == DELETED or not kept.version else find_version(session, kept)


def _record_unchanged(ingest: Ingest, keeping: Keeping, newest: ObjectVersionRow) -> None:
    with ingest.work.recording() as session:
        kept = _require_same_object(session, keeping)
        # its depositor is about to be told that the archive has it
        void_open_deletions(
            session, kept, "The same bag was deposited again after the deletion was asked for."
        )
        append_event(
            session,
            keeping.object.chain,
            "ingestion",
            detail={**_ingestion(ingest, newest.number), "unchanged": True},
            agents=(recto_agent(),),
        )
        _end(session, ingest, Outcome.UNCHANGED, newest.number)


def _record_new(ingest: Ingest, keeping: Keeping) -> None:
    number = keeping.object.version + 1
    bag = _Bag.of(ingest)
    with waiting_for_places():
        facts, inventory = keep_inventory(ingest, keeping, number, bag.describe())
    with ingest.work.recording() as session:
        kept = _require_same_object(session, keeping)
        for place in inventory.places:
            for document in (place.inventory, place.digest):
                record_kept_document(session, kept.id, place.location, document)
        version = ObjectVersionRow(
            object=kept.id,
            number=number,
            work_item=ingest.item.id,
            bag_name=bag.name,
            bag_sha256=bag.sha256,
            payload_sha256=facts.payload_sha256,
            payload_files=facts.payload_files,
            payload_bytes=facts.payload_bytes,
            chain_root=bag.chain_root,
            profile=bag.profile,
            tags=bag.tags,
            created_at=now_iso(),
        )
        if add_version(session, version) != inventory.files:
            raise IngestContradicted(f"The files of {ingest.identifier} changed while they were recorded.")
        kept.version, kept.state, kept.deleted_at = number, ACTIVE, None
        kept.title, kept.access = tag_value(bag.tags, TITLES), tag_value(bag.tags, ACCESSES)
        _tell(
            session,
            ingest,
            keeping,
            facts,
            {"inventory_sha256": inventory.sha256, "chain_root": bag.chain_root},
        )
        _end(session, ingest, Outcome.INGESTED, number)


def _tell(
    session: Session, ingest: Ingest, keeping: Keeping, facts: VersionFacts, more: dict[str, Any]
) -> None:
    reading = ingest.item.reading or {}
    copies = copies_by_location(session, keeping.object.id, ingest.item.id, keeping.locations)
    events = ingest_events(
        facts,
        profile=str(reading.get("profile") or ""),
        warnings=int(reading.get("warning_count") or 0),
        copies=[{**copy, "location": keeping.url_of(ingest, copy["location"])} for copy in copies],
        ingestion=_ingestion(ingest, keeping.object.version + 1)
        | {"payload_sha256": facts.payload_sha256, **more},
    )
    for event_type, detail in events:
        append_event(session, keeping.object.chain, event_type, detail=detail, agents=(recto_agent(),))


def _ingestion(ingest: Ingest, number: int) -> dict[str, Any]:
    return {
        "version": number,
        "bag": ingest.bag,
        "bag_sha256": _Bag.of(ingest).sha256,
        "work_item": ingest.item.id,
        "received_at": ingest.item.modified_at,
    }


def _require_same_object(session: Session, keeping: Keeping) -> ArchivalObjectRow:
    """The object, locked, if it is as it was when this stage looked at it.

    Raises:
        EarlierBagFirst: Somebody has changed it meanwhile.
    """
    kept = lock_object(session, keeping.object.id)
    if (kept.version, kept.state) != (keeping.object.version, keeping.object.state):
        raise EarlierBagFirst("The object was changed by another bag at the same moment.")
    return kept


def _end(session: Session, ingest: Ingest, outcome: Outcome, number: int) -> None:
    row = session.get_one(WorkItemRow, ingest.item.id)
    row.version = number
    if not set_outcome(session, row.id, outcome):
        raise IngestContradicted(f"{ingest.identifier} came out as {row.outcome} while it was recorded.")
    notify(
        session,
        Kind.INGEST_DONE,
        ingest.identifier,
        {"version": number, "outcome": str(outcome), "institution": ingest.institution.id},
    )


@dataclass(frozen=True, slots=True)
class _Bag:
    """What was read of the bag and is kept with its version."""

    name: str
    sha256: str
    size: int
    profile: str
    chain_root: str
    tags: dict[str, Any]
    received_at: str

    @classmethod
    def of(cls, ingest: Ingest) -> _Bag:
        reading = ingest.item.reading or {}
        return cls(
            name=ingest.bag,
            sha256=str(reading.get("bag_sha256") or ingest.item.bag_sha256),
            size=ingest.item.size,
            profile=str(reading.get("profile") or ""),
            chain_root=str(reading.get("chain_root") or ""),
            tags=dict(reading.get("tags") or {}),
            received_at=ingest.item.modified_at,
        )

    def describe(self) -> dict[str, Any]:
        names = ("name", "sha256", "size", "profile", "chain_root", "received_at")
        return {name: getattr(self, name) for name in names}
