# SPDX-License-Identifier: Apache-2.0
"""The board's view of a batch: for each item and stage one cell; read whole once, and then only what changed.

Each change of a state appends an event that names its item, so the chain tells a reader which items
to read again. Items in flight are read every time, for their pages and bytes move without an event.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Text, cast, func, or_, select
from sqlalchemy.orm import Session

from archive.registry.batches import get_batch
from archive.registry.pipelines import pipeline_of
from archive.registry.stage_holds import StageHold, stage_holds
from archive.registry.stages import DEFAULT_PIPELINE, Per, Pipeline, Stage
from archive.registry.states import State, state_of_whole
from archive.registry.tables import BatchRow, EventRow, FileRow, ItemRow, PageRow, UnitRow, UploadRow

MADE_BY: dict[str, str] = {Stage.CAPTURE: "master", Stage.CHARACTERISE: "access", Stage.OCR: "alto"}
"""The file of each page that a stage makes: counted, it tells how far the stage is."""


def stages_of_items(pipeline: Pipeline) -> tuple[str, ...]:
    """The stages that each item goes through, in order; not those of the whole batch."""
    return tuple(rule.name for rule in pipeline.stages if rule.per is not Per.BATCH)


DEFAULT_STAGES = stages_of_items(DEFAULT_PIPELINE)
"""The stages of batches whose manifest names no pipeline."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One stage of one item.

    Attributes:
        state: Of all its units together.
        units: How many there are: one, or one for each chunk of pages.
        done_units: How many of them are done.
        running_units: How many are in work now.
        attempts: The most attempts that one of them has had.
        started_at: When the earliest of the last attempts began, in seconds since the epoch; None before that.
        finished_at: When the last unit ended, likewise.
        codes: Codes of the errors of its units that are not done, sorted.
        done: Pages or bytes finished; 0 where nothing is counted.
        total: Pages or bytes in all; None where nobody can know how far the work is.
        counted: "pages" or "bytes".
    """

    state: State
    units: int
    done_units: int = 0
    running_units: int = 0
    attempts: int = 0
    started_at: float | None = None
    finished_at: float | None = None
    codes: tuple[str, ...] = ()
    done: int = 0
    total: int | None = None
    counted: str = "pages"


@dataclass(frozen=True, slots=True)
class BoardItem:
    """One row of the board.

    Attributes:
        key: Key of the item in the registry.
        name: Its id in the batch.
        title: What the manifest calls it.
        position: Its place in the manifest, from 0.
        pages: How many pages it has.
        state: Of the whole item.
        on_hold: Who keeps it from going on: "desk", "operator" or None.
        hold_reason: Why, in words; "" where nobody gave a reason.
        in_flight: Whether it is among the items that are worked on now.
        units: Its units as the database told them; `cells` reads that when somebody looks.
        made: How many files of each use its pages have; counted while it is worked on.
        sent: Bytes that have arrived and bytes in all, while it is sent in parts.
        stages: Names of the stages that items of its batch go through, in order.
    """

    key: int
    name: str
    title: str
    position: int
    pages: int
    state: State
    on_hold: str | None
    hold_reason: str
    in_flight: bool
    units: str
    made: tuple[tuple[str, int], ...] = ()
    sent: tuple[int, int] | None = None
    stages: tuple[str, ...] = DEFAULT_STAGES

    @property
    def cells(self) -> tuple[Cell, ...]:
        """In the order of `stages`."""
        return _cells(self.stages, self.units, self.pages, self.made, self.sent)

    @property
    def is_worked_on(self) -> bool:
        """Whether one of its units runs now."""
        return _RUNNING in self.units

    def state_of(self, stage: str) -> State:
        """The state of a stage, told faster than its cell: for sorting thousands of items."""
        lines = (line.split(":", 2) for line in self.units.splitlines() if line.startswith(f"{stage}:"))
        return state_of_whole(State(line[1]) for line in lines)

    def stopped_for(self, code: str) -> bool:
        """Whether one of its units rests for this reason."""
        lines = (line.split(":") for line in self.units.splitlines() if line.endswith(f":{code}"))
        return any(line[1] in {State.FAILED, State.HELD} for line in lines)

    def cell(self, stage: str) -> Cell:
        """The cell of a stage; an empty one where the item does not go through it."""
        return self.cells[self.stages.index(stage)] if stage in self.stages else _NOT_THERE


@dataclass(frozen=True, slots=True)
class BatchStage:
    """A stage that is applied to the whole batch, when all of its items are done.

    Attributes:
        name: Its name.
        state: Where it stands.
        code: Of the error for which it is not done; "" for none.
    """

    name: str
    state: State
    code: str


@dataclass(frozen=True, slots=True)
class BoardReading:
    """What a reading of the board found.

    Attributes:
        batch: The batch.
        state: Its state.
        whole: Whether `items` are all of them; else they are those that may have changed.
        items: By their place in the manifest.
        events: Length of the batch's chain at this reading.
        stages: Names of the stages that its items go through, in order.
        of_batch: The stages of the whole batch, in order.
        holds: The stages of it that are held.
    """

    batch: str
    state: State
    whole: bool
    items: tuple[BoardItem, ...]
    events: int
    stages: tuple[str, ...] = DEFAULT_STAGES
    of_batch: tuple[BatchStage, ...] = ()
    holds: tuple[StageHold, ...] = ()


_NOT_THERE = Cell(State.WAITING, 0)
_RUNNING = f":{State.RUNNING}:"
"""How a running unit stands in the text of an item's units."""


def read_board(session: Session, batch: str, *, seen: int | None = None) -> BoardReading:
    """Read a batch for the board.

    Args:
        session: A session for reading.
        batch: The batch.
        seen: `events` of the reading before; None to read everything.

    Raises:
        BatchUnknown: No such batch.
    """
    row = get_batch(session, batch)
    only = None if seen is None else _moved_since(session, row, seen)
    pipeline = pipeline_of(session, batch)
    stages = stages_of_items(pipeline)
    items = () if only is not None and not only else _items(session, batch, only, stages)
    of_batch = _of_batch(session, batch) if len(stages) < len(pipeline.names) else {}
    return BoardReading(
        batch,
        State(row.state),
        only is None,
        items,
        row.chain_length,
        stages,
        tuple(of_batch[name] for name in pipeline.names if name in of_batch),
        tuple(stage_holds(session, batch=batch)),
    )


def _of_batch(session: Session, batch: str) -> dict[str, BatchStage]:
    """The stages of the whole batch, by name."""
    units = session.scalars(select(UnitRow).where(UnitRow.batch == batch, UnitRow.item.is_(None)))
    return {
        unit.stage: BatchStage(
            unit.stage,
            State(unit.state),
            str(unit.error["code"]) if unit.error and unit.state != State.DONE else "",
        )
        for unit in units
    }


def _moved_since(session: Session, batch: BatchRow, seen: int) -> set[int] | None:
    """Keys of the items that may look different now; None when that may be any of them."""
    moved = set(session.scalars(select(ItemRow.id).where(ItemRow.batch == batch.id, ItemRow.in_flight)))
    if batch.chain_length == seen:
        return moved
    told = select(EventRow.item).where(EventRow.batch == batch.id, EventRow.sequence > seen).distinct()
    names = {name for name in session.scalars(told) if name is not None}
    if len(names) > _MANY:
        return None
    named = select(ItemRow.id).where(ItemRow.batch == batch.id, ItemRow.name.in_(names))
    return moved | set(session.scalars(named))


_MANY = 200
"""Items above which reading all of them is no slower than naming them to the database."""


def _items(
    session: Session, batch: str, only: Collection[int] | None, stages: tuple[str, ...]
) -> tuple[BoardItem, ...]:
    query = select(
        ItemRow.id,
        ItemRow.name,
        ItemRow.description["title"].as_string(),
        ItemRow.position,
        ItemRow.state,
        ItemRow.on_hold,
        ItemRow.hold_reason,
        ItemRow.in_flight,
    ).where(ItemRow.batch == batch)
    if only is not None:
        query = query.where(ItemRow.id.in_(only))
    rows = session.execute(query.order_by(ItemRow.position)).all()
    pages = _pages(session, batch, only)
    units = _units(session, batch, only)
    running = [key for key, told in units.items() if _RUNNING in told]
    made = _files_made(session, running)
    sent = _bytes_sent(session, running)
    return tuple(
        BoardItem(
            key=key,
            name=name,
            title=title or "",
            position=position,
            pages=pages.get(key, 0),
            state=State(state),
            on_hold=on_hold,
            hold_reason=reason,
            in_flight=in_flight,
            units=units.get(key, ""),
            made=tuple(sorted(made[key].items())) if key in made else (),
            sent=sent.get(key),
            stages=stages,
        )
        for key, name, title, position, state, on_hold, reason, in_flight in rows
    )


def _units(session: Session, batch: str, only: Collection[int] | None) -> dict[int, str]:
    """The units of each item as one text: two thousand short rows come in a third of the time of their parts."""
    told = (
        UnitRow.stage
        + ":"
        + UnitRow.state
        + ":"
        + cast(UnitRow.attempts, Text)
        + ":"
        + func.coalesce(cast(UnitRow.started_at, Text), "")
        + ":"
        + func.coalesce(cast(UnitRow.finished_at, Text), "")
        + ":"
        + func.coalesce(UnitRow.error["code"].as_string(), "")
    )
    query = select(UnitRow.item, func.aggregate_strings(told, "\n"))
    if only is None:
        query = query.join(ItemRow, ItemRow.id == UnitRow.item).where(ItemRow.batch == batch)
    else:
        query = query.where(UnitRow.item.in_(only))
    rows = session.execute(query.where(UnitRow.item.is_not(None)).group_by(UnitRow.item))
    return {item: units for item, units in rows if item is not None}


def _pages(session: Session, batch: str, only: Collection[int] | None) -> dict[int, int]:
    query = select(PageRow.item, func.count()).join(ItemRow, ItemRow.id == PageRow.item)
    query = query.where(ItemRow.batch == batch) if only is None else query.where(PageRow.item.in_(only))
    return {item: pages for item, pages in session.execute(query.group_by(PageRow.item))}  # noqa: C416 (typed rows)


def _files_made(session: Session, items: Collection[int]) -> dict[int, dict[str, int]]:
    made: dict[int, dict[str, int]] = defaultdict(dict)
    if items:
        query = (
            select(FileRow.item, FileRow.use, func.count())
            .where(FileRow.item.in_(items), FileRow.use.in_(MADE_BY.values()), FileRow.page.is_not(None))
            .where(or_(FileRow.use != "access", FileRow.mime != "image/jp2"))
            .group_by(FileRow.item, FileRow.use)
        )
        for item, use, files in session.execute(query):
            made[item][use] = files
    return made


def _bytes_sent(session: Session, items: Collection[int]) -> dict[int, tuple[int, int]]:
    """For each item that is being sent in parts: bytes that have arrived and bytes in all, over its targets."""
    sent: dict[int, tuple[int, int]] = {}
    if not items:
        return sent
    query = select(UploadRow.item, UploadRow.session, ItemRow.bag).join(ItemRow, ItemRow.id == UploadRow.item)
    for item, state, bag in session.execute(query.where(UploadRow.item.in_(items))):
        if bag and bag.get("part_size") and "parts" in state:
            done, total = sent.get(item, (0, 0))
            arrived = min(len(state["parts"]) * bag["part_size"], bag["size"])
            sent[item] = (done + arrived, total + bag["size"])
    return sent


@dataclass(frozen=True, slots=True)
class _Unit:
    state: State
    attempts: int
    started_at: float | None
    finished_at: float | None
    code: str


@lru_cache(maxsize=4096)
def _cells(
    stages: tuple[str, ...],
    units: str,
    pages: int,
    made: tuple[tuple[str, int], ...],
    sent: tuple[int, int] | None,
) -> tuple[Cell, ...]:
    by_stage: dict[str, list[_Unit]] = defaultdict(list)
    for line in units.splitlines():
        stage, state, attempts, started, finished, code = line.split(":", 5)
        by_stage[stage].append(_Unit(State(state), int(attempts), _moment(started), _moment(finished), code))
    files = dict(made)
    return tuple(
        _cell(stage, by_stage[stage], pages, files, sent) if stage in by_stage else _NOT_THERE
        for stage in stages
    )


def _moment(text: str) -> float | None:
    return float(text) if text else None


def _cell(
    stage: str, units: list[_Unit], pages: int, made: dict[str, int], sent: tuple[int, int] | None
) -> Cell:
    states = [unit.state for unit in units]
    state = state_of_whole(states)
    done, total, counted = 0, None, "pages"
    if state is State.RUNNING and stage in MADE_BY:
        done, total = min(made.get(MADE_BY[stage], 0), pages), pages
    elif state is State.RUNNING and stage == Stage.UPLOAD and sent is not None:
        (done, total), counted = sent, "bytes"
    # a check that was accepted keeps its error, and is done all the same
    codes = {unit.code for unit in units if unit.code and unit.state is not State.DONE}
    return Cell(
        state=state,
        units=len(units),
        done_units=states.count(State.DONE),
        running_units=states.count(State.RUNNING),
        attempts=max(unit.attempts for unit in units),
        started_at=min((unit.started_at for unit in units if unit.started_at is not None), default=None),
        finished_at=max((unit.finished_at for unit in units if unit.finished_at is not None), default=None),
        codes=tuple(sorted(codes)),
        done=done,
        total=total,
        counted=counted,
    )
