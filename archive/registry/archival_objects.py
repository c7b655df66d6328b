# SPDX-License-Identifier: Apache-2.0
"""Objects of the archive and their versions: made, found by identifier, and locked while one is changed."""

from __future__ import annotations

import uuid

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from archive.errors import ObjectUnknown, VersionUnknown
from archive.registry.clock import now_iso
from archive.registry.events import lock_batch
from archive.registry.ingests import register_chain
from archive.registry.receiving_tables import ArchivalObjectRow, InstitutionRow, ObjectVersionRow

ACTIVE, DELETED = "active", "deleted"
"""States of an object; DELETED also that of a copy which went with its object."""


def identifier_of(row: ArchivalObjectRow) -> str:
    """An object's identifier: its institution, a slash, the bag's name."""
    return f"{row.institution}/{row.name}"


def find_object(session: Session, identifier: str) -> ArchivalObjectRow:
    """An object by its identifier, `institution/name`.

    Raises:
        ObjectUnknown: There is none.
    """
    institution, _, name = identifier.partition("/")
    row = session.scalar(_named(institution, name))
    if row is None:
        raise ObjectUnknown(f"There is no archival object {identifier}.", identifier=identifier)
    return row


def versions_of(session: Session, key: int) -> list[ObjectVersionRow]:
    """The versions of an object, the oldest first."""
    query = select(ObjectVersionRow).where(ObjectVersionRow.object == key)
    return list(session.scalars(query.order_by(ObjectVersionRow.number)))


def find_version(session: Session, row: ArchivalObjectRow, number: int | None = None) -> ObjectVersionRow:
    """A version of an object, the newest where no number is given.

    Raises:
        VersionUnknown: There is none.
    """
    wanted = row.version if number is None else number
    query = select(ObjectVersionRow).where(
        ObjectVersionRow.object == row.id, ObjectVersionRow.number == wanted
    )
    version = session.scalar(query)
    if version is None:
        known = f"it has {row.version}" if row.version else "none is recorded yet"
        raise VersionUnknown(f"{identifier_of(row)} has no version {wanted}; {known}.", version=wanted)
    return version


def object_for_deposit(
    session: Session, institution: str, name: str, *, storage_option: str
) -> ArchivalObjectRow:
    """The object that a bag belongs to, made when the bag is the first of its name.

    An object keeps the storage option of its first deposit. One that was deleted takes the new bag's
    option; it stays deleted until a version is recorded.

    Args:
        session: The transaction.
        institution: Id of the depositor.
        name: The bag's name.
        storage_option: The option that the bag asks for.
    """
    # of two bags that arrive at once one waits here, and finds what the other made
    session.scalar(select(InstitutionRow.id).where(InstitutionRow.id == institution).with_for_update())
    row = session.scalar(_named(institution, name).execution_options(populate_existing=True))
    if row is None:
        row = _new_object(session, institution, name, storage_option)
    elif row.state == DELETED:
        row.storage_option = storage_option
        session.flush()
    return row


def lock_object(session: Session, key: int) -> ArchivalObjectRow:
    """An object's row as it is now, its chain locked until the transaction ends: nobody else changes the object.

    Raises:
        ObjectUnknown: There is none.
    """
    chain = session.scalar(select(ArchivalObjectRow.chain).where(ArchivalObjectRow.id == key))
    if chain is None:
        raise ObjectUnknown(f"There is no archival object with the key {key}.", key=key)
    lock_batch(session, chain)
    return session.get_one(ArchivalObjectRow, key, populate_existing=True)


def _named(institution: str, name: str) -> Select[ArchivalObjectRow]:
    return select(ArchivalObjectRow).where(
        ArchivalObjectRow.institution == institution, ArchivalObjectRow.name == name
    )


def _new_object(session: Session, institution: str, name: str, storage_option: str) -> ArchivalObjectRow:
    uid = uuid.uuid4().hex
    chain = f"object-{uid}"
    detail = {"object": f"{institution}/{name}", "storage_option": storage_option}
    register_chain(session, chain, institution=institution, detail=detail)
    row = ArchivalObjectRow(
        institution=institution,
        uid=uid,
        name=name,
        storage_option=storage_option,
        state=ACTIVE,
        chain=chain,
        created_at=now_iso(),
    )
    session.add(row)
    session.flush()
    return row
