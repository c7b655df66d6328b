# SPDX-License-Identifier: Apache-2.0
"""Recording versions of objects: whose turn it is, whether anything changed, and the rows of a new one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, func, insert, literal, select
from sqlalchemy.orm import Session

from archive.receiving.ingest_pipeline import IngestStage
from archive.registry.content_copies import StoredContent, record_stored, record_verified
from archive.registry.receiving_tables import (
    ContentCopyRow,
    ContentRow,
    ObjectVersionRow,
    ReceivedFileRow,
    VersionFileRow,
    WorkItemRow,
)
from archive.registry.states import State
from archive.registry.tables import BatchRow, UnitRow

PAYLOAD = "data/"
"""Where in a bag its payload is."""

_FILE = cast("Table", VersionFileRow.__table__)


@dataclass(frozen=True, slots=True)
class ArrivedFile:
    """A file of an arriving bag, with the key of its content."""

    path: str
    size: int
    md5: str
    sha256: str
    sha512: str
    key: str
    format: dict[str, str] | None


def earlier_ingest(session: Session, item: WorkItemRow) -> int | None:
    """The oldest bag of the same object that came before, has begun to be stored, and has not ended; None without one."""
    begun = (
        select(UnitRow.id)
        .where(UnitRow.batch == WorkItemRow.batch, UnitRow.stage == IngestStage.STORE, UnitRow.attempts > 0)
        .exists()
    )
    query = (
        select(WorkItemRow.id)
        .join(BatchRow, BatchRow.id == WorkItemRow.batch)
        .where(
            WorkItemRow.object == item.object,
            WorkItemRow.id < item.id,
            WorkItemRow.outcome == "",
            WorkItemRow.ended_at.is_(None),
            BatchRow.state != State.CANCELLED,
            begun,
        )
        .order_by(WorkItemRow.id)
    )
    return session.scalar(query.limit(1))


def is_same(session: Session, version: int, work_item: int) -> bool:
    """Whether an arriving bag has the very files of a version, tag files included.

    Args:
        session: The session.
        version: Key of the version.
        work_item: Key of the work item.
    """
    arrived, kept = ReceivedFileRow, VersionFileRow
    files_arrived = session.scalars(select(func.count()).where(arrived.work_item == work_item)).one()
    files_kept = session.scalars(select(func.count()).where(kept.version == version)).one()
    equal = (
        select(func.count())
        .select_from(arrived)
        .join(kept, (kept.version == version) & (kept.path == arrived.path))
        .join(ContentRow, (ContentRow.id == kept.content) & (ContentRow.sha256 == arrived.sha256))
        .where(arrived.work_item == work_item)
    )
    return files_arrived == files_kept == session.scalars(equal).one()


def arrived_files(session: Session, key: int, work_item: int) -> Iterator[ArrivedFile]:
    """The files of an arriving bag in the order of its tar; those whose content is not known are left out.

    Args:
        session: The session; it is read from until the last file was given.
        key: Key of the object.
        work_item: Key of the work item.
    """
    file, content = ReceivedFileRow, ContentRow
    query = (
        select(file.path, file.size, file.md5, file.sha256, file.sha512, content.key, file.format)
        .join(content, (content.object == key) & (content.sha256 == file.sha256))
        .where(file.work_item == work_item)
        .order_by(file.id)
        .execution_options(yield_per=1000)
    )
    with session.execute(query) as rows:
        for row in rows:
            yield ArrivedFile(*row)


def add_version(session: Session, version: ObjectVersionRow) -> int:
    """Write a version with the files of its work item, in the order of the tar.

    Args:
        session: The transaction, which holds the object's lock.
        version: The version, not written yet.

    Returns:
        How many files it has.
    """
    session.add(version)
    session.flush()
    file, content = ReceivedFileRow, ContentRow
    rows = (
        select(literal(version.id), file.path, content.id, file.md5, file.sha512, file.format)
        .select_from(file)
        .join(content, (content.object == version.object) & (content.sha256 == file.sha256))
        .where(file.work_item == version.work_item)
        .order_by(file.id)
    )
    columns = ["version", "path", "content", "md5", "sha512", "format"]
    session.execute(insert(_FILE).from_select(columns, rows))
    return session.scalars(select(func.count()).where(VersionFileRow.version == version.id)).one()


def kept_document(session: Session, key: int, place: str) -> str | None:
    """SHA-256 of a document about an object that lies under a key; None where none is recorded."""
    query = select(ContentRow.sha256).where(ContentRow.object == key, ContentRow.key == place)
    return session.scalar(query)


def copies_planned(session: Session, batch: str) -> int:
    """For how many copies an ingest has units."""
    query = select(func.count()).where(UnitRow.batch == batch, UnitRow.stage == IngestStage.STORE)
    return session.scalars(query).one()


def recorded_at(session: Session, batch: str) -> float:
    """When the version of an ingest was recorded, in seconds: when the stage of that ended; 0 before."""
    query = select(UnitRow.finished_at).where(UnitRow.batch == batch, UnitRow.stage == IngestStage.RECORD)
    return session.scalar(query) or 0.0


def record_kept_document(session: Session, key: int, location: str, stored: StoredContent) -> None:
    """Record a document about an object that lies in a location and was proved there, so that audits watch over it too.

    Args:
        session: The transaction.
        key: Key of the object.
        location: The location.
        stored: The document.
    """
    record_stored(session, key, location, [stored])
    query = (
        select(ContentCopyRow.id)
        .join(ContentRow, ContentRow.id == ContentCopyRow.content)
        .where(
            ContentRow.object == key,
            ContentRow.sha256 == stored.sha256,
            ContentCopyRow.location == location,
        )
    )
    record_verified(session, [(copy, stored.proof) for copy in session.scalars(query)])


def copies_by_location(
    session: Session, key: int, work_item: int, locations: Sequence[str]
) -> list[dict[str, Any]]:
    """What is proved in each location of an arriving bag's contents, as a receipt tells it.

    Args:
        session: The session.
        key: Key of the object.
        work_item: Key of the work item.
        locations: The locations.

    Returns:
        For each `{location, contents, bytes, proof, checked_at}`: the weakest proof in the order of their
        names, and the oldest time in seconds.
    """
    of_bag = select(ReceivedFileRow.sha256).where(ReceivedFileRow.work_item == work_item)
    query = (
        select(
            ContentCopyRow.location,
            func.count().label("contents"),
            func.sum(ContentRow.size).label("bytes"),
            func.min(ContentCopyRow.proof).label("proof"),
            func.min(ContentCopyRow.checked_at).label("checked_at"),
        )
        .join(ContentRow, ContentRow.id == ContentCopyRow.content)
        .where(
            ContentRow.object == key,
            ContentRow.sha256.in_(of_bag),
            ContentCopyRow.location.in_(list(locations)),
        )
        .group_by(ContentCopyRow.location)
    )
    found = {row.location: row for row in session.execute(query)}
    return [
        {
            "location": name,
            "contents": int(found[name].contents),
            "bytes": int(found[name].bytes or 0),
            "proof": str(found[name].proof),
            "checked_at": float(found[name].checked_at),
        }
        for name in locations
        if name in found
    ]
