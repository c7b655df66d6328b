# SPDX-License-Identifier: Apache-2.0
"""Ending a worker within bounds: what still runs when its time is over is given back, and its process ended.

Units end between two pages when they see that their worker stops. One that cannot, because it waits for
a disk, a scanner or a program, is ended with its process; only then is its unit free for others, so
that nobody else works on the same files or with the same scanner meanwhile.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import structlog

from archive.errors import ArchiveError
from archive.registry.dispatching import running_units
from archive.registry.giving_back import give_back
from workers.node import Node
from workers.nodes.fork_guard import no_fork
from workers.nodes.stopping import stopping
from workers.owners import machine

log = structlog.get_logger(__name__)

MARGIN_SECONDS = 4.0
"""For units to reach the end of their page once their time is over, and for Celery to let its broker go."""
HURRIED_SECONDS = 1.0
"""The same for whoever was told twice."""
TERM_SECONDS = 2.0
"""For a pool's process to give its unit back by itself when it is told to end."""
SEND_SECONDS = 5.0
"""For the broker to take what others shall go on with; without it the reconciler sends that."""
_LOOK_SECONDS = 0.1


class BoundedStop:
    """Watches a worker that was told to stop.

    Args:
        node: The settings and registry of the worker's parent.
        pool_processes: The process ids of the worker's pool; none where it has threads.
        leave: Called before a process ends that could not stop by itself: nobody shall look for it.

    Attributes:
        ended: Set when the worker has stopped by itself.
        hurried: Whether it was told to end at once.
    """

    def __init__(
        self, node: Node, pool_processes: Callable[[], list[int]], leave: Callable[[], None]
    ) -> None:
        self._node = node
        self._pool_processes = pool_processes
        self._leave = leave
        self.ended = threading.Event()
        self.hurried = False

    def supervise(self) -> None:
        """Wait until the worker has stopped; end its process where it does not. Run in a thread of its own."""
        due_at: float | None = None
        while not self.ended.wait(_LOOK_SECONDS):
            if not stopping.is_due():
                continue
            due_at = due_at or time.monotonic()
            margin = HURRIED_SECONDS if self.hurried else MARGIN_SECONDS
            if time.monotonic() >= due_at + margin:
                self._force()

    def send_again(self) -> None:
        """Send what was given back to the other workers, as far as the broker takes it within some seconds."""
        sender = threading.Thread(target=self._reconcile, name="send-again", daemon=True)
        sender.start()
        sender.join(SEND_SECONDS)

    def _force(self) -> None:
        processes = self._pool_processes()
        log.warning("worker.stop_forced", processes=processes, units=len(self._own_units(processes)))
        self._end_pool(processes)
        units = self._own_units(processes)
        if units:
            try:
                with no_fork(), self._node.registry.transaction() as session:
                    give_back(session, units)
            except ArchiveError as error:
                # whoever finds this process dead frees them
                log.warning("units.not_given_back", message=error.message)
        self.send_again()
        self._leave()
        # nothing of this process may go on: its units are others' now
        os._exit(0)

    def _end_pool(self, processes: list[int]) -> None:
        """Let the pool's processes give their units back, and kill those that do not."""
        for number, seconds in ((signal.SIGTERM, TERM_SECONDS), (signal.SIGKILL, 0.0)):
            for process in processes:
                with suppress(ProcessLookupError):
                    os.kill(process, number)
            # threads cannot be told anything
            deadline = time.monotonic() + (seconds if processes else 0.0)
            while time.monotonic() < deadline and self._own_units(processes):
                time.sleep(_LOOK_SECONDS)

    def _own_units(self, processes: list[int]) -> dict[int, str]:
        """The running units of this worker with their owners."""
        mine = tuple(f"{machine()}:{process}:" for process in (*processes, os.getpid()))
        try:
            with no_fork(), self._node.registry.reading() as session:
                units = running_units(session)
        except ArchiveError as error:
            log.warning("units.unknown", message=error.message)
            return {}
        return {unit: owner for unit, owner in units.items() if owner.startswith(mine)}

    def _reconcile(self) -> None:
        from workers.celery import app
        from workers.reconciler import reconcile

        try:
            reconcile(app, self._node)
        except ArchiveError as error:
            log.info("units.not_sent_again", message=error.message)
