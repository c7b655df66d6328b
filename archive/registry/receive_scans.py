# SPDX-License-Identifier: Apache-2.0
"""What the bucket reader saw last in each receiving location; one row for as long as nothing changes there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.registry.clock import now_iso
from archive.registry.receiving_tables import InstitutionRow, ReceiveScanRow


def record_scan(
    session: Session,
    institution: str,
    *,
    started_at: str,
    objects: int,
    decisions: Mapping[str, int],
    error: Mapping[str, Any] | None,
) -> None:
    """Record a look at a receiving location.

    A look that found what the one before found takes its place: a scan every few minutes must not fill the
    registry with the news that there is none.

    Args:
        session: The transaction.
        institution: The depositor.
        started_at: When it began, ISO 8601 in UTC.
        objects: How many objects were seen.
        decisions: How many were decided how.
        error: Why the location could not be listed to its end; None where it was.
    """
    last = _last(session, institution)
    told = dict(decisions)
    if last is not None and _same(last, objects, told, error):
        last.started_at, last.ended_at = started_at, now_iso()
        return
    session.add(
        ReceiveScanRow(
            institution=institution,
            started_at=started_at,
            ended_at=now_iso(),
            objects=objects,
            decisions=told,
            error=None if error is None else dict(error),
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


def _last(session: Session, institution: str) -> ReceiveScanRow | None:
    query = select(ReceiveScanRow).where(ReceiveScanRow.institution == institution)
    return session.scalar(query.order_by(ReceiveScanRow.id.desc()).limit(1))


def _same(
    last: ReceiveScanRow, objects: int, decisions: Mapping[str, int], error: Mapping[str, Any] | None
) -> bool:
    code = error["code"] if error else None
    return (last.objects, last.decisions, last.error["code"] if last.error else None) == (
        objects,
        decisions,
        code,
    )
