# SPDX-License-Identifier: Apache-2.0
"""What an operator decides while batches run: what is urgent, which stage stands still, what is given up.

Each decision is a transaction in the ledger and needs no broker. What may go on by it is sent afterwards;
where the broker is away, the reconciler sends it when it is back.
"""

from __future__ import annotations

from collections.abc import Sequence

from archive.registry import decisions, priorities, stage_holds
from archive.registry.batches import get_batch
from archive.registry.priorities import Priority
from archive.registry.stage_holds import StageHold
from workers.node import Node
from workers.operations import acting, resume_all, resume_batch


def set_priority(
    node: Node, batch: str, priority: Priority, items: Sequence[str] | None = None, *, reason: str = ""
) -> list[int]:
    """Make items of a batch more or less urgent; `send_hurried` makes it count for what was sent already.

    Returns:
        Keys of the items whose priority changed.

    Raises:
        BatchUnknown, ItemUnknown: No such batch or item.
    """
    with node.registry.transaction() as session:
        get_batch(session, batch)
        return priorities.set_priority(session, batch, priority, items, reason=reason, agents=acting(node))


def send_hurried(node: Node, batch: str, items: Sequence[int]) -> None:
    """Send what waits of these items once more, by the queues of their new priority, and fill the window.

    The messages that were sent before find their units taken, or done, and do nothing.

    Raises:
        BrokerUnavailable: The broker does not take messages.
    """
    from workers.celery import app
    from workers.dispatch import dispatch_item, fill_and_dispatch

    with node.registry.reading() as session:
        on_their_way = priorities.in_flight(session, items)
    for item in on_their_way:
        dispatch_item(app, node, item)
    fill_and_dispatch(app, node, batch)


def hold_stage(node: Node, stage: str, *, batch: str = "", reason: str = "") -> bool:
    """Begin nothing new of a stage, in one batch or in all; what runs is finished.

    Returns:
        Whether it was not held before.

    Raises:
        BatchUnknown, StageUnknown: No such batch or stage.
    """
    with node.registry.transaction() as session:
        return stage_holds.hold_stage(session, stage, batch=batch, reason=reason, agents=acting(node))


def release_stage(node: Node, stage: str, *, batch: str = "", reason: str = "") -> bool:
    """Let a stage go on; `send_released` sends what has waited for it.

    Returns:
        Whether it was held.

    Raises:
        BatchUnknown, StageUnknown: No such batch or stage.
    """
    with node.registry.transaction() as session:
        return stage_holds.release_stage(session, stage, batch=batch, reason=reason, agents=acting(node))


def send_released(node: Node, *, batch: str = "") -> int:
    """Send what has waited for a stage, of one batch or of all.

    Returns:
        How many items were dispatched.

    Raises:
        BrokerUnavailable: The broker does not take messages.
    """
    return resume_batch(node, batch) if batch else resume_all(node)


def stages_on_hold(node: Node, batch: str | None = None) -> list[StageHold]:
    """The stages that are held, in one batch or in any, and why.

    Raises:
        BatchUnknown: No such batch.
    """
    with node.registry.reading() as session:
        return stage_holds.stage_holds(session, batch=batch)


def cancel(
    node: Node, batch: str, *, item: str | None = None, stage: str | None = None, reason: str = ""
) -> int:
    """Give up what is not done of a batch, an item or a stage; what was captured is kept.

    With a stage goes all that stands on it. A retry takes everything up again.

    Returns:
        How many units were cancelled.

    Raises:
        BatchUnknown, ItemUnknown, StageUnknown: No such batch, item or stage.
    """
    with node.registry.transaction() as session:
        get_batch(session, batch)
        return decisions.cancel(session, batch, item=item, stage=stage, reason=reason, agents=acting(node))


def retry_unit(node: Node, batch: str, item: str, stage: str, chunk: int) -> int:
    """Give one stopped unit its attempts back, and nothing else.

    Returns:
        1; 0 where it has not stopped.

    Raises:
        BatchUnknown, ItemUnknown, StageUnknown, UnitUnknown: No such batch, item, stage or chunk.
    """
    with node.registry.transaction() as session:
        return decisions.retry_unit(session, batch, item, stage, chunk, agents=acting(node))
