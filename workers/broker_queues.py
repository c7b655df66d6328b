# SPDX-License-Identifier: Apache-2.0
"""Asking the broker: whether somebody listens, how many messages wait, and which workers answer."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from workers.embedded_broker import EmbeddedBroker
from workers.errors import BrokerUnavailable
from workers.local_station import station_runs
from workers.redaction import redact
from workers.rush_queues import rush_queue
from workers.settings import Settings

if TYPE_CHECKING:
    from celery import Celery

CONNECT_SECONDS = 2
REPLY_SECONDS = 0.6
"""How long workers have to answer; one on this machine takes some milliseconds."""


class BrokerQueues:
    """The broker of some settings, asked again and again over connections that are made when needed.

    Args:
        settings: Where it is.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._application: Celery | None = None

    def depths(self, names: Iterable[str]) -> dict[str, int | None]:
        """Messages that nobody has taken yet in each queue, those of rush items among them.

        Returns:
            None for a queue whose broker does not tell.

        Raises:
            BrokerUnavailable: Nobody listens, or the broker went away meanwhile.
        """
        require_broker(self._settings)
        wanted = tuple(names)
        told = dict(_depths(self._connected(), (*wanted, *map(rush_queue, wanted))))
        return {name: _sum(told[name], told[rush_queue(name)]) for name in wanted}

    def workers(self) -> dict[str, tuple[str, ...]]:
        """The workers that answer within a moment, with the queues that each serves.

        Raises:
            BrokerUnavailable: The broker went away meanwhile.
        """
        application = self._connected()
        try:
            answers = application.control.inspect(timeout=REPLY_SECONDS).active_queues() or {}
        except _broker_errors(application) as error:
            raise BrokerUnavailable(f"The broker went away: {str(error).rstrip('.')}.") from error
        return {name: tuple(sorted(queue["name"] for queue in queues)) for name, queues in answers.items()}

    def _connected(self) -> Celery:
        if self._application is None:
            from celery import Celery

            from workers.celery import broker_addresses
            from workers.celery_settings import celery_settings

            broker, results = broker_addresses(self._settings)
            made = Celery("recto-health", set_as_current=False)
            made.conf.update(
                celery_settings(
                    broker,
                    results,
                    reconcile_seconds=self._settings.ledger.reconcile_seconds,
                    ca_file=self._settings.ca_file,
                )
            )
            self._application = made
        return self._application


def _sum(ordinary: int | None, rush: int | None) -> int | None:
    return None if ordinary is None else ordinary + (rush or 0)


def require_broker(settings: Settings) -> None:
    """Make sure that somebody listens, within two seconds: Celery itself would wait much longer.

    Raises:
        BrokerUnavailable: Nobody does.
    """
    if settings.broker_url is None:
        if EmbeddedBroker(settings.state_directory).answers():
            return
        if station_runs(settings):
            raise BrokerUnavailable(
                "The station's private broker does not answer.",
                remedy="If it does not come back within a minute, stop the station and start it again: recto station",
            )
        raise BrokerUnavailable(
            "No station runs here, so its private broker is not there either.",
            remedy="Start it with: recto station",
        )
    try:
        parts = urlsplit(settings.broker_url.split(";")[0])
        port = parts.port or {"amqp": 5672, "amqps": 5671}.get(parts.scheme, 6379)
    except ValueError as error:
        # the error may repeat what stands in the place of a port: part of a password
        raise BrokerUnavailable(f"{redact(settings.broker_url)} is no address.") from error
    is_socket = parts.scheme in {"redis+socket", "unix"}
    place = parts.path if is_socket else f"{parts.hostname}:{port}"
    try:
        if is_socket:
            with socket.socket(socket.AF_UNIX) as there:
                there.settimeout(CONNECT_SECONDS)
                there.connect(parts.path)
        else:
            socket.create_connection((parts.hostname or "localhost", port), CONNECT_SECONDS).close()
    except OSError as error:
        raise BrokerUnavailable(f"{parts.scheme}://{place} does not answer: {error}.") from error


def _broker_errors(application: Celery) -> tuple[type[BaseException], ...]:
    """Whatever the client of this broker raises when the broker goes away in the middle of an answer."""
    from kombu.exceptions import OperationalError

    connection = application.connection_for_read()
    return (OperationalError, OSError, *connection.connection_errors, *connection.channel_errors)


def _depths(application: Celery, names: tuple[str, ...]) -> Iterator[tuple[str, int | None]]:
    """Messages in each queue; a queue that nobody has made yet has none.

    Raises:
        BrokerUnavailable: The broker went away meanwhile.
    """
    try:
        with application.connection_for_read() as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=CONNECT_SECONDS)
            for name in names:
                yield name, _depth(connection, name)
    except _broker_errors(application) as error:
        raise BrokerUnavailable(f"The broker refuses: {str(error).rstrip('.')}.") from error


def _depth(connection: Any, name: str) -> int | None:
    # a queue that is not there ends its channel, so each has one of its own
    channel = connection.channel()
    try:
        depth: int = channel.queue_declare(name, passive=True).message_count
    except connection.channel_errors:
        return 0
    else:
        return depth
    finally:
        channel.close()
