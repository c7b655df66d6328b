# SPDX-License-Identifier: Apache-2.0
"""Deletions of archival objects: asked for by one person, agreed to by another, done after a delay, never forgotten."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from archive.errors import DeletionRefused, DeletionUnknown
from archive.registry.archival_objects import lock_object
from archive.registry.clock import now_iso, now_seconds
from archive.registry.events import append_event
from archive.registry.kept_objects import ACTIVE, identifier_of
from archive.registry.notifications import Kind, notify
from archive.registry.receiving_tables import (
    ArchivalObjectRow,
    DeletionRequestRow,
    WorkItemRow,
)
from archive.registry.states import State
from archive.registry.tables import BatchRow, ItemRow

STATE_CHANGE = "state change"


class Stand(StrEnum):
    """How a request stands."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXECUTING = "executing"
    EXECUTED = "executed"


OPEN = (Stand.REQUESTED, Stand.APPROVED)
"""Requests of which there is at most one an object, and which can still be given up."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks or decides.

    Attributes:
        name: As the operator is called; taken on trust of the account.
        account: Of the operating system, `name@host`.
    """

    name: str
    account: str

    @property
    def agents(self) -> tuple[str, ...]:
        """As events name them; by the account where nobody gave a name."""
        return (self.name if self.name.strip() else self.account,)


def request_deletion(session: Session, key: int, person: Person, reason: str) -> DeletionRequestRow:
    """Ask that an object be deleted.

    Args:
        session: The transaction.
        key: Key of the object.
        person: Who asks.
        reason: Why; it is kept for ever.

    Raises:
        DeletionRefused: No person or reason is named, work is pending, or it is asked for or deleted already.
    """
    kept = lock_object(session, key)
    _require_named(person)
    if not reason.strip():
        raise DeletionRefused(f"Nobody said why {identifier_of(kept)} is to be deleted.")
    _require_idle(session, kept)
    known = session.scalar(
        select(DeletionRequestRow.id).where(
            DeletionRequestRow.object == key, DeletionRequestRow.state.in_(OPEN)
        )
    )
    if known is not None:
        raise DeletionRefused(f"The deletion of {identifier_of(kept)} is asked for already: request {known}.")
    row = DeletionRequestRow(
        object=key,
        version=kept.version,
        state=Stand.REQUESTED,
        reason=reason.strip(),
        requested_by=person.name,
        requested_account=person.account,
        requested_at=now_iso(),
    )
    session.add(row)
    session.flush()
    _tell(session, kept, row, person, {"reason": row.reason})
    facts = {"requested by": person.name, "reason": row.reason, "request": row.id}
    notify(session, Kind.DELETION_REQUESTED, identifier_of(kept), facts)
    return row


def approve_deletion(
    session: Session, request: int, person: Person, *, delay_seconds: float, separate_accounts: bool = False
) -> DeletionRequestRow:
    """Agree to a deletion that somebody else has asked for; it is done after a delay.

    Args:
        session: The transaction.
        request: Its number.
        person: Who agrees.
        delay_seconds: How long it waits from now on, and can be withdrawn.
        separate_accounts: Whether the accounts of the two must differ as well as the names.

    Raises:
        DeletionUnknown: There is no such request.
        DeletionRefused: It is not open, the same person asked for it, work is pending, or the object has a version
            that was not there when it was asked for.
    """
    row, kept = _locked(session, request)
    _require_named(person)
    _require_stand(row, kept, Stand.REQUESTED)
    if _folded(person.name) == _folded(row.requested_by):
        raise DeletionRefused(
            f"{person.name} has asked for the deletion of {identifier_of(kept)}: another person must agree to it."
        )
    if separate_accounts and person.account == row.requested_account:
        raise DeletionRefused(
            f"The account {person.account} has asked for the deletion of {identifier_of(kept)}: another one must agree."
        )
    _require_idle(session, kept)
    newer = newer_version(row, kept)
    if newer is not None:
        raise DeletionRefused(
            f"Version {newer} of {identifier_of(kept)} was deposited after its deletion was asked for.",
            remedy="Withdraw or refuse the request; ask again if the new version is to be deleted too.",
        )
    _decide(row, Stand.APPROVED, person)
    row.due_at = now_seconds() + delay_seconds
    _tell(session, kept, row, person, {"delay_seconds": delay_seconds})
    return row


def refuse_deletion(session: Session, request: int, person: Person, reason: str) -> DeletionRequestRow:
    """Refuse a deletion, also one that was agreed to and still waits.

    Raises:
        DeletionUnknown: There is no such request.
        DeletionRefused: It is not open any more, or no person or reason is named.
    """
    row, kept = _locked(session, request)
    _require_named(person)
    if not reason.strip():
        raise DeletionRefused(f"Nobody said why the deletion of {identifier_of(kept)} is refused.")
    _require_stand(row, kept, *OPEN)
    _decide(row, Stand.REFUSED, person)
    _tell(session, kept, row, person, {"reason": reason.strip()})
    return row


def withdraw_deletion(session: Session, request: int, person: Person) -> DeletionRequestRow:
    """Take a request of one's own back, also after it was agreed to, as long as nothing was deleted.

    Raises:
        DeletionUnknown: There is no such request.
        DeletionRefused: It is not open any more, or somebody else's.
    """
    row, kept = _locked(session, request)
    _require_stand(row, kept, *OPEN)
    if _folded(person.name) != _folded(row.requested_by):
        raise DeletionRefused(
            f"{row.requested_by} has asked for the deletion of {identifier_of(kept)}; others can refuse it."
        )
    row.state = Stand.WITHDRAWN
    _tell(session, kept, row, person, {})
    return row


def find_deletion(session: Session, request: int) -> DeletionRequestRow:
    """A request by its number.

    Raises:
        DeletionUnknown: There is none.
    """
    row = session.get(DeletionRequestRow, request)
    if row is None:
        raise DeletionUnknown(f"There is no deletion request {request}.", request=request)
    return row


def list_deletions(
    session: Session, *, state: str | None = None, after: int = 0, most: int = 100
) -> list[tuple[DeletionRequestRow, ArchivalObjectRow]]:
    """A page of the requests with their objects, the oldest first.

    Args:
        session: The session.
        state: Only those that stand so.
        after: Number of the last request of the page before.
        most: How many a page has.
    """
    query = (
        select(DeletionRequestRow, ArchivalObjectRow)
        .join(ArchivalObjectRow, ArchivalObjectRow.id == DeletionRequestRow.object)
        .where(DeletionRequestRow.id > after)
        .order_by(DeletionRequestRow.id)
        .limit(most)
    )
    if state is not None:
        query = query.where(DeletionRequestRow.state == state)
    return [(row, kept) for row, kept in session.execute(query)]


def running_deletion(session: Session, kept: int) -> int | None:
    """The number of the request by which an object is being deleted just now; None where it is not.

    As long as it is, nothing may be stored for the object: it would be deleted too. The answer is true until
    the transaction ends, and where it is None, whatever makes itself known as pending in it is waited for.
    """
    lock_object(session, kept)
    query = select(DeletionRequestRow.id).where(
        DeletionRequestRow.object == kept, DeletionRequestRow.state == Stand.EXECUTING
    )
    return session.scalar(query)


def pending_work(session: Session, kept: ArchivalObjectRow) -> list[int]:
    """The work items of an object whose ingest has not ended, also those that wait for a person."""
    query = (
        select(WorkItemRow.id)
        .join(BatchRow, BatchRow.id == WorkItemRow.batch)
        .join(ItemRow, ItemRow.batch == WorkItemRow.batch)
        .where(
            WorkItemRow.institution == kept.institution,
            BatchRow.state.not_in([State.DONE, State.CANCELLED]),
            or_(WorkItemRow.object == kept.id, ItemRow.name == kept.name),
        )
        .order_by(WorkItemRow.id)
    )
    return list(session.scalars(query))


def newer_version(row: DeletionRequestRow, kept: ArchivalObjectRow) -> int | None:
    """The number of a version that was deposited after a deletion was asked for, which nobody has agreed to delete."""
    # by number: the clocks of the hosts that record versions and requests may differ
    return kept.version if kept.version > row.version else None


def void_deletion(session: Session, row: DeletionRequestRow, kept: ArchivalObjectRow, reason: str) -> None:
    """Refuse a deletion that was agreed to, because the object is not what it was."""
    row.state = Stand.REFUSED
    detail = {"deletion": str(row.state), "request": row.id, "reason": reason}
    append_event(session, kept.chain, STATE_CHANGE, outcome="warning", detail=detail)


def void_open_deletions(session: Session, kept: ArchivalObjectRow, reason: str) -> None:
    """Refuse what is asked for or agreed to, because somebody has deposited the object's bag since.

    Args:
        session: The transaction, which holds the object's lock.
        kept: The object.
        reason: Why, in a sentence.
    """
    query = select(DeletionRequestRow).where(
        DeletionRequestRow.object == kept.id, DeletionRequestRow.state.in_(OPEN)
    )
    for row in session.scalars(query).all():
        void_deletion(session, row, kept, reason)


def record_denial(session: Session, kept: int, person: Person, tried: str, message: str) -> None:
    """Tell in an object's history that somebody tried what may not be.

    Args:
        session: A transaction of its own: that of the attempt is rolled back.
        kept: Key of the object.
        person: Who.
        tried: What, such as "approve".
        message: Why it may not be.
    """
    row = lock_object(session, kept)
    detail = {"deletion": f"{tried} denied", "account": person.account, "message": message}
    append_event(session, row.chain, STATE_CHANGE, outcome="fail", detail=detail, agents=person.agents)


def free_work_items(session: Session, items: list[int]) -> None:
    """Let equal bags come again: what these work items brought is deleted."""
    session.execute(update(WorkItemRow).where(WorkItemRow.id.in_(items)).values(blocking=False))


def _locked(session: Session, request: int) -> tuple[DeletionRequestRow, ArchivalObjectRow]:
    kept = lock_object(session, find_deletion(session, request).object)
    # only now nobody else changes it
    return session.get_one(DeletionRequestRow, request, populate_existing=True), kept


def _require_named(person: Person) -> None:
    if not person.name.strip():
        raise DeletionRefused(
            "Nobody said who asks or decides.",
            remedy="Give your name with --operator, or set operator in the settings.",
        )


def _require_stand(row: DeletionRequestRow, kept: ArchivalObjectRow, *allowed: Stand) -> None:
    if row.state not in allowed:
        raise DeletionRefused(
            f"Request {row.id}, the deletion of {identifier_of(kept)}, is {row.state}.", state=row.state
        )


def _require_idle(session: Session, kept: ArchivalObjectRow) -> None:
    if kept.state != ACTIVE:
        raise DeletionRefused(f"{identifier_of(kept)} is {kept.state} already.", state=kept.state)
    pending = pending_work(session, kept)
    if pending:
        told = ", ".join(map(str, pending[:5]))
        raise DeletionRefused(
            f"Work is pending for {identifier_of(kept)}: work items {told} have not ended.",
            remedy="Let it end, or cancel it with: recto receive cancel WORK_ITEM",
            work_items=pending,
        )


def _decide(row: DeletionRequestRow, stand: Stand, person: Person) -> None:
    row.state, row.decided_by, row.decided_account, row.decided_at = (
        stand,
        person.name,
        person.account,
        now_iso(),
    )


def _tell(
    session: Session,
    kept: ArchivalObjectRow,
    row: DeletionRequestRow,
    person: Person,
    more: Mapping[str, Any],
) -> None:
    detail = {"deletion": str(row.state), "request": row.id, "account": person.account, **more}
    append_event(session, kept.chain, STATE_CHANGE, detail=detail, agents=person.agents)


def _folded(name: str) -> str:
    """A name as it is compared, so that nobody becomes another person by a space, a capital or a letter unseen."""
    seen = (letter for letter in unicodedata.normalize("NFKC", name) if unicodedata.category(letter) != "Cf")
    return " ".join("".join(seen).casefold().split())
