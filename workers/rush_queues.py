# SPDX-License-Identifier: Apache-2.0
"""The queues of rush items: each queue has a twin that is looked into first, for a message that must overtake.

Redis and RabbitMQ disagree on priorities within a queue (0 is the most urgent in one and the least
in the other), and messages that a worker has fetched are out of their reach. Two queues work the
same everywhere. On Redis a worker asks for all of its queues at once and gets a message of the
first one that has any (BRPOP), so the order of asking decides; `RushFirst` is that order. RabbitMQ
serves the consumers of one worker in turn, so there a rush message waits behind the few that the
worker has fetched, and no longer behind the whole queue.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kombu.utils.scheduling import round_robin_cycle

RUSH = "rush."
"""What the name of a rush queue begins with; the rest is the name of its twin."""

RUSH_FIRST = "workers.rush_queues:RushFirst"
"""How Celery's settings name the order (kombu's `queue_order_strategy`)."""


def rush_queue(queue: str) -> str:
    """The twin of a queue for rush items."""
    return f"{RUSH}{queue}"


def with_rush_queues(queues: Iterable[str]) -> tuple[str, ...]:
    """These queues behind their rush twins, as a worker of them serves them."""
    ordinary = tuple(queues)
    return (*map(rush_queue, ordinary), *ordinary)


class RushFirst(round_robin_cycle):  # type: ignore[type-arg]  # generic in the stubs alone
    """Rush queues before all others; within both kinds, the queue that was served last comes last."""

    items: list[str]

    def consume(self, n: int) -> Any:
        """The queues in the order in which they are asked for a message; kombu's stubs say iterator, it slices."""
        return sorted(self.items[:n], key=_is_ordinary)


def _is_ordinary(queue: str) -> bool:
    return not queue.startswith(RUSH)
