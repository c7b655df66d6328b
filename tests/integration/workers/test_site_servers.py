# SPDX-License-Identifier: Apache-2.0
"""Brokers of a site: they prove who they are, passwords are not repeated, and RabbitMQ holds back what is not due."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from celery import Celery
from kombu import Connection
from kombu.transport.native_delayed_delivery import (
    bind_queue_to_native_delayed_delivery_exchange,
    declare_native_delayed_delivery_exchanges_and_queues,
)

from tests.servers.rabbitmq import Rabbitmq
from tests.servers.redis_server import Redis
from workers.celery import make_application
from workers.connection_trials import try_broker
from workers.errors import BrokerUnavailable
from workers.rush_queues import rush_queue
from workers.settings import Settings

GUESS = "wrong-horse"


def test_a_redis_that_proves_who_it_is_is_used(recto_home: Path, redis_server: Redis) -> None:
    trial = try_broker(Settings(broker_url=redis_server.url(tls=True), ca_file=redis_server.authority))
    assert (trial.kind, trial.running, trial.advice) == ("redis", True, "")


def test_a_redis_that_nobody_vouches_for_is_refused(recto_home: Path, redis_server: Redis) -> None:
    with pytest.raises(BrokerUnavailable, match="certificate verify failed"):
        try_broker(Settings(broker_url=redis_server.url(tls=True)))


def test_a_wrong_password_of_redis_is_told_and_not_repeated(recto_home: Path, redis_server: Redis) -> None:
    with pytest.raises(BrokerUnavailable, match="password") as caught:
        try_broker(Settings(broker_url=redis_server.url(password=GUESS)))
    assert GUESS not in caught.value.message


def test_a_rabbitmq_that_proves_who_it_is_is_used_and_its_administrator_is_told_of_long_units(
    recto_home: Path, rabbitmq: Rabbitmq, redis_server: Redis
) -> None:
    address = rabbitmq.url("%2F", tls=True)
    trial = try_broker(
        Settings(broker_url=address, result_url=redis_server.url(), ca_file=rabbitmq.authority)
    )
    assert trial.kind == "amqp"
    number = tuple(int(part) for part in trial.server.split(".")[:2])
    assert ("consumer_timeout = 14400000" in trial.advice) == (number < (3, 12))


def test_a_rabbitmq_that_nobody_vouches_for_is_refused(
    recto_home: Path, rabbitmq: Rabbitmq, redis_server: Redis
) -> None:
    with pytest.raises(BrokerUnavailable, match="certificate verify failed"):
        try_broker(Settings(broker_url=rabbitmq.url("%2F", tls=True), result_url=redis_server.url()))


def test_a_wrong_password_of_rabbitmq_is_told_and_not_repeated(
    recto_home: Path, rabbitmq: Rabbitmq, redis_server: Redis
) -> None:
    with pytest.raises(BrokerUnavailable) as caught:
        try_broker(Settings(broker_url=rabbitmq.url("%2F", password=GUESS), result_url=redis_server.url()))
    assert GUESS not in caught.value.message


def test_a_message_that_is_not_due_waits_in_rabbitmq_and_comes_to_its_queue_alone(
    recto_home: Path, rabbitmq_url: str, redis_server: Redis
) -> None:
    application = make_application(Settings(broker_url=rabbitmq_url, result_url=redis_server.url()))
    queues = (rush_queue("io_bound"), "io_bound", rush_queue("capture.a"), "capture.a")
    with application.connection_for_write() as connection:
        # what each worker does when it starts
        declare_native_delayed_delivery_exchanges_and_queues(connection, "quorum")
        for name in queues:
            queue = application.amqp.queues[name]
            queue.bind(connection.default_channel).declare()
            bind_queue_to_native_delayed_delivery_exchange(connection, queue)
        begun = time.monotonic()
        for name in queues[::2]:
            application.send_task("recto.confirm", args=(1,), queue=name, countdown=1)
        while _depths(connection, queues) == [0, 0, 0, 0]:
            assert time.monotonic() < begun + 30
        assert time.monotonic() - begun >= 1
        while sum(_depths(connection, queues)) < 2:
            assert time.monotonic() < begun + 30
        assert _depths(connection, queues) == [1, 0, 1, 0]
    _let_go(application)


def _depths(connection: Connection, names: tuple[str, ...]) -> list[int]:
    channel = connection.default_channel
    return [channel.queue_declare(name, passive=True).message_count for name in names]


def _let_go(application: Celery) -> None:
    application.pool.force_close_all()
    application.close()
