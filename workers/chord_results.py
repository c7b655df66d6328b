# SPDX-License-Identifier: Apache-2.0
"""Celery's Redis result backend for programs that never wait for a result.

Results exist in Recto only so that a chord can count its header; what came of the work stands in the
ledger. Celery subscribes to a channel for each task of a published group, keeps the subscription until
the result object is collected, and then talks to a broker that may be gone. Here nothing is subscribed.
"""

from __future__ import annotations

from celery.backends.redis import RedisBackend, ResultConsumer  # type: ignore[attr-defined]


class NoSubscriptions(ResultConsumer):  # type: ignore[misc]
    """Listens to nothing."""

    def consume_from(self, task_id: str) -> None:
        """Celery asks to be told of a task's end; nobody here waits for it."""

    def cancel_for(self, task_id: str) -> None:
        """There is nothing to cancel."""


class ChordResults(RedisBackend):
    """Stores results for chords, and subscribes to none."""

    ResultConsumer = NoSubscriptions


def chord_results_url(redis_url: str) -> str:
    """Celery's `result_backend` setting for this backend at a Redis address."""
    return f"{ChordResults.__module__}:{ChordResults.__name__}+{redis_url.removeprefix('redis+')}"
