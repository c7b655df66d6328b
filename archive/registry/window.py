# SPDX-License-Identifier: Apache-2.0
"""Which items are worked on at once: a window of them, the most urgent first, and a few places for rush items.

Items go depth first, so that the first bag of a big batch is stored long before its last page is read.
"""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Table, bindparam, func, select, union_all, update
from sqlalchemy.orm import Session

from archive.registry.prepared import execute
from archive.registry.stage_holds import OPEN, going_on, stage_holds
from archive.registry.states import State
from archive.registry.tables import BatchRow, ItemRow
from archive.registry.unit_facts import ITEM, forget

RUSH_PLACES = 2
"""Places beside the window that only rush items take, so that they need not wait until one becomes free."""

_BATCH = cast("Table", BatchRow.__table__)
_OF_STATION = ITEM.join(_BATCH, _BATCH.c.id == ITEM.c.batch)
_IN_FLIGHT = (
    select(func.count())
    .select_from(_OF_STATION)
    .where(ITEM.c.in_flight, _BATCH.c.station == bindparam("of_station"))
)


def _first_in(state: State) -> Any:
    """The most urgent items that are in this state and not in flight, read in the order of an index."""
    return (
        select(ITEM.c.id, ITEM.c.priority)
        .select_from(_OF_STATION)
        .where(
            ITEM.c.state == state.value,
            ~ITEM.c.in_flight,
            ITEM.c.on_hold.is_(None),
            _BATCH.c.station == bindparam("of_station"),
        )
        .order_by(ITEM.c.priority.desc(), ITEM.c.id)
        .limit(bindparam("room"))
    )


_FIRST = union_all(*(select(_first_in(state).subquery()) for state in OPEN)).subquery()
_NEXT = (
    select(_FIRST.c.id, _FIRST.c.priority)
    .order_by(_FIRST.c.priority.desc(), _FIRST.c.id)
    .limit(bindparam("room"))
)
_TAKE = update(ITEM).where(ITEM.c.id.in_(bindparam("items", expanding=True))).values(in_flight=True)


def fill_window(session: Session, window: int, batch: str | None = None) -> list[int]:
    """Put waiting items in flight until `window` of them are, for each station on its own.

    One station that is switched off must not keep the others from working. Items that cannot go on
    behind held stages give their place to others first. A rush item takes a place in the window before
    all others, and where the window is full one of the `RUSH_PLACES` beside it.

    Args:
        session: The transaction; on PostgreSQL rows another dispatcher looks at are passed over.
        window: How many items of one station may be in flight at once.
        batch: Only items of this batch, or of all: the most urgent first, then the oldest.

    Returns:
        Keys of the items newly in flight.
    """
    if stage_holds(session):
        _park(session)
    stations = select(BatchRow.station).join(ItemRow, ItemRow.batch == BatchRow.id)
    stations = stations.where(
        ItemRow.state.in_(OPEN), ~ItemRow.in_flight, ItemRow.on_hold.is_(None)
    ).distinct()
    if batch is not None:
        stations = stations.where(BatchRow.id == batch)
    chosen: list[int] = []
    for station in session.scalars(stations).all():
        chosen += _fill_station(session, station, window, batch)
    return chosen


def _park(session: Session) -> None:
    """Take items out of flight of which nothing can go on; `fill_window` puts them back when something can."""
    # what somebody is changing right now is passed over: to wait for it could be to wait in a circle
    standing = select(ItemRow.id).where(ItemRow.in_flight, ~going_on(session))
    items = session.scalars(standing.with_for_update(skip_locked=True, of=ItemRow)).all()
    parked = update(ItemRow).where(ItemRow.id.in_(items)).values(in_flight=False)
    session.execute(parked.execution_options(synchronize_session=False))
    session.expire_all()


def _fill_station(session: Session, station: str, window: int, batch: str | None) -> list[int]:
    of_station: Any = (
        select(ItemRow).join(BatchRow, BatchRow.id == ItemRow.batch).where(BatchRow.station == station)
    )
    in_flight = session.scalar(of_station.where(ItemRow.in_flight).with_only_columns(func.count())) or 0
    if in_flight >= window + RUSH_PLACES:
        return []
    query = of_station.where(
        ItemRow.state.in_(OPEN), ~ItemRow.in_flight, ItemRow.on_hold.is_(None), going_on(session)
    )
    if batch is not None:
        query = query.where(ItemRow.batch == batch)
    if in_flight >= window:
        query = query.where(ItemRow.priority > 0)
    query = query.order_by(ItemRow.priority.desc(), ItemRow.id).limit(window + RUSH_PLACES - in_flight)
    query = query.with_only_columns(ItemRow.id, ItemRow.priority)
    chosen: list[int] = []
    for item, priority in session.execute(query.with_for_update(skip_locked=True, of=ItemRow)):
        if priority <= 0 and in_flight + len(chosen) >= window:
            break
        chosen.append(item)
    if chosen:
        session.execute(update(ItemRow).where(ItemRow.id.in_(chosen)).values(in_flight=True))
    return chosen


def refill(session: Session, station: str, window: int) -> list[int]:
    """Put a station's items in flight as `fill_window` does, for one of them has just come to its end.

    Nothing may be held; whatever is stored besides, this looks at no more rows than it takes.
    """
    if session.get_bind().dialect.name != "sqlite":
        # there other transactions write at the same time, and are passed over
        return _fill_station(session, station, window, None)
    in_flight = execute(session, _IN_FLIGHT, {"of_station": station}).scalar_one()
    room = window + RUSH_PLACES - in_flight
    if room <= 0:
        return []
    rows = execute(session, _NEXT, {"of_station": station, "room": room}).all()
    chosen: list[int] = []
    for row in rows:
        if row.priority <= 0 and in_flight + len(chosen) >= window:
            break
        chosen.append(row.id)
    if chosen:
        execute(session, _TAKE, {"items": chosen})
        for item in chosen:
            forget(session, ItemRow, item)
    return chosen
