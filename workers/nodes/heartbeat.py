# SPDX-License-Identifier: Apache-2.0
"""The thread of a worker's parent that tells the registry every fifteen seconds that it is there."""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable

from archive.errors import RegistryTooNew
from archive.registry.nodes import BEAT_SECONDS
from workers.nodes.presence import Presence


class Heartbeat:
    """Beats from its start until the worker stops, and then sees to it that the worker does.

    Args:
        presence: The row that is written.
        stopped: Called once when the worker was told to stop; returns when it has, or does not return.
        upgraded: Called once when the registry belongs to a newer Recto.
    """

    def __init__(
        self,
        presence: Presence,
        *,
        stopped: Callable[[], None],
        upgraded: Callable[[RegistryTooNew], None],
    ) -> None:
        self._presence = presence
        self._stopped = stopped
        self._upgraded = upgraded
        # a pipe and no event: a signal's handler may interrupt itself, and an event's lock is not reentrant
        self._told, self._tell = os.pipe()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="node-heartbeat", daemon=True)

    @property
    def is_running(self) -> bool:
        """Whether it was started."""
        return self._thread.ident is not None

    def start(self) -> None:
        """Begin to beat."""
        self._thread.start()

    def wake(self) -> None:
        """The worker was told to stop, or was told again; may be called by a signal's handler."""
        os.write(self._tell, b".")

    def stop(self) -> None:
        """The worker has stopped; returns when nothing is written any more."""
        self._ended.set()
        if self.is_running:
            self.wake()
            self._thread.join()
        os.close(self._told)
        os.close(self._tell)

    def _run(self) -> None:
        outdated = False
        while True:
            if not outdated:
                try:
                    self._presence.tell()
                except RegistryTooNew as error:
                    outdated = True
                    self._upgraded(error)
            if select.select([self._told], [], [], BEAT_SECONDS)[0]:
                break
        if not self._ended.is_set():
            self._stopped()
