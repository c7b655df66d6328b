# SPDX-License-Identifier: Apache-2.0
"""Putting a unit off for a while through no fault of its own: the network is away, or another host must act first."""

from __future__ import annotations

import random
from typing import Any

from sqlalchemy.orm import Session

from archive.registry import ledger
from archive.registry.clock import now_seconds
from archive.registry.ledger import Claim
from archive.registry.tables import UnitRow

FIRST_SECONDS = 2.0
LONGEST_SECONDS = 45.0
"""Below what a message may be held back; what comes back after days goes on within a minute."""


def postpone(session: Session, held: Claim, error: dict[str, Any]) -> None:
    """Let a unit wait, longer each time, without counting the attempt: it may take as long as it takes.

    Args:
        session: The transaction.
        held: The claim.
        error: Why, as JSON; its facts get `postponed`, how often that happened one after the other.

    Raises:
        LeaseLost: The claim does not count any more.
    """
    row = ledger.require_lease(session, held)
    before = (row.error or {}).get("facts", {}).get("postponed", 0) if _is_same(row, error) else 0
    longest = min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** min(before, 10))
    row.error = {**error, "facts": {**error["facts"], "postponed": before + 1}}
    ledger.release(session, held)
    row.next_attempt_at = now_seconds() + random.uniform(longest / 2, longest)  # noqa: S311 (spreads load, keeps no secret)


def _is_same(row: UnitRow, error: dict[str, Any]) -> bool:
    return row.error is not None and row.error["code"] == error["code"]
