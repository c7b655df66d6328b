# SPDX-License-Identifier: Apache-2.0
"""Whether a person consented that texts of a batch go to a provider; the batch's history is where that stands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from archive.registry import Session
from archive.registry.batches import get_batch
from archive.registry.events import append_event, events_of_type, lock_batch

CONSENT = "policy assignment"
"""PREMIS type of the events that tell of consent."""
ASKED = "metadata extraction"
"""PREMIS type of the events that tell of a request."""


def record_consent(
    session: Session,
    batch: str,
    provider: str,
    *,
    given: bool,
    reason: str,
    agents: tuple[str, ...],
) -> bool:
    """Record that texts of a batch may go to a provider, or may no longer; once, however often it is said.

    Returns:
        Whether that is new.

    Raises:
        BatchUnknown: There is no such batch.
    """
    lock_batch(session, batch)
    if has_consent(session, batch, provider) == given:
        return False
    detail = {"provider": provider, "consent": given, "reason": reason}
    append_event(session, batch, CONSENT, detail=detail, agents=agents)
    return True


def has_consent(session: Session, batch: str, provider: str) -> bool:
    """Whether texts of a batch may go to a provider now.

    Raises:
        BatchUnknown: There is no such batch.
    """
    get_batch(session, batch)
    given = False
    for detail in _details(session, batch, CONSENT):
        if detail.get("provider") == provider and "consent" in detail:
            given = bool(detail["consent"])
    return given


def requests_sent(session: Session, batch: str) -> int:
    """How many requests were sent for a batch."""
    return sum("asked" in detail for detail in _details(session, batch, ASKED))


def _details(session: Session, batch: str, event_type: str) -> Iterator[dict[str, Any]]:
    for body in events_of_type(session, batch, event_type):
        yield json.loads(body)["detail"]
