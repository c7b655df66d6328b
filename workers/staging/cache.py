# SPDX-License-Identifier: Apache-2.0
"""Room for the files of other stations' batches: what is not in work goes first, and all of it can be fetched again."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

import structlog

from archive.errors import BatchUnknown
from archive.registry.batches import get_batch
from archive.registry.staged_files import RESTING, resting_items
from archive.registry.tables import BatchRow
from workers.node import Node
from workers.staging.errors import CacheTooSmall, StagingDelayed

log = structlog.get_logger(__name__)

RESERVE_BYTES = 200 << 20
"""Room of the disk that is never used up, so that whatever else is on it can go on."""


@dataclass(frozen=True, slots=True)
class CachedItem:
    """An item of another station's batch, as far as it is here.

    Attributes:
        batch: The batch.
        item: The item.
        used_at: When a unit of it ran here last, in seconds.
    """

    batch: str
    item: str
    used_at: float


@contextmanager
def in_use(node: Node, batch: str, item: str) -> Iterator[None]:
    """Keep an item's files here as long as the block runs."""
    path = _mark(node, batch, item)
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        with path.open("a") as mark:
            fcntl.flock(mark, fcntl.LOCK_SH)
            # whoever cleared the item away in between has removed the mark as well
            if path.exists() and path.stat().st_ino == os.fstat(mark.fileno()).st_ino:
                os.utime(path)
                yield
                return


def make_room(node: Node, needed: int) -> None:
    """Clear items away until so many bytes more may be kept; those in work stay.

    Raises:
        CacheTooSmall: More is needed than there is room for at all.
        StagingDelayed: What is here is in work now, or the disk has less room than the settings give.
    """
    if not needed:
        return
    limit = node.settings.staging.cache_bytes
    if needed > limit:
        raise CacheTooSmall(
            f"{needed >> 20} MiB are needed at once, and {node.settings.cached_batches} may have {limit >> 20} MiB.",
            needed=needed,
        )
    used = _size(node.settings.cached_batches)
    for item in cached_items(node):
        if used + needed <= limit:
            break
        if clear_away(node, item):
            used = _size(node.settings.cached_batches)
    if used + needed > limit:
        raise StagingDelayed(
            f"The room for other stations' files is taken by units in work: {used >> 20} of {limit >> 20} MiB.",
            remedy="Nothing needs doing; if it happens often, raise staging.cache_bytes on this host.",
        )
    node.settings.cached_batches.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(node.settings.cached_batches).free
    if free < needed + RESERVE_BYTES:
        # held, the units of a whole batch would come to rest one by one at the one host that is full
        raise StagingDelayed(
            f"The disk of {node.settings.cached_batches} has {free >> 20} MiB free, and {needed >> 20} MiB are "
            f"needed.",
            remedy=f"Make room on {socket.gethostname()}, or stop its workers; other hosts go on.",
        )


def cached_items(node: Node) -> list[CachedItem]:
    """The items that are here, those first whose last unit is longest ago."""
    found = []
    for mark in node.settings.cached_batches.glob("*/in-use/*"):
        try:
            used_at = mark.stat().st_mtime
        except FileNotFoundError:
            # another process has just cleared it away
            continue
        found.append(CachedItem(mark.parent.parent.name, unquote(mark.name), used_at))
    return sorted(found, key=lambda item: item.used_at)


def clear_away(node: Node, item: CachedItem) -> bool:
    """Remove an item's files from the cache, unless a unit of it runs here.

    Returns:
        Whether they are gone.

    Raises:
        OSError: One cannot be removed.
    """
    from workers.stages.bag import bag_name  # a node that makes no bags need not load what that takes

    path = _mark(node, item.batch, item.item)
    try:
        mark = path.open("a")
    except FileNotFoundError:
        return True
    with mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        folder = node.settings.cached_batches / item.batch
        known = _known(node, item.batch)
        shutil.rmtree(folder / "items" / item.item, ignore_errors=True)
        if known is None:
            shutil.rmtree(folder / "bags", ignore_errors=True)
        else:
            name = bag_name(known.institution, item.batch, item.item)
            (folder / "bags" / f"{name}.tar").unlink(missing_ok=True)
        path.unlink(missing_ok=True)
    log.info("staging.cache_cleared", batch=item.batch, item=item.item)
    return True


def clear_resting(node: Node) -> int:
    """Clear away the items that are finished or cancelled, and with the last item what is left of a batch.

    Returns:
        How many items.
    """
    by_batch: dict[str, list[CachedItem]] = {}
    for item in cached_items(node):
        by_batch.setdefault(item.batch, []).append(item)
    cleared = 0
    for batch, items in by_batch.items():
        with node.registry.reading() as session:
            resting = set(resting_items(session, batch, [item.item for item in items]))
        known = _known(node, batch)
        over = known is None or known.state in RESTING
        gone = [clear_away(node, item) for item in items if item.item in resting]
        cleared += sum(gone)
        if over and sum(gone) == len(items):
            shutil.rmtree(node.settings.cached_batches / batch, ignore_errors=True)
    return cleared


def _known(node: Node, batch: str) -> BatchRow | None:
    """The batch; None where this registry knows none of that id: what is here of it is of an earlier one."""
    with node.registry.reading() as session:
        try:
            return get_batch(session, batch)
        except BatchUnknown:
            return None


def _mark(node: Node, batch: str, item: str) -> Path:
    return node.settings.cached_batches / batch / "in-use" / quote(item, safe="")


def _size(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(place) / name).stat().st_size
            except FileNotFoundError:
                # cleared away, or given its name, since the folder was read
                continue
    return total
