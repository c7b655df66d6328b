# SPDX-License-Identifier: Apache-2.0
"""Trying the endpoints that settings name, before work depends on them: broker, database, storage."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from archive.registry.trial import RegistryTrial
from archive.registry.trial import try_registry as try_address
from archive.storage.trial import StorageTrial
from archive.storage.trial import try_storage as try_target
from workers.embedded_broker import OLDEST_SERVER, EmbeddedBroker, find_server
from workers.errors import BrokerUnavailable
from workers.node import Node
from workers.rabbitmq_queues import ARGUMENTS, FIRST_WITH_ARGUMENT
from workers.redaction import redact
from workers.secrets import DATABASE
from workers.secrets import with_password as address_with_password
from workers.settings import Settings
from workers.tls import amqp_tls, redis_tls

if TYPE_CHECKING:
    import redis

ANSWER_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class BrokerTrial:
    """What a trial of the broker found.

    Attributes:
        kind: "private" (Recto's own server), "redis" or "amqp".
        running: Whether it runs now; a private one starts with the station.
        server: The server's program or version.
        seconds: How long it took.
        advice: What its administrator should know; "" for nothing.
    """

    kind: str
    running: bool
    server: str
    seconds: float
    advice: str = ""


def try_storage(settings: Settings, name: str) -> StorageTrial:
    """Try a storage target of the settings, with the key that it will be opened with.

    Raises:
        StorageError: One of its classes, by state.
        SettingsInvalid: There is no target of that name.
        SecretsUnavailable: Its key is in the keyring, which stays locked.
    """
    return try_target(Node(settings).storage_target(name))


def try_registry(settings: Settings) -> RegistryTrial:
    """Try the database of the settings; nothing is made or upgraded there.

    Raises:
        RegistryUnreachable: It cannot be used.
        SecretsUnavailable: Its password is in the keyring, which stays locked.
    """
    address = address_with_password(settings.registry_url, DATABASE, settings.passwords_in_keyring)
    return try_address(address)


def try_broker(settings: Settings) -> BrokerTrial:
    """Try the broker of the settings, and the place of chord results.

    A message or a value of a second's life is written and taken back.

    Raises:
        BrokerUnavailable: It cannot be reached, is too old, refuses the password, or may not be written to.
        SettingsInvalid: RabbitMQ is configured without a place for results.
        SecretsUnavailable: Its password is in the keyring, which stays locked.
    """
    begun = time.monotonic()
    if settings.broker_url is None:
        server = find_server()
        running = EmbeddedBroker(settings.state_directory).answers()
        return BrokerTrial("private", running, str(server), time.monotonic() - begun)
    from workers.celery import broker_addresses

    queues, results = broker_addresses(settings)
    version = _try_address(queues, settings.ca_file)
    if results != queues:
        _try_address(results, settings.ca_file)
    kind = "redis" if _is_redis(queues) else "amqp"
    advice = "" if kind == "redis" else _advice(version)
    return BrokerTrial(kind, running=True, server=version, seconds=time.monotonic() - begun, advice=advice)


def _advice(version: str) -> str:
    number = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if len(number) < len(FIRST_WITH_ARGUMENT) or number >= FIRST_WITH_ARGUMENT:
        return ""
    longest = ARGUMENTS["x-consumer-timeout"]
    return (
        f"RabbitMQ {version} takes a message back after 30 minutes of work. No unit is lost by that, but its worker "
        f"ends and is started again; put consumer_timeout = {longest} into rabbitmq.conf."
    )


def _is_redis(url: str) -> bool:
    return urlsplit(url).scheme.startswith(("redis", "rediss", "unix"))


def _try_address(url: str, ca_file: Path | None) -> str:
    return _try_redis(url, ca_file) if _is_redis(url) else _try_queue(url, ca_file)


def _try_redis(url: str, ca_file: Path | None) -> str:
    import redis

    name, value = f"recto-connection-test-{secrets.token_hex(8)}", secrets.token_hex(8)
    try:
        client = _redis_client(url, ca_file)
        try:
            client.set(name, value, ex=1)
            if client.getdel(name) != value.encode():
                raise _refused(url, "it did not give back what was written")
            version = str(client.info("server").get("redis_version", ""))
        finally:
            client.close()
    except ValueError as error:
        # it repeats what stands in the place of a port: part of a password, perhaps
        raise _refused(url, "it is no address") from error
    except (redis.exceptions.RedisError, OSError) as error:
        raise _refused(url, str(error)) from error
    number = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if number and number < OLDEST_SERVER:
        raise _refused(url, f"version {version} is older than {'.'.join(map(str, OLDEST_SERVER))}")
    return version


def _redis_client(url: str, ca_file: Path | None) -> redis.Redis:
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    once = Retry(NoBackoff(), retries=0)
    # Celery's word for a socket is not the client's; both take the database from the address
    plain = url.replace("redis+socket://", "unix://", 1).replace("virtual_host=", "db=")
    tls = redis_tls(ca_file) if urlsplit(url).scheme == "rediss" else {}
    return redis.Redis.from_url(
        plain, socket_timeout=ANSWER_SECONDS, socket_connect_timeout=ANSWER_SECONDS, retry=once, **tls
    )


def _try_queue(url: str, ca_file: Path | None) -> str:
    """Send a message through a queue of its own and take it back; the queue goes with the connection.

    Returns:
        The server's version, or the kind of the transport where it tells none.
    """
    import kombu

    name = f"recto-connection-test-{secrets.token_hex(8)}"
    try:
        connection = kombu.Connection(
            url, connect_timeout=ANSWER_SECONDS, ssl=amqp_tls(url, ca_file) or False
        )
        # asked now, and not when the connection is let go: there may be no such kind of broker
        kind = str(connection.transport.driver_type)
    except (KeyError, ValueError, ImportError) as error:
        raise _refused(url, str(error.args[0]) if error.args else type(error).__name__) from error
    try:
        connection.ensure_connection(max_retries=1, interval_start=0, interval_step=0)
        queue = kombu.Queue(name, exclusive=True, auto_delete=True, durable=False)(connection.default_channel)
        queue.declare()
        version = _told_version(connection) or kind
        producer = connection.Producer(serializer="json")
        producer.publish({"test": name}, routing_key=name)
        message = queue.get(no_ack=True)
        queue.delete()
    except (
        kombu.exceptions.KombuError,
        kombu.exceptions.ConnectionError,
        kombu.exceptions.ChannelError,
        OSError,
        KeyError,
        ValueError,
    ) as error:
        raise _refused(url, str(error) or type(error).__name__) from error
    finally:
        connection.release()
    if message is None or message.payload != {"test": name}:
        raise _refused(url, "it did not give back the message that was sent")
    return version


def _told_version(connection: Any) -> str:
    told = getattr(connection.connection, "server_properties", None) or {}
    return str(told.get("version", ""))


def _refused(url: str, reason: str) -> BrokerUnavailable:
    return BrokerUnavailable(
        f"The broker {redact(url)} cannot be used: {redact(reason).strip().rstrip('.')}.",
        consequence="Pages can be captured; no item goes on to OCR, bag and storage until a broker answers.",
        remedy="Check the address and the password, and whether the server runs; or leave the address out.",
    )
