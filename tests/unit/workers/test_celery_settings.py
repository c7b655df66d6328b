# SPDX-License-Identifier: Apache-2.0
"""The relations between Celery's settings on which recovery rests."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from celery import Celery

from archive.registry.stages import DEFAULT_PIPELINE
from workers.celery_settings import LONGEST_UNIT, celery_settings
from workers.rabbitmq_queues import ARGUMENTS, QuorumQueuesAMQP

REDIS = celery_settings("redis+socket:///run/x.sock", "redis+socket:///run/x.sock", reconcile_seconds=60)


def test_a_message_comes_back_only_after_its_stage_must_have_ended() -> None:
    visibility = REDIS["broker_transport_options"]["visibility_timeout"]
    assert visibility == 2 * LONGEST_UNIT
    assert REDIS["result_chord_expires"] > visibility + LONGEST_UNIT


def test_messages_never_carry_code_and_come_back_when_their_process_dies() -> None:
    assert REDIS["accept_content"] == ["json"]
    assert REDIS["task_acks_late"]
    assert REDIS["task_reject_on_worker_lost"]
    assert REDIS["worker_prefetch_multiplier"] == 1


def test_the_soft_limit_comes_before_the_hard_one_and_none_is_beyond_what_the_broker_is_set_up_for() -> None:
    for rule in DEFAULT_PIPELINE.stages:
        assert 0 < rule.soft_seconds < rule.hard_seconds <= LONGEST_UNIT


@pytest.mark.parametrize("scheme", ["amqp", "amqps"])
def test_rabbitmq_confirms_what_it_took(scheme: str) -> None:
    settings = celery_settings(f"{scheme}://host//", "redis://host", reconcile_seconds=60)
    assert settings["broker_transport_options"] == {"confirm_publish": True}
    assert settings["broker_heartbeat"] == 30


def test_all_queues_on_rabbitmq_outlive_a_broker_and_wait_for_the_longest_unit() -> None:
    settings = celery_settings("amqp://host//", "redis://host", reconcile_seconds=60)
    with Celery("test", set_as_current=False, amqp=QuorumQueuesAMQP) as application:
        application.conf.update(settings)
        queues = [application.amqp.queues[name] for name in ("default", "rush.default", "capture.a")]
    assert [queue.queue_arguments for queue in queues] == 3 * [ARGUMENTS]
    assert ARGUMENTS["x-consumer-timeout"] == 1000 * 2 * LONGEST_UNIT
    # only topic exchanges can hold a message back, and there one word must not end like another
    assert {queue.exchange.type for queue in queues} == {"topic"}
    assert [queue.routing_key for queue in queues] == ["default", "rush/default", "capture/a"]


def test_queues_on_redis_are_left_as_celery_makes_them() -> None:
    with Celery("test", set_as_current=False, amqp=QuorumQueuesAMQP) as application:
        application.conf.update(REDIS)
        queue = application.amqp.queues["capture.a"]
    assert (queue.queue_arguments, queue.routing_key) == (None, "capture.a")


def test_who_asks_for_tls_is_asked_for_a_proof(tmp_path: Path) -> None:
    trusted = tmp_path / "authority.pem"
    settings = celery_settings("amqps://host//", "rediss://host", reconcile_seconds=60, ca_file=trusted)
    assert settings["broker_use_ssl"] == {
        "cert_reqs": ssl.CERT_REQUIRED,
        "server_hostname": None,
        "ca_certs": str(trusted),
    }
    assert settings["redis_backend_use_ssl"] == {
        "ssl_cert_reqs": ssl.CERT_REQUIRED,
        "ssl_check_hostname": True,
        "ssl_ca_certs": str(trusted),
    }
    assert not {"broker_use_ssl", "redis_backend_use_ssl"} & set(REDIS)
