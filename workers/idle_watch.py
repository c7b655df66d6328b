# SPDX-License-Identifier: Apache-2.0
"""When a station that a desktop started may end: nobody watches it, and nothing is left for it to do."""

from __future__ import annotations

import time

import structlog

from archive.errors import RegistryError
from archive.registry.open_work import has_open_work
from workers.desktop_lock import desktop_is_open
from workers.node import Node

log = structlog.get_logger(__name__)

IDLE_SECONDS = 5.0
"""How long nothing must have been wanted: a desktop that is opened again at once finds its station."""


class IdleWatch:
    """Asks now and then whether the station is still wanted.

    Args:
        node: The station's settings and registry.
        idle_seconds: How long nothing must have been wanted.
    """

    def __init__(self, node: Node, idle_seconds: float = IDLE_SECONDS) -> None:
        self._node = node
        self._idle_seconds = idle_seconds
        self._wanted_at = time.monotonic()

    def is_over(self) -> bool:
        """Whether the station may end now."""
        if self._is_wanted():
            self._wanted_at = time.monotonic()
        return time.monotonic() - self._wanted_at >= self._idle_seconds

    def _is_wanted(self) -> bool:
        settings = self._node.settings
        if desktop_is_open(settings):
            return True
        if not settings.state_directory.exists():
            return False
        try:
            with self._node.registry.reading() as session:
                return has_open_work(session, settings.station, settings.ledger.items_in_flight)
        except RegistryError as error:
            # whoever cannot read the ledger cannot know that nothing is left to do
            log.warning("ledger.unreadable", message=error.message)
            return True
