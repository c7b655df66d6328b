# SPDX-License-Identifier: Apache-2.0
"""How bags that arrived stand, as people and scripts read it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from archive.registry.ingest_facts import LOST, Outcome
from archive.registry.pipelines import pipeline_of
from archive.registry.predecessors import predecessors_are_done
from archive.registry.receiving_tables import (
    ArchivalObjectRow,
    ContentCopyRow,
    ObjectVersionRow,
    VersionFileRow,
    WorkItemRow,
)
from archive.registry.states import State, state_of_whole
from archive.registry.tables import BatchRow, UnitRow
from archive.registry.work_items import get_work_item


class Standing(StrEnum):
    """How a bag that arrived stands."""

    OPEN = "open"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INGESTED = "ingested"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    SUPERSEDED = "superseded"
    GONE = "gone"


OFTEN = 3
"""How often a unit was put off for the same reason before that counts as a state."""

_STOPPED = (str(State.FAILED), str(State.HELD))


def standing_of(outcome: str, state: str) -> Standing:
    """How a bag stands, by what became of it and by the state of its ingest in the ledger."""
    if outcome in LOST:
        return Standing(outcome)
    if state in _STOPPED:
        return Standing.FAILED
    if state == State.CANCELLED:
        return Standing.CANCELLED
    return Standing(outcome) if outcome and state == State.DONE else Standing.OPEN


def work_items(
    session: Session,
    *,
    standing: Standing | None = None,
    institution: str | None = None,
    before: int | None = None,
    most: int = 100,
) -> list[dict[str, Any]]:
    """A page of work items, the newest first.

    Args:
        session: A session.
        standing: Only those that stand so.
        institution: Only those of this depositor.
        before: Only those with smaller numbers: the last of the page before.
        most: How many at most.

    Returns:
        `[{id, institution, name, bag_sha256, size, standing, outcome, state, arrived_at, created_at, ended_at, object,
        version, superseded_by, batch}]`
    """
    query = _joined()
    if standing is not None:
        query = query.where(_stands(standing))
    if institution is not None:
        query = query.where(WorkItemRow.institution == institution)
    if before is not None:
        query = query.where(WorkItemRow.id < before)
    found = session.execute(query.order_by(WorkItemRow.id.desc()).limit(most))
    return [_short(item, state, kept) for item, state, kept in found]


def standings_of(session: Session, numbers: Collection[int]) -> dict[int, Standing]:
    """How these work items stand."""
    query = select(WorkItemRow.id, WorkItemRow.outcome, BatchRow.state).join(
        BatchRow, BatchRow.id == WorkItemRow.batch
    )
    found = session.execute(query.where(WorkItemRow.id.in_(list(numbers))))
    return {number: standing_of(outcome, state) for number, outcome, state in found}


def count_standings(session: Session) -> dict[str, dict[str, int]]:
    """How many work items stand how, by depositor."""
    query = (
        select(WorkItemRow.institution, WorkItemRow.outcome, BatchRow.state, func.count())
        .join(BatchRow, BatchRow.id == WorkItemRow.batch)
        .group_by(WorkItemRow.institution, WorkItemRow.outcome, BatchRow.state)
    )
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for institution, outcome, state, number in session.execute(query):
        counts[institution][str(standing_of(outcome, state))] += number
    return {institution: dict(sorted(found.items())) for institution, found in counts.items()}


def show_work_item(session: Session, number: int) -> dict[str, Any]:
    """Everything that is known of a work item: the document that `recto receive show --json` prints.

    Returns:
        What `work_items` tells, with `etag`, `content`, `read_sha256` (of the tar as it was read), `findings` and
        `warnings` (`[{rule, file, message}]`, the first of as many as `finding_count` and `warning_count` say), `stages`
        (`[{stage, chunk, state, attempts, error, result}]`), `state_by_stage`, `copies` (`[{location, state, proof,
        contents}]`) and `receipt`, what the receipt stage tells.

    Raises:
        WorkItemUnknown: There is none.
    """
    get_work_item(session, number)
    item, state, kept = session.execute(_joined().where(WorkItemRow.id == number)).one()
    reading = item.reading or {}
    units = _units(session, item.batch)
    by_stage = {unit["stage"]: unit for unit in units}
    return _short(item, state, kept) | {
        "etag": item.etag,
        "content": item.content,
        "read_sha256": reading.get("bag_sha256") or None,
        "findings": reading.get("errors", []),
        "finding_count": reading.get("error_count", 0),
        "warnings": reading.get("warnings", []),
        "warning_count": reading.get("warning_count", 0),
        "stages": units,
        "state_by_stage": _whole_stages(units),
        "copies": _copies(session, item) if item.version is not None else [],
        "receipt": by_stage.get("receipt", {}).get("result"),
    }


def delayed(session: Session, batches: Collection[str], moment: float) -> dict[str, dict[str, Any]]:
    """Of ingests of which nothing runs and nothing may run yet, the reason that they wait for.

    Args:
        session: A session.
        batches: The ledger's batches in question.
        moment: Now, in seconds.

    Returns:
        By batch the error, as JSON, of a unit that was put off.
    """
    query = select(UnitRow).where(UnitRow.batch.in_(list(batches)), UnitRow.state != State.DONE)
    units: dict[str, list[UnitRow]] = defaultdict(list)
    for unit in session.scalars(query):
        units[unit.batch].append(unit)
    waiting = {}
    for batch, open_units in units.items():
        put_off = [unit for unit in open_units if unit.next_attempt_at > moment and _postponed(unit)]
        if put_off and not any(_goes_on(session, unit) for unit in open_units if unit not in put_off):
            waiting[batch] = dict(put_off[0].error or {})
    return waiting


def _goes_on(session: Session, unit: UnitRow) -> bool:
    """Whether it runs, or may at any moment; what was sent with those that it stands on waits with them."""
    if unit.state == State.QUEUED:
        return predecessors_are_done(session, unit, pipeline_of(session, unit.batch).rule(unit.stage))
    return bool(unit.state == State.RUNNING)


def _postponed(unit: UnitRow) -> bool:
    """Whether it was put off again and again: what comes back at once is waited for."""
    return bool((unit.error or {}).get("facts", {}).get("postponed", 0) >= OFTEN)


def _joined() -> Any:
    # the object of an outer join may be missing, which no type of a query can tell
    return (
        select(WorkItemRow, BatchRow.state, ArchivalObjectRow)
        .join(BatchRow, BatchRow.id == WorkItemRow.batch)
        .outerjoin(ArchivalObjectRow, ArchivalObjectRow.id == WorkItemRow.object)
    )


def _stands(standing: Standing) -> ColumnElement[bool]:
    lost = WorkItemRow.outcome.in_([str(outcome) for outcome in LOST])
    if standing in {Standing.SUPERSEDED, Standing.GONE}:
        return WorkItemRow.outcome == str(standing)
    if standing is Standing.FAILED:
        return and_(~lost, BatchRow.state.in_(_STOPPED))
    if standing is Standing.CANCELLED:
        return and_(~lost, BatchRow.state == str(State.CANCELLED))
    if standing is Standing.OPEN:
        settled = (*_STOPPED, str(State.CANCELLED), str(State.DONE))
        unsettled = BatchRow.state.not_in(settled)
        return and_(~lost, or_(unsettled, and_(BatchRow.state == str(State.DONE), WorkItemRow.outcome == "")))
    return and_(WorkItemRow.outcome == str(Outcome(standing)), BatchRow.state == str(State.DONE))


def _short(item: WorkItemRow, state: str, kept: ArchivalObjectRow | None) -> dict[str, Any]:
    return {
        "id": item.id,
        "institution": item.institution,
        "name": item.name,
        "size": item.size,
        "bag_sha256": item.bag_sha256 or None,
        "standing": str(standing_of(item.outcome, state)),
        "outcome": item.outcome or None,
        "state": state,
        "arrived_at": item.modified_at,
        "created_at": item.created_at,
        "ended_at": item.ended_at,
        "object": None if kept is None else f"{kept.institution}/{kept.name}",
        "version": item.version,
        "superseded_by": item.superseded_by,
        "batch": item.batch,
    }


def _units(session: Session, batch: str) -> list[dict[str, Any]]:
    pipeline = pipeline_of(session, batch)
    units = session.scalars(select(UnitRow).where(UnitRow.batch == batch)).all()
    return [
        {
            "stage": unit.stage,
            "chunk": unit.chunk,
            "state": unit.state,
            "attempts": unit.attempts,
            "error": unit.error,
            "result": unit.result,
        }
        for unit in sorted(units, key=lambda unit: (pipeline.place(unit.stage), unit.chunk))
    ]


def _whole_stages(units: Sequence[dict[str, Any]]) -> dict[str, str]:
    states: dict[str, list[State]] = defaultdict(list)
    for unit in units:
        states[unit["stage"]].append(State(unit["state"]))
    return {stage: str(state_of_whole(found)) for stage, found in states.items()}


def _copies(session: Session, item: WorkItemRow) -> list[dict[str, Any]]:
    """The copies of the contents of the version that a bag became or is equal to, counted by place and state."""
    query = (
        select(
            ContentCopyRow.location,
            ContentCopyRow.state,
            ContentCopyRow.proof,
            func.count(ContentCopyRow.id.distinct()),
        )
        .join(VersionFileRow, VersionFileRow.content == ContentCopyRow.content)
        .join(ObjectVersionRow, ObjectVersionRow.id == VersionFileRow.version)
        .where(ObjectVersionRow.object == item.object, ObjectVersionRow.number == item.version)
        .group_by(ContentCopyRow.location, ContentCopyRow.state, ContentCopyRow.proof)
        .order_by(ContentCopyRow.location, ContentCopyRow.state)
    )
    return [
        {"location": location, "state": state, "proof": proof, "contents": number}
        for location, state, proof, number in session.execute(query)
    ]
