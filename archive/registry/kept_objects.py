# SPDX-License-Identifier: Apache-2.0
"""What is kept, as readers ask for it: objects by identifier, their versions, their files and the copies of each."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session

from archive.errors import FileUnknown, ObjectUnknown
from archive.registry.database import Registry
from archive.registry.receiving_tables import (
    ArchivalObjectRow,
    ContentCopyRow,
    ContentRow,
    DeletionRequestRow,
    ObjectVersionRow,
    VersionFileRow,
)
from archive.registry.tables import EventRow

ACTIVE, DELETED = "active", "deleted"
"""States of an object; DELETED also that of a copy which went with its object."""

FILES_AT_ONCE = 500
"""Files of a version that are read from the registry at once; a version may have millions."""


@dataclass(frozen=True, slots=True)
class KeptCopy:
    """One copy of a content, as the registry knows it.

    Attributes:
        id: Key of its row.
        location: The preservation location.
        state: What was found of it last.
    """

    id: int
    location: str
    state: str


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of a version.

    Attributes:
        id: Key of its row: files of a version have them in the order of the tar that arrived.
        path: Inside the bag.
        content: Key of its content.
        key: Where the content lies in each location.
        copies: All that are known.
    """

    id: int
    path: str
    size: int
    md5: str
    sha256: str
    content: int
    key: str
    format: dict[str, str] | None
    copies: tuple[KeptCopy, ...]


def identifier_of(kept: ArchivalObjectRow) -> str:
    """An object's identifier: its institution, a slash, the bag's name."""
    return f"{kept.institution}/{kept.name}"


def parts_of(identifier: str) -> tuple[str, str, str]:
    """Institution, bag name and path of `institution/bag` or `institution/bag/path/of/file`; the path may be ""."""
    institution, _, rest = identifier.partition("/")
    name, _, path = rest.partition("/")
    return institution, name, path


def find_object(session: Session, identifier: str) -> ArchivalObjectRow:
    """An object by its identifier; a path of a file behind it is passed over.

    Raises:
        ObjectUnknown: There is none.
    """
    institution, name, _ = parts_of(identifier)
    query = select(ArchivalObjectRow).where(
        ArchivalObjectRow.institution == institution, ArchivalObjectRow.name == name
    )
    row = session.scalar(query)
    if row is None:
        wanted = f"{institution}/{name}" if name else identifier
        raise ObjectUnknown(f"There is no archival object {wanted!r}.", identifier=identifier)
    return row


def list_objects(
    session: Session, *, institution: str | None = None, state: str | None = None, after: str = "", most: int
) -> list[ArchivalObjectRow]:
    """A page of the objects, in the order of institution and name.

    Args:
        session: The session.
        institution: Only objects of this one.
        state: Only "active" or "deleted" ones.
        after: Identifier of the last object of the page before; "" for the first page.
        most: How many a page has.
    """
    query = select(ArchivalObjectRow).order_by(ArchivalObjectRow.institution, ArchivalObjectRow.name)
    if institution is not None:
        query = query.where(ArchivalObjectRow.institution == institution)
    if state is not None:
        query = query.where(ArchivalObjectRow.state == state)
    if after:
        last = parts_of(after)[:2]
        query = query.where(tuple_(ArchivalObjectRow.institution, ArchivalObjectRow.name) > last)
    return list(session.scalars(query.limit(most)))


def versions_of(session: Session, kept: int) -> list[ObjectVersionRow]:
    """The versions of an object, the oldest first."""
    query = select(ObjectVersionRow).where(ObjectVersionRow.object == kept).order_by(ObjectVersionRow.number)
    return list(session.scalars(query))


def find_version(session: Session, kept: ArchivalObjectRow, number: int | None = None) -> ObjectVersionRow:
    """A version of an object, the newest where no number is given.

    Raises:
        ObjectUnknown: It has no such version.
    """
    wanted = kept.version if number is None else number
    query = select(ObjectVersionRow).where(
        ObjectVersionRow.object == kept.id, ObjectVersionRow.number == wanted
    )
    row = session.scalar(query)
    if row is None:
        known = f"the newest is {kept.version}" if kept.version else "none is recorded yet"
        raise ObjectUnknown(f"{identifier_of(kept)} has no version {wanted}; {known}.", version=wanted)
    return row


def version_deleted_at(session: Session, version: ObjectVersionRow) -> str | None:
    """When a version went with its object, which may have been deposited again since; None where it is kept."""
    query = select(func.min(DeletionRequestRow.executed_at)).where(
        DeletionRequestRow.object == version.object, DeletionRequestRow.version >= version.number
    )
    return session.scalar(query)


def count_files(session: Session, version: int) -> tuple[int, int]:
    """How many files a version has, tag files included, and their bytes."""
    query = select(func.count(), func.coalesce(func.sum(ContentRow.size), 0)).select_from(VersionFileRow)
    query = query.join(ContentRow, ContentRow.id == VersionFileRow.content)
    files, size = session.execute(query.where(VersionFileRow.version == version)).one()
    return int(files), int(size)


def find_file(session: Session, version: ObjectVersionRow, path: str) -> KeptFile:
    """A file of a version.

    Raises:
        FileUnknown: There is none.
    """
    found = _with_copies(session, _files(version.id).where(VersionFileRow.path == path))
    if not found:
        raise FileUnknown(f"Version {version.number} of {version.bag_name} has no file {path!r}.", path=path)
    return found[0]


def page_of_files(session: Session, version: int, *, after: int = 0, most: int) -> list[KeptFile]:
    """A page of the files of a version, in the order of the tar that arrived.

    Args:
        session: The session.
        version: Key of the version.
        after: Key of the last file of the page before.
        most: How many a page has.
    """
    return _with_copies(session, _files(version).where(VersionFileRow.id > after).limit(most))


def files_of(registry: Registry, version: int) -> Iterator[KeptFile]:
    """All files of a version in the order of the tar that arrived, however many; no transaction stays open."""
    last = 0
    while True:
        with registry.reading() as session:
            files = page_of_files(session, version, after=last, most=FILES_AT_ONCE)
        if not files:
            return
        yield from files
        last = files[-1].id


def random_version(
    session: Session, *, most_bytes: int | None = None, chance: random.Random | None = None
) -> tuple[ArchivalObjectRow, ObjectVersionRow] | None:
    """A version that is not deleted, each as likely as the others; None where there is none.

    Args:
        session: The session.
        most_bytes: Only versions whose payload has no more than this.
        chance: Where chance comes from.
    """
    deleted = (
        select(DeletionRequestRow.id)
        .where(
            DeletionRequestRow.object == ObjectVersionRow.object,
            DeletionRequestRow.executed_at.is_not(None),
            DeletionRequestRow.version >= ObjectVersionRow.number,
        )
        .exists()
    )
    query = (
        select(ArchivalObjectRow, ObjectVersionRow)
        .join(ObjectVersionRow, ObjectVersionRow.object == ArchivalObjectRow.id)
        .where(ArchivalObjectRow.state == ACTIVE, ~deleted)
    )
    if most_bytes is not None:
        query = query.where(ObjectVersionRow.payload_bytes <= most_bytes)
    number = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    if not number:
        return None
    chosen = (chance or random.SystemRandom()).randrange(number)
    row = session.execute(query.order_by(ObjectVersionRow.id).offset(chosen).limit(1)).one_or_none()
    return None if row is None else (row[0], row[1])


def page_of_events(
    session: Session, kept: ArchivalObjectRow, *, after: int = 0, most: int
) -> list[dict[str, Any]]:
    """A page of an object's history, in order, each event with its own `sha256` added.

    Args:
        session: The session.
        kept: The object.
        after: Sequence number of the last event of the page before.
        most: How many a page has.
    """
    query = select(EventRow.body, EventRow.sha256).where(
        EventRow.batch == kept.chain, EventRow.sequence > after
    )
    rows = session.execute(query.order_by(EventRow.sequence).limit(most))
    return [{**json.loads(body), "sha256": digest} for body, digest in rows]


def copies_by_state(session: Session, kept: int) -> dict[str, dict[str, int]]:
    """How many copies of an object's contents each location has in which state: `{location: {state: number}}`."""
    query = (
        select(ContentCopyRow.location, ContentCopyRow.state, func.count())
        .join(ContentRow, ContentRow.id == ContentCopyRow.content)
        .where(ContentRow.object == kept)
        .group_by(ContentCopyRow.location, ContentCopyRow.state)
        .order_by(ContentCopyRow.location, ContentCopyRow.state)
    )
    found: dict[str, dict[str, int]] = {}
    for location, state, number in session.execute(query):
        found.setdefault(location, {})[state] = number
    return found


def _files(version: int) -> Select[VersionFileRow, ContentRow]:
    return (
        select(VersionFileRow, ContentRow)
        .join(ContentRow, ContentRow.id == VersionFileRow.content)
        .where(VersionFileRow.version == version)
        .order_by(VersionFileRow.id)
    )


def _with_copies(session: Session, query: Select[VersionFileRow, ContentRow]) -> list[KeptFile]:
    rows = session.execute(query).all()
    copies = _copies_of(session, sorted({content.id for _, content in rows}))
    return [
        KeptFile(
            id=file.id,
            path=file.path,
            size=content.size,
            md5=file.md5,
            sha256=content.sha256,
            content=content.id,
            key=content.key,
            format=file.format,
            copies=tuple(copies.get(content.id, ())),
        )
        for file, content in rows
    ]


def _copies_of(session: Session, contents: Sequence[int]) -> dict[int, list[KeptCopy]]:
    query = select(ContentCopyRow).where(ContentCopyRow.content.in_(contents)).order_by(ContentCopyRow.id)
    copies: dict[int, list[KeptCopy]] = {}
    for row in session.scalars(query):
        copies.setdefault(row.content, []).append(KeptCopy(row.id, row.location, row.state))
    return copies
