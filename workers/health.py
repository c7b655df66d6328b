# SPDX-License-Identifier: Apache-2.0
"""How a station is: its broker, queues, workers and disks, how long work has waited, and what stands still."""

from __future__ import annotations

import shutil
import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import structlog

from archive.errors import ArchiveError
from archive.registry.open_work import Trouble, Workload, troubles, workload
from archive.storage.file_url import path_of
from archive.storage.open_target import sends_parts
from workers.embedded_broker import EmbeddedBroker
from workers.errors import BrokerUnavailable
from workers.local_station import station_runs
from workers.node import Node
from workers.queues import capture_queue
from workers.redaction import redact
from workers.settings import Settings

if TYPE_CHECKING:
    from celery import Celery

log = structlog.get_logger(__name__)

CONNECT_SECONDS = 2
REPLY_SECONDS = 0.6
"""How long workers have to answer; one on this machine takes some milliseconds."""
FRESH_SECONDS = 15.0
"""So long a worker that does not answer counts as one that is only busy."""
FORGET_SECONDS = 60.0
"""After this long without an answer a worker is no longer shown."""
DISK_LOW = 2 << 30
"""Bytes below which a disk is called full: some forty A4 masters at 600 dpi."""


@dataclass(frozen=True, slots=True)
class QueueHealth:
    """One queue.

    Attributes:
        name: Its name in the broker.
        depth: Messages that nobody has taken yet; None where the broker does not tell.
        workers: How many workers serve it.
    """

    name: str
    depth: int | None
    workers: int


@dataclass(frozen=True, slots=True)
class WorkerHealth:
    """One Celery worker.

    Attributes:
        name: Its node name, such as `io@reading-room`.
        queues: What it serves.
        last_seen: When it answered last, in seconds since the epoch.
    """

    name: str
    queues: tuple[str, ...]
    last_seen: float


@dataclass(frozen=True, slots=True)
class DiskRoom:
    """The disk that a folder is on.

    Attributes:
        use: What the folder is for: "data", "state", or the name of a storage target.
        free: Bytes free.
        total: Bytes in all.
    """

    use: str
    free: int
    total: int

    @property
    def is_low(self) -> bool:
        """Whether there is hardly room for another item."""
        return self.free < DISK_LOW


@dataclass(frozen=True, slots=True)
class Health:
    """A station at one moment.

    Attributes:
        at: When, in seconds since the epoch.
        station: Its name.
        own_broker: Whether the broker is the station's private one.
        station_runs: Whether a station with a private broker runs on this machine.
        broker_failure: Why the broker cannot be reached, as an error's JSON; None when it can.
        registry_failure: Likewise for the registry.
        queues: In the order in which work passes through them.
        workers: By name.
        disks: The disks of data, state and local storage, each once.
        load: What waits and runs; None when the registry cannot be read.
        troubles: What units stand still for.
    """

    at: float
    station: str
    own_broker: bool
    station_runs: bool
    broker_failure: Mapping[str, Any] | None
    registry_failure: Mapping[str, Any] | None
    queues: tuple[QueueHealth, ...]
    workers: tuple[WorkerHealth, ...]
    disks: tuple[DiskRoom, ...]
    load: Workload | None
    troubles: tuple[Trouble, ...]

    @property
    def broker_answers(self) -> bool:
        """Whether work can be sent."""
        return self.broker_failure is None

    @property
    def unserved(self) -> tuple[str, ...]:
        """Names of the queues that no worker serves."""
        return tuple(queue.name for queue in self.queues if queue.workers == 0)

    @property
    def is_working(self) -> bool:
        """Whether whatever is sent finds a worker."""
        return self.broker_answers and not self.unserved

    @property
    def depth(self) -> int:
        """Messages in all queues."""
        return sum(queue.depth or 0 for queue in self.queues)

    def to_json(self) -> dict[str, Any]:
        """The report as a JSON object."""
        return {**asdict(self), "broker_answers": self.broker_answers, "is_working": self.is_working}


class HealthWatch:
    """Looks how a station is, again and again; remembers when each worker answered last.

    Args:
        node: The process's settings and registry.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self._seen: dict[str, WorkerHealth] = {}
        self._application: Celery | None = None

    def look(self) -> Health:
        """How the station is now; takes about a second, and never raises for what it finds missing."""
        settings = self._node.settings
        own = settings.broker_url is None
        depths: dict[str, int | None] = {}
        broker_failure: dict[str, Any] | None = None
        try:
            require_broker(settings)
            application = self._connected_application()
            depths = dict(_depths(application, self._queue_names()))
            self._ask_workers(application)
        except ArchiveError as error:
            broker_failure = error.to_json()
        load, standing, registry_failure = self._ledger()
        workers = self._living_workers()
        return Health(
            at=time.time(),
            station=settings.station,
            own_broker=own,
            station_runs=own and station_runs(settings),
            broker_failure=broker_failure,
            registry_failure=registry_failure,
            queues=tuple(_queue(name, depths.get(name), workers) for name in self._queue_names()),
            workers=workers,
            disks=tuple(self._disks()),
            load=load,
            troubles=tuple(standing),
        )

    def _queue_names(self) -> tuple[str, ...]:
        return (capture_queue(self._node.settings.station), "default", "compute_intensive", "io_bound")

    def _connected_application(self) -> Celery:
        if self._application is None:
            from celery import Celery

            from workers.celery import broker_addresses
            from workers.celery_settings import celery_settings

            settings = self._node.settings
            broker, results = broker_addresses(settings)
            made = Celery("recto-health", set_as_current=False)
            made.conf.update(
                celery_settings(broker, results, reconcile_seconds=settings.ledger.reconcile_seconds)
            )
            self._application = made
        return self._application

    def _ask_workers(self, application: Celery) -> None:
        """Have every worker say what it serves.

        Raises:
            BrokerUnavailable: The broker went away meanwhile.
        """
        try:
            answers = application.control.inspect(timeout=REPLY_SECONDS).active_queues() or {}
        except _broker_errors(application) as error:
            raise BrokerUnavailable(f"The broker went away: {error}.") from error
        moment = time.time()
        for name, queues in answers.items():
            served = tuple(sorted(queue["name"] for queue in queues))
            self._seen[name] = WorkerHealth(name, served, moment)

    def _living_workers(self) -> tuple[WorkerHealth, ...]:
        oldest = time.time() - FORGET_SECONDS
        self._seen = {name: worker for name, worker in self._seen.items() if worker.last_seen >= oldest}
        return tuple(self._seen[name] for name in sorted(self._seen))

    def _ledger(self) -> tuple[Workload | None, list[Trouble], dict[str, Any] | None]:
        try:
            with self._node.registry.reading() as session:
                return workload(session), troubles(session), None
        except ArchiveError as error:
            # also a password that the keyring does not give
            return None, [], error.to_json()

    def _disks(self) -> Iterator[DiskRoom]:
        settings = self._node.settings
        folders = {"data": str(settings.data_directory), "state": str(settings.state_directory)}
        for name, target in settings.storage_targets().items():
            if not sends_parts(target.url):
                folders[name] = target.url
        told: set[int] = set()
        for use, address in folders.items():
            try:
                folder = path_of(address).expanduser()
                existing = next(path for path in (folder, *folder.parents) if path.exists())
                disk, room = existing.stat().st_dev, shutil.disk_usage(existing)
            except (OSError, ValueError, RuntimeError) as error:
                # a share that is away is told by the uploads that cannot go there
                log.debug("disk.unknown", use=use, address=address, error=str(error))
                continue
            if disk not in told:
                told.add(disk)
                yield DiskRoom(use, room.free, room.total)


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
        port = parts.port or (5672 if parts.scheme.startswith("amqp") else 6379)
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


def _queue(name: str, depth: int | None, workers: tuple[WorkerHealth, ...]) -> QueueHealth:
    fresh = time.time() - FRESH_SECONDS
    serving = sum(name in worker.queues for worker in workers if worker.last_seen >= fresh)
    return QueueHealth(name, depth, serving)


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
        raise BrokerUnavailable(f"The broker refuses: {error}.") from error


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
