# SPDX-License-Identifier: Apache-2.0
"""What is asked of work items again and again finds them by an index, however many have ended in years."""

from __future__ import annotations

from pathlib import Path

from archive.receiving.arrivals import ArrivedBag
from archive.registry import open_registry
from archive.registry.institutions import Institution, add_institution
from archive.registry.work_item_status import standings_of
from archive.registry.work_items import known_items, make_work_item, open_batches, supersede_older
from tests.unit.archive.registry.test_growth import plans

TABLES = ("work_item", "batch", "unit")


def test_known_and_open_work_items_are_found_without_reading_all_of_them(tmp_path: Path) -> None:
    database = tmp_path / "registry.sqlite3"
    registry = open_registry(f"sqlite:///{database}")
    library = Institution("library", "The Library", "/in", {"Standard": ("/east", "/west")}, "Standard")
    with registry.transaction() as session:
        add_institution(session, library)
    with plans(registry, database) as found:
        for number in range(3):
            bag = ArrivedBag("letter.tar", "letter", f"{number}", 1, "2026-03-31T00:00:00.000Z", "")
            with registry.transaction() as session:
                row = make_work_item(session, library, bag)
                assert supersede_older(session, row) == ([number] if number else [])
        with registry.reading() as session:
            assert len(known_items(session, "library", ["letter.tar", "none.tar"])["letter.tar"]) == 1
            assert list(open_batches(session)) == [3]
            assert len(standings_of(session, [1, 2, 3])) == 3
    registry.close()
    whole = {
        statement: plan
        for statement, plan in found.items()
        for step in plan
        if step.startswith(tuple(f"SCAN {table}" for table in TABLES)) and "ix_work_item_open" not in step
    }
    assert whole == {}
