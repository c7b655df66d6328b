# SPDX-License-Identifier: Apache-2.0
"""Deciding over thousands of units locks all others out only as long as telling of each takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from archive.registry import Registry
from archive.registry.batches import items_of, register_batch
from archive.registry.decisions import cancel_batch, retry_stopped
from archive.registry.events import read_events, verify_chain
from archive.registry.states import State
from archive.registry.status import batch_status
from archive.registry.tables import UnitRow
from tests.unit.archive.registry.conftest import planned_batch


def statements(registry: Registry, work: Callable[[Session], object]) -> Counter[str]:
    """How many statements of each kind on units are executed; one for many rows counts once."""
    seen: Counter[str] = Counter()

    def count(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        words = statement.split()
        if "unit" in words or "UPDATE unit" in statement:
            seen[words[0]] += 1

    event.listen(registry._engine, "before_cursor_execute", count)
    try:
        with registry.transaction() as session:
            work(session)
    finally:
        event.remove(registry._engine, "before_cursor_execute", count)
    return seen


@pytest.mark.parametrize("items", [2, 20])
def test_units_are_written_at_once_and_each_is_told_of(registry: Registry, items: int) -> None:
    with registry.transaction() as session:
        register_batch(session, planned_batch("b1", items=items))
        failed = session.query(UnitRow).filter(UnitRow.stage == "validate")
        failed.update({"state": State.FAILED, "error": {"code": "storage.unreachable"}})
        for item in items_of(session, "b1"):
            item.state = State.FAILED
    retried = statements(
        registry, lambda session: retry_stopped(session, "b1", code="storage.unreachable", agents=("Anna",))
    )
    cancelled = statements(registry, lambda session: cancel_batch(session, "b1"))
    assert (retried["UPDATE"], cancelled["UPDATE"]) == (1, 1)
    with registry.reading() as session:
        told = [
            told["detail"] for told in read_events(session, "b1") if told["detail"].get("by") == "operator"
        ]
        assert sum(detail["to"] == "waiting" for detail in told) == items
        assert sum(detail["to"] == "cancelled" for detail in told) == session.query(UnitRow).count()
        assert {item["state"] for item in batch_status(session, "b1")["items"]} == {"cancelled"}
        assert verify_chain(session, "b1").whole
