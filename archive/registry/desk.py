# SPDX-License-Identifier: Apache-2.0
"""Items that a person captures at the desk: their runs and places, and where a place stands among the others."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.orm import Session

from archive.errors import ItemUnknown
from archive.registry.batches import page_name, units_of_chunks
from archive.registry.events import lock_batch
from archive.registry.pipelines import pipeline_of
from archive.registry.ranks import rank_between
from archive.registry.states import State
from archive.registry.tables import BatchRow, DeskPlaceRow, DeskRunRow, ItemRow, PageRow, UnitRow


def item_of(session: Session, batch: str, item: str) -> ItemRow:
    """An item by its name.

    Raises:
        ItemUnknown: The batch has no such item, or there is no such batch.
    """
    row = session.scalar(select(ItemRow).where(ItemRow.batch == batch, ItemRow.name == item))
    if row is None:
        raise ItemUnknown(f"Batch {batch} has no item {item!r}.")
    return row


def locked_item(session: Session, batch: str, item: str) -> ItemRow:
    """An item by its name, its batch locked until the transaction ends.

    Raises:
        BatchUnknown, ItemUnknown: There is no such batch or item.
    """
    lock_batch(session, batch)
    return item_of(session, batch, item)


def places_in_order(session: Session, item: int) -> list[DeskPlaceRow]:
    """The places of an item that are in its order."""
    query = select(DeskPlaceRow).where(DeskPlaceRow.item == item, DeskPlaceRow.aside.is_(None))
    return list(session.scalars(query.order_by(DeskPlaceRow.rank, DeskPlaceRow.id)))


class ShownPlace(NamedTuple):
    """What is shown of a place (`DeskPlaceRow`)."""

    id: int
    kind: str
    run: int | None
    page: int | None
    file: str | None
    number: int | None
    label_start: dict[str, Any] | None
    rotation: int
    verdict: str
    reason: str
    checks: list[Any] | None
    problem: str
    captured_at: str


def shown_in_order(session: Session, item: int) -> list[ShownPlace]:
    """What is shown of the places that are in the order of an item; far quicker than the places themselves."""
    query = select(
        DeskPlaceRow.id,
        DeskPlaceRow.kind,
        DeskPlaceRow.run,
        DeskPlaceRow.page,
        DeskPlaceRow.file,
        DeskPlaceRow.number,
        DeskPlaceRow.label_start,
        DeskPlaceRow.rotation,
        DeskPlaceRow.verdict,
        DeskPlaceRow.reason,
        DeskPlaceRow.checks,
        DeskPlaceRow.problem,
        DeskPlaceRow.captured_at,
    ).where(DeskPlaceRow.item == item, DeskPlaceRow.aside.is_(None))
    return [ShownPlace(*row) for row in session.execute(query.order_by(DeskPlaceRow.rank, DeskPlaceRow.id))]


def count_in_order(session: Session, item: int) -> int:
    """How many places are in the order of an item."""
    query = select(func.count()).where(DeskPlaceRow.item == item, DeskPlaceRow.aside.is_(None))
    return session.scalar(query) or 0


def count_captures_aside(session: Session, item: int) -> int:
    """How many captures of an item were replaced, discarded or undone."""
    query = select(func.count()).where(DeskPlaceRow.item == item, DeskPlaceRow.aside.is_not(None))
    return session.scalar(query.where(DeskPlaceRow.kind == "captured")) or 0


def facts_of_places(session: Session, item: int, known: Collection[int] = ()) -> dict[int, dict[str, Any]]:
    """What the scanner delivered for each captured place of an item, by place; without those known already."""
    query = select(DeskPlaceRow.id, DeskPlaceRow.facts).where(DeskPlaceRow.item == item)
    if known:
        captured = select(DeskPlaceRow.id).where(DeskPlaceRow.item == item, DeskPlaceRow.kind == "captured")
        query = query.where(DeskPlaceRow.id.in_(set(session.scalars(captured)).difference(known)))
    return {place: facts for place, facts in session.execute(query) if facts is not None}


def positions_of(session: Session, item: int, places: Sequence[DeskPlaceRow]) -> list[int]:
    """Where places in the order stand, from 1."""
    if len(places) == 1:
        return [position_of(session, places[0])]
    query = select(DeskPlaceRow.id).where(DeskPlaceRow.item == item, DeskPlaceRow.aside.is_(None))
    order = session.scalars(query.order_by(DeskPlaceRow.rank, DeskPlaceRow.id))
    position = {place: number for number, place in enumerate(order, 1)}
    return [position[place.id] for place in places if place.id in position]


def places_aside(session: Session, item: int) -> list[DeskPlaceRow]:
    """The places of an item that were replaced, discarded or undone."""
    query = select(DeskPlaceRow).where(DeskPlaceRow.item == item, DeskPlaceRow.aside.is_not(None))
    return list(session.scalars(query.order_by(DeskPlaceRow.id)))


def places_by_id(session: Session, item: int, places: Collection[int]) -> list[DeskPlaceRow]:
    """These places of an item as they follow each other, those aside among them."""
    query = select(DeskPlaceRow).where(DeskPlaceRow.item == item, DeskPlaceRow.id.in_(places))
    return list(session.scalars(query.order_by(DeskPlaceRow.rank, DeskPlaceRow.id)))


def position_of(session: Session, place: DeskPlaceRow) -> int:
    """Where a place stands in its item, from 1; for one aside, where it would stand."""
    query = select(func.count()).where(
        DeskPlaceRow.item == place.item, DeskPlaceRow.aside.is_(None), _stands_before(place)
    )
    return (session.scalar(query) or 0) + 1


def _stands_before(place: DeskPlaceRow) -> ColumnElement[bool]:
    same = and_(DeskPlaceRow.rank == place.rank, DeskPlaceRow.id < place.id)
    return or_(DeskPlaceRow.rank < place.rank, same)


def next_in_order(session: Session, place: DeskPlaceRow) -> DeskPlaceRow | None:
    """The place that follows in the order."""
    same = and_(DeskPlaceRow.rank == place.rank, DeskPlaceRow.id > place.id)
    query = select(DeskPlaceRow).where(
        DeskPlaceRow.item == place.item,
        DeskPlaceRow.aside.is_(None),
        or_(DeskPlaceRow.rank > place.rank, same),
    )
    return session.scalar(query.order_by(DeskPlaceRow.rank, DeskPlaceRow.id).limit(1))


def is_first(session: Session, place: DeskPlaceRow) -> bool:
    """Whether nothing in the order stands before this place."""
    return position_of(session, place) == 1


def rank_before(session: Session, item: int, place: DeskPlaceRow | None) -> str:
    """A rank of its own right before a place, or at the end; also no place that is aside has it."""
    ranks = select(func.max(DeskPlaceRow.rank)).where(DeskPlaceRow.item == item)
    if place is not None:
        ranks = ranks.where(DeskPlaceRow.rank < place.rank)
    return rank_between(session.scalar(ranks), place.rank if place is not None else None)


def rank_behind(session: Session, place: DeskPlaceRow) -> str:
    """A rank of its own right behind a place, before all that follow it, in the order or aside."""
    ranks = select(func.min(DeskPlaceRow.rank)).where(
        DeskPlaceRow.item == place.item, DeskPlaceRow.rank > place.rank
    )
    return rank_between(place.rank, session.scalar(ranks))


def rank_is_taken(session: Session, place: DeskPlaceRow, rank: str) -> bool:
    """Whether another place in the order has this rank."""
    query = select(DeskPlaceRow.id).where(
        DeskPlaceRow.item == place.item,
        DeskPlaceRow.aside.is_(None),
        DeskPlaceRow.rank == rank,
        DeskPlaceRow.id != place.id,
    )
    return session.scalar(query.limit(1)) is not None


def runs_of(session: Session, item: int) -> list[DeskRunRow]:
    """All runs of an item, as they were begun."""
    return list(
        session.scalars(select(DeskRunRow).where(DeskRunRow.item == item).order_by(DeskRunRow.number))
    )


def last_run_number(session: Session, item: int) -> int:
    """The number of the run that was begun last; 0 when there was none."""
    return session.scalar(select(func.max(DeskRunRow.number)).where(DeskRunRow.item == item)) or 0


def page_of_run(session: Session, run: int, page: int) -> DeskPlaceRow | None:
    """The place of a page of a run, when it has been added."""
    return session.scalar(select(DeskPlaceRow).where(DeskPlaceRow.run == run, DeskPlaceRow.page == page))


def replaced_by(session: Session, place: DeskPlaceRow) -> DeskPlaceRow | None:
    """The place that a page was captured to replace, if it was."""
    run = session.get(DeskRunRow, place.run) if place.run is not None else None
    if run is None or run.replaces is None or pages_of_run(session, run.id)[0].id != place.id:
        return None
    return session.get(DeskPlaceRow, run.replaces)


def pages_of_run(session: Session, run: int) -> list[DeskPlaceRow]:
    """The places of all pages of a run that have been added, by number."""
    query = select(DeskPlaceRow).where(DeskPlaceRow.run == run).order_by(DeskPlaceRow.page)
    return list(session.scalars(query))


def first_of_later_runs(session: Session, run: DeskRunRow) -> DeskPlaceRow | None:
    """The first place in the order of what was captured at the end of the item after a run."""
    query = (
        select(DeskPlaceRow)
        .join(DeskRunRow, DeskRunRow.id == DeskPlaceRow.run)
        .where(
            DeskPlaceRow.item == run.item,
            DeskPlaceRow.aside.is_(None),
            DeskRunRow.number > run.number,
            DeskRunRow.before.is_(None),
            DeskRunRow.replaces.is_(None),
        )
    )
    return session.scalar(query.order_by(DeskPlaceRow.rank, DeskPlaceRow.id).limit(1))


def open_runs(session: Session, station: str) -> list[tuple[DeskRunRow, ItemRow]]:
    """The runs of a station's items that were begun and not ended, the oldest first."""
    query = (
        select(DeskRunRow, ItemRow)
        .join(ItemRow, ItemRow.id == DeskRunRow.item)
        .join(BatchRow, BatchRow.id == ItemRow.batch)
        .where(DeskRunRow.ended_at.is_(None), BatchRow.station == station)
        .order_by(DeskRunRow.id)
    )
    return [(run, item) for run, item in session.execute(query)]


def items_being_handed_over(session: Session, station: str) -> list[tuple[str, str]]:
    """Batch and name of a station's items whose hand-over was begun and not finished."""
    query = (
        select(ItemRow.batch, ItemRow.name)
        .join(BatchRow, BatchRow.id == ItemRow.batch)
        .where(ItemRow.desk == "handing over", BatchRow.station == station)
        .order_by(ItemRow.id)
    )
    return [(batch, name) for batch, name in session.execute(query)]


def begun_units(session: Session, item: int) -> int:
    """How many units of an item are not simply waiting."""
    query = select(func.count()).where(UnitRow.item == item, UnitRow.state != State.WAITING)
    return session.scalar(query) or 0


def reserved_pages(session: Session, item: int) -> int:
    """How many pages the registry has rows for."""
    return session.scalar(select(func.count()).where(PageRow.item == item)) or 0


def remake_pages(session: Session, item: ItemRow, pages: Sequence[dict[str, Any]], chunk_pages: int) -> None:
    """Give an item, of which nothing has begun, other pages than it was registered with, and the units for them.

    Args:
        session: The transaction.
        item: The item.
        pages: For each page its `number`, `label`, `source`, `rotation`, `verdict` and `reason`; the number also
            gives its name.
        chunk_pages: How many pages a chunk has where a stage does not say.
    """
    session.execute(delete(PageRow).where(PageRow.item == item.id))
    chunked = [rule for rule in pipeline_of(session, item.batch).stages if rule.chunked]
    of_chunks = UnitRow.stage.in_([rule.name for rule in chunked])
    session.execute(delete(UnitRow).where(UnitRow.item == item.id, of_chunks))
    for page in pages:
        session.add(PageRow(item=item.id, name=page_name(page["number"]), **page))
    numbers = [page["number"] for page in pages]
    for rule in chunked:
        session.add_all(units_of_chunks(item, rule, numbers, chunk_pages))
    session.flush()
