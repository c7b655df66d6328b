# SPDX-License-Identifier: Apache-2.0
"""Replacing one page of an item that has gone on from the desk: its records are cleared, and its stages wait again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, null, select, update
from sqlalchemy.orm import Session

from archive.registry.decisions import reopen_batch_stages, tell_decision
from archive.registry.ledger import refresh_states
from archive.registry.pipelines import pipeline_of
from archive.registry.stages import Stage
from archive.registry.states import State, require_legal
from archive.registry.tables import BatchRow, FileRow, ItemRow, PageRow, UnitRow


def page_of(session: Session, item: int, number: int) -> PageRow | None:
    """A page of an item by its number, if it has one."""
    return session.scalar(select(PageRow).where(PageRow.item == item, PageRow.number == number))


def units_in_state(session: Session, item: int, state: State, stage: Stage | None = None) -> int:
    """How many units of an item, of one stage or of all, are in a state."""
    query = select(func.count()).where(UnitRow.item == item, UnitRow.state == state)
    if stage is not None:
        query = query.where(UnitRow.stage == stage)
    return session.scalar(query) or 0


def clear_page(session: Session, item: ItemRow, page: PageRow) -> list[dict[str, Any]]:
    """Forget what is recorded of a page, and let the stages wait again that have dealt with it.

    Other chunks keep what stands on their own pages; what stands on the whole item is done again.

    Returns:
        The files that were recorded of the page: `{use, path, sha256}`.
    """
    files: list[dict[str, Any]] = []
    for file in session.scalars(select(FileRow).where(FileRow.page == page.id)).all():
        files.append({"use": file.use, "path": file.path, "sha256": file.sha256})
        session.delete(file)
    facts = ("capture", "technical", "checks", "recognition")
    # null(): None in a column of JSON would be the word "null", which is something
    cleared = {**dict.fromkeys(facts, null()), "source": None, "verdict": "", "reason": ""}
    session.execute(update(PageRow).where(PageRow.id == page.id).values(cleared))
    session.refresh(page)
    for unit in session.scalars(select(UnitRow).where(UnitRow.item == item.id)).all():
        if unit.stage == Stage.VALIDATE or not _deals_with(unit, page):
            continue
        before = State(unit.state)
        if before is not State.WAITING:
            require_legal(before, State.WAITING)
            unit.state = State.WAITING
            tell_decision(session, item.batch, item, unit, before, {"page_replaced": page.number})
        unit.attempts, unit.next_attempt_at, unit.dispatched_at, unit.error = 0, 0.0, 0.0, None
    # the old bag no longer counts; its file is put aside when the new one is written
    item.bag = None
    reopen_batch_stages(session, item.batch, pipeline_of(session, item.batch).names)
    refresh_states(session, item.batch, item)
    item.in_flight = False
    return files


def _deals_with(unit: UnitRow, page: PageRow) -> bool:
    if unit.first_page is None or unit.last_page is None:
        return True
    return unit.first_page <= page.number <= unit.last_page


def items_with_replacement(session: Session, station: str) -> list[tuple[str, str]]:
    """Batch and name of a station's items in which the replacement of a page was begun and not finished."""
    query = (
        select(ItemRow.batch, ItemRow.name)
        .join(BatchRow, BatchRow.id == ItemRow.batch)
        .where(ItemRow.on_hold == "replacing", BatchRow.station == station)
        .order_by(ItemRow.id)
    )
    return [(batch, name) for batch, name in session.execute(query)]
