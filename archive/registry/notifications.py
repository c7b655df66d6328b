# SPDX-License-Identifier: Apache-2.0
"""What people are to be told of: written in the transaction of what happened, so that neither is without the other."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy.orm import Session

from archive.notification_kinds import Kind
from archive.registry.clock import now_iso
from archive.registry.receiving_tables import NotificationRow

__all__ = ["WANTED", "Kind", "is_wanted", "notify"]

WANTED = "recto_wanted_notifications"
"""Where a session's `info` has a function that tells which kinds anybody wants; none of it: all are."""

LONGEST_FACT = 2_000
"""Letters of a fact that are kept: it goes into a message, whose reader looks up the rest."""


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
