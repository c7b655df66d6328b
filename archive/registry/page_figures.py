# SPDX-License-Identifier: Apache-2.0
"""How sharp and how noisy the pages of a batch usually are, by the scanner that captured them."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from archive.imaging.quality.order import FEWEST, Usual
from archive.registry.tables import PageFigureRow


def record_page_figures(
    session: Session, page: int, *, batch: str, device: str, sharpness: float | None, noise: float | None
) -> None:
    """Record the figures of a page, or bring them up to date.

    Args:
        session: The transaction.
        page: The page's row.
        batch: Its batch.
        device: The scanner that captured it.
        sharpness: None for a blank page.
        noise: None where it could not be measured.
    """
    row = session.get(PageFigureRow, page)
    if row is None:
        row = PageFigureRow(page=page)
        session.add(row)
    row.batch, row.device, row.sharpness, row.noise = batch, device, sharpness, noise


def usual_figures(session: Session, batch: str, device: str) -> Usual:
    """The middle figures of the pages that a scanner captured for a batch so far.

    They are found in an index; no page is read. A figure of fewer than five pages is None.
    """
    return Usual(
        sharpness=_middle(session, batch, device, PageFigureRow.sharpness),
        noise=_middle(session, batch, device, PageFigureRow.noise),
    )


def _middle(
    session: Session, batch: str, device: str, figure: InstrumentedAttribute[float | None]
) -> float | None:
    known = (PageFigureRow.batch == batch, PageFigureRow.device == device, figure.is_not(None))
    count = session.scalar(select(func.count()).select_from(PageFigureRow).where(*known)) or 0
    if count < FEWEST:
        return None
    # of an even number there are two in the middle
    middle = select(figure).where(*known).order_by(figure).offset((count - 1) // 2).limit(2 - count % 2)
    values = [value for value in session.scalars(middle) if value is not None]
    return sum(values) / len(values)
