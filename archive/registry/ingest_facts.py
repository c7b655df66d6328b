# SPDX-License-Identifier: Apache-2.0
"""What the stages of one ingest share: its work item, its depositor, and how it came out."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.registry.clock import now_iso
from archive.registry.receiving_tables import InstitutionRow, WorkItemRow


class Outcome(StrEnum):
    """What became of a bag that arrived (`WorkItemRow.outcome`); "" as long as that is open."""

    INGESTED = "ingested"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    SUPERSEDED = "superseded"
    GONE = "gone"


LOST = frozenset({Outcome.SUPERSEDED, Outcome.GONE})
"""Outcomes of bags that are not there any more: nothing is kept of them, and nobody is answered."""


class IngestRows(NamedTuple):
    """The rows of one ingest."""

    institution: InstitutionRow
    item: WorkItemRow


def ingest_rows(session: Session, batch: str) -> IngestRows:
    """The depositor and the work item of an ingest.

    Args:
        session: A session.
        batch: The ledger's batch that does it.

    Raises:
        sqlalchemy.exc.NoResultFound: The batch is no ingest.
    """
    query = (
        select(InstitutionRow, WorkItemRow)
        .join(WorkItemRow, WorkItemRow.institution == InstitutionRow.id)
        .where(WorkItemRow.batch == batch)
    )
    institution, item = session.execute(query.execution_options(populate_existing=True)).one()
    return IngestRows(institution, item)


def keep_reading(session: Session, item: int, reading: Mapping[str, Any]) -> None:
    """Keep what was read of a bag, and add to what was kept before: equal names are replaced."""
    row = session.get_one(WorkItemRow, item)
    row.reading = {**(row.reading or {}), **reading}


def set_outcome(session: Session, item: int, outcome: Outcome, *, superseded_by: int | None = None) -> bool:
    """Tell what became of a bag, unless that is known already.

    A bag that is lost blocks no equal one from now on: it may come again.

    Returns:
        Whether it was open.
    """
    row = session.get_one(WorkItemRow, item, with_for_update=True, populate_existing=True)
    if row.outcome:
        return False
    row.outcome = outcome
    row.superseded_by = superseded_by
    if outcome in LOST:
        row.blocking = False
        row.ended_at = now_iso()
    return True
