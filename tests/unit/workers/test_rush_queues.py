# SPDX-License-Identifier: Apache-2.0
"""A message of a rush queue overtakes all that wait in its twin, on a real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection, Consumer, Producer, Queue

from workers.celery_settings import REDIS_OPTIONS
from workers.embedded_broker import EmbeddedBroker
from workers.rush_queues import rush_queue, with_rush_queues


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    with EmbeddedBroker(tmp_path) as broker:
        opened = Connection(broker.broker_url, transport_options=REDIS_OPTIONS)
        yield opened
        opened.release()


def taken(connection: Connection, queues: tuple[str, ...], number: int) -> list[Any]:
    """The first messages that a worker with one process gets."""
    got: list[Any] = []

    def take(body: Any, message: Any) -> None:
        got.append(body)
        message.ack()

    channel = connection.channel()
    with Consumer(channel, [Queue(name, routing_key=name) for name in queues], callbacks=[take]) as consumer:
        consumer.qos(prefetch_count=1)
        while len(got) < number:
            connection.drain_events(timeout=5)
    channel.close()
    return got


def test_a_rush_message_overtakes_what_was_queued_before_it(connection: Connection) -> None:
    producer = Producer(connection)
    queues = with_rush_queues(("default", "compute_intensive"))
    for name in queues:
        Queue(name, routing_key=name, channel=connection.default_channel).declare()
    for number in range(5):
        producer.publish(f"compute {number}", routing_key="compute_intensive")
        producer.publish(f"default {number}", routing_key="default")
    for number in range(2):
        producer.publish(f"rush {number}", routing_key=rush_queue("compute_intensive"))
    got = taken(connection, queues, 12)
    assert got[:2] == ["rush 0", "rush 1"]
    # the others are served in turn, so that none of them starves
    assert {body.split()[0] for body in got[2:4]} == {"default", "compute"}


def test_rush_twins_stand_before_the_queues_of_a_worker() -> None:
    assert with_rush_queues(("default", "io_bound")) == (
        "rush.default",
        "rush.io_bound",
        "default",
        "io_bound",
    )
