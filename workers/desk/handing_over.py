# SPDX-License-Identifier: Apache-2.0
"""How an item leaves the desk: its pages get numbers and names, and lie where the capture stage finds them.

Three steps, of which each may be done again: what is to be is written to the registry, then files are
moved, then the hold ends. A process that dies in between leaves an item that is still on hold, and
whoever asks for the hand-over again goes on with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import structlog

from archive.registry import Session, desk
from archive.registry.events import append_event
from archive.registry.ledger import refresh_states
from archive.registry.tables import DeskPlaceRow, ItemRow
from hardware.errors import SpoolFull
from workers.desk.errors import DeskBusy, DeskClosed, DeskError, PagesNotReady, PagesWaiting
from workers.desk.labels import count_labels
from workers.desk.moving import Moving, superseded_files
from workers.desk.runs import lives
from workers.node import Node
from workers.versions import recto_agent

log = structlog.get_logger(__name__)


def hand_over(node: Node, batch: str, item: str, *, operator: str) -> None:
    """Hand an item over; see `Desk.hand_over`."""
    with node.registry.transaction() as session:
        row = desk.locked_item(session, batch, item)
        if row.desk == "handed over":
            return
        if row.desk == "open":
            _settle(session, node, row, operator)
        elif row.desk is None:
            raise DeskClosed(f"Item {batch}/{item} is not captured at the desk.")
        moving = Moving(session, row, node.item_folder(batch, item))
    moving.move()
    with node.registry.transaction() as session:
        row = desk.locked_item(session, batch, item)
        if row.desk == "handing over":
            _tell_superseded(session, node, row)
            row.desk, row.on_hold, row.hold_reason = "handed over", None, ""
            refresh_states(session, row.batch, row)
    moving.clear_away()
    log.info("desk.handed_over", batch=batch, item=item)


def finish_hand_overs(node: Node) -> int:
    """Finish what a crash interrupted; to be called when the desktop starts.

    An item that still cannot be handed over stays on hold, and holds up no other.

    Returns:
        How many items were handed over now.
    """
    with node.registry.reading() as session:
        begun = desk.items_being_handed_over(session, node.settings.station)
    finished = 0
    for batch, item in begun:
        try:
            hand_over(node, batch, item, operator="")
            finished += 1
        except (DeskError, SpoolFull, OSError) as error:
            log.warning("desk.hand_over_not_finished", batch=batch, item=item, reason=str(error))
    return finished


def _settle(session: Session, node: Node, item: ItemRow, operator: str) -> None:
    """Write down what each page will be: from here on, the desk is closed for the item."""
    rows = desk.places_in_order(session, item.id)
    _require_ready(session, item, rows)
    labels = [label for label, _ in count_labels(row.label_start for row in rows)]
    pages: list[dict[str, Any]] = []
    missing: list[dict[str, Any]] = []
    for number, (row, label) in enumerate(zip(rows, labels, strict=True), 1):
        row.number = number
        if row.kind == "missing":
            missing.append({"number": number, "label": label})
            continue
        source = (
            str(Moving.file_destination(node.item_folder(item.batch, item.name), row)) if row.file else None
        )
        pages.append({"number": number, "label": label, "source": source, "rotation": row.rotation})
        pages[-1] |= {"verdict": row.verdict, "reason": row.reason}
    expected = item.description.get("expected_pages") or desk.reserved_pages(session, item.id)
    item.description = {**item.description, "expected_pages": expected, "missing_pages": missing}
    desk.remake_pages(session, item, pages, node.settings.ledger.chunk_pages)
    item.desk = "handing over"
    _tell(session, item, operator, rows, expected=expected, missing=missing)


def _require_ready(session: Session, item: ItemRow, rows: Sequence[DeskPlaceRow]) -> None:
    if desk.begun_units(session, item.id):
        raise DeskClosed(
            f"Item {item.batch}/{item.name} was cancelled, or its stages have begun.",
            remedy=f"Take it up again with: recto batch retry {item.batch}",
        )
    for run in desk.runs_of(session, item.id):
        if run.ended_at is None and lives(run.owner):
            raise DeskBusy(f"A scan of {item.batch}/{item.name} is still under way.")
        if run.ended_at is None:
            raise PagesWaiting(
                f"A scan of {item.batch}/{item.name} was interrupted, and its pages were kept for later."
            )
    if all(row.kind == "missing" for row in rows):
        raise PagesNotReady(
            f"There is no page of {item.batch}/{item.name} yet.", remedy="Capture its pages first."
        )
    for number, row in enumerate(rows, 1):
        if row.problem:
            raise PagesNotReady(f"Page {number} is not as the manifest demands: {row.problem}", page=number)
    rejected = [number for number, row in enumerate(rows, 1) if row.verdict == "rejected"]
    if rejected:
        named = ", ".join(str(number) for number in rejected[:10])
        raise PagesNotReady(
            f"Rejected pages wait to be captured again: {named}.",
            remedy="Retake them, accept them after all, or discard them; then mark the item done.",
            pages=rejected,
        )


def _tell(
    session: Session,
    item: ItemRow,
    operator: str,
    rows: Sequence[DeskPlaceRow],
    *,
    expected: int,
    missing: Sequence[dict[str, Any]],
) -> None:
    agents = tuple(agent for agent in (operator, recto_agent()) if agent)
    append_event(
        session,
        item.batch,
        "appraisal",
        item=item.name,
        outcome="warning" if missing or len(rows) != expected else "success",
        detail={
            "expected_pages": expected,
            "pages": len(rows) - len(missing),
            "missing": list(missing),
            "accepted": [row.number for row in rows if row.verdict == "accepted"],
            "taken_in": {str(row.number): row.source for row in rows if row.source},
        },
        agents=agents,
    )


def _tell_superseded(session: Session, node: Node, item: ItemRow) -> None:
    """Name each capture that did not become a page: it is kept, and what became of it is told."""
    for path, facts in superseded_files(node.item_folder(item.batch, item.name)):
        append_event(
            session,
            item.batch,
            "appraisal",
            item=item.name,
            detail={"kept_at": path, **facts},
            agents=(recto_agent(),),
        )
