# SPDX-License-Identifier: Apache-2.0
"""What an operator decides over units: to try again, to accept, to give up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from archive.errors import ItemUnknown, StageUnknown, UnitUnknown
from archive.registry.events import append_event, lock_batch
from archive.registry.ledger import refresh_items, refresh_states
from archive.registry.pipelines import pipeline_of
from archive.registry.stages import Pipeline, Stage
from archive.registry.states import State, require_legal
from archive.registry.tables import ItemRow, UnitRow

ACCEPTABLE = "quality.held"
"""Code of the only reason for which a unit is held that a person may overrule."""

STOPPED = frozenset({State.FAILED, State.HELD, State.CANCELLED})
"""States from which a person takes a unit up again."""


def retry_units(
    session: Session,
    batch: str,
    *,
    item: str | None = None,
    stage: str | None = None,
    agents: tuple[str, ...] = (),
) -> int:
    """Give failed, held and cancelled units of a batch their attempts back.

    With a stage named, that stage is done again, and with it all that stand on it, also where they
    are done already. What stands on it and runs loses its claim, for it works on what will be replaced.

    Returns:
        How many units wait again.

    Raises:
        BatchUnknown, ItemUnknown, StageUnknown: There is no such batch, item or stage.
    """
    if stage is None:
        return retry_stopped(session, batch, item=item, agents=agents)
    pipeline = pipeline_of(session, batch)
    again = pipeline.with_followers([_known(pipeline, stage)])
    overtaken = [name for name in again if name != stage]
    states = STOPPED | {State.DONE}
    return _reopen(session, batch, states, State.WAITING, item, again, {}, agents, overtaken=overtaken)


def retry_stopped(
    session: Session,
    batch: str,
    *,
    item: str | None = None,
    stage: str | None = None,
    code: str | None = None,
    agents: tuple[str, ...] = (),
) -> int:
    """Give failed, held and cancelled units their attempts back, and nothing that is done already.

    Args:
        session: The transaction.
        batch: The batch.
        item: Only this item.
        stage: Only this stage.
        code: Only units whose error has this code.
        agents: Who and what acted.

    Returns:
        How many units wait again.

    Raises:
        BatchUnknown, ItemUnknown: There is no such batch or item.
    """
    pipeline = pipeline_of(session, batch)
    stages = pipeline.names if stage is None else [_known(pipeline, stage)]
    detail = {} if code is None else {"same_reason": code}
    return _reopen(session, batch, STOPPED, State.WAITING, item, stages, detail, agents, only_code=code)


def accept_held(
    session: Session, batch: str, *, item: str | None, reason: str, agents: tuple[str, ...] = ()
) -> int:
    """Let held quality checks pass, with the operator's reason in the chain.

    Other units that are held, such as one whose master is damaged, stay held.

    Returns:
        How many units were accepted.

    Raises:
        BatchUnknown, ItemUnknown: There is no such batch or item.
    """
    detail = {"accepted": True, "reason": reason}
    names = pipeline_of(session, batch).names
    return _reopen(
        session, batch, {State.HELD}, State.DONE, item, names, detail, agents, only_code=ACCEPTABLE
    )


def reopen_batch_stages(
    session: Session, batch: str, stages: Collection[str], *, agents: tuple[str, ...] = ()
) -> None:
    """Let stages of the whole batch wait again, done or running, that stand on stages which are done again."""
    units = select(UnitRow).where(
        UnitRow.batch == batch, UnitRow.item.is_(None), UnitRow.state.in_([State.DONE, State.RUNNING])
    )
    again = pipeline_of(session, batch).with_followers(stages)
    for unit in session.scalars(units.with_for_update()).all():
        if unit.stage in again:
            before = State(unit.state)
            _set_waiting(unit, State.WAITING)
            tell_decision(session, batch, None, unit, before, {}, agents)


def _reopen(
    session: Session,
    batch: str,
    states: Collection[State],
    becomes: State,
    item: str | None,
    stages: Collection[str],
    detail: dict[str, Any],
    agents: tuple[str, ...],
    *,
    only_code: str | None = None,
    overtaken: Collection[str] = (),
) -> int:
    runs_in_vain = (UnitRow.state == State.RUNNING) & UnitRow.stage.in_(overtaken)
    items = _items(session, batch, item)
    if becomes is State.WAITING and Stage.BAG in stages and State.DONE in states:
        for item_row in items:
            # the old bag no longer counts; its file is put aside when the new one is written
            if item_row is not None:
                item_row.bag = None
    found = _units(session, batch, items, stages, UnitRow.state.in_(states) | runs_in_vain)
    if only_code is not None:
        found = [decided for decided in found if (decided.unit.error or {}).get("code") == only_code]
    for decided in found:
        require_legal(decided.before, becomes)
        _set_waiting(decided.unit, becomes)
    _carry_out(session, batch, found, detail, agents)
    given_up = {one.unit.stage for one in found if one.before is State.CANCELLED and one.item is not None}
    # the stages of the whole batch were done without what had been cancelled
    done_again = stages if State.DONE in states and item is not None else given_up
    if done_again:
        reopen_batch_stages(session, batch, done_again, agents=agents)
        refresh_states(session, batch)
    return len(found)


def _set_waiting(unit: UnitRow, becomes: State) -> None:
    if unit.state == State.RUNNING:
        # whoever works on it finds at the next page that the claim counts no more
        unit.token, unit.owner, unit.lease_until = unit.token + 1, "", 0.0
    unit.state, unit.attempts, unit.next_attempt_at, unit.dispatched_at = becomes, 0, 0.0, 0.0
    unit.ready = unit.stage == Stage.CAPTURE


def _items(session: Session, batch: str, item: str | None) -> list[ItemRow | None]:
    """The items in question; None among them stands for the batch as a whole.

    Raises:
        BatchUnknown, ItemUnknown: There is no such batch or item.
    """
    lock_batch(session, batch)
    query = select(ItemRow).where(ItemRow.batch == batch).order_by(ItemRow.position)
    items = list(session.scalars(query))
    if item is None:
        return [*items, None]
    named = [row for row in items if row.name == item]
    if not named:
        raise ItemUnknown(f"Batch {batch} has no item {item!r}.")
    return [*named]


class _Decided(NamedTuple):
    """A unit that is decided over, its item, and how it stood."""

    item: ItemRow | None
    unit: UnitRow
    before: State


def _units(
    session: Session,
    batch: str,
    items: Sequence[ItemRow | None],
    stages: Collection[str],
    which: ColumnElement[bool],
) -> list[_Decided]:
    """Units of these items, locked, item after item: read at once, for whoever decides over thousands locks all others out."""
    rows = {item.id if item is not None else None: item for item in items}
    query = select(UnitRow).where(UnitRow.batch == batch, UnitRow.stage.in_(stages), which)
    if None not in rows:
        query = query.where(UnitRow.item.in_(rows))
    elif len(rows) == 1:
        query = query.where(UnitRow.item.is_(None))
    units: dict[int | None, list[UnitRow]] = defaultdict(list)
    for unit in session.scalars(query.order_by(UnitRow.id).with_for_update()):
        units[unit.item].append(unit)
    return [_Decided(item, unit, State(unit.state)) for key, item in rows.items() for unit in units[key]]


def _carry_out(
    session: Session,
    batch: str,
    found: Sequence[_Decided],
    detail: dict[str, Any],
    agents: tuple[str, ...],
) -> None:
    """Write the new states of units at once, tell of each, and bring what follows from them in line."""
    session.flush()
    for decided in found:
        tell_decision(session, batch, decided.item, decided.unit, decided.before, detail, agents)
    items = dict.fromkeys(decided.item for decided in found)
    refresh_items(session, batch, [item for item in items if item is not None])


def cancel_batch(session: Session, batch: str) -> int:
    """Cancel every unit of a batch that is not done; see `cancel`."""
    return cancel(session, batch)


def cancel(
    session: Session,
    batch: str,
    *,
    item: str | None = None,
    stage: str | None = None,
    reason: str = "",
    agents: tuple[str, ...] = (),
) -> int:
    """Cancel every unit that is not done; running ones lose their lease, and held ones their scanner.

    Args:
        session: The transaction.
        batch: The batch.
        item: Only of this item.
        stage: Only of this stage, and of all that stand on it.
        reason: Why; it goes into the chain.
        agents: Who and what acted.

    Returns:
        How many units were cancelled.

    Raises:
        BatchUnknown, ItemUnknown, StageUnknown: There is no such batch, item or stage.
    """
    pipeline = pipeline_of(session, batch)
    stages = pipeline.names if stage is None else pipeline.with_followers([_known(pipeline, stage)])
    detail = {"reason": reason} if reason else {}
    rows = _items(session, batch, item)
    cancelled = _cancel_units(session, batch, rows, stages, detail, agents)
    others = select(ItemRow.id).where(ItemRow.batch == batch, ItemRow.state != State.CANCELLED).limit(1)
    if item is not None and session.scalar(others) is None:
        # the last of the items: nothing is left for a stage of the whole batch
        cancelled += _cancel_units(session, batch, [None], stages, detail, agents)
    return cancelled


def _cancel_units(
    session: Session,
    batch: str,
    items: Sequence[ItemRow | None],
    stages: Collection[str],
    detail: dict[str, Any],
    agents: tuple[str, ...],
) -> int:
    cancelled = _units(session, batch, items, stages, UnitRow.state.not_in([State.DONE, State.CANCELLED]))
    for _, unit, before in cancelled:
        require_legal(before, State.CANCELLED)
        unit.state, unit.lease_until, unit.token = State.CANCELLED, 0.0, unit.token + 1
    _carry_out(session, batch, cancelled, detail, agents)
    return len(cancelled)


def retry_unit(
    session: Session, batch: str, item: str, stage: str, chunk: int, *, agents: tuple[str, ...] = ()
) -> int:
    """Give one failed, held or cancelled unit its attempts back, and nothing else.

    Returns:
        1; 0 where it has not stopped.

    Raises:
        BatchUnknown, ItemUnknown, StageUnknown, UnitUnknown: There is no such batch, item, stage or chunk.
    """
    _known(pipeline_of(session, batch), stage)
    (row,) = _items(session, batch, item)
    chosen = select(UnitRow).where(UnitRow.stage == stage, UnitRow.chunk == chunk)
    unit = session.scalar(chosen.where(UnitRow.item == (row.id if row else None)).with_for_update())
    if unit is None:
        raise UnitUnknown(f"{batch}/{item} has no chunk {chunk} of {stage}.")
    before = State(unit.state)
    if before not in STOPPED:
        return 0
    require_legal(before, State.WAITING)
    _set_waiting(unit, State.WAITING)
    tell_decision(session, batch, row, unit, before, {}, agents)
    if before is State.CANCELLED and row is not None:
        reopen_batch_stages(session, batch, [stage], agents=agents)
    refresh_states(session, batch, row)
    return 1


def _known(pipeline: Pipeline, stage: str) -> str:
    if stage not in pipeline.rules:
        raise StageUnknown(
            f"The pipeline {pipeline.name} has no stage {stage!r}; it has {', '.join(pipeline.names)}.",
            known=list(pipeline.names),
        )
    return stage


def tell_decision(
    session: Session,
    batch: str,
    item: ItemRow | None,
    unit: UnitRow,
    before: State,
    detail: dict[str, Any],
    agents: tuple[str, ...] = (),
) -> None:
    """Append to the chain that an operator has changed the state of a unit."""
    append_event(
        session,
        batch,
        "state change",
        item=item.name if item is not None else None,
        detail={
            "stage": unit.stage,
            "chunk": unit.chunk,
            "from": before,
            "to": unit.state,
            "by": "operator",
            **detail,
        },
        agents=agents,
    )
