# SPDX-License-Identifier: Apache-2.0
"""The copies of the archive in numbers: how many are overdue, what is wrong with which, what an audit is to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, literal_column, select
from sqlalchemy.orm import Session

from archive.registry.clock import now_seconds
from archive.registry.content_copies import MISMATCH, MISSING, UNREACHABLE
from archive.registry.copy_audits import Due, due_copies, joined
from archive.registry.kept_objects import ACTIVE, DELETED
from archive.registry.receiving_tables import ArchivalObjectRow, ContentCopyRow, ContentRow, ScheduleRunRow

MOST_TOLD = 100
"""Copies that are not well, as many as are told one by one."""


@dataclass(frozen=True, slots=True)
class FixityFigures:
    """All copies of objects that are not deleted.

    Attributes:
        states: How many copies are in each state.
        bytes: Of all copies together.
        overdue: How many were not proved for longer than the policy allows.
        oldest: When the copy was proved that was proved longest ago, in seconds; None where none was ever proved.
        never: How many have no proof: not yet, or not any more.
    """

    states: Mapping[str, int]
    bytes: int
    overdue: int
    oldest: float | None
    never: int

    @property
    def copies(self) -> int:
        """How many there are."""
        return sum(self.states.values())


@dataclass(frozen=True, slots=True)
class TroubledCopy:
    """A copy that is damaged, missing or cannot be reached.

    Attributes:
        object: The object's identifier.
        failures: How many audits in a row could not read it.
        detail: What the last audit found (JSON).
    """

    object: str
    location: str
    key: str
    sha256: str
    size: int
    state: str
    checked_at: float
    failures: int
    detail: dict[str, Any] | None


def fixity_figures(session: Session, overdue_before: float) -> FixityFigures:
    """The copies in numbers.

    Args:
        session: The session.
        overdue_before: Copies that were proved before this, in seconds, are overdue.
    """
    copy = ContentCopyRow
    # no value of a statement: PostgreSQL would take each place of it for another expression
    unproved = copy.checked_at == literal_column("0")
    states: dict[str, int] = {}
    size = never = 0
    query = joined(select(copy.state, unproved, func.count(), func.sum(ContentRow.size)).select_from(copy))
    query = query.where(copy.state != DELETED, ArchivalObjectRow.state == ACTIVE)
    for state, is_unproved, number, of_state in session.execute(query.group_by(copy.state, unproved)):
        states[state] = states.get(state, 0) + number
        size += int(of_state)
        never += number if is_unproved else 0
    return FixityFigures(states, size, overdue_copies(session, overdue_before), _oldest(session), never)


def overdue_copies(session: Session, before: float, *, most: int | None = None) -> int:
    """How many copies were not proved since a moment; found by the index of `checked_at`.

    Args:
        session: The session.
        before: The moment, in seconds.
        most: Where to end counting, for those who ask often.
    """
    due = joined(select(ContentCopyRow.id)).where(*due_copies(Due(before, anyway=True), now_seconds()))
    return session.scalar(select(func.count()).select_from(due.limit(most).subquery())) or 0


def copies_to_read(session: Session, due: Due) -> tuple[int, int]:
    """How many copies an audit would take on now, and their bytes."""
    return _number(session, due)


def copies_to_read_by_location(session: Session, due: Due) -> dict[str, tuple[int, int]]:
    """The same for each location."""
    query = joined(
        select(ContentCopyRow.location, func.count(), func.sum(ContentRow.size)).select_from(ContentCopyRow)
    ).where(*due_copies(due, now_seconds()))
    rows = session.execute(query.group_by(ContentCopyRow.location).order_by(ContentCopyRow.location))
    return {location: (number, int(size)) for location, number, size in rows}


def state_counts(session: Session) -> dict[str, int]:
    """How many copies are in each state, from the index of states alone: cheap enough for whoever asks often."""
    query = select(ContentCopyRow.state, func.count()).group_by(ContentCopyRow.state)
    return {state: number for state, number in session.execute(query) if state != DELETED}


def troubled_copies(session: Session, *, most: int = MOST_TOLD) -> list[TroubledCopy]:
    """Copies that are damaged or missing, then those that cannot be reached."""
    found: list[TroubledCopy] = []
    for state in (MISMATCH, MISSING, UNREACHABLE):
        found += _in_state(session, state, most - len(found))
    return found


def keep_progress(session: Session, run: int, detail: Mapping[str, Any]) -> None:
    """Note how far an audit is that goes on."""
    row = session.get(ScheduleRunRow, run)
    if row is not None:
        row.detail = dict(detail)


def _number(session: Session, due: Due) -> tuple[int, int]:
    query = joined(select(func.count(), func.sum(ContentRow.size)).select_from(ContentCopyRow))
    number, size = session.execute(query.where(*due_copies(due, now_seconds()))).one()
    return int(number), int(size or 0)


def _oldest(session: Session) -> float | None:
    query = joined(select(ContentCopyRow.checked_at)).where(
        ContentCopyRow.checked_at > 0.0, ContentCopyRow.state != DELETED, ArchivalObjectRow.state == ACTIVE
    )
    oldest: float | None = session.scalar(
        query.order_by(ContentCopyRow.checked_at, ContentCopyRow.id).limit(1)
    )
    return oldest


def _in_state(session: Session, state: str, most: int) -> list[TroubledCopy]:
    copy, content, kept = ContentCopyRow, ContentRow, ArchivalObjectRow
    query = joined(
        select(
            kept.institution + "/" + kept.name,
            copy.location,
            content.key,
            content.sha256,
            content.size,
            copy.state,
            copy.checked_at,
            copy.failures,
            copy.detail,
        )
    ).where(copy.state == state, kept.state == ACTIVE)
    return [TroubledCopy(*row) for row in session.execute(query.order_by(copy.id).limit(most))]
