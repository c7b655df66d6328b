# SPDX-License-Identifier: Apache-2.0
"""A page taken again after its item has gone on: the old master goes to `superseded/`, and the item's stages wait.

What is to be done is written to the registry first, with the item on hold; so it is finished at the
next start where it was interrupted, and no worker looks at the page before all is in its place.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import structlog

from archive.durable import sync_directory
from archive.registry import Session, desk
from archive.registry.events import append_event
from archive.registry.releases import require_masters
from archive.registry.replacement import clear_page, items_with_replacement, page_of, units_in_state
from archive.registry.staged_files import below, forget_staged
from archive.registry.stages import Stage
from archive.registry.states import State
from archive.registry.tables import BatchRow, ItemRow, PageRow
from hardware.errors import SpoolFull
from hardware.scanner import PageFile
from hardware.spool import facts_path, raw_path, write_facts
from workers.desk.errors import DeskBusy, DeskClosed, DeskError, PagesNotReady, PlaceUnknown
from workers.desk.moving import rename
from workers.desk.runs import Run, make_folder
from workers.errors import CaptureRefused
from workers.node import Node
from workers.stages.capture_requirements import Requirements
from workers.versions import recto_agent

KEPT = frozenset({"master", "original"})
"""Uses of files that are kept when their page is replaced; all others are made from them."""

log = structlog.get_logger(__name__)


def begin_replacement(node: Node, batch: str, item: str, number: int) -> Run:
    """Make a folder of its own for a page that is to be taken again; the old page stays until `replace_page`.

    Raises:
        ItemUnknown, PlaceUnknown: There is no such item or page.
        DeskClosed, DeskBusy, MastersReleased: See `replace_page`.
    """
    with node.registry.reading() as session:
        row = desk.item_of(session, batch, item)
        _page(session, row, number)
        _require_replaceable(session, row)
    place = node.item_folder(batch, item) / "desk"
    count = len(list(place.glob(f"retake-{number:04d}-*[0-9]"))) + 1
    folder = place / f"retake-{number:04d}-{count:03d}"
    run = Run(0, batch, item, count, folder, pages=1, first_page=number, replaces=None)
    make_folder(run)
    return run


def replace_page(
    node: Node, batch: str, item: str, number: int, page: PageFile, *, operator: str = ""
) -> None:
    """Put a page that was captured again in the place of an old one, and let its stages be done again.

    Nothing is sent to a queue: dispatch the batch afterwards, or leave that to the reconciler.

    Args:
        node: The process's settings, registry and folders.
        batch: The batch.
        item: The item; it may be held, failed, or wait.
        number: The page that is replaced.
        page: What the scanner delivered, in the run's folder.
        operator: Who decided it.

    Raises:
        ItemUnknown, PlaceUnknown: There is no such item or page.
        PagesNotReady: The new page is not as the manifest demands; the old one stays.
        DeskClosed: The item is at the desk, or stored already.
        DeskBusy: A worker is at the item.
        MastersReleased: The item has given up its masters.
    """
    with node.registry.transaction() as session:
        row = desk.locked_item(session, batch, item)
        old = _page(session, row, number)
        _require_replaceable(session, row)
        _require_as_demanded(session, row, page, number)
        files = clear_page(session, row, old)
        master = next((file for file in files if file["use"] == "master"), None)
        plan = {"number": number, "name": old.name, "page": page.to_json(), "files": files}
        plan |= {"on_hold": row.on_hold, "hold_reason": row.hold_reason}
        row.description = {**row.description, "replacing": plan}
        row.on_hold, row.hold_reason = "replacing", f"Page {number} is being replaced."
        append_event(
            session,
            batch,
            "appraisal",
            item=item,
            page=number,
            detail={
                "why": "replaced",
                # what was captured under these names is no file of the item any more
                "superseded": [file["path"] for file in files if file["use"] in KEPT],
                "kept_at": str(_kept_at(master)) if master else None,
                "replaced_sha256": master["sha256"] if master else None,
                "pixel_sha256": page.pixel_sha256,
            },
            agents=tuple(agent for agent in (operator, recto_agent()) if agent),
        )
    _finish(node, batch, item)
    log.info("page.replaced", batch=batch, item=item, page=number)


def finish_replacements(node: Node) -> int:
    """Finish what a crash interrupted; to be called when the desktop starts.

    An item in which that still cannot be done stays on hold, and holds up no other.

    Returns:
        How many pages were replaced now.
    """
    with node.registry.reading() as session:
        begun = items_with_replacement(session, node.settings.station)
    finished = 0
    for batch, item in begun:
        try:
            _finish(node, batch, item)
            finished += 1
        except (DeskError, SpoolFull, OSError) as error:
            log.warning("page.replacement_not_finished", batch=batch, item=item, reason=str(error))
    return finished


def _page(session: Session, item: ItemRow, number: int) -> PageRow:
    page = page_of(session, item.id, number)
    if page is None:
        raise PlaceUnknown(f"Item {item.batch}/{item.name} has no page {number}.")
    return page


def _require_replaceable(session: Session, item: ItemRow) -> None:
    name = f"{item.batch}/{item.name}"
    if item.desk == "open":
        raise DeskClosed(f"Item {name} is still at the desk.", remedy="Retake the page in Capture.")
    if units_in_state(session, item.id, State.DONE, Stage.CONFIRM):
        raise DeskClosed(
            f"The bag of {name} is stored already.",
            remedy="What is stored is not changed; register the item anew in another batch.",
        )
    if units_in_state(session, item.id, State.CANCELLED):
        raise DeskClosed(f"Item {name} was cancelled.", remedy=f"Resume it: recto batch retry {item.batch}")
    if units_in_state(session, item.id, State.RUNNING) or item.on_hold == "replacing":
        raise DeskBusy(
            f"A worker is at {name}.", remedy="Wait until it has finished, or hold the item; then try again."
        )
    require_masters(session, item.batch, item.name)


def _require_as_demanded(session: Session, item: ItemRow, page: PageFile, number: int) -> None:
    manifest = session.get_one(BatchRow, item.batch).manifest
    try:
        Requirements.of(manifest, item.description.get("settings") or {}).refuse_page(page)
    except CaptureRefused as error:
        raise PagesNotReady(
            f"The new page {number} is not as the manifest demands: {error.message}",
            consequence="The old page stays; the new one is kept beside it.",
            remedy="Set the scanner as the manifest demands, and take the page again.",
            page=number,
        ) from error


def _kept_at(file: dict[str, Any]) -> Path:
    path = Path(file["path"])
    # by its digest: a page may be replaced more than once
    return Path("superseded") / f"{path.stem}-{file['use']}-{file['sha256'][:12]}{path.suffix}"


def _finish(node: Node, batch: str, item: str) -> None:
    folder = node.item_folder(batch, item)
    with node.registry.reading() as session:
        plan = desk.item_of(session, batch, item).description["replacing"]
    for file in plan["files"]:
        if file["use"] in KEPT:
            _put_aside(folder, file)
        else:
            # made from the old master; the stages make it again
            (folder / file["path"]).unlink(missing_ok=True)
    for stale in (folder / "renditions").glob(f"{plan['name']}.*"):
        stale.unlink()
    _to_spool(folder / "spool", plan)
    with node.registry.transaction() as session:
        row = desk.locked_item(session, batch, item)
        row.description = {name: value for name, value in row.description.items() if name != "replacing"}
        row.on_hold, row.hold_reason = plan["on_hold"], plan["hold_reason"]
        for suffix in (".png", ".pdf"):
            # made from the old master: no other host may read them either
            forget_staged(session, batch, item, f"{below(item)}renditions/{plan['name']}{suffix}")


def _put_aside(folder: Path, file: dict[str, Any]) -> None:
    source, destination = folder / file["path"], folder / _kept_at(file)
    if source.is_file():
        rename(source, destination)
        sync_directory(destination.parent)
        sync_directory(source.parent)


def _to_spool(spool: Path, plan: dict[str, Any]) -> None:
    page, number = PageFile.from_json(plan["page"]), plan["number"]
    destination = raw_path(spool, number)
    rename(page.path, destination)
    if page.original is not None:
        rename(
            page.original.path(page.path.parent, page.number),
            page.original.path(spool, number),
        )
    write_facts(spool, number, {**plan["page"], "path": str(destination), "number": number})
    sync_directory(spool)
    facts_path(page.path.parent, page.number).unlink(missing_ok=True)
