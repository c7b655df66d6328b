# SPDX-License-Identifier: Apache-2.0
"""Operators hold items back and let them go on, and the chain tells of both."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from archive.errors import ItemUnknown
from archive.registry import Registry, ledger
from archive.registry.batches import PlannedBatch, items_of
from archive.registry.decisions import retry_stopped
from archive.registry.events import read_events, verify_chain
from archive.registry.holds import hold_items, unhold_items
from archive.registry.stages import Stage
from archive.registry.states import State
from archive.registry.tables import ItemRow, UnitRow
from archive.registry.window import fill_window

pytestmark = pytest.mark.every_registry


def error_of(code: str) -> dict[str, object]:
    return {
        "code": code,
        "message": "It broke.",
        "consequence": "The item stands still.",
        "remedy": "Mend it.",
        "retry": "never",
        "facts": {},
    }


def test_what_an_operator_holds_is_not_dispatched_until_it_is_let_go(
    registry: Registry, batch: PlannedBatch
) -> None:
    with registry.transaction() as session:
        assert hold_items(session, batch.id, reason="the volume is with the binder") == 1
        assert fill_window(session, 3) == []
        assert unhold_items(session, batch.id) == 1
        assert len(fill_window(session, 3)) == 1


def test_holding_frees_the_place_in_flight_and_lets_what_runs_end(
    registry: Registry, batch: PlannedBatch, unit_of: Callable[..., int]
) -> None:
    with registry.transaction() as session:
        fill_window(session, 1)
        claim = ledger.claim(session, unit_of(Stage.VALIDATE), "me", lease_seconds=60, max_attempts=4)
    assert claim is not None
    with registry.transaction() as session:
        hold_items(session, batch.id, ["item0"])
        ledger.complete(session, claim, {})
        next_one = ledger.claim(session, unit_of(Stage.CAPTURE), "me", lease_seconds=60, max_attempts=4)
    assert next_one is None
    with registry.reading() as session:
        (item,) = items_of(session, batch.id)
        assert not item.in_flight
        assert session.get_one(UnitRow, unit_of(Stage.VALIDATE)).state == State.DONE


def test_what_waits_at_the_desk_is_neither_held_nor_released_by_an_operator(
    registry: Registry, batch: PlannedBatch
) -> None:
    with registry.transaction() as session:
        session.query(ItemRow).update({"on_hold": "desk"})
        assert hold_items(session, batch.id) == 0
        assert unhold_items(session, batch.id) == 0


def test_the_chain_tells_who_held_an_item_and_why(registry: Registry, batch: PlannedBatch) -> None:
    with registry.transaction() as session:
        hold_items(session, batch.id, ["item0"], reason="wrong shelf mark", agents=("Anna",))
        unhold_items(session, batch.id, ["item0"], reason="found", agents=("Anna",))
    with registry.reading() as session:
        told = [event for event in read_events(session, batch.id) if event["type"] == "state change"]
        assert [(event["detail"]["item"], event["detail"]["reason"], event["agents"]) for event in told] == [
            ("on hold", "wrong shelf mark", ["Anna"]),
            ("released from hold", "found", ["Anna"]),
        ]
        assert verify_chain(session, batch.id).whole


def test_an_item_that_is_not_there_holds_nothing(registry: Registry, batch: PlannedBatch) -> None:
    with pytest.raises(ItemUnknown), registry.transaction() as session:
        hold_items(session, batch.id, ["item0", "nobody"])
    with registry.reading() as session:
        assert items_of(session, batch.id)[0].on_hold is None


def test_all_that_stopped_for_one_reason_is_retried_and_nothing_else(
    registry: Registry, batch: PlannedBatch, unit_of: Callable[..., int]
) -> None:
    with registry.transaction() as session:
        for stage, state, code in (
            (Stage.UPLOAD, State.FAILED, "storage.access_refused"),
            (Stage.OCR, State.FAILED, "program.missing"),
            (Stage.BAG, State.DONE, "storage.access_refused"),
        ):
            row = session.get_one(UnitRow, unit_of(stage))
            row.state, row.error, row.attempts = state, error_of(code), 4
        assert retry_stopped(session, batch.id, code="storage.access_refused") == 1
        upload = session.get_one(UnitRow, unit_of(Stage.UPLOAD))
        assert (upload.state, upload.attempts) == (State.WAITING, 0)
        assert session.get_one(UnitRow, unit_of(Stage.OCR)).state == State.FAILED
        assert session.get_one(UnitRow, unit_of(Stage.BAG)).state == State.DONE


def test_one_cell_is_retried_without_what_stands_on_it(
    registry: Registry, batch: PlannedBatch, unit_of: Callable[..., int]
) -> None:
    with registry.transaction() as session:
        for stage in (Stage.OCR, Stage.UPLOAD):
            session.get_one(UnitRow, unit_of(stage)).state = State.FAILED
        assert retry_stopped(session, batch.id, item="item0", stage=Stage.OCR) == 1
        assert session.get_one(UnitRow, unit_of(Stage.UPLOAD)).state == State.FAILED
