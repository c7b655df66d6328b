# SPDX-License-Identifier: Apache-2.0
"""How a station is: its broker, queues, workers and disks, how long work has waited, and what stands still."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import structlog

from archive.errors import ArchiveError
from archive.registry.nodes import NodeRecord, read_nodes
from archive.registry.notification_messages import FAILED, SENDING, WAITING, count_states
from archive.registry.open_work import Trouble, Workload, troubles, workload
from archive.registry.stage_holds import StageHold, stage_holds
from archive.registry.unserved import UnservedStep, unserved_steps
from archive.storage.file_url import path_of
from archive.storage.open_target import sends_parts
from workers.broker_queues import BrokerQueues, require_broker
from workers.local_station import station_runs
from workers.node import Node
from workers.owners import is_dead
from workers.pools import HEAVY
from workers.queues import capture_queue

__all__ = ["Health", "HealthWatch", "require_broker"]

log = structlog.get_logger(__name__)

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
class NodeHealth:
    """One node of the site, as it tells the registry of itself.

    Attributes:
        name: Celery's name of it.
        kind: "worker" or "beat".
        host: Its machine.
        station: The station whose settings it runs with.
        version: Its Recto.
        queues: What it serves.
        started_at: When it started, as ISO 8601 in UTC.
        seen_at: When it told last that it is there, in seconds since the epoch.
        gone: Whether it missed three beats, or its process is known to have ended.
        facts: What else it tells: pid, pool, concurrency, units begun, busy, free_bytes.
    """

    name: str
    kind: str
    host: str
    station: str
    version: str
    queues: tuple[str, ...]
    started_at: str
    seen_at: float
    gone: bool
    facts: Mapping[str, Any]


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
class UnsentMessages:
    """Messages that a target of notifications did not take.

    Attributes:
        target: Its name in the settings.
        waiting: Those that are tried again, or wait for their turn.
        given_up: Those that nobody tries any more.
    """

    target: str
    waiting: int
    given_up: int


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
        nodes: All workers and schedules of the site that told of themselves within a day, from the registry.
        unserved_steps: Steps that open units wait for and no living node knows.
        holds: Stages of which nothing new begins, by whom and why.
        unsent: Messages to people that did not go out, by target.
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
    nodes: tuple[NodeHealth, ...] = ()
    unserved_steps: tuple[UnservedStep, ...] = ()
    holds: tuple[StageHold, ...] = ()
    unsent: tuple[UnsentMessages, ...] = ()

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
        """Whether whatever is sent finds a worker, and the worker the ledger."""
        return self.broker_answers and self.registry_failure is None and not self.unserved

    @property
    def depth(self) -> int:
        """Messages in all queues."""
        return sum(queue.depth or 0 for queue in self.queues)

    def to_json(self) -> dict[str, Any]:
        """The report as a JSON object."""
        return {**asdict(self), "broker_answers": self.broker_answers, "is_working": self.is_working}


@dataclass(frozen=True, slots=True)
class _Ledger:
    """What the registry tells, or why it does not."""

    load: Workload | None
    troubles: tuple[Trouble, ...]
    nodes: tuple[NodeHealth, ...]
    unserved_steps: tuple[UnservedStep, ...]
    holds: tuple[StageHold, ...]
    failure: Mapping[str, Any] | None
    unsent: tuple[UnsentMessages, ...] = ()


class HealthWatch:
    """Looks how a station is, again and again; remembers when each worker answered last.

    Args:
        node: The process's settings and registry.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self._seen: dict[str, WorkerHealth] = {}
        self._broker = BrokerQueues(node.settings)

    def look(self) -> Health:
        """How the station is now; takes about a second, and never raises for what it finds missing."""
        settings = self._node.settings
        own = settings.broker_url is None
        depths: dict[str, int | None] = {}
        broker_failure: dict[str, Any] | None = None
        ledger = self._ledger()
        try:
            depths = self._broker.depths(self.queue_names(self._living_workers(ledger.nodes)))
            self._note(self._broker.workers())
        except ArchiveError as error:
            broker_failure = error.to_json()
        workers = self._living_workers(ledger.nodes)
        names = [
            name
            for name in self.queue_names(workers)
            if depths.get(name) or self._is_ours_to_serve(name, (*ledger.nodes, *workers))
        ]
        return Health(
            at=time.time(),
            station=settings.station,
            own_broker=own,
            station_runs=own and station_runs(settings),
            broker_failure=broker_failure,
            registry_failure=ledger.failure,
            queues=tuple(_queue(name, depths.get(name), workers) for name in names),
            workers=workers,
            disks=tuple(self.disks()),
            load=ledger.load,
            troubles=ledger.troubles,
            nodes=ledger.nodes,
            unserved_steps=ledger.unserved_steps,
            holds=ledger.holds,
            unsent=ledger.unsent,
        )

    def queue_names(self, serving: Iterable[NodeRecord | NodeHealth | WorkerHealth]) -> tuple[str, ...]:
        """The queues that work passes through, in that order: capture here and at those who serve, and the rest."""
        own = capture_queue(self._node.settings.station)
        captures = {name for node in serving for name in node.queues if name.startswith("capture.")}
        return (own, *sorted(captures - {own}), "default", "compute_intensive", HEAVY, "io_bound")

    def _is_ours_to_serve(self, name: str, nodes: Iterable[NodeHealth | WorkerHealth]) -> bool:
        """Whether somebody has to serve a queue, also while nothing waits in it.

        Few sites have stages that need much memory, and a node of a site without scanners need not capture.
        """
        spared = {HEAVY}
        if self._node.settings.broker_url is not None:
            spared.add(capture_queue(self._node.settings.station))
        return name not in spared or any(name in node.queues for node in nodes)

    def _note(self, answers: Mapping[str, tuple[str, ...]]) -> None:
        moment = time.time()
        for name, queues in answers.items():
            self._seen[name] = WorkerHealth(name, queues, moment)

    def _living_workers(self, nodes: tuple[NodeHealth, ...]) -> tuple[WorkerHealth, ...]:
        """Workers that answered within a minute, and those that tell the registry that they are there."""
        moment = time.time()
        self._seen = {
            name: worker for name, worker in self._seen.items() if worker.last_seen >= moment - FORGET_SECONDS
        }
        found = dict(self._seen)
        for node in nodes:
            if node.kind == "worker" and not node.gone:
                # its beat is the word of a living process, also while the broker is away
                found[node.name] = WorkerHealth(node.name, node.queues, moment)
            elif node.gone:
                found.pop(node.name, None)
        return tuple(found[name] for name in sorted(found))

    def _ledger(self) -> _Ledger:
        try:
            with self._node.registry.reading() as session:
                records = read_nodes(session)
                nodes = tuple(_node(record) for record in records)
                serving = [record for record, told in zip(records, nodes, strict=True) if not told.gone]
                known = {step for record in serving for step in record.facts.get("steps", ())}
                return _Ledger(
                    workload(session),
                    tuple(troubles(session)),
                    nodes,
                    tuple(unserved_steps(session, known)) if known else (),
                    tuple(stage_holds(session)),
                    None,
                    tuple(_unsent(count_states(session))),
                )
        except ArchiveError as error:
            # also a password that the keyring does not give
            return _Ledger(None, (), (), (), (), error.to_json())

    def disks(self) -> Iterator[DiskRoom]:
        """The disks of data, state and local storage, each once."""
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


def _node(record: NodeRecord) -> NodeHealth:
    facts = {name: value for name, value in record.facts.items() if name not in {"owner", "kind", "steps"}}
    return NodeHealth(
        name=record.name,
        kind=record.kind,
        host=record.host,
        station=record.station,
        version=record.version,
        queues=record.queues,
        started_at=record.started_at,
        seen_at=record.seen_at,
        gone=record.is_gone(time.time()) or is_dead(str(record.facts.get("owner", ""))),
        facts=facts,
    )


def _unsent(counted: Mapping[tuple[str, str], int]) -> Iterator[UnsentMessages]:
    for target in sorted({name for name, _ in counted}):
        waiting = counted.get((target, WAITING), 0) + counted.get((target, SENDING), 0)
        yield UnsentMessages(target, waiting, counted.get((target, FAILED), 0))


def _queue(name: str, depth: int | None, workers: tuple[WorkerHealth, ...]) -> QueueHealth:
    fresh = time.time() - FRESH_SECONDS
    serving = sum(name in worker.queues for worker in workers if worker.last_seen >= fresh)
    return QueueHealth(name, depth, serving)
