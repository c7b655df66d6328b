# SPDX-License-Identifier: Apache-2.0
"""What a node does about staging now and then, in one of its processes: supply, fetch, clear away."""

from __future__ import annotations

import datetime as dt
import fcntl
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from archive.errors import ArchiveError, RegistryError
from workers.node import Node
from workers.nodes.compatibility import living_nodes
from workers.staging.abandoned import remove_abandoned
from workers.staging.cache import clear_resting
from workers.staging.home import clear_finished, supply

log = structlog.get_logger(__name__)

SECONDS_BETWEEN_SWEEPS = 3600.0
"""Listing a bucket costs money."""


def upkeep(node: Node) -> None:
    """Do what is to be done now, unless another process of this node is at it.

    What cannot be reached is told in the log and tried again the next time.
    """
    if not node.stages_files:
        return
    with _alone(node) as alone:
        if not alone:
            return
        for task in (supply, clear_finished, clear_resting, _sweep):
            try:
                task(node)
            except (ArchiveError, OSError) as error:
                log.warning("staging.upkeep_later", task=task.__name__, reason=str(error))
            except Exception:
                # the boundary of a thread that all units which wait for a file of this host count on
                log.exception("staging.upkeep_failed", task=task.__name__)


def tell_of_twins(node: Node) -> list[str]:
    """Say in the log when another machine goes by the name of this station: each would take the other's batches home.

    Returns:
        The names of such machines.
    """
    try:
        with node.registry.reading() as session:
            others = living_nodes(session)
    except RegistryError as error:
        log.warning("staging.twins_unknown", reason=str(error))
        return []
    station = node.settings.station
    twins = sorted(
        {one.host for one in others if one.station == station and one.host != socket.gethostname()}
    )
    if twins:
        log.error(
            "staging.station_twice",
            station=station,
            hosts=twins,
            remedy="Give each machine a `station` of its own in its settings, and start its workers anew.",
        )
    return twins


def _sweep(node: Node) -> int:
    hours = node.settings.staging.orphan_hours
    mark = node.settings.state_directory / "staging-swept"
    if not hours or (mark.exists() and 0 <= time.time() - mark.stat().st_mtime < SECONDS_BETWEEN_SWEEPS):
        return 0
    mark.touch()
    removed = remove_abandoned(node, dt.timedelta(hours=hours))
    for file in removed:
        log.warning("staging.abandoned_removed", key=file.key, bytes=file.size)
    return len(removed)


@contextmanager
def _alone(node: Node) -> Iterator[bool]:
    path = node.settings.state_directory / "staging-upkeep.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


class UpkeepThread:
    """Runs `upkeep` in a thread, again and again.

    Args:
        node: The node; its registry is opened in the thread.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="staging-upkeep", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after what is being done now."""
        self._stop.set()

    def _run(self) -> None:
        tell_of_twins(self._node)
        while not self._stop.wait(self._node.settings.staging.upkeep_seconds):
            upkeep(self._node)
