# SPDX-License-Identifier: Apache-2.0
"""Items that an operator holds back: what runs is finished, nothing new of them is started."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.errors import ItemUnknown
from archive.registry.events import append_event, lock_batch
from archive.registry.states import State
from archive.registry.tables import ItemRow

OPERATOR = "operator"
"""Who holds an item that was held here; the desk's own holds end when it hands the item over."""


def hold_items(
    session: Session,
    batch: str,
    items: Sequence[str] | None = None,
    *,
    reason: str = "",
    agents: tuple[str, ...] = (),
) -> int:
    """Hold items of a batch back, with an event for each.

    Items that are done, cancelled, held already or still at the desk are passed over: nothing of them
    would start.

    Args:
        session: The transaction.
        batch: The batch.
        items: Ids of the items; all of the batch where left out.
        reason: Why; it goes into the chain.
        agents: Who and what acted.

    Returns:
        How many items are held now that were not before.

    Raises:
        BatchUnknown, ItemUnknown: There is no such batch or item.
    """
    held = 0
    for item in _items(session, batch, items):
        if item.on_hold is not None or State(item.state) in {State.DONE, State.CANCELLED}:
            continue
        item.on_hold, item.hold_reason = OPERATOR, reason
        # another item may use its place; what runs of it is finished under its lease all the same
        item.in_flight = False
        held += 1
        _tell(session, item, "on hold", reason, agents)
    return held


def unhold_items(
    session: Session,
    batch: str,
    items: Sequence[str] | None = None,
    *,
    reason: str = "",
    agents: tuple[str, ...] = (),
) -> int:
    """Let items go on that an operator holds; those at the desk stay there.

    Args:
        session: The transaction.
        batch: The batch.
        items: Ids of the items; all of the batch where left out.
        reason: Why; it goes into the chain.
        agents: Who and what acted.

    Returns:
        How many items may go on.

    Raises:
        BatchUnknown, ItemUnknown: There is no such batch or item.
    """
    let_go = 0
    for item in _items(session, batch, items):
        if item.on_hold != OPERATOR:
            continue
        item.on_hold, item.hold_reason = None, ""
        let_go += 1
        _tell(session, item, "released from hold", reason, agents)
    return let_go


def _items(session: Session, batch: str, names: Sequence[str] | None) -> list[ItemRow]:
    lock_batch(session, batch)
    query = select(ItemRow).where(ItemRow.batch == batch).order_by(ItemRow.position)
    rows = list(session.scalars(query.execution_options(populate_existing=True)))
    if names is None:
        return rows
    known = {row.name: row for row in rows}
    for name in names:
        if name not in known:
            raise ItemUnknown(f"Batch {batch} has no item {name!r}.")
    return [known[name] for name in names]


def _tell(session: Session, item: ItemRow, what: str, reason: str, agents: tuple[str, ...]) -> None:
    append_event(
        session,
        item.batch,
        "state change",
        item=item.name,
        detail={"item": what, "by": OPERATOR, "reason": reason},
        agents=agents,
    )
