# SPDX-License-Identifier: Apache-2.0
"""Writing the items, pages and units of a new batch many at a time: the largest batch is registered in a moment."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Insert, Table, bindparam, false, insert, literal, select
from sqlalchemy.orm import Session

from archive.registry.prepared import execute
from archive.registry.stages import Per, Pipeline, Stage, StageRule
from archive.registry.states import State
from archive.registry.tables import PageRow
from archive.registry.unit_facts import ITEM, UNIT

AT_ONCE = 500
"""Rows handed to the database at a time, so that memory does not grow with the batch."""

_PAGE = cast("Table", PageRow.__table__)
_KEYS = select(ITEM.c.id).where(ITEM.c.batch == bindparam("of_batch")).order_by(ITEM.c.position)
_UNIT_COLUMNS = ("batch", "item", "stage", "chunk", "state", "ready")
_COUNTERS = ("attempts", "token", "completions")
_MOMENTS = ("lease_until", "next_attempt_at", "dispatched_at")
# one statement for a stage, however many items there are
_UNITS_OF_STAGE = insert(UNIT).from_select(
    [*_UNIT_COLUMNS, *_COUNTERS, *_MOMENTS, "owner"],
    select(
        ITEM.c.batch,
        ITEM.c.id,
        bindparam("of_stage", type_=UNIT.c.stage.type),
        literal(0),
        literal(State.WAITING.value),
        false(),
        *(literal(0) for _ in _COUNTERS),
        *(literal(0.0) for _ in _MOMENTS),
        literal(""),
    )
    .where(ITEM.c.batch == bindparam("of_batch"))
    .order_by(ITEM.c.position),
    include_defaults=False,
)


def write_items(session: Session, batch: str, items: Iterable[Mapping[str, Any]]) -> list[int]:
    """Write the items of a new batch, in order.

    Returns:
        Their keys, in the same order.
    """
    waiting = {"batch": batch, "state": State.WAITING.value, "in_flight": False}
    _write(session, insert(ITEM), ({**waiting, **item} for item in items))
    return [key for (key,) in execute(session, _KEYS, {"of_batch": batch})]


def write_pages(session: Session, pages: Iterable[Mapping[str, Any]]) -> None:
    """Write pages: item, number, label, name and source of each."""
    _write(session, insert(_PAGE), pages)


def write_units(
    session: Session, batch: str, pipeline: Pipeline, items: Sequence[tuple[int, int]], chunk_pages: int
) -> None:
    """Write all units of a new batch, waiting.

    Args:
        session: The transaction.
        batch: Id of the batch.
        pipeline: Its way.
        items: Key and number of pages of each item, in order.
        chunk_pages: How many pages a chunk has where a stage does not say.
    """
    for rule in pipeline.stages:
        if rule.per is Per.ITEM:
            execute(session, _UNITS_OF_STAGE, {"of_stage": rule.name, "of_batch": batch})
        elif rule.per is Per.CHUNK:
            _write(session, insert(UNIT), _units_of_chunks(batch, rule, items, chunk_pages))


def _units_of_chunks(
    batch: str, rule: StageRule, items: Sequence[tuple[int, int]], chunk_pages: int
) -> Iterator[dict[str, Any]]:
    size = rule.chunk_pages or chunk_pages
    for place, (item, pages) in enumerate(items):
        for chunk, first in enumerate(range(1, pages + 1, size)):
            yield {
                "batch": batch,
                "item": item,
                "stage": rule.name,
                "chunk": chunk,
                "first_page": first,
                "last_page": min(first + size - 1, pages),
                "state": State.WAITING.value,
                # who submits a batch has put its first sheet in place
                "ready": place == 0 and chunk == 0 and rule.name == Stage.CAPTURE,
            }


def _write(session: Session, statement: Insert, rows: Iterable[Mapping[str, Any]]) -> None:
    session.flush()
    connection = session.connection()
    remaining = iter(rows)
    while some := [dict(row) for row in itertools.islice(remaining, AT_ONCE)]:
        connection.execute(statement, some)
