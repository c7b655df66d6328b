# SPDX-License-Identifier: Apache-2.0
"""Which Celery pool serves which queues, and why; one worker process a kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workers.errors import SettingsInvalid
from workers.queues import capture_queue
from workers.rush_queues import with_rush_queues
from workers.settings import Settings


@dataclass(frozen=True, slots=True)
class PoolPlan:
    """One Celery worker.

    Attributes:
        name: Its node name is `name@station`.
        queues: What it consumes.
        pool: Celery's pool.
        concurrency: Processes or threads.
        options: Further options of `celery worker`.
    """

    name: str
    queues: tuple[str, ...]
    pool: str
    concurrency: int
    options: tuple[str, ...] = ()

    def arguments(self, station: str, log_level: str) -> list[str]:
        """The arguments of `celery`."""
        return [
            "worker",
            f"--hostname={self.name}@{station}",
            f"--queues={','.join(with_rush_queues(self.queues))}",
            f"--pool={self.pool}",
            f"--concurrency={self.concurrency}",
            f"--loglevel={log_level}",
            # each node finds its work in the broker; nodes need not know one another
            "--without-gossip",
            "--without-mingle",
            *self.options,
        ]


HEAVY = "imaging_heavy"
"""Stages that need much memory for each page; served by nodes that have it."""


def pool_plans(
    settings: Settings, queues: Sequence[str] | None = None, concurrency: int | None = None
) -> list[PoolPlan]:
    """The workers that serve these queues on this node; all queues of a station when none are named.

    Raises:
        SettingsInvalid: A queue is unknown.
    """
    capture = capture_queue(settings.station)
    known = {capture, "default", "compute_intensive", HEAVY, "io_bound"}
    wanted = set(queues) if queues else known
    strange = {name for name in wanted - known if not name.startswith("capture.")}
    if strange:
        raise SettingsInvalid(
            f"There are no queues {', '.join(sorted(strange))}; known are {', '.join(sorted(known))}."
        )
    plans = []
    captures = tuple(sorted(name for name in wanted if name.startswith("capture.")))
    if captures:
        # one page after the other: a scanner has one glass
        plans.append(PoolPlan("capture", captures, "prefork", 1))
    # a station that serves all does heavy images too, on the processes that it has
    with_images = {"default", "compute_intensive", *((HEAVY,) if not queues else ())}
    compute = tuple(sorted(wanted & with_images))
    if compute:
        plans.append(
            PoolPlan(
                "compute",
                compute,
                "prefork",
                concurrency or settings.workers.compute_processes,
                # imaging libraries keep what they once needed; a fresh child gives it back
                ("--max-tasks-per-child=50", "--max-memory-per-child=2000000"),
            )
        )
    if HEAVY in wanted - set(compute):
        # more than half a gigabyte a page: one at a time unless somebody says otherwise
        plans.append(PoolPlan("heavy", (HEAVY,), "prefork", concurrency or 1, ("--max-tasks-per-child=10",)))
    if "io_bound" in wanted:
        # hashing and the network release the interpreter: threads do as well at a quarter of the memory
        plans.append(PoolPlan("io", ("io_bound",), "threads", concurrency or settings.workers.io_threads))
    return plans
