# SPDX-License-Identifier: Apache-2.0
"""Questions that are asked again and again find their rows by an index, however much the registry holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from archive.registry import Registry, ledger, open_registry
from archive.registry.batches import register_batch
from archive.registry.board import read_board
from archive.registry.dispatching import open_units, running_units, stalled_batches, stalled_items
from archive.registry.open_work import has_open_work, troubles, workload
from archive.registry.pace import read_pace
from archive.registry.sending import hand_over, send_item
from archive.registry.status import batch_status, pages_done, seconds_by_stage
from archive.registry.window import fill_window
from tests.unit.archive.registry.conftest import planned_batch

GROWING = ("item", "unit", "page", "file", "event", "copy")
"""Tables that hold what was done for years."""
SCANS = tuple(f"SCAN {table}" for table in GROWING)


@contextmanager
def plans(registry: Registry, database: Path) -> Iterator[dict[str, list[str]]]:
    """How SQLite finds the rows of each statement that is run meanwhile."""
    found: dict[str, list[str]] = {}
    beside = sqlite3.connect(database)

    def explain(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            count = statement.count("?")
            rows = beside.execute(f"EXPLAIN QUERY PLAN {statement}", [None] * count)
            found[statement] = [row[3] for row in rows]

    event.listen(registry._engine, "before_cursor_execute", explain)
    try:
        yield found
    finally:
        event.remove(registry._engine, "before_cursor_execute", explain)
        beside.close()


def reads_whole_tables(found: dict[str, list[str]]) -> list[str]:
    def is_whole(step: str) -> bool:
        # an index of few rows may be read from end to end
        return step.startswith(SCANS) and not step.endswith(("ix_item_in_flight", "ix_unit_of_batch"))

    return [statement for statement, plan in found.items() if any(map(is_whole, plan))]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "growing.sqlite3"


@pytest.fixture
def growing(database: Path) -> Iterator[Registry]:
    """A registry in SQLite, whose plans are known to anybody; PostgreSQL chooses its own by what it counted."""
    opened = open_registry(f"sqlite:///{database}")
    with opened.transaction() as session:
        register_batch(session, planned_batch())
    yield opened
    opened.close()


def test_no_reading_question_reads_a_whole_table(growing: Registry, database: Path) -> None:
    with plans(growing, database) as found, growing.reading() as session:
        batch_status(session, "b1")
        pages_done(session, "b1")
        seconds_by_stage(session, "b1")
        read_board(session, "b1")
        read_board(session, "b1", seen=0)
        read_pace(session, "b1")
        workload(session)
        troubles(session)
        has_open_work(session, "station", 3)
        stalled_items(session, quiet_seconds=60)
        stalled_batches(session, quiet_seconds=60)
        running_units(session)
    assert len(found) > 20
    assert not reads_whole_tables(found)


def test_moving_a_unit_reads_no_whole_table(growing: Registry, database: Path) -> None:
    with growing.transaction() as session:
        register_batch(session, planned_batch("another"))
    with plans(growing, database) as found, growing.transaction() as session:
        [item] = fill_window(session, 1)
        send_item(session, item)
        for _ in range(3):
            unit = open_units(session, item)[0].id
            claim = ledger.claim(session, unit, "host:1:task", lease_seconds=60, max_attempts=3)
            assert claim is not None
            ledger.renew(session, claim, lease_seconds=60)
            ledger.complete(session, claim, {})
            hand_over(session, claim)
    assert len(found) > 20
    assert not reads_whole_tables(found)


@pytest.mark.parametrize("units", [5, 50], ids=["few", "many"])
def test_units_that_are_sent_are_found_by_their_keys_not_among_all_that_wait(
    growing: Registry, database: Path, units: int
) -> None:
    with growing.transaction() as session:
        register_batch(session, planned_batch("wide", pages=units, chunk_pages=1))
    with plans(growing, database) as found, growing.transaction() as session:
        [item] = fill_window(session, 1)
        claim = ledger.claim(
            session, open_units(session, item)[0].id, "host:1:task", lease_seconds=60, max_attempts=3
        )
        assert claim is not None
        ledger.complete(session, claim, {})
        assert hand_over(session, claim)
    marking = [
        plan for statement, plan in found.items() if statement.startswith("UPDATE unit SET state=CASE")
    ]
    assert marking
    assert all(plan == ["SEARCH unit USING INTEGER PRIMARY KEY (rowid=?)"] for plan in marking)
