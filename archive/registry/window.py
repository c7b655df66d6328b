# SPDX-License-Identifier: Apache-2.0
"""Which items are worked on at once: a window of them, the most urgent first, and a few places for rush items.

Items go depth first, so that the first bag of a big batch is stored long before its last page is read.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from archive.registry.stage_holds import OPEN, going_on, stage_holds
from archive.registry.tables import BatchRow, ItemRow

RUSH_PLACES = 2
"""Places beside the window that only rush items take, so that they need not wait until one becomes free."""


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
    parked = update(ItemRow).where(ItemRow.in_flight, ~going_on(session)).values(in_flight=False)
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
