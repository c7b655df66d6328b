# SPDX-License-Identifier: Apache-2.0
"""The chain of events of a batch: append-only, each event carrying the SHA-256 of the one before.

An event's body is canonical JSON, so that its digest can be computed again by anybody, in any
language, in fifty years.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.event import listens_for
from sqlalchemy.orm import Session

from archive.canonical_json import canonical_json
from archive.errors import BatchUnknown
from archive.registry.clock import now_iso
from archive.registry.prepared import execute
from archive.registry.tables import BatchRow, EventRow

GENESIS = "0" * 64
"""What the first event of a chain names as the digest before it."""

_BATCH = cast("Table", BatchRow.__table__)
_EVENT = cast("Table", EventRow.__table__)
_END = (
    select(_BATCH.c.chain_length, _BATCH.c.chain_head, _BATCH.c.station, _BATCH.c.state)
    .where(_BATCH.c.id == bindparam("batch"))
    .with_for_update()
)
_GROW = (
    update(_BATCH)
    .where(_BATCH.c.id == bindparam("of_batch"))
    .values(chain_length=bindparam("length"), chain_head=bindparam("head"))
)
_APPEND = insert(_EVENT)
_ENDS = "chain ends"


@dataclass(slots=True)
class ChainEnd:
    """Where a batch and its chain stand, its row locked by the transaction that read this.

    Attributes:
        length: How many events the chain has.
        head: SHA-256 of the last; "" before the first.
        station: The station that the batch belongs to.
        state: The batch's state when the lock was granted.
        fresh: Whether another database than SQLite granted the lock just now, and may have let this
            transaction wait for it: what was read before must be read again.
        grown: Whether the batch's row is still to be told of new events.
    """

    length: int
    head: str
    station: str
    state: str
    fresh: bool
    grown: bool = False


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What `verify_chain` found.

    Attributes:
        batch: The batch whose chain was read.
        events: How many events are in the chain.
        head: SHA-256 of the last event.
        problems: One sentence for each break, in order; empty when the chain is whole.
    """

    batch: str
    events: int
    head: str
    problems: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing was altered, inserted or removed."""
        return not self.problems

    def to_json(self) -> dict[str, Any]:
        """The report as a JSON object."""
        return {
            "batch": self.batch,
            "valid": self.whole,
            "events": self.events,
            "head": self.head,
            "problems": list(self.problems),
        }


def lock_batch(session: Session, batch: str) -> BatchRow:
    """A batch's row, locked until the transaction ends.

    Every transaction that changes a batch takes this lock before any other, so that on PostgreSQL two
    of them neither write the same sequence number nor wait for each other in a circle.

    Raises:
        BatchUnknown: No such batch.
    """
    write_chain_ends(session)
    query = select(BatchRow).where(BatchRow.id == batch).with_for_update()
    row = session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise BatchUnknown(f"There is no batch {batch!r} in the registry.")
    return row


def chain_end(session: Session, batch: str) -> ChainEnd:
    """A batch's row, locked as by `lock_batch`, without reading its manifest; read once in a transaction.

    Raises:
        BatchUnknown: No such batch.
    """
    transaction = session.get_transaction() or session.begin()
    known: tuple[object, dict[str, ChainEnd]] = session.info.get(_ENDS, (None, {}))
    if known[0] is not transaction:
        # nobody else can lengthen the chain of a locked batch, so this stays true until the transaction ends
        known = session.info[_ENDS] = (transaction, {})
    end = known[1].get(batch)
    if end is not None:
        end.fresh = False
        return end
    row = execute(session, _END, {"batch": batch}).one_or_none()
    if row is None:
        raise BatchUnknown(f"There is no batch {batch!r} in the registry.")
    end = ChainEnd(
        length=row.chain_length,
        head=row.chain_head,
        station=row.station,
        state=row.state,
        fresh=session.get_bind().dialect.name != "sqlite",
    )
    known[1][batch] = end
    return end


@listens_for(Session, "before_commit")
def write_chain_ends(session: Session) -> None:
    """Tell the rows of batches how long their chains are, once for all events of a transaction."""
    for batch, end in session.info.get(_ENDS, (None, {}))[1].items():
        if end.grown:
            end.grown = False
            execute(session, _GROW, {"of_batch": batch, "length": end.length, "head": end.head})


def append_event(
    session: Session,
    batch: str,
    event_type: str,
    *,
    item: str | None = None,
    page: int | None = None,
    outcome: str = "success",
    detail: Mapping[str, Any] | None = None,
    agents: tuple[str, ...] = (),
) -> str:
    """Append one event to a batch's chain, within the transaction of what it tells.

    Args:
        session: The transaction that also holds the change the event tells of.
        batch: The batch whose chain grows.
        event_type: A PREMIS event type (id.loc.gov/vocabulary/preservation/eventType) or "state change".
        item: The item it concerns, if one.
        page: The page number it concerns, if one.
        outcome: "success", "warning" or "fail".
        detail: JSON-able facts.
        agents: Who and what acted: persons, devices, programs with their versions.

    Returns:
        The SHA-256 of the new event.

    Raises:
        BatchUnknown: No such batch.
    """
    end = chain_end(session, batch)
    sequence = end.length + 1
    body = canonical_json(
        {
            "sequence": sequence,
            "at": now_iso(),
            "batch": batch,
            "item": item,
            "page": page,
            "type": event_type,
            "outcome": outcome,
            "detail": dict(detail or {}),
            "agents": list(agents),
            "previous": end.head or GENESIS,
        }
    ).decode()
    digest = hashlib.sha256(body.encode()).hexdigest()
    row = {"batch": batch, "sequence": sequence, "item": item, "type": event_type, "body": body}
    execute(session, _APPEND, {**row, "sha256": digest})
    end.length, end.head, end.grown = sequence, digest, True
    return digest


def read_events(session: Session, batch: str, item: str | None = None) -> Iterator[dict[str, Any]]:
    """The events of a batch in order, or those of one item, each with its own `sha256` added."""
    query = select(EventRow.body, EventRow.sha256).where(EventRow.batch == batch).order_by(EventRow.sequence)
    if item is not None:
        query = query.where(EventRow.item == item)
    # whoever reads the first events only leaves no cursor open on the server
    with session.execute(query.execution_options(yield_per=1000)) as rows:
        for body, digest in rows:
            yield {**json.loads(body), "sha256": digest}


def events_of_type(session: Session, batch: str, event_type: str) -> list[str]:
    """The bodies of a batch's events of one type, in order."""
    query = select(EventRow.body).where(EventRow.batch == batch, EventRow.type == event_type)
    return list(session.scalars(query.order_by(EventRow.sequence)))


def digest_of_event(session: Session, batch: str, sequence: int) -> str | None:
    """The recorded SHA-256 of an event of a batch, None where there is no event of that number."""
    query = select(EventRow.sha256).where(EventRow.batch == batch, EventRow.sequence == sequence)
    return session.scalar(query)


def verify_chain(session: Session, batch: str) -> ChainReport:
    """Read a whole chain and prove each link.

    Raises:
        BatchUnknown: No such batch.
    """
    write_chain_ends(session)
    row = session.get(BatchRow, batch, populate_existing=True)
    if row is None:
        raise BatchUnknown(f"There is no batch {batch!r} in the registry.")
    problems: list[str] = []
    before, count = GENESIS, 0
    for event in session.scalars(
        select(EventRow)
        .where(EventRow.batch == batch)
        .order_by(EventRow.sequence)
        .execution_options(yield_per=1000)
    ):
        count += 1
        problems.extend(_broken_link(event, count, before))
        before = event.sha256
    if count != row.chain_length or before != (row.chain_head or GENESIS):
        problems.append(
            f"The chain ends at event {count}, but the batch records {row.chain_length} events with another head."
        )
    return ChainReport(batch, count, before, tuple(problems))


def _broken_link(event: EventRow, expected: int, before: str) -> Iterator[str]:
    if hashlib.sha256(event.body.encode()).hexdigest() != event.sha256:
        yield f"Event {event.sequence} was altered: its body does not have the recorded SHA-256."
    try:
        body = json.loads(event.body)
    except json.JSONDecodeError:
        yield f"Event {event.sequence} is not JSON any more."
        return
    if event.sequence != expected or body.get("sequence") != expected:
        yield f"Event {event.sequence} stands where event {expected} belongs: events were removed or inserted."
    if body.get("previous") != before:
        yield f"Event {event.sequence} does not name the SHA-256 of the event before it."
    columns = (event.batch, event.item, event.type)
    if (body.get("batch"), body.get("item"), body.get("type")) != columns:
        yield f"Event {event.sequence} is filed under another batch, item or type than its body says."
