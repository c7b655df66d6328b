# SPDX-License-Identifier: Apache-2.0
"""An item on hold is left alone by everything that would set it going."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from archive.registry import Registry
from archive.registry.batches import PlannedBatch, PlannedItem, items_of, register_batch
from archive.registry.dispatching import open_units, stalled_items
from archive.registry.ledger import claim
from archive.registry.stages import Stage
from archive.registry.tables import ItemRow
from archive.registry.window import fill_window

from .conftest import planned_batch


@pytest.fixture
def item(registry: Registry, batch: PlannedBatch) -> int:
    with registry.reading() as session:
        return items_of(session, batch.id)[0].id


def hold(registry: Registry, item: int, *, in_flight: bool = False) -> None:
    with registry.transaction() as session:
        row = session.get_one(ItemRow, item)
        row.on_hold, row.hold_reason, row.in_flight = "operator", "Binding is loose.", in_flight


def test_an_item_on_hold_is_put_in_flight_only_when_it_may_go_on(registry: Registry, item: int) -> None:
    hold(registry, item)
    with registry.transaction() as session:
        assert fill_window(session, 8) == []
        session.get_one(ItemRow, item).on_hold = None
    with registry.transaction() as session:
        assert fill_window(session, 8) == [item]


def test_an_item_on_hold_has_nothing_to_dispatch_and_is_not_found_stalled(
    registry: Registry, item: int
) -> None:
    hold(registry, item, in_flight=True)
    with registry.reading() as session:
        assert open_units(session, item) == []
        assert stalled_items(session, quiet_seconds=0) == []


def test_a_message_that_was_under_way_claims_nothing_of_an_item_on_hold(
    registry: Registry, item: int, unit_of: Callable[..., int]
) -> None:
    hold(registry, item)
    with registry.transaction() as session:
        assert claim(session, unit_of(Stage.VALIDATE), "w", lease_seconds=60, max_attempts=3) is None


def test_an_item_for_the_desk_is_registered_on_hold_and_the_others_of_its_batch_are_not(
    registry: Registry,
) -> None:
    planned = planned_batch("b2", items=2)
    first, second = planned.items
    by_hand = PlannedItem(first.name, first.description, first.sources, at_desk=True)
    with registry.transaction() as session:
        register_batch(session, PlannedBatch(**{**vars_of(planned), "items": [by_hand, second]}))
    with registry.reading() as session:
        rows = items_of(session, "b2")
    assert [(row.on_hold, row.desk) for row in rows] == [("desk", "open"), (None, None)]


def vars_of(batch: PlannedBatch) -> dict[str, object]:
    return {name: getattr(batch, name) for name in PlannedBatch.__dataclass_fields__}
