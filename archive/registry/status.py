# SPDX-License-Identifier: Apache-2.0
"""The state of a batch as people and scripts read it: from the ledger alone, so also right after a restart."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from archive.registry.batches import get_batch, items_of
from archive.registry.findings import mean_confidences, open_findings
from archive.registry.pipelines import pipeline_of
from archive.registry.priorities import priority_of
from archive.registry.releases import release_of
from archive.registry.scanners import waiting_for_operator
from archive.registry.stage_holds import stage_holds
from archive.registry.states import State, state_of_whole
from archive.registry.tables import CopyRow, FileRow, ItemRow, PageRow, UnitRow


def batch_status(session: Session, batch: str) -> dict[str, Any]:
    """The document that `recto batch status BATCH --json` prints.

    Returns:
        `{batch, state, stages: {stage: state}, problems, holds: [{stage, by, reason, held_at, batch, station}], items: [{id, state, priority, on_hold,
        hold_reason, pages, stages: {stage: state}, bag, released,
        copies: [{url, target, proof, size, sha256, stored_at, confirmed_at}], to_look_at, findings: [{page, check,
        verdict, measured, threshold, sentence}], mean_confidence, problems}]}`; `to_look_at` are the numbers of pages that nobody
        has judged and that a check has something against, `findings` what it is; `mean_confidence` is how surely the
        item's words were read, 0 to 100, null where none was; `released` is the day
        on which the local masters and bag were given up, null while they are here; `on_hold` is "desk" or
        "operator", null for an item that may go on; `holds` are the stages of which nothing new begins now; the batch's own `stages` and `problems` are those
        of stages that its pipeline applies to the whole batch.

    Raises:
        BatchUnknown: No such batch.
    """
    row = get_batch(session, batch)
    units: dict[int, list[UnitRow]] = defaultdict(list)
    for unit in session.scalars(select(UnitRow).where(UnitRow.batch == batch).order_by(UnitRow.id)):
        # 0 stands for the stages of the whole batch
        units[unit.item or 0].append(unit)
    names = pipeline_of(session, batch).names
    pages = _count(session, PageRow, batch)
    copies: dict[int, list[CopyRow]] = defaultdict(list)
    for copy in session.scalars(select(CopyRow).join(ItemRow).where(ItemRow.batch == batch)):
        copies[copy.item].append(copy)
    findings, confidences = open_findings(session, batch), mean_confidences(session, batch)
    return {
        "batch": row.id,
        "state": row.state,
        "stages": _stages(names, units[0]),
        "problems": _problems_of(units[0]),
        "holds": [hold.to_json() for hold in stage_holds(session, batch=batch)],
        "items": [
            {
                "id": item.name,
                "state": item.state,
                "priority": priority_of(item.priority),
                "on_hold": item.on_hold,
                "hold_reason": item.hold_reason,
                "pages": pages[item.id],
                "stages": _stages(names, units[item.id]),
                "bag": item.bag["path"] if item.bag else None,
                "released": (release_of(item) or {}).get("begun_at"),
                "copies": [_copy(copy) for copy in copies[item.id]],
                "to_look_at": sorted({finding.page for finding in findings.get(item.id, ())}),
                "findings": [finding.to_json() for finding in findings.get(item.id, ())],
                "mean_confidence": confidences.get(item.id),
                "problems": _problems(session, item, units[item.id]),
            }
            for item in items_of(session, batch)
        ],
    }


def _copy(copy: CopyRow) -> dict[str, Any]:
    return {
        "url": copy.url,
        "target": copy.target,
        "proof": copy.proof,
        "size": copy.size,
        "sha256": copy.sha256,
        "stored_at": copy.stored_at,
        "confirmed_at": copy.confirmed_at,
    }


def _count(session: Session, table: type[PageRow], batch: str) -> Counter[int]:
    query = (
        select(table.item, func.count().label("number"))
        .join(ItemRow, ItemRow.id == table.item)
        .where(ItemRow.batch == batch)
    )
    return Counter({row.item: row.number for row in session.execute(query.group_by(table.item))})


def _stages(names: Sequence[str], units: list[UnitRow]) -> dict[str, str]:
    by_stage: dict[str, list[State]] = defaultdict(list)
    for unit in units:
        by_stage[unit.stage].append(State(unit.state))
    return {stage: state_of_whole(by_stage[stage]) for stage in names if stage in by_stage}


def _problems(session: Session, item: ItemRow, units: list[UnitRow]) -> list[dict[str, Any]]:
    taken = waiting_for_operator(session, item)
    return ([taken] if taken else []) + _problems_of(units)


def _problems_of(units: list[UnitRow]) -> list[dict[str, Any]]:
    return [
        {
            "stage": unit.stage,
            "chunk": unit.chunk,
            "state": unit.state,
            "attempts": unit.attempts,
            **unit.error,
        }
        for unit in units
        if unit.error and unit.state != State.DONE
    ]


def pages_done(session: Session, batch: str) -> dict[str, int]:
    """How many pages of a batch have a master, an access copy and a recognised text, and how many there are."""
    total = session.scalar(
        select(func.count())
        .select_from(PageRow)
        .join(ItemRow, ItemRow.id == PageRow.item)
        .where(ItemRow.batch == batch)
    )
    counts = {"pages": total or 0, "master": 0, "access": 0, "alto": 0}
    query = (
        select(FileRow.use, func.count().label("files"))
        .join(ItemRow, ItemRow.id == FileRow.item)
        .where(ItemRow.batch == batch, FileRow.use.in_(["master", "access", "alto"]))
        # a page may have a second access image, for image servers
        .where(or_(FileRow.use != "access", FileRow.mime != "image/jp2"))
        .group_by(FileRow.use)
    )
    counts.update({row.use: row.files for row in session.execute(query)})
    return counts


def seconds_by_stage(session: Session, batch: str) -> dict[str, float]:
    """Seconds spent in each stage of a batch, added up over its finished units (their last attempt)."""
    query = (
        select(UnitRow.stage, func.sum(UnitRow.finished_at - UnitRow.started_at))
        .where(UnitRow.batch == batch, UnitRow.state.concat("") == State.DONE)
        .group_by(UnitRow.stage)
    )
    spent = {stage: float(seconds or 0.0) for stage, seconds in session.execute(query)}
    return {stage: spent[stage] for stage in pipeline_of(session, batch).names if stage in spent}
