# SPDX-License-Identifier: Apache-2.0
"""A registry of its own for each test, with one small batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.registry import Registry, open_registry
from archive.registry.batches import PlannedBatch, PlannedItem, register_batch
from archive.registry.stages import Stage
from archive.registry.tables import ItemRow, UnitRow


def planned_batch(
    name: str = "b1", *, items: int = 1, pages: int = 3, chunk_pages: int = 2, device: str | None = None
) -> PlannedBatch:
    """A batch whose items have pages to capture."""
    description = {"title": "Letters", "creator": None, "date": None, "language": "eng", "rights": None}
    return PlannedBatch(
        id=name,
        station="station",
        institution="Library",
        manifest={"collection": "Papers"},
        manifest_sha256="0" * 64,
        manifest_path="/manifest.csv",
        items=[PlannedItem(f"item{number}", description, [None] * pages, device) for number in range(items)],
        chunk_pages=chunk_pages,
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test on SQLite; on PostgreSQL too where it is marked, or where all are asked for."""
    if "registry" not in metafunc.fixturenames:
        return
    marked = metafunc.definition.get_closest_marker("every_registry") is not None
    one_only = metafunc.definition.get_closest_marker("sqlite_only") is not None
    every = (marked or metafunc.config.getoption("every_registry")) and not one_only
    metafunc.parametrize("registry", ["sqlite", "postgresql"] if every else ["sqlite"], indirect=True)


@pytest.fixture
def registry(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Registry]:
    if request.param == "postgresql":
        url = request.getfixturevalue("emptied_registry_url")
    else:
        url = f"sqlite:///{tmp_path / 'registry.sqlite3'}"
    opened = open_registry(url)
    # closed before the database is emptied for the next test
    yield opened
    opened.close()


@pytest.fixture
def batch(registry: Registry) -> PlannedBatch:
    planned = planned_batch()
    with registry.transaction() as session:
        register_batch(session, planned)
    return planned


@pytest.fixture
def unit_of(registry: Registry, batch: PlannedBatch) -> Callable[..., int]:
    """The key of a unit by stage and chunk."""

    def find(stage: Stage, chunk: int = 0) -> int:
        with registry.reading() as session:
            return (
                session.query(UnitRow.id)
                .join(ItemRow, ItemRow.id == UnitRow.item)
                .filter(ItemRow.batch == batch.id, UnitRow.stage == stage, UnitRow.chunk == chunk)
                .scalar()
            )

    return find
