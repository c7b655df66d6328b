# SPDX-License-Identifier: Apache-2.0
"""The relations between Celery's settings on which recovery rests."""

from __future__ import annotations

import pytest

from archive.registry.stages import Stage
from workers.celery_settings import HARD_LIMITS, celery_settings
from workers.queues import QUEUES

REDIS = celery_settings("redis+socket:///run/x.sock", "redis+socket:///run/x.sock", reconcile_seconds=60)


def test_every_stage_has_a_queue_and_a_limit() -> None:
    assert set(QUEUES) == set(HARD_LIMITS) == set(Stage)


def test_a_message_comes_back_only_after_its_stage_must_have_ended() -> None:
    visibility = REDIS["broker_transport_options"]["visibility_timeout"]
    assert visibility == 2 * max(HARD_LIMITS.values())
    assert REDIS["result_chord_expires"] > visibility + max(HARD_LIMITS.values())


def test_messages_never_carry_code_and_come_back_when_their_process_dies() -> None:
    assert REDIS["accept_content"] == ["json"]
    assert REDIS["task_acks_late"]
    assert REDIS["task_reject_on_worker_lost"]
    assert REDIS["worker_prefetch_multiplier"] == 1


def test_the_soft_limit_comes_before_the_hard_one() -> None:
    for limits in REDIS["task_annotations"].values():
        assert 0 < limits["soft_time_limit"] < limits["time_limit"]


@pytest.mark.parametrize("scheme", ["amqp", "amqps"])
def test_rabbitmq_confirms_what_it_took(scheme: str) -> None:
    settings = celery_settings(f"{scheme}://host//", "redis://host", reconcile_seconds=60)
    assert settings["broker_transport_options"] == {"confirm_publish": True}
    assert settings["broker_heartbeat"] == 30
