# SPDX-License-Identifier: Apache-2.0
"""The runs of what the schedule does: when each began and ended, how it went, what it found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from archive.registry.clock import now_iso
from archive.registry.receiving_tables import ScheduleRunRow

Outcome = Literal["success", "warning", "fail"]

KEPT_RUNS = 500
"""Runs of one name that are kept: a year of a daily one, with room."""


def begin_run(session: Session, name: str) -> int:
    """Note that something begins, and forget runs of the same name from long ago.

    Args:
        session: The transaction.
        name: What runs, as the schedule calls it: "fixity", "drill", "registry_backup" ...

    Returns:
        Key of the run, for `end_run`.
    """
    row = ScheduleRunRow(name=name, started_at=now_iso())
    session.add(row)
    session.flush()
    oldest = session.scalar(
        select(ScheduleRunRow.id)
        .where(ScheduleRunRow.name == name)
        .order_by(ScheduleRunRow.id.desc())
        .offset(KEPT_RUNS)
        .limit(1)
    )
    if oldest is not None:
        session.execute(
            delete(ScheduleRunRow).where(ScheduleRunRow.name == name, ScheduleRunRow.id <= oldest)
        )
    return row.id


def end_run(session: Session, run: int, outcome: Outcome, detail: Mapping[str, Any] | None = None) -> None:
    """Note how a run ended.

    Args:
        session: The transaction.
        run: What `begin_run` gave.
        outcome: "warning" where something is to be looked at, "fail" where it did not do what it is for.
        detail: What it did and found (JSON).
    """
    row = session.get(ScheduleRunRow, run)
    if row is None:
        # five hundred others have begun since
        return
    row.ended_at, row.outcome, row.detail = now_iso(), outcome, dict(detail or {})


def newest_runs(session: Session) -> dict[str, ScheduleRunRow]:
    """The newest run of each name."""
    newest = select(func.max(ScheduleRunRow.id)).group_by(ScheduleRunRow.name)
    rows = session.scalars(select(ScheduleRunRow).where(ScheduleRunRow.id.in_(newest)))
    return {row.name: row for row in rows}


def runs_of(session: Session, name: str, *, most: int = 20) -> list[ScheduleRunRow]:
    """The newest runs of one name, the newest first."""
    query = select(ScheduleRunRow).where(ScheduleRunRow.name == name).order_by(ScheduleRunRow.id.desc())
    return list(session.scalars(query.limit(most)))
