# SPDX-License-Identifier: Apache-2.0
"""The relations between Celery's settings on which recovery rests."""

from __future__ import annotations

import pytest

from archive.registry.stages import DEFAULT_PIPELINE
from workers.celery_settings import LONGEST_UNIT, celery_settings

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
