# SPDX-License-Identifier: Apache-2.0
"""Stages of which nothing new begins: an operator wants it so, or a disk or the workers cannot keep up.

A hold stops claims, so it counts at once, whatever messages are on their way. What runs is finished.
Items whose open work all stands behind held stages give their place in flight to others, and get
one again when the hold is over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from archive.errors import StageUnknown
from archive.registry.batches import get_batch
from archive.registry.clock import now_iso
from archive.registry.events import append_event, lock_batch
from archive.registry.pipelines import compiled
from archive.registry.stages import Pipeline, Stage, StageRule
from archive.registry.states import State
from archive.registry.tables import BatchRow, ItemRow, StageHoldRow, UnitRow
from archive.registry.unit_facts import holds_changed, nothing_is_held

OPERATOR, DISK, BACKLOG = "operator", "disk", "backlog"
"""Who holds: a person, a disk that is nearly full, or workers that lag behind capture."""

OPEN = (State.WAITING, State.QUEUED, State.RUNNING)
UNDONE = tuple(state for state in State if state is not State.DONE)

INTAKE = frozenset({Stage.VALIDATE, Stage.CAPTURE, "fetch"})
"""Steps that bring pages in, or begin an item: what a disk or a backlog holds when it holds capture."""


@dataclass(frozen=True, slots=True)
class StageHold:
    """A stage that is held.

    Attributes:
        batch: The batch; "" for all of them.
        station: The station of the batches; "" for all of them.
        stage: Name of the stage.
        by: OPERATOR, DISK or BACKLOG.
        reason: Why, in words; "" where nobody gave a reason.
        held_at: Since when, ISO 8601 in UTC.
    """

    batch: str
    station: str
    stage: str
    by: str
    reason: str
    held_at: str

    def to_json(self) -> dict[str, Any]:
        """The hold as a JSON object."""
        return asdict(self)


def hold_stage(
    session: Session,
    stage: str,
    *,
    batch: str = "",
    station: str = "",
    by: str = OPERATOR,
    reason: str = "",
    agents: tuple[str, ...] = (),
) -> bool:
    """Begin nothing new of a stage, with an event in the chain of each open batch that it concerns.

    Args:
        session: The transaction.
        stage: Name of the stage.
        batch: Only in this batch; in all of them, also later ones, where "".
        station: Only in batches of this station; of all where "".
        by: Who wants it.
        reason: Why; it goes into the chain.
        agents: Who and what acted.

    Returns:
        Whether it was not held for this before. A hold that goes on tells its newest reason, without an event.

    Raises:
        BatchUnknown: There is no such batch.
        StageUnknown: The batch, or no batch at all, has such a stage.
    """
    concerned = _concerned(session, batch, station)
    _require_known(concerned, stage, of_one=bool(batch))
    row = _row(session, batch, station, stage, by)
    if row is not None:
        row.reason = reason
        return False
    holds_changed(session)
    try:
        with session.begin_nested():
            session.add(
                StageHoldRow(
                    batch=batch, station=station, stage=stage, by=by, reason=reason, held_at=now_iso()
                )
            )
    except IntegrityError:
        # another process has held it at the same moment, and tells of it
        return False
    _tell(session, concerned, "stage on hold", stage, by, reason, agents)
    return True


def release_stage(
    session: Session,
    stage: str,
    *,
    batch: str = "",
    station: str = "",
    by: str = OPERATOR,
    reason: str = "",
    agents: tuple[str, ...] = (),
) -> bool:
    """Let a stage go on; a hold by somebody else, or for other batches, stays.

    Returns:
        Whether it was held.

    Raises:
        BatchUnknown, StageUnknown: See `hold_stage`.
    """
    concerned = _concerned(session, batch, station)
    row = _row(session, batch, station, stage, by)
    if row is None:
        _require_known(concerned, stage, of_one=bool(batch))
        return False
    # also where the last batch that has the stage is done or cancelled by now
    session.delete(row)
    holds_changed(session)
    _tell(session, concerned, "stage released from hold", stage, by, reason, agents)
    return True


def stage_holds(session: Session, *, batch: str | None = None) -> list[StageHold]:
    """The stages that are held, in the order in which they were held; those that concern one batch, or all."""
    if nothing_is_held(session):
        return []
    rows = session.scalars(select(StageHoldRow).order_by(StageHoldRow.id))
    found = [StageHold(row.batch, row.station, row.stage, row.by, row.reason, row.held_at) for row in rows]
    if batch is None or not found:
        return found
    row = get_batch(session, batch)
    return [hold for hold in found if _concerns(hold, row)]


def held_stages(session: Session, batch: str) -> frozenset[str]:
    """Names of the stages of a batch of which nothing new begins."""
    holds = stage_holds(session, batch=batch)
    if not holds:
        return frozenset()
    row = session.get_one(BatchRow, batch)
    return _held(holds, compiled(row.pipeline))


def going_on(session: Session, *, by: Collection[str] = (OPERATOR, DISK, BACKLOG)) -> ColumnElement[bool]:
    """A condition on items: whether one of their open units does not stand behind a stage that is held by one of these."""
    holds = [hold for hold in stage_holds(session) if hold.by in by]
    if not holds:
        return true()
    held_batches = _held_batches(session, holds)
    conditions: list[ColumnElement[bool]] = [ItemRow.batch.not_in([row.id for row in held_batches])]
    for row in held_batches:
        pipeline = compiled(row.pipeline)
        held = _held([hold for hold in holds if _concerns(hold, row)], pipeline)
        conditions.append(and_(ItemRow.batch == row.id, _goes_on(pipeline, held)))
    return or_(*conditions)


def parked_items(session: Session, batch: str, *, by: str) -> set[int]:
    """Keys of the open items of a batch of which nothing can go on because of holds by one holder."""
    holds = [hold for hold in stage_holds(session, batch=batch) if hold.by == by]
    if not holds:
        return set()
    pipeline = compiled(get_batch(session, batch).pipeline)
    rest = ~_goes_on(pipeline, _held(holds, pipeline))
    open_items = select(ItemRow.id).where(ItemRow.batch == batch, ItemRow.state.in_(OPEN), rest)
    return set(session.scalars(open_items))


def _goes_on(pipeline: Pipeline, held: frozenset[str]) -> ColumnElement[bool]:
    """A condition on items of this pipeline: whether something of them can go on while these stages are held."""
    behind = {stage: set(pipeline.with_followers([stage])) for stage in held}
    # stages that the same holds stand before; a hold is no obstacle to an item that is past it
    together: dict[frozenset[str], list[str]] = defaultdict(list)
    for name in pipeline.names:
        together[frozenset(stage for stage in held if name in behind[stage])].append(name)
    conditions = [
        _has_unit(names, OPEN) & ~_has_unit(holders, UNDONE) if holders else _has_unit(names, OPEN)
        for holders, names in together.items()
    ]
    beside = [rule for rule in pipeline.stages if rule.same_chunk and rule.name not in held]
    return or_(*conditions, *(_has_ready_chunk(rule) for rule in beside))


def _has_unit(stages: Collection[str], states: Collection[State]) -> ColumnElement[bool]:
    units = select(UnitRow.id).where(
        UnitRow.item == ItemRow.id, UnitRow.stage.in_(stages), UnitRow.state.in_(states)
    )
    return units.exists()


def _has_ready_chunk(rule: StageRule) -> ColumnElement[bool]:
    """Whether a chunk of a stage can be worked on, for what it stands on is done for that chunk."""
    before = aliased(UnitRow)
    undone = select(before.id).where(
        before.item == UnitRow.item,
        before.stage.in_(rule.after),
        before.chunk == UnitRow.chunk,
        before.state != State.DONE,
    )
    ready = select(UnitRow.id).where(
        UnitRow.item == ItemRow.id,
        UnitRow.stage == rule.name,
        UnitRow.state.in_(OPEN),
        ~undone.exists(),
    )
    return ready.exists()


def _held_batches(session: Session, holds: Collection[StageHold]) -> list[BatchRow]:
    rows = session.scalars(_open_batches())
    return [row for row in rows if any(_concerns(hold, row) for hold in holds)]


def _open_batches() -> Any:
    settled = [State.DONE, State.CANCELLED]
    return select(BatchRow).where(BatchRow.state.not_in(settled)).order_by(BatchRow.id)


def _held(holds: Collection[StageHold], pipeline: Pipeline) -> frozenset[str]:
    names = {hold.stage for hold in holds if hold.by == OPERATOR}
    if any(hold.by != OPERATOR for hold in holds):
        names |= {rule.name for rule in pipeline.stages if rule.step in INTAKE}
    return frozenset(names)


def _concerns(hold: StageHold, batch: BatchRow) -> bool:
    return hold.batch in {"", batch.id} and hold.station in {"", batch.station}


def _concerned(session: Session, batch: str, station: str) -> list[BatchRow]:
    if batch:
        return [lock_batch(session, batch)]
    query = _open_batches() if not station else _open_batches().where(BatchRow.station == station)
    # in one order: their chains are lengthened one after the other
    return list(session.scalars(query.order_by(BatchRow.id)))


def _require_known(batches: Collection[BatchRow], stage: str, *, of_one: bool) -> None:
    known = {name for row in batches for name in compiled(row.pipeline).names}
    if not of_one:
        # later batches may go through stages that no open one has
        known |= {*map(str, Stage), *map(str, INTAKE)}
    if stage not in known:
        raise StageUnknown(
            f"There is no stage {stage!r}; there are {', '.join(sorted(known))}.", known=sorted(known)
        )


def _row(session: Session, batch: str, station: str, stage: str, by: str) -> StageHoldRow | None:
    query = select(StageHoldRow).where(
        StageHoldRow.batch == batch,
        StageHoldRow.station == station,
        StageHoldRow.stage == stage,
        StageHoldRow.by == by,
    )
    return session.scalar(query.with_for_update())


def _tell(
    session: Session,
    batches: Collection[BatchRow],
    what: str,
    stage: str,
    by: str,
    reason: str,
    agents: tuple[str, ...],
) -> None:
    for batch in batches:
        append_event(
            session,
            batch.id,
            "state change",
            detail={"batch": what, "held_stage": stage, "by": by, "reason": reason},
            agents=agents,
        )
