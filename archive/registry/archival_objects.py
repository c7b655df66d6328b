# SPDX-License-Identifier: Apache-2.0
"""Making objects of the archive, and keeping others from changing one meanwhile; reading them is `kept_objects`."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.errors import ObjectUnknown
from archive.registry.clock import now_iso
from archive.registry.events import lock_batch
from archive.registry.ingests import register_chain
from archive.registry.kept_objects import ACTIVE, DELETED
from archive.registry.receiving_tables import ArchivalObjectRow, InstitutionRow


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
    query = select(ArchivalObjectRow).where(
        ArchivalObjectRow.institution == institution, ArchivalObjectRow.name == name
    )
    row = session.scalar(query.execution_options(populate_existing=True))
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
