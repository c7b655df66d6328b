# SPDX-License-Identifier: Apache-2.0
"""What a person decides over a bag that arrived: to try again, to give up."""

from __future__ import annotations

from archive.errors import WorkItemSettled
from archive.registry import decisions
from archive.registry.events import append_event
from archive.registry.ingest_facts import Outcome
from archive.registry.work_item_status import Standing, standings_of
from archive.registry.work_items import get_work_item
from workers.node import Node
from workers.operations import acting


def retry_work_item(node: Node, number: int) -> int:
    """Give the units of a failed or cancelled ingest their attempts back.

    A refused bag is not read again by this, for it lies in quarantine; the same bag may come again then.

    Returns:
        How many units wait again; 0 for a refused bag.

    Raises:
        WorkItemUnknown: There is none.
        WorkItemSettled: It has come to an end that nothing can change.
    """
    with node.registry.transaction() as session:
        row = get_work_item(session, number)
        standing = standings_of(session, [number])[number]
        if standing is Standing.REFUSED:
            append_event(
                session,
                row.batch,
                "state change",
                detail={"outcome": str(Outcome.REFUSED), "may_come_again": True},
                agents=acting(node),
            )
            row.blocking = False
            return 0
        if standing not in {Standing.FAILED, Standing.CANCELLED}:
            raise _settled(number, standing)
        return decisions.retry_stopped(session, row.batch, agents=acting(node))


def cancel_work_item(node: Node, number: int, *, reason: str = "") -> int:
    """Give up the ingest of a bag; the bag is left where it is, and is not taken up again by itself.

    Returns:
        How many units were cancelled.

    Raises:
        WorkItemUnknown: There is none.
        WorkItemSettled: It has come to its end.
    """
    with node.registry.transaction() as session:
        row = get_work_item(session, number)
        standing = standings_of(session, [number])[number]
        if standing not in {Standing.OPEN, Standing.FAILED}:
            raise _settled(number, standing)
        return decisions.cancel(session, row.batch, reason=reason, agents=acting(node))


def _settled(number: int, standing: Standing) -> WorkItemSettled:
    if standing is Standing.OPEN:
        return WorkItemSettled(
            f"Work item {number} is waiting or worked on.",
            remedy="Nothing need be done; give it up with: recto receive cancel WORK_ITEM",
        )
    return WorkItemSettled(f"Work item {number} has come to its end: {standing}.")
