# SPDX-License-Identifier: Apache-2.0
"""The Celery application: `celery -A workers worker` finds it here."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from celery import Celery
from celery.signals import setup_logging

from workers.celery_settings import celery_settings
from workers.embedded_broker import EmbeddedBroker
from workers.errors import SettingsInvalid
from workers.logs import configure_logging
from workers.rabbitmq_queues import QuorumQueuesAMQP
from workers.schedules import beat_entries
from workers.secrets import BROKER, RESULTS, with_password
from workers.settings import Settings, load_settings


def broker_addresses(settings: Settings) -> tuple[str, str]:
    """Celery's addresses of queues and of chord results.

    Raises:
        SettingsInvalid: RabbitMQ is configured without a place for results.
        SecretsUnavailable: A password is in the keyring, which stays locked.
    """
    if settings.broker_url is None:
        embedded = EmbeddedBroker(settings.state_directory)
        return embedded.broker_url, embedded.result_url
    kept = settings.passwords_in_keyring
    broker = with_password(settings.broker_url, BROKER, kept)
    if settings.result_url is not None:
        return broker, with_password(settings.result_url, RESULTS, kept)
    if urlsplit(settings.broker_url).scheme.startswith("amqp"):
        raise SettingsInvalid(
            "RabbitMQ cannot hold the results by which a chord counts its header.",
            remedy="Set result_url (RECTO_RESULT_URL) to a Redis or Valkey server.",
        )
    return broker, broker


def make_application(settings: Settings) -> Celery:
    """A Celery application for these settings."""
    broker, results = broker_addresses(settings)
    application = Celery(
        "recto",
        amqp=QuorumQueuesAMQP,
        include=[
            "workers.tasks",
            "workers.schedule_tasks",
            "workers.receipt_task",
            "workers.receiving.audit_task",
            "workers.receiving.keeping_tasks",
            "workers.nodes.worker_life",
            "workers.staging.worker_hook",
        ],
    )
    configuration = celery_settings(
        broker,
        results,
        reconcile_seconds=settings.ledger.reconcile_seconds,
        task_events=settings.workers.task_events,
        ca_file=settings.ca_file,
    )
    configuration["beat_schedule"] |= beat_entries(settings.schedules)
    application.conf.update(configuration)
    return application


app = make_application(load_settings())


@setup_logging.connect  # type: ignore[untyped-decorator, unused-ignore]
def _use_structured_logs(**_: Any) -> None:
    configure_logging(load_settings().log_level, "json")
