# SPDX-License-Identifier: Apache-2.0
"""The files of a unit's pages: here before its step runs, and handed on before it counts as done."""

from __future__ import annotations

import errno
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from archive.errors import DamagedInTransit, RegistryUnreachable, StorageUnreachable
from archive.registry.staged_files import record_staged
from archive.registry.stages import Stage
from archive.registry.tables import ItemRow
from workers.node import Node
from workers.staging.cache import in_use, make_room
from workers.staging.errors import StagingDelayed
from workers.staging.inputs import Wanted, needed_by, rendition
from workers.staging.lost import forget_lost_pages
from workers.staging.outputs import made_by
from workers.staging.transfers import fetch_all, is_here, send_all
from workers.work import Work

log = structlog.get_logger(__name__)

_LINK = (StorageUnreachable, DamagedInTransit, RegistryUnreachable)


@contextmanager
def page_files(work: Work) -> Iterator[None]:
    """Bring the files that a unit needs to this host, and put what it made where other hosts find it.

    Does nothing where all hosts share the data directory. Files are handed on also where the step has
    put the item on hold; where it fails, the next attempt finds what was recorded or makes it again.

    Raises:
        StagingDelayed: The network, the staging place or another host must come back first, or the disk is full.
        CacheTooSmall: There is no room here.
        StorageError: The staging place refuses.
        LeaseLost: The unit was taken over or cancelled.
    """
    node, claim = work.node, work.claim
    if not node.stages_files or not claim.item:
        yield
        return
    if node.is_home(claim.batch):
        with _delays():
            prepare(work)
        yield
        with _delays():
            publish(work)
        return
    with in_use(node, claim.batch, claim.item_name):
        with _delays(), _full_disk_delays(node):
            prepare(work)
        yield
        with _delays():
            publish(work)


def prepare(work: Work) -> int:
    """Fetch what the unit needs and this host does not have.

    Returns:
        Bytes received.
    """
    begun = time.monotonic()
    node, batch = work.node, work.claim.batch
    forget_lost_pages(work)
    with node.registry.reading() as session:
        wanted = needed_by(session, work, session.get_one(ItemRow, work.claim.item))
    missing = []
    for one in wanted:
        work.still_ours()
        if not is_here(node, batch, one):
            missing.append(one)
    _remove_old_renditions(work, wanted)
    if not node.is_home(batch):
        make_room(node, sum(one.file.size for one in missing) + _grows_by(work, wanted))
    received = fetch_all(node, batch, missing, work.still_ours)
    if missing:
        seconds = round(time.monotonic() - begun, 3)
        log.info("staging.fetched", files=len(missing), bytes=received, seconds=seconds)
    return received


def publish(work: Work) -> int:
    """Put what the unit has made into the staging place, and record it there as long as the unit is ours.

    Returns:
        Bytes sent.
    """
    begun = time.monotonic()
    node, claim = work.node, work.claim
    with node.registry.reading() as session:
        made = made_by(session, work, session.get_one(ItemRow, claim.item))
    there, sent = send_all(node, claim.batch, made, work.still_ours)
    if there:
        # the names are of the content: what a worker sent that is not the owner any more counts for nothing
        with work.recording() as session:
            for item in {one.item for one in there}:
                files = [one.file for one in there if one.item == item]
                record_staged(session, claim.batch, item, files, node.settings.station)
        seconds = round(time.monotonic() - begun, 3)
        log.info("staging.sent", files=len(there), bytes=sent, seconds=seconds)
    return sent


def _grows_by(work: Work, wanted: list[Wanted]) -> int:
    """Bytes that the step itself is going to write, where that is more than a little."""
    return sum(one.file.size for one in wanted) if work.rule.step == Stage.BAG else 0


def _remove_old_renditions(work: Work, wanted: list[Wanted]) -> None:
    """Leave no rendition here that another host has made anew since, or that was made of an earlier master."""
    if work.rule.step != Stage.OCR or work.node.is_home(work.claim.batch):
        return
    known = {one.file.path for one in wanted}
    for page in work.pages():
        for suffix in (".png", ".pdf"):
            path = rendition(work.claim.item_name, page, suffix)
            if path not in known:
                (work.node.batch_folder(work.claim.batch) / path).unlink(missing_ok=True)


@contextmanager
def _delays() -> Iterator[None]:
    """Tell what the network does as what it means for the unit: nothing but a delay."""
    try:
        yield
    except _LINK as error:
        raise StagingDelayed(
            f"Page files cannot be moved now: {error.message}", cause=error.code, **error.facts
        ) from error


@contextmanager
def _full_disk_delays(node: Node) -> Iterator[None]:
    """Let a unit wait whose files do not get onto this disk: another host may have room for them."""
    try:
        yield
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        raise StagingDelayed(
            f"The disk of {node.settings.cached_batches} is full: {error.strerror}.",
            remedy=f"Make room on {socket.gethostname()}, or stop its workers; other hosts go on.",
        ) from error
