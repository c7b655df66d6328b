# SPDX-License-Identifier: Apache-2.0
"""Which item's sheets lie on a real scanner: no other item may take them for its own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.registry.stages import Stage
from archive.registry.states import State
from archive.registry.tables import ItemRow, PageRow, UnitRow

BEFORE_ANY_SHEET = frozenset(
    {
        "scanner.access_denied",
        "scanner.bad_option",
        "scanner.device_busy",
        "scanner.device_not_found",
        "scanner.driver_missing",
        "scanner.warming_up",
    }
)
"""Codes of errors that come before a sheet has moved."""


def scanner_holder(session: Session, item: ItemRow) -> ItemRow | None:
    """Another item that is in the middle of its pages on the item's scanner, if there is one.

    Sheets that wait in the feeder, or lie on the glass, are that item's; an operator's retry or
    cancel frees the scanner. Items that have not begun take their turn, the more urgent first.
    """
    if item.device is None:
        return None
    others = select(ItemRow).where(ItemRow.device == item.device, ItemRow.id != item.id)
    for other in session.scalars(others.order_by(ItemRow.id)):
        captures = select(UnitRow).where(UnitRow.item == other.id, UnitRow.stage == Stage.CAPTURE)
        units = list(session.scalars(captures))
        if {State(unit.state) for unit in units} <= {State.DONE, State.CANCELLED}:
            continue
        if _in_the_middle(session, other, units) or (other.in_flight and _is_before(other, item)):
            return other
    return None


def _is_before(other: ItemRow, item: ItemRow) -> bool:
    return (-other.priority, other.id) < (-item.priority, item.id)


def _in_the_middle(session: Session, item: ItemRow, units: list[UnitRow]) -> bool:
    if any(unit.state == State.RUNNING for unit in units):
        return True
    stopped = [unit for unit in units if unit.state in {State.HELD, State.FAILED}]
    if any((unit.error or {}).get("code") not in BEFORE_ANY_SHEET for unit in stopped):
        return True
    captured = select(PageRow.capture).where(PageRow.item == item.id)
    return any(facts is not None for facts in session.scalars(captured))


def waiting_for_operator(session: Session, item: ItemRow) -> dict[str, Any] | None:
    """Why an item cannot get its scanner until somebody acts on another item; None when that is not so."""
    if item.device is None or item.state not in {State.WAITING, State.QUEUED, State.RUNNING}:
        return None
    open_captures = select(UnitRow.id).where(
        UnitRow.item == item.id,
        UnitRow.stage == Stage.CAPTURE,
        UnitRow.state.in_([State.WAITING, State.QUEUED]),
    )
    holder = scanner_holder(session, item) if session.scalar(open_captures.limit(1)) is not None else None
    if holder is None or holder.state not in {State.HELD, State.FAILED}:
        return None
    return {
        "stage": str(Stage.CAPTURE),
        "chunk": 0,
        "state": item.state,
        "attempts": 0,
        "code": "capture.scanner_taken",
        "message": f"Scanner {item.device} holds the sheets of {holder.batch}/{holder.name}, which is {holder.state}.",
        "consequence": "This item waits, so that no sheet of the other one is taken for its own.",
        "remedy": f"Finish the other item (recto batch retry {holder.batch}) or give it up (recto batch cancel {holder.batch}).",
        "retry": "after_operator",
        "facts": {},
    }
