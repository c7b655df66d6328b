# SPDX-License-Identifier: Apache-2.0
"""What is usual of a scanner's pages in a batch is found from figures, without reading pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, text

from archive.imaging.quality.order import Usual
from archive.registry import Registry
from archive.registry.batches import items_of, pages_of, register_batch
from archive.registry.page_figures import record_page_figures, usual_figures
from archive.registry.tables import PageFigureRow, PageRow

from .conftest import planned_batch


def record(registry: Registry, batch: str, device: str, *figures: tuple[float | None, float | None]) -> None:
    """Register a batch with a page for each pair of sharpness and noise."""
    with registry.transaction() as session:
        register_batch(session, planned_batch(batch, pages=len(figures)))
        [item] = items_of(session, batch)
        for page, (sharpness, noise) in zip(pages_of(session, item.id), figures, strict=True):
            record_page_figures(
                session, page.id, batch=batch, device=device, sharpness=sharpness, noise=noise
            )


@pytest.mark.every_registry
def test_the_middle_of_a_scanners_pages_is_what_is_usual(registry: Registry) -> None:
    record(registry, "b", "sane:a", (9, 1), (1, None), (5, 3), (7, 2), (None, 9), (3, 4), (100, None))
    record(registry, "other", "sane:a", *[(50.0, 50.0)] * 6)
    with registry.reading() as session:
        # six sharp pages, the blank one left out: between 5 and 7; five with noise
        assert usual_figures(session, "b", "sane:a") == Usual(sharpness=6.0, noise=3.0)
        assert usual_figures(session, "b", "sane:b") == Usual()


def test_few_pages_have_nothing_usual(registry: Registry) -> None:
    record(registry, "b", "sane:a", *[(5.0, 1.0)] * 4, (None, 1.0))
    with registry.reading() as session:
        assert usual_figures(session, "b", "sane:a") == Usual(sharpness=None, noise=1.0)


@pytest.mark.every_registry
def test_a_page_that_is_captured_again_has_its_new_figures_and_one_that_goes_has_none(
    registry: Registry,
) -> None:
    record(registry, "b", "sane:a", *[(5.0, 1.0)] * 5)
    with registry.transaction() as session:
        page = session.scalars(select(PageRow.id)).first()
        assert page is not None
        record_page_figures(session, page, batch="b", device="sane:b", sharpness=1.0, noise=None)
    with registry.transaction() as session:
        assert usual_figures(session, "b", "sane:a") == Usual()
        session.execute(delete(PageRow).where(PageRow.id == page))
    with registry.reading() as session:
        assert session.scalar(select(func.count()).select_from(PageFigureRow)) == 4


@pytest.mark.sqlite_only
def test_an_index_has_them_in_order(registry: Registry, tmp_path: Path) -> None:
    record(registry, "b", "sane:a", *[(5.0, 1.0)] * 5)
    query = "SELECT sharpness FROM page_figure WHERE batch='b' AND device='a' AND sharpness IS NOT NULL ORDER BY sharpness LIMIT 1 OFFSET 2"
    with registry.reading() as session:
        plan = " ".join(row[3] for row in session.execute(text(f"EXPLAIN QUERY PLAN {query}")))
    assert "COVERING INDEX ix_page_figure_batch_device_sharpness" in plan
    assert "TEMP B-TREE" not in plan
