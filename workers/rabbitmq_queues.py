# SPDX-License-Identifier: Apache-2.0
"""How Recto's queues are made on RabbitMQ: kept by a quorum, patient with long units, reached by one word.

On Redis there is nothing to make, and none of this is looked at.
"""

from __future__ import annotations

from typing import Any

from celery.app.amqp import AMQP, Queues
from kombu import Queue

from workers.celery_settings import VISIBILITY_TIMEOUT

QUORUM = {"x-queue-type": "quorum"}

ARGUMENTS: dict[str, Any] = {**QUORUM, "x-consumer-timeout": 1000 * VISIBILITY_TIMEOUT}
"""RabbitMQ takes a message away from who works on it for 30 minutes; a unit may take longer. Before 3.12 this
argument is not looked at, and `consumer_timeout` in the server's configuration has to say it."""

FIRST_WITH_ARGUMENT = (3, 12)
"""The first RabbitMQ that looks at `x-consumer-timeout` (its release notes)."""


class QuorumQueues(Queues):
    """The queues by name, each made when it is first named."""

    def add(self, queue: Any, **options: Any) -> Any:
        """Add a queue and return it, which the stubs of Celery leave out."""
        if isinstance(queue, Queue) and queue.queue_arguments == QUORUM:
            queue.queue_arguments = dict(ARGUMENTS)
            # in one word: to RabbitMQ, what is held back for rush.default would be for default as well
            queue.routing_key = queue.name.replace(".", "/")
        return super().add(queue, **options)


class QuorumQueuesAMQP(AMQP):
    """Celery's AMQP with these queues."""

    queues_cls = QuorumQueues
