# SPDX-License-Identifier: Apache-2.0
"""When a station that a desktop started may end: nobody watches it, and nothing is left for it to do."""

from __future__ import annotations

import time

import structlog

from archive.errors import ArchiveError
from archive.registry.open_work import has_open_work
from workers.desktop_lock import desktop_is_open
from workers.errors import SettingsInvalid
from workers.node import Node
from workers.settings import load_settings
from workers.settings_in_force import AT_START, file_stamp, waits_for_restart

log = structlog.get_logger(__name__)

IDLE_SECONDS = 5.0
"""How long nothing must have been wanted: a desktop that is opened again at once finds its station."""


class IdleWatch:
    """Asks now and then whether the station is still wanted, and still as it was started.

    Args:
        node: The station's settings and registry.
        idle_seconds: How long nothing must have been wanted.
    """

    def __init__(self, node: Node, idle_seconds: float = IDLE_SECONDS) -> None:
        self._node = node
        self._idle_seconds = idle_seconds
        self._wanted_at = time.monotonic()
        self._stamp = file_stamp()

    def is_outdated(self) -> bool:
        """Whether the station must start anew for settings that hold from the start of a process.

        Only while no desktop is open: one that is runs with the old ones itself, and would lose its station.
        """
        stamp = file_stamp()
        if stamp == self._stamp or desktop_is_open(self._node.settings):
            return False
        self._stamp = stamp
        try:
            changed = load_settings()
        except SettingsInvalid as error:
            log.warning("settings.kept", message=error.message)
            return False
        return any(waits_for_restart(name, changed, self._node.settings) for name in AT_START)

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
        except ArchiveError as error:
            # whoever cannot read the ledger cannot know that nothing is left to do
            log.warning("ledger.unreadable", message=error.message)
            return True
