# SPDX-License-Identifier: Apache-2.0
"""How fast a batch goes and how long it still takes, from what was finished lately; unknown where nothing tells."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from archive.registry.clock import now_seconds
from archive.registry.pipelines import pipeline_of
from archive.registry.stages import Per, Pipeline, Stage
from archive.registry.states import State
from archive.registry.tables import ItemRow, UnitRow

WINDOW_SECONDS = 900.0
"""What was finished within the last quarter of an hour tells the pace."""
FEWEST_UNITS = 5
"""Units that must have been finished lately before a pace is told."""
FEWEST_ITEMS = 2
"""Items that must have been proved lately before a rate is told."""


@dataclass(frozen=True, slots=True)
class StageWork:
    """The units of one stage of a batch.

    Attributes:
        done: Units that are done.
        seconds: What these took together.
        left: Units that go on by themselves; those that rest or are on hold do not count.
        lately: Units done within the window.
        lately_seconds: What these took together.
        first_lately: When the first of them was begun; None where there is none.
    """

    done: int
    seconds: float
    left: int
    lately: int
    lately_seconds: float
    first_lately: float | None


@dataclass(frozen=True, slots=True)
class Pace:
    """How a batch goes on.

    Attributes:
        items_done: Items whose copies are confirmed.
        items: All of them.
        units_lately: Units finished within the last quarter of an hour.
        seconds_left: How long the rest takes at the same pace; None where that cannot be told honestly.
        items_per_hour: Items whose copies were confirmed lately, as a rate; None where hardly any was.
    """

    items_done: int
    items: int
    units_lately: int
    seconds_left: float | None
    items_per_hour: float | None


def read_pace(session: Session, batch: str) -> Pace:
    """The pace of a batch."""
    counted = select(ItemRow.state, func.count()).where(ItemRow.batch == batch).group_by(ItemRow.state)
    states: dict[str, int] = dict(session.execute(counted).all())
    moment = now_seconds()
    work = _work(session, batch, moment - WINDOW_SECONDS)
    return Pace(
        items_done=states.get(State.DONE, 0),
        items=sum(states.values()),
        units_lately=sum(stage.lately for stage in work.values()),
        seconds_left=seconds_left(work, moment),
        items_per_hour=items_per_hour(work, moment, last_of_item(pipeline_of(session, batch))),
    )


def last_of_item(pipeline: Pipeline) -> str:
    """The stage that every item ends with; "" where that has several units for each."""
    of_items = [rule for rule in pipeline.stages if rule.per is not Per.BATCH]
    return of_items[-1].name if of_items and of_items[-1].per is Per.ITEM else ""


def items_per_hour(work: dict[str, StageWork], moment: float, last: str = Stage.CONFIRM) -> float | None:
    """How many items an hour go through their last stage, from those of the window and the time since its work began."""
    proved = work.get(last)
    begun = [stage.first_lately for stage in work.values() if stage.first_lately is not None]
    if proved is None or proved.lately < FEWEST_ITEMS or moment <= min(begun):
        return None
    return proved.lately * 3600 / (moment - min(begun))


def seconds_left(work: dict[str, StageWork], moment: float) -> float | None:
    """How long the units that are left take when they go on as the ones finished lately did.

    Work is counted in seconds of a worker: a unit that is left takes as long as the finished ones of
    its stage did on average, and as many workers go on with it as were busy lately.

    Returns:
        Seconds; 0.0 when nothing is left, None where a stage was never seen finished or hardly
        anything was finished lately.
    """
    left = [stage for stage in work.values() if stage.left]
    if not left:
        return 0.0
    lately = [stage for stage in work.values() if stage.lately]
    begun = [stage.first_lately for stage in lately if stage.first_lately is not None]
    if sum(stage.lately for stage in lately) < FEWEST_UNITS or not begun or any(not s.done for s in left):
        return None
    elapsed = moment - min(begun)
    worked = sum(stage.lately_seconds for stage in lately)
    if elapsed <= 0 or worked <= 0:
        return None
    rest = sum(stage.left * stage.seconds / stage.done for stage in left)
    return rest * elapsed / worked


def _work(session: Session, batch: str, since: float) -> dict[str, StageWork]:
    done = UnitRow.state == State.DONE
    took = func.coalesce(UnitRow.finished_at - UnitRow.started_at, 0.0)
    lately = done & (UnitRow.finished_at >= since) & (UnitRow.started_at >= since)
    left = UnitRow.state.in_([State.WAITING, State.QUEUED, State.RUNNING]) & ItemRow.on_hold.is_(None)
    query = (
        select(
            UnitRow.stage,
            func.sum(case((done, 1), else_=0)),
            func.sum(case((done, took), else_=0.0)),
            func.sum(case((left, 1), else_=0)),
            func.sum(case((lately, 1), else_=0)),
            func.sum(case((lately, took), else_=0.0)),
            func.min(case((lately, UnitRow.started_at), else_=None)),
        )
        .join(ItemRow, ItemRow.id == UnitRow.item)
        .where(ItemRow.batch == batch)
        .group_by(UnitRow.stage)
    )
    return {stage: StageWork(*figures) for stage, *figures in session.execute(query)}
