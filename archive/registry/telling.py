# SPDX-License-Identifier: Apache-2.0
"""What of the ledger people are told: batches that are done, and work that stands still until somebody comes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.registry.batches import DIGITISATION
from archive.registry.notifications import Kind, is_wanted, notify
from archive.registry.stages import Stage
from archive.registry.states import State
from archive.registry.tables import BatchRow, ItemRow

STOPPED = frozenset({State.HELD, State.FAILED})
"""States in which a unit stands still until a person comes."""

_TO_STORAGE = frozenset({str(Stage.UPLOAD), str(Stage.CONFIRM)})


def tell_stopped(
    session: Session, batch: str, item: str | None, stage: str, error: Mapping[str, Any]
) -> None:
    """Have people told that a unit stands still.

    Args:
        session: The transaction in which it came to that.
        batch: Its batch.
        item: The item's name; None for a unit of the whole batch.
        stage: Its stage.
        error: Why, as an error's JSON.
    """
    facts = {
        "batch": batch,
        "item": item,
        "stage": stage,
        "code": error.get("code"),
        "reason": error.get("message"),
        "remedy": error.get("remedy"),
    }
    kind = Kind.UPLOAD_FAILED if stage in _TO_STORAGE else Kind.ITEM_HELD
    notify(session, kind, f"{batch}/{item}" if item else batch, facts)


def tell_batch_done(session: Session, batch: str) -> None:
    """Have people told that all of a batch is done; of ingests other notifications tell."""
    if not is_wanted(session, Kind.BATCH_DONE):
        return
    row = session.get(BatchRow, batch)
    if row is None or row.kind != DIGITISATION:
        return
    items = session.scalar(select(func.count()).select_from(ItemRow).where(ItemRow.batch == batch))
    facts = {"batch": batch, "items": items, "institution": row.institution, "station": row.station}
    notify(session, Kind.BATCH_DONE, batch, facts)
