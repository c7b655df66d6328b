# SPDX-License-Identifier: Apache-2.0
"""How urgent an item is: rush items are begun before all others, and their messages overtake those that wait."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.errors import ItemUnknown
from archive.registry.events import append_event, lock_batch
from archive.registry.states import State
from archive.registry.tables import ItemRow


class Priority(StrEnum):
    """How urgent an item is."""

    RUSH = "rush"
    NORMAL = "normal"
    LOW = "low"


RANK: dict[Priority, int] = {Priority.RUSH: 10, Priority.NORMAL: 0, Priority.LOW: -10}
"""The number in the ledger; whatever is above 0 is a rush."""


def priority_of(rank: int) -> Priority:
    """The priority for which a number in the ledger stands."""
    return Priority.RUSH if rank > 0 else Priority.LOW if rank < 0 else Priority.NORMAL


def set_priority(
    session: Session,
    batch: str,
    priority: Priority,
    items: Sequence[str] | None = None,
    *,
    reason: str = "",
    agents: tuple[str, ...] = (),
) -> list[int]:
    """Make items of a batch more or less urgent, with an event for each.

    Items that are done or cancelled, or have this priority already, are passed over.

    Args:
        session: The transaction.
        batch: The batch.
        priority: How urgent they are from now on.
        items: Ids of the items; all of the batch where left out.
        reason: Why; it goes into the chain.
        agents: Who and what acted.

    Returns:
        Keys of the items whose priority changed.

    Raises:
        BatchUnknown, ItemUnknown: There is no such batch or item.
    """
    lock_batch(session, batch)
    query = select(ItemRow).where(ItemRow.batch == batch).order_by(ItemRow.position)
    rows = {row.name: row for row in session.scalars(query.execution_options(populate_existing=True))}
    unknown = [name for name in items or () if name not in rows]
    if unknown:
        raise ItemUnknown(f"Batch {batch} has no item {unknown[0]!r}.")
    changed = []
    for row in rows.values() if items is None else [rows[name] for name in dict.fromkeys(items)]:
        before = priority_of(row.priority)
        if before is priority or State(row.state) in {State.DONE, State.CANCELLED}:
            continue
        row.priority = RANK[priority]
        changed.append(row.id)
        append_event(
            session,
            batch,
            "state change",
            item=row.name,
            detail={"item": "priority", "from": before, "to": priority, "by": "operator", "reason": reason},
            agents=agents,
        )
    return changed


def in_flight(session: Session, items: Collection[int]) -> list[int]:
    """Those of some items that are worked on now: of them messages are on their way."""
    query = select(ItemRow.id).where(ItemRow.id.in_(items), ItemRow.in_flight).order_by(ItemRow.id)
    return list(session.scalars(query))
