# SPDX-License-Identifier: Apache-2.0
"""Carrying an agreed deletion out: begun with a tombstone, one executor at a time, ended once, resumed after a crash."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from archive.registry.archival_objects import lock_object
from archive.registry.clock import now_iso, now_seconds
from archive.registry.deletions import Stand, find_deletion, newer_version, pending_work, void_deletion
from archive.registry.events import append_event
from archive.registry.kept_objects import ACTIVE, DELETED, identifier_of, versions_of
from archive.registry.notifications import Kind, notify
from archive.registry.receiving_tables import (
    ArchivalObjectRow,
    ContentCopyRow,
    ContentRow,
    DeletionRequestRow,
    InstitutionRow,
    WorkItemRow,
)

DELETION = "deletion"
"""PREMIS event type (id.loc.gov/vocabulary/preservation/eventType)."""


@dataclass(slots=True)
class ClaimedDeletion:
    """A deletion that one executor carries out.

    Attributes:
        request: Its number.
        object: Key of the object; `identifier` its name in the archive, `uid` that of its files.
        locations: Where something of it may lie.
        lease: Until when it is one's own, in seconds; nobody else has the same moment.
    """

    request: int
    object: int
    identifier: str
    uid: str
    locations: list[str]
    lease: float


def due_deletions(session: Session) -> list[int]:
    """Numbers of the requests that are to be carried out now, or were begun by an executor that is gone."""
    query = select(DeletionRequestRow.id).where(
        DeletionRequestRow.state.in_([Stand.APPROVED, Stand.EXECUTING]),
        DeletionRequestRow.due_at <= now_seconds(),
    )
    return list(session.scalars(query.order_by(DeletionRequestRow.id)))


def begin_deletion(
    session: Session, request: int, *, lease_seconds: float, agents: tuple[str, ...]
) -> ClaimedDeletion | str:
    """Take a deletion on; at the first time the object becomes deleted, and its history says so, before a byte goes.

    Args:
        session: The transaction.
        request: The request's number.
        lease_seconds: For how long it is one's own.
        agents: Who carries it out.

    Returns:
        The deletion, or why it cannot be carried out now.
    """
    kept = lock_object(session, find_deletion(session, request).object)
    row = session.get_one(DeletionRequestRow, request, populate_existing=True)
    if row.state not in {Stand.APPROVED, Stand.EXECUTING}:
        return f"The request is {row.state}."
    if row.due_at > now_seconds():
        return "It is not due yet, or somebody else carries it out."
    if row.state == Stand.APPROVED:
        reason = _reason_against(session, kept, row)
        if reason:
            return reason
        kept.state, kept.deleted_at = DELETED, now_iso()
        row.state = Stand.EXECUTING
        _write_tombstone(session, kept, row, agents)
    row.due_at = now_seconds() + lease_seconds + random.random()  # noqa: S311 - nobody guesses at it
    locations = _locations(session, kept)
    return ClaimedDeletion(request, kept.id, identifier_of(kept), kept.uid, locations, row.due_at)


def _reason_against(session: Session, kept: ArchivalObjectRow, row: DeletionRequestRow) -> str:
    """Why an agreed deletion cannot be begun now; one of an object that has changed never can, and is refused."""
    pending = pending_work(session, kept)
    if pending:
        return f"Work is pending: work items {', '.join(map(str, pending[:5]))} have not ended."
    newer = newer_version(row, kept)
    if newer is not None:
        reason = f"Version {newer} was deposited after the deletion was asked for."
        void_deletion(session, row, kept, reason)
        return reason
    return "" if kept.state == ACTIVE else f"The object is {kept.state} already."


def renew_deletion(session: Session, claimed: ClaimedDeletion, lease_seconds: float) -> bool:
    """Keep a deletion for longer; whether it is still one's own. The caller takes the new lease over."""
    lease = now_seconds() + lease_seconds + random.random()  # noqa: S311 - nobody guesses at it
    changed = session.execute(
        update(DeletionRequestRow)
        .where(
            DeletionRequestRow.id == claimed.request,
            DeletionRequestRow.state == Stand.EXECUTING,
            DeletionRequestRow.due_at == claimed.lease,
        )
        .values(due_at=lease)
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        return False
    claimed.lease = lease
    return True


def release_deletion(session: Session, claimed: ClaimedDeletion) -> None:
    """Give an unfinished deletion back, for the next run."""
    session.execute(
        update(DeletionRequestRow)
        .where(DeletionRequestRow.id == claimed.request, DeletionRequestRow.due_at == claimed.lease)
        .values(due_at=now_seconds())
    )


def is_being_checked(session: Session, kept: int) -> bool:
    """Whether somebody is checking or mending a copy of an object just now, and might write one anew."""
    query = select(ContentCopyRow.id).where(
        ContentCopyRow.content.in_(select(ContentRow.id).where(ContentRow.object == kept)),
        ContentCopyRow.state != DELETED,
        ContentCopyRow.lease_until > now_seconds(),
    )
    return session.scalar(query.limit(1)) is not None


def keys_to_delete(session: Session, kept: int, location: str, *, most: int = 500) -> list[tuple[int, str]]:
    """Some copies of an object that a location is still said to hold: the key of their row, and their storage key."""
    query = (
        select(ContentCopyRow.id, ContentRow.key)
        .join(ContentRow, ContentRow.id == ContentCopyRow.content)
        .where(
            ContentRow.object == kept,
            ContentCopyRow.location == location,
            ContentCopyRow.state != DELETED,
        )
        .order_by(ContentCopyRow.id)
        .limit(most)
    )
    return [(copy, key) for copy, key in session.execute(query)]


def record_deleted(session: Session, copies: Sequence[int]) -> None:
    """Record that copies are gone."""
    session.execute(
        update(ContentCopyRow)
        .where(ContentCopyRow.id.in_(copies))
        .values(state=DELETED, proof="", lease_until=0.0, detail={"deleted_at": now_iso()})
    )


def still_blocking(session: Session, kept: int) -> list[tuple[int, str, str, str]]:
    """Work items of an object that keep equal bags from coming: key, receiving location, name and etag."""
    query = (
        select(WorkItemRow.id, InstitutionRow.receiving, WorkItemRow.name, WorkItemRow.etag)
        .join(InstitutionRow, InstitutionRow.id == WorkItemRow.institution)
        .where(WorkItemRow.object == kept, WorkItemRow.blocking)
    )
    return [(item, receiving, name, etag) for item, receiving, name, etag in session.execute(query)]


def end_deletion(
    session: Session, claimed: ClaimedDeletion, detail: Mapping[str, Any], *, agents: tuple[str, ...]
) -> bool:
    """Record that all copies are gone from every location; done by one, however many try.

    Returns:
        Whether it was this one.
    """
    kept = lock_object(session, claimed.object)
    row = session.get_one(DeletionRequestRow, claimed.request, populate_existing=True)
    if row.state != Stand.EXECUTING or row.due_at != claimed.lease:
        return False
    row.state, row.executed_at = Stand.EXECUTED, now_iso()
    told = {"step": "all copies are gone", "request": row.id, **detail}
    append_event(session, kept.chain, DELETION, detail=told, agents=agents)
    facts = {
        "requested by": row.requested_by,
        "agreed by": row.decided_by,
        "reason": row.reason,
        "request": row.id,
    }
    notify(session, Kind.DELETION_EXECUTED, identifier_of(kept), facts)
    return True


def _write_tombstone(
    session: Session, kept: ArchivalObjectRow, row: DeletionRequestRow, agents: tuple[str, ...]
) -> None:
    contents = select(func.count(), func.coalesce(func.sum(ContentRow.size), 0)).where(
        ContentRow.object == kept.id
    )
    number, size = session.execute(contents).one()
    detail = {
        "step": "tombstone",
        "object": identifier_of(kept),
        "uid": kept.uid,
        "title": kept.title,
        "request": row.id,
        "reason": row.reason,
        "requested_by": row.requested_by,
        "requested_account": row.requested_account,
        "requested_at": row.requested_at,
        "agreed_by": row.decided_by,
        "agreed_account": row.decided_account,
        "agreed_at": row.decided_at,
        "contents": number,
        "bytes": int(size),
        "versions": [
            {
                "version": version.number,
                "bag_sha256": version.bag_sha256,
                "payload_sha256": version.payload_sha256,
                "payload_files": version.payload_files,
                "payload_bytes": version.payload_bytes,
            }
            for version in versions_of(session, kept.id)
        ],
    }
    people = (row.requested_by, row.decided_by)
    append_event(session, kept.chain, DELETION, detail=detail, agents=(*people, *agents))


def _locations(session: Session, kept: ArchivalObjectRow) -> list[str]:
    """Where copies are known, and where the depositor's options would have put something."""
    query = (
        select(ContentCopyRow.location)
        .join(ContentRow, ContentRow.id == ContentCopyRow.content)
        .where(ContentRow.object == kept.id)
        .distinct()
    )
    known = set(session.scalars(query))
    institution = session.get_one(InstitutionRow, kept.institution)
    return sorted(known | set(institution.storage_options.get(kept.storage_option, ())))
