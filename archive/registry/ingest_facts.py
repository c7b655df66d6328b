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


def assign_object(session: Session, item: int, archival_object: int) -> None:
    """Tell which object a bag belongs to."""
    session.get_one(WorkItemRow, item).object = archival_object


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


def end_ingest(session: Session, item: int, *, still_there: bool) -> None:
    """Tell that an ingest has ended, whatever came of it.

    A bag that was refused goes on blocking an equal one; so does one that was left where it arrived.

    Args:
        session: The transaction.
        item: Key of the work item.
        still_there: Whether the bag was left where it arrived.
    """
    row = session.get_one(WorkItemRow, item, with_for_update=True, populate_existing=True)
    row.ended_at = row.ended_at or now_iso()
    if row.outcome != Outcome.REFUSED and not still_there:
        row.blocking = False
