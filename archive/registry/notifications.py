# SPDX-License-Identifier: Apache-2.0
"""What people are to be told of: written in the transaction of what happened, so that neither is without the other."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from archive.registry.clock import now_iso
from archive.registry.receiving_tables import NotificationRow

WANTED = "recto_wanted_notifications"
"""Where a session's `info` has a function that tells which kinds anybody wants; none of it: all are."""

LONGEST_FACT = 2_000
"""Letters of a fact that are kept: it goes into a message, whose reader looks up the rest."""


class Kind(StrEnum):
    """What a notification is about; each has a template."""

    BATCH_DONE = "batch done"
    ITEM_HELD = "item held"
    UPLOAD_FAILED = "upload failed"
    INGEST_DONE = "ingest done"
    INGEST_REFUSED = "ingest refused"
    FIXITY_MISMATCH = "fixity mismatch"
    FIXITY_OVERDUE = "fixity overdue"
    DISK_LOW = "disk low"
    WORKER_GONE = "worker gone"
    DELETION_REQUESTED = "deletion requested"
    DELETION_EXECUTED = "deletion executed"
    RESTORE_DONE = "restore done"
    DRILL_FAILED = "drill failed"
    BACKUP_FAILED = "backup failed"


class Severity(StrEnum):
    """How much a kind matters, the least first."""

    INFO = "info"
    WARNING = "warning"
    FAILURE = "failure"

    @property
    def rank(self) -> int:
        """Its place among them, from 0."""
        return list(Severity).index(self)


SEVERITIES: Mapping[Kind, Severity] = {
    Kind.BATCH_DONE: Severity.INFO,
    Kind.ITEM_HELD: Severity.WARNING,
    Kind.UPLOAD_FAILED: Severity.FAILURE,
    Kind.INGEST_DONE: Severity.INFO,
    Kind.INGEST_REFUSED: Severity.WARNING,
    Kind.FIXITY_MISMATCH: Severity.FAILURE,
    Kind.FIXITY_OVERDUE: Severity.WARNING,
    Kind.DISK_LOW: Severity.WARNING,
    Kind.WORKER_GONE: Severity.WARNING,
    Kind.DELETION_REQUESTED: Severity.WARNING,
    Kind.DELETION_EXECUTED: Severity.WARNING,
    Kind.RESTORE_DONE: Severity.INFO,
    Kind.DRILL_FAILED: Severity.FAILURE,
    Kind.BACKUP_FAILED: Severity.FAILURE,
}


def notify(session: Session, kind: Kind, subject: str, facts: Mapping[str, Any] | None = None) -> bool:
    """Have people told of something, if the transaction commits and anybody wants to know of that kind.

    Args:
        session: The transaction in which it happens.
        kind: What it is about.
        subject: Which batch, item, object, host: short, for a title.
        facts: What else a message may tell, by name: texts and numbers; never a secret.

    Returns:
        Whether it was written down.
    """
    if not is_wanted(session, kind):
        return False
    told = {name: _short(value) for name, value in (facts or {}).items() if value is not None}
    session.add(NotificationRow(kind=str(kind), subject=_short(subject), facts=told, created_at=now_iso()))
    return True


def is_wanted(session: Session, kind: Kind) -> bool:
    """Whether anybody wants to be told of a kind, for those whose facts cost a query."""
    wanted: Callable[[], Collection[str] | None] | None = session.info.get(WANTED)
    kinds = wanted() if wanted is not None else None
    return kinds is None or kind in kinds


def _short(value: Any) -> Any:
    """A fact that every database and every message can hold: whoever tells must not fail for what it tells."""
    if isinstance(value, (bool, int)) or (isinstance(value, float) and math.isfinite(value)):
        return value
    # names of files need not be UTF-8, and PostgreSQL takes no NUL
    text = str(value).replace("\x00", " ").encode("utf-8", "replace").decode()
    return text if len(text) <= LONGEST_FACT else text[:LONGEST_FACT] + " ..."
