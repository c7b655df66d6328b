# SPDX-License-Identifier: Apache-2.0
"""What a host does for the others, and a station for its batches: supply, fetch what is finished, clear away."""

from __future__ import annotations

import structlog

from archive.registry import Session
from archive.registry.events import lock_batch
from archive.registry.staged_files import (
    RESTING,
    KnownFile,
    all_staged,
    batches_to_clear,
    below,
    forget_staged,
    items_to_clear,
    items_waiting,
    record_staged,
    recorded_files,
)
from archive.registry.states import State
from archive.registry.tables import ItemRow
from workers.node import Node
from workers.staging.errors import FileNotStaged
from workers.staging.inputs import CUSTODY, Wanted
from workers.staging.keys import keys_below
from workers.staging.outputs import RECEIPTS, Made, all_here
from workers.staging.transfers import fetch_all, is_here, send_all

log = structlog.get_logger(__name__)


def _go_on() -> None:
    """Nobody takes this work over: it is done again where it was not finished."""


def supply(node: Node) -> int:
    """Put into the staging place what units wait for and this host has.

    Such as the pages of an item that was begun before staging was switched on.

    Returns:
        How many files.
    """
    with node.registry.reading() as session:
        items = items_waiting(session, FileNotStaged.code)
    return sum(_supply(node, item) for item in items)


def _supply(node: Node, item: ItemRow) -> int:
    with node.registry.reading() as session:
        wanted = all_here(session, node, item)
    return _stage(node, item.batch, wanted)


def _stage(node: Node, batch: str, wanted: list[Made]) -> int:
    """Put files into the staging place and record them; how many are there now."""
    there, _ = send_all(node, batch, wanted, _go_on)
    for name in {one.item for one in there}:
        with node.registry.transaction() as session:
            # a unit may be telling of the same file
            lock_batch(session, batch)
            record_staged(
                session,
                batch,
                name,
                [one.file for one in there if one.item == name],
                node.settings.station,
            )
    return len(there)


def clear_finished(node: Node) -> int:
    """Fetch what belongs to this station of items that are finished or cancelled, then empty their place.

    Returns:
        How many items were cleared; one that cannot be now is tried again with the next call.
    """
    with node.registry.reading() as session:
        items = items_to_clear(session, node.settings.station)
    cleared = 0
    for item in items:
        try:
            cleared += _clear_item(node, item)
        except FileNotStaged as error:
            log.warning("staging.not_cleared", batch=item.batch, item=item.name, message=error.message)
    with node.registry.reading() as session:
        batches = batches_to_clear(session, node.settings.station)
    for batch in batches:
        _empty(node, batch, "")
        with node.registry.transaction() as session:
            forget_staged(session, batch, "")
    return cleared


def _clear_item(node: Node, item: ItemRow) -> bool:
    with node.registry.reading() as session:
        wanted = _belongs_home(session, node, item)
    fetch_all(node, item.batch, [one for one in wanted if not is_here(node, item.batch, one)], _go_on)
    with node.registry.reading() as session:
        if session.get_one(ItemRow, item.id).state not in RESTING:
            # taken up again meanwhile: its files are needed
            return False
    _empty(node, item.batch, item.name)
    with node.registry.transaction() as session:
        lock_batch(session, item.batch)
        forget_staged(session, item.batch, item.name)
    log.info("staging.item_cleared", batch=item.batch, item=item.name, fetched=len(wanted))
    return True


def _belongs_home(session: Session, node: Node, item: ItemRow) -> list[Wanted]:
    """What the station keeps of an item; of a cancelled one all, since it may be taken up again."""
    top = below(item.name)
    papers = {top + name for name in (*RECEIPTS, *CUSTODY)}
    staged = all_staged(session, item.batch, item.name)
    known = {row.path: row.sha256 for row in staged}
    wanted = [KnownFile(row.path, row.size, row.sha256) for row in staged if row.path in papers]
    if node.settings.staging.bring_home == "files" or item.state == State.CANCELLED:
        # what is recorded and was never handed on is lost, or is here
        wanted += [file for file in recorded_files(session, item) if known.get(file.path) == file.sha256]
        # so that the PDF can be made again
        layers = (
            row for row in staged if row.path.startswith(f"{top}renditions/") and row.path.endswith(".pdf")
        )
        wanted += [KnownFile(row.path, row.size, row.sha256) for row in layers]
    return [Wanted(file, item.name) for file in wanted]


def _empty(node: Node, batch: str, item: str) -> None:
    node.staging.delete([found.key for found in node.staging.objects(keys_below(batch, item))])
