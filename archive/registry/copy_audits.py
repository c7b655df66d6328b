# SPDX-License-Identifier: Apache-2.0
"""The copies that an audit takes on, the oldest first and each for one auditor, and what is recorded of each."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select, tuple_, update
from sqlalchemy.orm import Session

from archive.registry.clock import now_seconds
from archive.registry.content_copies import MISMATCH, MISSING, STORED, UNREACHABLE, VERIFIED
from archive.registry.events import append_event, chain_end
from archive.registry.kept_objects import ACTIVE, DELETED
from archive.registry.receiving_tables import ArchivalObjectRow, ContentCopyRow, ContentRow

FIXITY_CHECK = "fixity check"
REPLICATION = "replication"
"""PREMIS event types (id.loc.gov/vocabulary/preservation/eventType)."""

_BAD = (MISMATCH, MISSING)

FIRST_PAUSE, LONGEST_PAUSE = 3600.0, 86_400.0
"""Seconds until the schedule tries a copy again that could not be read or mended: doubled each time, up to a day."""

LONGEST_LEASE = 86_400.0
"""Seconds that no lease has; one that ends later was written by a clock that was wrong."""


@dataclass(slots=True)
class ClaimedCopy:
    """A copy that one auditor has for itself.

    Attributes:
        id: Key of its row.
        content: Key of its content.
        key: Where it lies below its location.
        state: What was known of it before.
        checked_at: When it was proved last, in seconds; 0 for never, or if it was found bad since.
        uid: Of the object.
        object: The object's identifier.
        chain: The object's chain of events.
        lease: Until when, in seconds; nobody else has the same moment, so it also tells whose it is.
    """

    id: int
    content: int
    location: str
    state: str
    checked_at: float
    failures: int
    key: str
    sha256: str
    size: int
    uid: str
    object: str
    chain: str
    lease: float


@dataclass(frozen=True, slots=True)
class Due:
    """Which copies an audit is about.

    Attributes:
        before: Copies proved before this, in seconds, and those of which nothing is proved that were stored before
            it. There is no lower bound, so however long one was forgotten, it comes first.
        object: Key of the one object that is audited; None for all.
        anyway: Whether also copies are taken that the schedule leaves alone for a while.
        locations: Those alone whose copies are audited; all where empty.
    """

    before: float
    object: int | None = None
    anyway: bool = False
    locations: frozenset[str] = frozenset()


def due_copies(due: Due, moment: float) -> Any:
    """What a query of copies joined with content and object asks for, so that all of them ask the same."""
    copy, kept = ContentCopyRow, ArchivalObjectRow
    conditions = [
        copy.checked_at < due.before,
        # what is being taken in is proved by its ingest
        or_(copy.state != STORED, copy.stored_at < iso_of(due.before)),
        copy.state != DELETED,
        kept.state == ACTIVE,
    ]
    if not due.anyway:
        # a moment so far ahead was written by a clock that was wrong
        conditions.append(or_(copy.next_audit_at <= moment, copy.next_audit_at > moment + 2 * LONGEST_PAUSE))
    if due.locations:
        conditions.append(copy.location.in_(due.locations))
    if due.object is not None:
        conditions.append(copy.content.in_(select(ContentRow.id).where(ContentRow.object == due.object)))
    return conditions


def joined(query: Any) -> Any:
    """A query of copies, with their contents and objects."""
    return query.join(ContentRow, ContentRow.id == ContentCopyRow.content).join(
        ArchivalObjectRow, ArchivalObjectRow.id == ContentRow.object
    )


def is_known_location(session: Session, location: str) -> bool:
    """Whether any copy is kept, or was lost, at a location."""
    query = select(ContentCopyRow.id).where(
        ContentCopyRow.location == location, ContentCopyRow.state != DELETED
    )
    return session.scalar(query.limit(1)) is not None


def forget_future_proofs(session: Session) -> None:
    """Take copies for unproved that were proved tomorrow or later: a clock that was wrong must not hide them for years."""
    session.execute(
        update(ContentCopyRow)
        .where(ContentCopyRow.checked_at > now_seconds() + LONGEST_PAUSE)
        .values(checked_at=0.0, next_audit_at=0.0)
    )


def claim_copies(
    session: Session,
    due: Due,
    *,
    after: tuple[float, int] | None,
    without: Collection[str] = (),
    most: int,
    most_bytes: int,
    lease_seconds: float,
) -> list[ClaimedCopy]:
    """Take copies for oneself, those first that were proved longest ago.

    Args:
        session: The transaction.
        due: Which copies.
        after: When the last one of the claim before was proved, and its key, so that a run comes to each copy once and
            never looks through those again that it could not read; None for the first claim.
        without: Locations that are away.
        most: How many at the most.
        most_bytes: What they have together at the most, unless the first alone has more.
        lease_seconds: For how long.

    Returns:
        The copies; none of them is claimed by anybody else until the lease ends or is given back.
    """
    copies = _take(_candidates(session, due, after, without, most), most_bytes)
    if copies:
        lease = new_lease(lease_seconds)
        ids = [copy.id for copy in copies]
        session.execute(update(ContentCopyRow).where(ContentCopyRow.id.in_(ids)).values(lease_until=lease))
        for copy in copies:
            copy.lease = lease
    return copies


def _candidates(
    session: Session, due: Due, after: tuple[float, int] | None, without: Collection[str], most: int
) -> Iterable[ClaimedCopy]:
    copy, content, kept = ContentCopyRow, ContentRow, ArchivalObjectRow
    moment = now_seconds()
    query = joined(
        select(
            copy.id,
            copy.content,
            copy.location,
            copy.state,
            copy.checked_at,
            copy.failures,
            content.key,
            content.sha256,
            content.size,
            kept.uid,
            kept.institution + "/" + kept.name,
            kept.chain,
            copy.lease_until,
        )
    ).where(
        *due_copies(due, moment), or_(copy.lease_until <= moment, copy.lease_until > moment + LONGEST_LEASE)
    )
    if after is not None:
        query = query.where(tuple_(copy.checked_at, copy.id) > after)
    if without:
        query = query.where(copy.location.not_in(without))
    # on PostgreSQL two auditors would wait for each other; SQLite has one writer anyway
    query = query.order_by(copy.checked_at, copy.id).limit(most).with_for_update(of=copy, skip_locked=True)
    return [ClaimedCopy(*row) for row in session.execute(query)]


def _take(candidates: Iterable[ClaimedCopy], most_bytes: int) -> list[ClaimedCopy]:
    taken: list[ClaimedCopy] = []
    size = 0
    for copy in candidates:
        size += copy.size
        if taken and size > most_bytes:
            break
        taken.append(copy)
    return taken


def new_lease(seconds: float) -> float:
    """A moment so far ahead, a little off so that no two auditors have the same."""
    return now_seconds() + seconds + random.random()  # noqa: S311 - nobody guesses at it


def renew_leases(session: Session, copies: Sequence[ClaimedCopy], lease: float) -> set[int]:
    """Keep copies for longer.

    Returns:
        The keys of those that are still one's own; the caller gives them the new lease after the commit.
    """
    kept: set[int] = set()
    for held in {copy.lease for copy in copies}:
        ids = [copy.id for copy in copies if copy.lease == held]
        own = (ContentCopyRow.id.in_(ids), ContentCopyRow.lease_until == held)
        kept |= set(session.scalars(select(ContentCopyRow.id).where(*own)))
        session.execute(update(ContentCopyRow).where(*own).values(lease_until=lease))
    return kept


def give_back(session: Session, copies: Sequence[ClaimedCopy]) -> None:
    """Let copies go unaudited, so that somebody else may take them at once."""
    for held in {copy.lease for copy in copies}:
        ids = [copy.id for copy in copies if copy.lease == held]
        session.execute(
            update(ContentCopyRow)
            .where(ContentCopyRow.id.in_(ids), ContentCopyRow.lease_until == held)
            .values(lease_until=0.0)
        )


def still_ours(session: Session, copy: ClaimedCopy) -> bool:
    """Whether a copy is still one's own, and its object not deleted meanwhile; both stay so until the commit."""
    chain_end(session, copy.chain)
    query = joined(select(ContentCopyRow.id)).where(
        ContentCopyRow.id == copy.id,
        ContentCopyRow.lease_until == copy.lease,
        ContentCopyRow.state != DELETED,
        ArchivalObjectRow.state == ACTIVE,
    )
    return session.scalar(query) is not None


def record_good(
    session: Session, proved: Sequence[tuple[ClaimedCopy, str]], *, run: int, agents: tuple[str, ...]
) -> list[ClaimedCopy]:
    """Record copies that were proved just now, with one event for all copies of an object in a location.

    A copy that was damaged or missing before has an event of its own: somebody else has mended it.

    Args:
        session: The transaction.
        proved: Each copy with its proof.
        run: Key of the audit's run.
        agents: Who audits.

    Returns:
        Those that were still one's own.
    """
    # chains before copies, in one order: two transactions must not wait for each other
    for chain in sorted({copy.chain for copy, _ in proved}):
        chain_end(session, chain)
    ours = _set_good(session, proved)
    own = [(copy, proof) for copy, proof in proved if copy.id in ours]
    groups: dict[tuple[str, str, str, str], list[ClaimedCopy]] = defaultdict(list)
    for copy, proof in own:
        before = copy.state if copy.state in _BAD else ""
        groups[copy.chain, copy.location, proof, before].append(copy)
    for (chain, location, proof, before), copies in groups.items():
        detail: dict[str, Any] = {
            "location": location,
            "copies": len(copies),
            "bytes": sum(copy.size for copy in copies),
            "proof": proof,
            "run": run,
        }
        if len(copies) == 1:
            detail["sha256"] = copies[0].sha256
        if before:
            detail["before"] = before
        append_event(session, chain, FIXITY_CHECK, detail=detail, agents=agents)
    return [copy for copy, _ in own]


def record_bad_finding(
    session: Session,
    copy: ClaimedCopy,
    state: str,
    detail: Mapping[str, Any],
    *,
    run: int,
    agents: tuple[str, ...],
) -> None:
    """Record that a copy is damaged or missing; its lease is kept, for now it is to be mended.

    Args:
        session: The transaction, in which the copy was found to be `still_ours`.
        copy: The copy.
        state: `MISMATCH` or `MISSING`.
        detail: What was found (JSON).
        run: Key of the audit's run.
        agents: Who audits.
    """
    known = {**detail, "last_good_at": copy.checked_at or None}
    session.execute(
        update(ContentCopyRow)
        .where(ContentCopyRow.id == copy.id)
        .values(state=state, proof="", checked_at=0.0, failures=0, next_audit_at=0.0, detail=known)
    )
    told = {"location": copy.location, "sha256": copy.sha256, "found": state, **detail, "run": run}
    append_event(session, copy.chain, FIXITY_CHECK, outcome="fail", detail=told, agents=agents)


def suspect_copy(session: Session, copy: int, state: str) -> None:
    """Let the next audit begin with another copy that was found bad while one was to be mended from it.

    One that was deleted meanwhile is missed by nobody.
    """
    session.execute(
        update(ContentCopyRow)
        .where(
            ContentCopyRow.id == copy,
            ContentCopyRow.lease_until <= now_seconds(),
            ContentCopyRow.state != DELETED,
        )
        .values(state=state, proof="", checked_at=0.0, next_audit_at=0.0)
    )


def record_mended(
    session: Session,
    copy: ClaimedCopy,
    *,
    url: str,
    proof: str,
    source: str,
    aside: str,
    run: int,
    agents: tuple[str, ...],
) -> None:
    """Record that a copy is good again.

    Args:
        session: The transaction, in which the copy was found to be `still_ours`.
        copy: The copy.
        url: Its full address.
        proof: What was proved of it (`archive.storage.target.Proof`).
        source: The location of the copy that it was made from.
        aside: Key of the bytes that were there before; "" where there were none.
        run: Key of the audit's run.
        agents: Who audits.
    """
    moment = now_seconds()
    detail = {"mended_from": source, "kept_aside": aside, "mended_at": iso_of(moment)}
    session.execute(
        update(ContentCopyRow)
        .where(ContentCopyRow.id == copy.id)
        .values(url=url, stored_at=iso_of(moment), detail=detail, **_good(proof, moment))
    )
    told = {
        "location": copy.location,
        "sha256": copy.sha256,
        "bytes": copy.size,
        "repair": True,
        "proof": proof,
    }
    told |= {"from": source, "kept_aside": aside, "run": run}
    append_event(session, copy.chain, REPLICATION, detail=told, agents=agents)


def record_unmended(session: Session, copy: ClaimedCopy, reason: Mapping[str, Any]) -> bool:
    """Record why a bad copy stays bad, and let it be until tomorrow; a person may ask for it at once.

    Returns:
        Whether it was still one's own.
    """
    changed = session.execute(
        update(ContentCopyRow)
        .where(ContentCopyRow.id == copy.id, ContentCopyRow.lease_until == copy.lease)
        .values(lease_until=0.0, next_audit_at=now_seconds() + LONGEST_PAUSE, detail=dict(reason))
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def record_unreachable(session: Session, copy: ClaimedCopy, error: Mapping[str, Any]) -> bool:
    """Record that nothing could be told of a copy; what was proved of it before stays, and grows old.

    Returns:
        Whether it was still one's own.
    """
    pause = min(FIRST_PAUSE * 2.0 ** min(copy.failures, 10), LONGEST_PAUSE)
    changed = session.execute(
        update(ContentCopyRow)
        .where(ContentCopyRow.id == copy.id, ContentCopyRow.lease_until == copy.lease)
        .values(
            # what is known to be bad does not become better by being away
            state=copy.state if copy.state in _BAD else UNREACHABLE,
            failures=copy.failures + 1,
            lease_until=0.0,
            next_audit_at=now_seconds() + pause,
            detail={"error": dict(error)},
        )
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def _set_good(session: Session, proved: Sequence[tuple[ClaimedCopy, str]]) -> set[int]:
    """Set the copies good that are still one's own; a statement for many, for most have the same lease and proof."""
    groups: dict[tuple[float, str], list[int]] = defaultdict(list)
    for copy, proof in proved:
        groups[copy.lease, proof].append(copy.id)
    ours: set[int] = set()
    for (lease, proof), ids in groups.items():
        own = (ContentCopyRow.id.in_(ids), ContentCopyRow.lease_until == lease)
        found = set(session.scalars(select(ContentCopyRow.id).where(*own).with_for_update()))
        session.execute(
            update(ContentCopyRow)
            .where(ContentCopyRow.id.in_(found))
            .values(detail=None, **_good(proof, now_seconds()))
        )
        ours |= found
    return ours


def _good(proof: str, moment: float) -> dict[str, Any]:
    return {
        "state": VERIFIED,
        "proof": proof,
        "checked_at": moment,
        "lease_until": 0.0,
        "failures": 0,
        "next_audit_at": 0.0,
    }


def iso_of(seconds: float) -> str:
    """A moment as the registry writes those that are read by people."""
    moment = dt.datetime.fromtimestamp(seconds, dt.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
