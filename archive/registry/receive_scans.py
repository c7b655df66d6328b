# SPDX-License-Identifier: Apache-2.0
"""What the bucket reader saw last in each receiving location; one row for as long as nothing changes there."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.registry.receiving_tables import InstitutionRow, ReceiveScanRow


@dataclass(frozen=True, slots=True)
class Scan:
    """One look at a receiving location.

    Attributes:
        institution: The depositor.
        started_at: When it began, ISO 8601 in UTC.
        ended_at: When it ended.
        objects: How many objects were seen.
        decisions: How many were decided how.
        error: Why the location could not be listed to its end; None where it was.
    """

    institution: str
    started_at: str
    ended_at: str
    objects: int
    decisions: Mapping[str, int]
    error: Mapping[str, Any] | None = None


def record_scans(session: Session, scans: Sequence[Scan]) -> None:
    """Record looks at receiving locations.

    A look that found what the one before found takes its place: a scan every few minutes must not fill the
    registry with the news that there is none.
    """
    last = _last(session, [scan.institution for scan in scans])
    for scan in scans:
        row = last.get(scan.institution)
        if row is not None and _same(row, scan):
            row.started_at, row.ended_at = scan.started_at, scan.ended_at
        else:
            session.add(
                ReceiveScanRow(
                    institution=scan.institution,
                    started_at=scan.started_at,
                    ended_at=scan.ended_at,
                    objects=scan.objects,
                    decisions=dict(scan.decisions),
                    error=None if scan.error is None else dict(scan.error),
                )
            )


def last_scans(session: Session, institution: str | None = None) -> list[dict[str, Any]]:
    """The last look at each receiving location, also of depositors whose location nobody has looked at yet.

    Args:
        session: A session.
        institution: Only that of this depositor; of all where None.

    Returns:
        `[{institution, name, state, receiving, started_at, ended_at, objects, decisions, error}]` in the order of
        the identifiers; the times are None before the first look.
    """
    newest = select(func.max(ReceiveScanRow.id).label("id")).group_by(ReceiveScanRow.institution).subquery()
    query = (
        select(InstitutionRow, ReceiveScanRow)
        .outerjoin(
            ReceiveScanRow,
            (ReceiveScanRow.institution == InstitutionRow.id) & ReceiveScanRow.id.in_(select(newest.c.id)),
        )
        .order_by(InstitutionRow.id)
    )
    if institution is not None:
        query = query.where(InstitutionRow.id == institution)
    return [_scan(row, scan) for row, scan in session.execute(query)]


def _scan(institution: InstitutionRow, scan: ReceiveScanRow | None) -> dict[str, Any]:
    return {
        "institution": institution.id,
        "name": institution.name,
        "state": institution.state,
        "receiving": institution.receiving,
        "started_at": scan.started_at if scan else None,
        "ended_at": scan.ended_at if scan else None,
        "objects": scan.objects if scan else None,
        "decisions": scan.decisions if scan else {},
        "error": scan.error if scan else None,
    }


def _last(session: Session, institutions: Collection[str]) -> dict[str, ReceiveScanRow]:
    newest = (
        select(func.max(ReceiveScanRow.id))
        .where(ReceiveScanRow.institution.in_(list(institutions)))
        .group_by(ReceiveScanRow.institution)
    )
    found = session.scalars(select(ReceiveScanRow).where(ReceiveScanRow.id.in_(newest)))
    return {row.institution: row for row in found}


def _same(last: ReceiveScanRow, scan: Scan) -> bool:
    code = scan.error["code"] if scan.error else None
    before = last.error["code"] if last.error else None
    return (last.objects, last.decisions, before) == (scan.objects, dict(scan.decisions), code)
