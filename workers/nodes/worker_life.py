# SPDX-License-Identifier: Apache-2.0
"""What a worker does from start to end beside its units, however it was started: fit, tell, stop within bounds.

Celery imports this in the parent of each worker, also of one that was started by `celery -A workers worker`.
"""

from __future__ import annotations

import os
import signal
from types import FrameType
from typing import Any

import structlog
from celery.signals import celeryd_after_setup, worker_ready, worker_shutdown
from celery.worker import state as celery_state

from archive.errors import RegistryTooNew, RegistryUnreachable
from workers.errors import ProtocolDiffers
from workers.node import Node
from workers.nodes.bounded_stop import BoundedStop
from workers.nodes.compatibility import require_compatible
from workers.nodes.fork_guard import no_fork
from workers.nodes.heartbeat import Heartbeat
from workers.nodes.presence import Presence
from workers.nodes.refusal import refuse
from workers.nodes.stopping import stopping
from workers.rush_queues import RUSH, with_rush_queues
from workers.settings import load_settings
from workers.steps.registry import known_steps

log = structlog.get_logger(__name__)

_NOT_UNITS = frozenset({"recto.reconcile", "recto.sweep_orphans"})

_OUTLIVES_TERMINAL = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
"""Whether the process was started by nohup(1); asked before Celery takes the signal for a restart."""


class WorkerLife:
    """One worker's parent process.

    Args:
        worker: Celery's worker (`celery.apps.worker.Worker`).
    """

    def __init__(self, worker: Any) -> None:
        self._worker = worker
        self._node = Node(load_settings())
        self._process = os.getpid()
        self._told = 0
        self._presence = Presence(
            self._node, str(worker.hostname), kind="worker", queues=self._queues(), facts=self._facts
        )
        self._stop = BoundedStop(self._node, self._pool_processes, self._presence.remove)
        self._heartbeat = Heartbeat(self._presence, stopped=self._stop.supervise, upgraded=self._end_outdated)
        self._warm: Any = signal.SIG_DFL

    def require_fit(self) -> None:
        """End this process where it does not fit to the others.

        Raises:
            SystemExit: It does not; the reason stands in the log, in three parts.
        """
        try:
            with no_fork():
                try:
                    require_compatible(self._node)
                finally:
                    self._node.close()
        except RegistryUnreachable as error:
            # it may come back any time; each beat asks again
            log.warning("node.registry_away", message=error.message)
        except (RegistryTooNew, ProtocolDiffers) as error:
            refuse(error)

    def begin(self) -> None:
        """Be there; called again whenever the broker comes back."""
        if self._heartbeat.is_running:
            return
        self._warm = signal.getsignal(signal.SIGTERM)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, self._end)
        # Celery would wait for units without bound, and start itself again where nobody looks
        signal.signal(signal.SIGHUP, signal.SIG_IGN if _OUTLIVES_TERMINAL else self._hang_up)
        self._heartbeat.start()

    def end(self) -> None:
        """The worker has stopped: nothing runs any more, and nothing arrives."""
        self._stop.send_again()
        self._stop.ended.set()
        self._heartbeat.stop()
        self._presence.remove()

    def _end(self, number: int, frame: FrameType | None) -> None:
        """The first time units are given some seconds; the second time, and by SIGQUIT, they end at once."""
        if os.getpid() != self._process:
            # a pool's process that was forked since: its parent sees to it
            return
        self._told += 1
        at_once = self._told > 1 or number == signal.SIGQUIT
        self._stop.hurried = self._stop.hurried or at_once
        stopping.begin(0.0 if at_once else self._node.settings.workers.stop_seconds)
        self._heartbeat.wake()
        if self._told == 1 and callable(self._warm):
            self._warm(number, frame)

    def _hang_up(self, number: int, frame: FrameType | None) -> None:
        """The terminal is closed; its shell says so as well, which is no second word."""
        if self._told == 0:
            self._end(number, frame)

    def _end_outdated(self, error: RegistryTooNew) -> None:
        """The registry belongs to a newer Recto: take nothing more, and give back what is in work."""
        log.critical("node.outdated", **error.to_json())
        stopping.begin(0.0)
        os.kill(self._process, signal.SIGTERM)

    def _queues(self) -> tuple[str, ...]:
        served = self._worker.app.amqp.queues.consume_from
        return tuple(sorted(name for name in served if not name.startswith(RUSH)))

    def _facts(self) -> dict[str, Any]:
        begun = sum(count for name, count in celery_state.total_count.items() if name not in _NOT_UNITS)
        return {
            "pool": self._worker.pool_cls.__module__.rpartition(".")[2],
            "concurrency": self._worker.concurrency,
            "units": begun,
            "busy": len(celery_state.active_requests),
            "stopping": stopping.has_begun(),
            "steps": list(known_steps()),
        }

    def _pool_processes(self) -> list[int]:
        pool = self._worker.pool
        processes = pool.info.get("processes", ()) if pool is not None else ()
        # the solo pool names this process itself, which has yet to give its unit back
        return [process for process in processes if process != self._process]


_lives: dict[int, WorkerLife] = {}
"""By process: a forked child finds none of its own."""


@celeryd_after_setup.connect  # type: ignore[untyped-decorator, unused-ignore]
def _begin_to_fit(instance: Any, **_: Any) -> None:
    queues = instance.app.amqp.queues
    # a worker started by hand names the queues that people know
    queues.select(with_rush_queues(name for name in queues.consume_from if not name.startswith(RUSH)))
    stopping.forget()
    life = WorkerLife(instance)
    life.require_fit()
    _lives.clear()
    _lives[os.getpid()] = life


@worker_ready.connect  # type: ignore[untyped-decorator, unused-ignore]
def _be_there(**_: Any) -> None:
    life = _lives.get(os.getpid())
    if life is not None:
        life.begin()


@worker_shutdown.connect  # type: ignore[untyped-decorator, unused-ignore]
def _be_gone(**_: Any) -> None:
    life = _lives.pop(os.getpid(), None)
    if life is not None:
        life.end()
