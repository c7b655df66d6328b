# SPDX-License-Identifier: Apache-2.0
"""Rush items are put in flight before all others, also where the window is full, and low ones after them."""

from __future__ import annotations

import pytest

from archive.errors import ItemUnknown
from archive.registry import Registry, ledger
from archive.registry.batches import items_of, register_batch
from archive.registry.dispatching import waiting_for_scanner
from archive.registry.events import read_events, verify_chain
from archive.registry.priorities import Priority, priority_of, set_priority
from archive.registry.stages import Stage
from archive.registry.states import State
from archive.registry.tables import UnitRow
from archive.registry.window import RUSH_PLACES, fill_window
from tests.unit.archive.registry.conftest import planned_batch


@pytest.fixture
def items(registry: Registry) -> list[int]:
    """The keys of the items of a batch of eight."""
    with registry.transaction() as session:
        register_batch(session, planned_batch(items=8))
        return [item.id for item in items_of(session, "b1")]


def test_the_most_urgent_item_is_begun_first_and_the_least_urgent_last(
    registry: Registry, items: list[int]
) -> None:
    with registry.transaction() as session:
        set_priority(session, "b1", Priority.RUSH, ["item5"])
        set_priority(session, "b1", Priority.LOW, ["item0"])
        assert fill_window(session, 3) == [items[5], items[1], items[2]]
        assert fill_window(session, 7) == [items[3], items[4], items[6], items[7]]
        assert fill_window(session, 8) == [items[0]]


def test_a_rush_item_is_begun_where_the_window_is_full_and_no_flood_of_them(
    registry: Registry, items: list[int]
) -> None:
    with registry.transaction() as session:
        assert fill_window(session, 3) == items[:3]
        set_priority(session, "b1", Priority.RUSH, [f"item{number}" for number in range(3, 8)])
        assert fill_window(session, 3) == items[3 : 3 + RUSH_PLACES]
        assert fill_window(session, 3) == []


def test_an_ordinary_item_takes_no_place_of_a_rush_item(registry: Registry, items: list[int]) -> None:
    with registry.transaction() as session:
        assert fill_window(session, 2) == items[:2]
        assert fill_window(session, 2) == []


def test_a_change_is_told_once_and_to_those_that_can_still_be_hurried(
    registry: Registry, items: list[int]
) -> None:
    with registry.transaction() as session:
        items_of(session, "b1")[0].state = State.DONE
        changed = set_priority(session, "b1", Priority.RUSH, reason="exhibition", agents=("Anna",))
        assert changed == items[1:]
        assert set_priority(session, "b1", Priority.RUSH) == []
        assert {priority_of(item.priority) for item in items_of(session, "b1")[1:]} == {Priority.RUSH}
    with registry.reading() as session:
        told = [event for event in read_events(session, "b1") if event["type"] == "state change"]
        assert len(told) == 7
        assert told[0]["detail"] == {
            "item": "priority",
            "from": "normal",
            "to": "rush",
            "by": "operator",
            "reason": "exhibition",
        }
        assert verify_chain(session, "b1").whole


def test_an_item_that_is_not_there_hurries_nothing(registry: Registry, items: list[int]) -> None:
    with pytest.raises(ItemUnknown), registry.transaction() as session:
        set_priority(session, "b1", Priority.RUSH, ["item0", "nobody"])
    with registry.reading() as session:
        assert items_of(session, "b1")[0].priority == 0


def test_a_scanner_serves_the_rush_item_first_but_never_in_the_middle_of_another(registry: Registry) -> None:
    with registry.transaction() as session:
        register_batch(session, planned_batch(items=3, device="sane:one"))
        fill_window(session, 3)
        session.query(UnitRow).filter(UnitRow.stage == Stage.VALIDATE).update({"state": State.DONE})
        set_priority(session, "b1", Priority.RUSH, ["item2"])
        captures = session.query(UnitRow).filter(UnitRow.stage == Stage.CAPTURE, UnitRow.chunk == 0)
        first, _, rush = [unit.id for unit in captures.order_by(UnitRow.id)]
        assert waiting_for_scanner(session, "sane:one") == items_of(session, "b1")[2].id
    with registry.transaction() as session:
        assert ledger.claim(session, first, "me", lease_seconds=60, max_attempts=4) is None
        assert ledger.claim(session, rush, "me", lease_seconds=60, max_attempts=4) is not None
    with registry.transaction() as session:
        set_priority(session, "b1", Priority.RUSH, ["item0"])
        # the sheets of the other one lie there
        assert ledger.claim(session, first, "me", lease_seconds=60, max_attempts=4) is None
