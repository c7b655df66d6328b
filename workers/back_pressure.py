# SPDX-License-Identifier: Apache-2.0
"""Capture waits where the data disk is nearly full or the workers lag behind, and goes on by itself.

A limit that is crossed becomes a hold of the capture stage in the ledger, with its reason: claims respect
it on every host, everybody can see it, and the chain tells of its beginning and its end. What was
captured goes on all the while, for bags that are stored and masters that are released make room.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import structlog

from archive.registry import Session
from archive.registry.backlog import pages_waiting
from archive.registry.notifications import Kind, notify
from archive.registry.stage_holds import (
    BACKLOG,
    DISK,
    StageHold,
    hold_stage,
    release_stage,
    stage_holds,
)
from archive.registry.stages import Stage
from workers.errors import CaptureWaits, DiskLow
from workers.node import Node
from workers.settings import Settings
from workers.versions import recto_agent

log = structlog.get_logger(__name__)

ENOUGH = 1.1
"""Times the room that is demanded when capture goes on: a disk at its limit must not make it start and stop."""
DRAINED = 0.8
"""Share of the pages allowed to wait at which capture goes on."""


@dataclass(frozen=True, slots=True)
class Room:
    """The room on the data disk.

    Attributes:
        folder: A folder on it.
        free: Bytes that are free.
        needed: Bytes below which nothing is captured; 0 where there is no such limit.
    """

    folder: str
    free: int
    needed: int

    @property
    def is_low(self) -> bool:
        """Whether nothing may be captured."""
        return self.free < self.needed

    @property
    def is_enough(self) -> bool:
        """Whether capture may go on that has waited."""
        return self.free >= self.needed * ENOUGH

    @property
    def words(self) -> str:
        """What is missing, in words."""
        return (
            f"the disk of {self.folder} has {_size(self.free)} free, and capture needs {_size(self.needed)}"
        )


def room_for_capture(settings: Settings) -> Room:
    """The room on the disk that batches are on.

    Raises:
        OSError: The disk cannot be asked.
    """
    folder = next(path for path in (settings.batches, *settings.batches.parents) if path.exists())
    usage = shutil.disk_usage(folder)
    limits = settings.limits
    needed = max(limits.free_bytes, int(usage.total * limits.free_share))
    return Room(str(settings.data_directory), usage.free, needed)


def require_room(settings: Settings) -> None:
    """Stop before a page that the disk may not hold.

    Raises:
        CaptureWaits: The data disk is nearly full.
    """
    try:
        room = room_for_capture(settings)
    except OSError:
        # a disk that is away is told by the page that cannot be written
        return
    if room.is_low:
        raise CaptureWaits(f"Capture waits: {room.words}.", free=room.free, needed=room.needed)


def require_room_now(settings: Settings) -> None:
    """Refuse a person's capture that the disk may not hold: nobody waits for room with a sheet in the hand.

    Raises:
        DiskLow: The data disk is nearly full.
    """
    try:
        require_room(settings)
    except CaptureWaits as error:
        raise DiskLow(
            error.message.replace("Capture waits: ", "Nothing is captured: "), **error.facts
        ) from error


def apply_limits(node: Node) -> tuple[StageHold, ...]:
    """Hold this station's capture, or let it go on, as its disk and its backlog are now.

    Returns:
        The holds of capture by disk and backlog at this station.

    Raises:
        RegistryUnreachable: The registry does not answer.
    """
    station = node.settings.station
    with node.registry.reading() as session:
        before = _own_holds(session, station)
        wanted = dict(_wanted(node, session, {hold.by for hold in before}))
    if {hold.by: hold.reason for hold in before} == wanted:
        return before
    with node.registry.transaction() as session:
        for by in (DISK, BACKLOG):
            _settle(session, station, by, wanted.get(by))
        return _own_holds(session, station)


def _wanted(node: Node, session: Session, held: set[str]) -> Iterator[tuple[str, str]]:
    """Who holds capture now, and why; who holds it already lets go only when there is clearly room."""
    try:
        room = room_for_capture(node.settings)
    except OSError as error:
        # a disk that is away is told by the stages that cannot write to it
        log.warning("disk.unknown", folder=str(node.settings.data_directory), error=str(error))
    else:
        if room.is_low or (DISK in held and not room.is_enough):
            yield DISK, room.words
    most = node.settings.limits.pages_waiting
    if most:
        waiting = pages_waiting(session, node.settings.station)
        if waiting > most or (BACKLOG in held and waiting > most * DRAINED):
            yield BACKLOG, f"{waiting} captured pages wait for the workers, and {most} may"


def _settle(session: Session, station: str, by: str, reason: str | None) -> None:
    stage, agents = str(Stage.CAPTURE), (recto_agent(),)
    if reason is None:
        if release_stage(session, stage, station=station, by=by, agents=agents):
            log.info("capture.goes_on", station=station, after=by)
    elif hold_stage(session, stage, station=station, by=by, reason=reason, agents=agents):
        log.warning("capture.waits", station=station, by=by, reason=reason)
        if by == DISK:
            notify(session, Kind.DISK_LOW, station, {"station": station, "reason": reason})


def _own_holds(session: Session, station: str) -> tuple[StageHold, ...]:
    return tuple(
        hold for hold in stage_holds(session) if hold.station == station and hold.by in {DISK, BACKLOG}
    )


def _size(number: int) -> str:
    return f"{number / (1 << 30):.1f} GiB" if number >= 1 << 30 else f"{number / (1 << 20):.0f} MiB"
