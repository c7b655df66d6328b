# SPDX-License-Identifier: Apache-2.0
"""Every Celery setting of Recto in one place, each with its reason.

The ledger is the truth and Celery the transport: nothing here is needed for correctness, all of it
for not waiting longer than necessary.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from archive.registry.stages import DEFAULT_PIPELINE, Stage
from workers.chord_results import chord_results_url
from workers.queues import task_name
from workers.rush_queues import RUSH_FIRST
from workers.tls import tls_settings

HOUR = 3600

SWEEP_TASK = "recto.sweep_orphans"
"""The task that aborts uploads nobody will finish."""

LONGEST_UNIT = 2 * HOUR
"""Seconds that no stage's hard limit exceeds: broker and results are set up for that. The io_bound pool has
threads, which Celery cannot limit."""

VISIBILITY_TIMEOUT = 2 * LONGEST_UNIT
"""Seconds until Redis gives an unacknowledged message to another worker; leases (minutes) recover long before."""


REDIS_OPTIONS = {
    "visibility_timeout": VISIBILITY_TIMEOUT,
    # kombu looks for such messages only every interval x throttle; its default is about 100 s
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    # rush queues first, then messages from all queues in turn
    "queue_order_strategy": RUSH_FIRST,
}

RABBITMQ_SETTINGS = {
    # a message counts as sent when the broker has confirmed it
    "broker_transport_options": {"confirm_publish": True},
    # a dead connection is noticed within a minute, and its messages go to another worker
    "broker_heartbeat": 30,
    # a queue survives the loss of one broker of three (workers/rabbitmq_queues.py)
    "task_default_queue_type": "quorum",
    "task_create_missing_queue_type": "quorum",
    # a message that is not due yet would take up a worker's place, so the broker holds it back (its queues
    # celery_delayed_*); it can do that for topic exchanges only
    "task_default_exchange_type": "topic",
    "task_create_missing_queue_exchange_type": "topic",
    "broker_native_delayed_delivery_queue_type": "quorum",
}


def celery_settings(
    broker_url: str,
    result_url: str,
    *,
    reconcile_seconds: float,
    task_events: bool = False,
    ca_file: Path | None = None,
) -> dict[str, Any]:
    """Celery's configuration.

    Args:
        broker_url: Redis (`redis://`, `redis+socket://`) or RabbitMQ (`amqp://`).
        result_url: Redis; holds the results of chord headers only.
        reconcile_seconds: How often beat lets the reconciler look.
        task_events: Whether Flower and other listeners are told of each task.
        ca_file: Authorities that vouch for broker and results; None for those of the system.
    """
    settings: dict[str, Any] = {
        "broker_url": broker_url,
        # only chords need it; see there
        "result_backend": chord_results_url(result_url),
        # JSON only: a message can never carry code
        "task_serializer": "json",
        "result_serializer": "json",
        "accept_content": ["json"],
        # a message is acknowledged when its work is recorded, and comes back when its process dies
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        # a worker holds no message it does not work on: another node may be idle
        "worker_prefetch_multiplier": 1,
        # only a chord needs the results of its header
        "task_ignore_result": True,
        # a restarted Redis must not fail the chord in progress
        "result_backend_always_retry": True,
        "result_backend_max_retries": 20,
        "result_expires": HOUR,
        # above the visibility timeout plus the longest run, or a late header finds its chord expired
        "result_chord_expires": 7 * 24 * HOUR,
        "broker_connection_retry_on_startup": True,
        "broker_transport_options": REDIS_OPTIONS,
        "result_backend_transport_options": REDIS_OPTIONS,
        "redis_backend_health_check_interval": 25,
        "task_default_queue": "default",
        "task_routes": _routes(),
        # logs are structlog's affair (workers/logs.py)
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "beat_schedule": {"reconcile": _reconcile_every(reconcile_seconds)},
        # of all schedules of a site one sends, by a lease in the registry
        "beat_scheduler": "workers.nodes.site_schedule:SiteScheduler",
        # a third of the pace of small tasks, so only where somebody listens
        "worker_send_task_events": task_events,
        "task_send_sent_event": task_events,
        "timezone": "UTC",
        "enable_utc": True,
    }
    if urlsplit(broker_url).scheme.startswith("amqp"):
        settings |= RABBITMQ_SETTINGS
    return settings | tls_settings(broker_url, result_url, ca_file)


def _routes() -> dict[str, dict[str, str]]:
    # what is sent from outside, without the queue that the dispatcher names
    stages = {task_name(rule.step): {"queue": rule.queue} for rule in DEFAULT_PIPELINE.stages}
    return {**stages, SWEEP_TASK: {"queue": DEFAULT_PIPELINE.rule(Stage.UPLOAD).queue}}


def _reconcile_every(seconds: float) -> dict[str, Any]:
    # an entry that nobody took before the next one is due would only pile up
    return {
        "task": "recto.reconcile",
        "schedule": seconds,
        "options": {"queue": "default", "expires": seconds},
    }
