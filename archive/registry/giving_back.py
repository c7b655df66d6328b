# SPDX-License-Identifier: Apache-2.0
"""Taking units back from a worker whose process ends, as if they had not been begun."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.registry import ledger
from archive.registry.states import State
from archive.registry.tables import ItemRow, UnitRow


def give_back(session: Session, owners: Mapping[int, str]) -> int:
    """Let units wait again at once, without counting the attempt; what their worker still writes is refused.

    Args:
        session: The transaction.
        owners: Unit keys with the owner each is taken from; a unit that changed hands since is left alone.

    Returns:
        How many units wait again.
    """
    given = 0
    for row in session.scalars(select(UnitRow).where(UnitRow.id.in_(owners)).order_by(UnitRow.id)).all():
        if row.state == State.RUNNING and row.owner == owners[row.id]:
            ledger.release(session, _claim(session, row))
            given += 1
    return given


def _claim(session: Session, row: UnitRow) -> ledger.Claim:
    """The claim that the owner holds."""
    item = session.get_one(ItemRow, row.item) if row.item is not None else None
    return ledger.Claim(
        unit=row.id,
        batch=row.batch,
        item=item.id if item else 0,
        item_name=item.name if item else "",
        stage=row.stage,
        chunk=row.chunk,
        token=row.token,
        attempt=row.attempts,
        owner=row.owner,
    )
