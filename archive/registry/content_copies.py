# SPDX-License-Identifier: Apache-2.0
"""Copies of contents in preservation locations: which are wanting, which are stored, and what is proved of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from archive.registry.archival_objects import lock_object
from archive.registry.clock import now_iso, now_seconds
from archive.registry.kept_objects import DELETED
from archive.registry.receiving_tables import ContentCopyRow, ContentRow, ReceivedFileRow

STORED, VERIFIED, MISMATCH, MISSING, UNREACHABLE = "stored", "verified", "mismatch", "missing", "unreachable"
"""What is known of a copy (`ContentCopyRow.state`)."""

_NOT_THERE = (MISSING, DELETED)

_BATCH = 400
"""Values of one IN: what every database takes, with room for the others."""


@dataclass(frozen=True, slots=True)
class WantedContent:
    """Bytes of an arriving bag that a location does not hold yet.

    Attributes:
        file: Key of the received file that has them; the last one's is where the next page begins.
        offset: Where they begin in the tar.
    """

    file: int
    sha256: str
    size: int
    offset: int


@dataclass(frozen=True, slots=True)
class StoredContent:
    """Bytes that lie in a location now.

    Attributes:
        key: Where, below the location.
        url: Their full address.
        proof: What the storing proved (`archive.storage.target.Proof`).
    """

    sha256: str
    size: int
    key: str
    url: str
    proof: str


@dataclass(frozen=True, slots=True)
class ContentCopy:
    """A copy with what is needed to read it.

    Attributes:
        id: Key of the copy's row.
        key: Where it lies below its location.
    """

    id: int
    content: int
    location: str
    url: str
    key: str
    sha256: str
    size: int
    state: str
    proof: str
    checked_at: float


def wanted_contents(
    session: Session, key: int, work_item: int, location: str, *, after: int = 0, limit: int = 1000
) -> tuple[list[WantedContent], int]:
    """The contents of an arriving bag that a location does not hold, each once, in the order of the tar.

    A copy that is missing or deleted is wanted; one that was found damaged is not, for another object stands there.

    Args:
        session: The session.
        key: Key of the object.
        work_item: Key of the work item whose received files count.
        location: The location.
        after: Only received files behind this one.
        limit: How many received files are looked at.

    Returns:
        What is wanted of these files, and the last file that was looked at; 0 behind the end.
    """
    file = ReceivedFileRow
    held = (
        select(ContentCopyRow.id)
        .join(ContentRow, ContentRow.id == ContentCopyRow.content)
        .where(
            ContentRow.object == key,
            ContentRow.sha256 == file.sha256,
            ContentCopyRow.location == location,
            ContentCopyRow.state.not_in(_NOT_THERE),
        )
        .exists()
    )
    query = (
        select(file.id, file.sha256, file.size, file.offset, held)
        .where(file.work_item == work_item, file.id > after)
        .order_by(file.id)
        .limit(limit)
    )
    wanted: dict[str, WantedContent] = {}
    last = 0
    for row, sha256, size, offset, is_held in session.execute(query):
        last = row
        if not is_held:
            wanted.setdefault(sha256, WantedContent(row, sha256, size, offset))
    return list(wanted.values()), last


def record_stored(session: Session, key: int, location: str, stored: Sequence[StoredContent]) -> None:
    """Record contents of an object with their copies in a location; what is recorded already is brought up to date.

    Args:
        session: The transaction.
        key: Key of the object.
        location: The location.
        stored: What lies there.
    """
    lock_object(session, key)
    moment = now_iso()
    known = dict(_contents(session, key, [each.sha256 for each in stored]))
    new = [
        {"object": key, "sha256": each.sha256, "size": each.size, "key": each.key, "created_at": moment}
        for each in {each.sha256: each for each in stored}.values()
        if each.sha256 not in known
    ]
    if new:
        session.execute(insert(ContentRow), new)
        known |= dict(_contents(session, key, [row["sha256"] for row in new]))  # type: ignore[misc]
    copies = _copies_at(session, known.values(), location)
    values = []
    for each in {each.sha256: each for each in stored}.values():
        facts = {"url": each.url, "state": STORED, "proof": each.proof, "stored_at": moment}
        there = copies.get(known[each.sha256])
        if there is None:
            values.append({"content": known[each.sha256], "location": location, **facts, **_NEVER_CHECKED})
        elif there.state in _NOT_THERE:
            session.execute(
                update(ContentCopyRow).where(ContentCopyRow.id == there.id).values(**facts, **_NEVER_CHECKED)
            )
    if values:
        session.execute(insert(ContentCopyRow), values)


def copies_to_verify(
    session: Session, key: int, work_item: int, location: str, *, after: int = 0, limit: int = 1000
) -> list[ContentCopy]:
    """The copies of an arriving bag's contents in a location of which nothing is proved yet, by their keys.

    Args:
        session: The session.
        key: Key of the object.
        work_item: Key of the work item whose received files count.
        location: The location.
        after: Only copies whose key is greater.
        limit: How many at the most.
    """
    of_bag = select(ReceivedFileRow.sha256).where(ReceivedFileRow.work_item == work_item)
    query = (
        _copies()
        .where(
            ContentRow.object == key,
            ContentRow.sha256.in_(of_bag),
            ContentCopyRow.location == location,
            ContentCopyRow.state != VERIFIED,
            ContentCopyRow.id > after,
        )
        .order_by(ContentCopyRow.id)
        .limit(limit)
    )
    return [ContentCopy(*row) for row in session.execute(query)]


def record_verified(session: Session, proofs: Iterable[tuple[int, str]]) -> None:
    """Record that copies were proved just now.

    Args:
        session: The transaction.
        proofs: For each copy the key of its row and its proof.
    """
    moment = now_seconds()
    by_proof: dict[str, list[int]] = {}
    for copy, proof in proofs:
        by_proof.setdefault(proof, []).append(copy)
    for proof, copies in by_proof.items():
        for some in _in_batches(copies):
            session.execute(
                update(ContentCopyRow)
                .where(ContentCopyRow.id.in_(some))
                .values(
                    state=VERIFIED, proof=proof, checked_at=moment, lease_until=0.0, failures=0, detail=None
                )
            )


def record_bad(session: Session, copy: int, state: str, proof: str, detail: dict[str, Any]) -> None:
    """Record that a copy was read and is not what it should be.

    Args:
        session: The transaction.
        copy: Key of its row.
        state: `MISMATCH` or `MISSING`.
        proof: What that leaves proved.
        detail: What was found (JSON).
    """
    session.execute(
        update(ContentCopyRow)
        .where(ContentCopyRow.id == copy)
        # nothing is proved of it any more, so the next audit begins with it
        .values(state=state, proof=proof, checked_at=0.0, lease_until=0.0, detail=detail)
    )


def any_copy_at(session: Session, location: str) -> bool:
    """Whether a location should hold anything."""
    query = select(ContentCopyRow.id).where(
        ContentCopyRow.location == location, ContentCopyRow.state.not_in(_NOT_THERE)
    )
    return session.scalar(query.limit(1)) is not None


def unproved_files(session: Session, key: int, work_item: int, location: str) -> int:
    """How many files of an arriving bag have no verified copy in a location."""
    file = ReceivedFileRow
    proved = (
        select(ContentCopyRow.id)
        .join(ContentRow, ContentRow.id == ContentCopyRow.content)
        .where(
            ContentRow.object == key,
            ContentRow.sha256 == file.sha256,
            ContentCopyRow.location == location,
            ContentCopyRow.state == VERIFIED,
        )
        .exists()
    )
    query = select(func.count()).where(file.work_item == work_item, ~proved)
    return session.scalars(query).one()


def copies_of_contents(session: Session, contents: Collection[int]) -> dict[int, list[ContentCopy]]:
    """All copies of contents, those that were proved last coming first, by the key of their content."""
    found: dict[int, list[ContentCopy]] = {}
    for some in _in_batches(list(contents)):
        query = _copies().where(ContentCopyRow.content.in_(some))
        for row in session.execute(query.order_by(ContentCopyRow.checked_at.desc(), ContentCopyRow.id)):
            copy = ContentCopy(*row)
            found.setdefault(copy.content, []).append(copy)
    return found


_NEVER_CHECKED: dict[str, Any] = {"checked_at": 0.0, "lease_until": 0.0, "failures": 0, "detail": None}


def _copies() -> Any:
    copy, content = ContentCopyRow, ContentRow
    return select(
        copy.id,
        copy.content,
        copy.location,
        copy.url,
        content.key,
        content.sha256,
        content.size,
        copy.state,
        copy.proof,
        copy.checked_at,
    ).join(content, content.id == copy.content)


def _contents(session: Session, key: int, digests: Sequence[str]) -> Iterator[tuple[str, int]]:
    for some in _in_batches(list(digests)):
        query = select(ContentRow.sha256, ContentRow.id).where(
            ContentRow.object == key, ContentRow.sha256.in_(some)
        )
        yield from session.execute(query)


def _copies_at(session: Session, contents: Iterable[int], location: str) -> dict[int, ContentCopyRow]:
    found: dict[int, ContentCopyRow] = {}
    for some in _in_batches(list(contents)):
        query = select(ContentCopyRow).where(
            ContentCopyRow.location == location, ContentCopyRow.content.in_(some)
        )
        found |= {copy.content: copy for copy in session.scalars(query)}
    return found


def _in_batches(values: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(values), _BATCH):
        yield values[start : start + _BATCH]
