# SPDX-License-Identifier: Apache-2.0
"""Claims, leases and fencing tokens of the ledger."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from archive.errors import ItemUnknown, LeaseLost, StorageUnreachable
from archive.registry import Registry, ledger
from archive.registry.decisions import accept_held, cancel_batch, retry_units
from archive.registry.dispatching import end_leases, mark_dispatched, open_units, running_units, stalled_items
from archive.registry.events import read_events
from archive.registry.ledger import Claim
from archive.registry.stages import Stage
from archive.registry.states import State
from archive.registry.status import batch_status
from archive.registry.tables import ItemRow, UnitRow
from archive.registry.window import fill_window

pytestmark = pytest.mark.every_registry

UnitOf = Callable[..., int]


def claim(registry: Registry, unit: int, owner: str = "host:1:task", lease: float = 60.0) -> Claim | None:
    with registry.transaction() as session:
        return ledger.claim(session, unit, owner, lease_seconds=lease, max_attempts=3)


def finish(registry: Registry, unit: int) -> None:
    claimed = claim(registry, unit)
    assert claimed is not None
    with registry.transaction() as session:
        ledger.complete(session, claimed, {})


def state(registry: Registry, unit: int) -> str:
    with registry.reading() as session:
        return session.get_one(UnitRow, unit).state


def test_a_second_delivery_finds_the_claim_taken(registry: Registry, unit_of: UnitOf) -> None:
    unit = unit_of(Stage.VALIDATE)
    assert claim(registry, unit) is not None
    assert claim(registry, unit) is None


def test_a_done_unit_is_never_claimed_again(registry: Registry, unit_of: UnitOf) -> None:
    finish(registry, unit_of(Stage.VALIDATE))
    assert claim(registry, unit_of(Stage.VALIDATE)) is None


def test_only_one_of_many_simultaneous_claims_wins(registry: Registry, unit_of: UnitOf) -> None:
    unit = unit_of(Stage.VALIDATE)
    barrier, won = threading.Barrier(6), []

    def try_it() -> None:
        barrier.wait()
        won.append(claim(registry, unit))

    threads = [threading.Thread(target=try_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([taken for taken in won if taken is not None]) == 1


def test_a_unit_waits_for_what_it_stands_on(registry: Registry, unit_of: UnitOf) -> None:
    assert claim(registry, unit_of(Stage.CAPTURE)) is None
    finish(registry, unit_of(Stage.VALIDATE))
    assert claim(registry, unit_of(Stage.CAPTURE)) is not None


def test_characterise_stands_on_the_capture_of_its_own_chunk_only(
    registry: Registry, unit_of: UnitOf
) -> None:
    finish(registry, unit_of(Stage.VALIDATE))
    finish(registry, unit_of(Stage.CAPTURE, 0))
    assert claim(registry, unit_of(Stage.CHARACTERISE, 1)) is None
    assert claim(registry, unit_of(Stage.CHARACTERISE, 0)) is not None


def test_chunks_are_captured_in_order_for_sheets_come_off_a_stack(
    registry: Registry, unit_of: UnitOf
) -> None:
    finish(registry, unit_of(Stage.VALIDATE))
    assert claim(registry, unit_of(Stage.CAPTURE, 1)) is None
    finish(registry, unit_of(Stage.CAPTURE, 0))
    assert claim(registry, unit_of(Stage.CAPTURE, 1)) is not None


def units_on_one_scanner(registry: Registry) -> tuple[list[int], list[int]]:
    """Capture units of two items that share a real scanner, both validated."""
    from archive.registry.batches import register_batch
    from tests.unit.archive.registry.conftest import planned_batch

    with registry.transaction() as session:
        register_batch(session, planned_batch("shared", items=2, device="sane:epson:1"))
        fill_window(session, 8, "shared")
    with registry.reading() as session:
        rows = session.query(UnitRow.id, UnitRow.stage, ItemRow.name).join(
            ItemRow, ItemRow.id == UnitRow.item
        )
        found = rows.filter(ItemRow.batch == "shared").order_by(UnitRow.id).all()
    for unit, stage, _ in found:
        if stage == Stage.VALIDATE:
            finish(registry, unit)
    first, second = (
        [unit for unit, stage, name in found if stage == Stage.CAPTURE and name == item]
        for item in ("item0", "item1")
    )
    return first, second


def test_a_scanner_serves_one_item_until_all_its_pages_are_there(registry: Registry) -> None:
    first, second = units_on_one_scanner(registry)
    finish(registry, first[0])
    assert claim(registry, second[0]) is None
    finish(registry, first[1])
    assert claim(registry, second[0]) is not None


def test_sheets_of_a_held_item_are_not_taken_for_another_item(registry: Registry) -> None:
    first, second = units_on_one_scanner(registry)
    claimed = claim(registry, first[0])
    assert claimed is not None
    with registry.transaction() as session:
        ledger.hold(session, claimed, StorageUnreachable("Jam.").to_json())
    assert claim(registry, second[0]) is None
    with registry.transaction() as session:
        cancel_batch(session, "shared")
        retry_units(session, "shared", item="item1")
    assert claim(registry, second[0]) is not None


def test_an_item_whose_scanner_was_not_found_does_not_hold_it(registry: Registry) -> None:
    first, second = units_on_one_scanner(registry)
    claimed = claim(registry, first[0])
    assert claimed is not None
    with registry.transaction() as session:
        ledger.hold(
            session, claimed, {**StorageUnreachable("Off.").to_json(), "code": "scanner.device_not_found"}
        )
    assert claim(registry, second[0]) is not None


def test_an_item_that_waits_for_a_held_scanner_says_so(registry: Registry) -> None:
    first, _ = units_on_one_scanner(registry)
    claimed = claim(registry, first[0])
    assert claimed is not None
    with registry.transaction() as session:
        ledger.hold(session, claimed, StorageUnreachable("Jam.").to_json())
    with registry.reading() as session:
        problems = {item["id"]: item["problems"] for item in batch_status(session, "shared")["items"]}
    assert [problem["code"] for problem in problems["item1"]] == ["capture.scanner_taken"]
    assert "shared/item0" in problems["item1"][0]["message"]


def test_a_stage_that_is_done_is_done_again_with_all_that_stand_on_it(
    registry: Registry, unit_of: UnitOf
) -> None:
    for stage in (Stage.VALIDATE, Stage.CAPTURE):
        finish(registry, unit_of(stage))
    with registry.transaction() as session:
        assert retry_units(session, "b1", stage=Stage.BAG) == 0
        assert retry_units(session, "b1", stage=Stage.CAPTURE) == 1
    assert state(registry, unit_of(Stage.VALIDATE)) == "done"
    assert state(registry, unit_of(Stage.CAPTURE)) == "waiting"


def test_an_unknown_item_is_named(registry: Registry, unit_of: UnitOf) -> None:
    with pytest.raises(ItemUnknown, match="'item7'"), registry.transaction() as session:
        retry_units(session, "b1", item="item7")


def test_a_station_that_is_off_does_not_keep_another_from_working(registry: Registry) -> None:
    import dataclasses

    from archive.registry.batches import register_batch
    from tests.unit.archive.registry.conftest import planned_batch

    with registry.transaction() as session:
        register_batch(session, planned_batch("off", items=3))
        register_batch(session, dataclasses.replace(planned_batch("on", items=3), station="other"))
    with registry.transaction() as session:
        assert len(fill_window(session, 2)) == 4


def test_a_lowered_number_of_attempts_ends_a_unit_as_failed(registry: Registry, unit_of: UnitOf) -> None:
    unit = unit_of(Stage.VALIDATE)
    claimed = claim(registry, unit)
    assert claimed is not None
    with registry.transaction() as session:
        ledger.fail(session, claimed, StorageUnreachable("Away.").to_json(), max_attempts=3)
        session.get_one(UnitRow, unit).next_attempt_at = 0.0
    with registry.transaction() as session:
        assert ledger.claim(session, unit, "host:1:t", lease_seconds=9, max_attempts=1) is None
    assert state(registry, unit) == "failed"


def test_an_expired_lease_can_be_taken_over_and_fences_the_first_owner_out(
    registry: Registry, unit_of: UnitOf
) -> None:
    unit = unit_of(Stage.VALIDATE)
    first = claim(registry, unit, lease=-1.0)
    second = claim(registry, unit, "host:2:task")
    assert first is not None
    assert second is not None
    assert second.token > first.token
    with pytest.raises(LeaseLost), registry.transaction() as session:
        ledger.complete(session, first, {"late": True})
    with registry.transaction() as session:
        ledger.complete(session, second, {"late": False})
    with registry.reading() as session:
        assert session.get_one(UnitRow, unit).result == {"late": False}


def test_a_transient_error_waits_for_another_attempt_until_the_attempts_are_used_up(
    registry: Registry, unit_of: UnitOf
) -> None:
    unit = unit_of(Stage.VALIDATE)
    error = StorageUnreachable("The store did not answer.").to_json()
    states = []
    for _ in range(3):
        with registry.transaction() as session:
            session.get_one(UnitRow, unit).next_attempt_at = 0.0
        claimed = claim(registry, unit)
        assert claimed is not None
        with registry.transaction() as session:
            states.append(ledger.fail(session, claimed, error, max_attempts=3))
    assert states == [State.WAITING, State.WAITING, State.FAILED]
    assert claim(registry, unit) is None


def test_a_unit_whose_worker_dies_each_time_ends_as_failed_with_a_reason(
    registry: Registry, unit_of: UnitOf
) -> None:
    unit = unit_of(Stage.VALIDATE)
    for _ in range(3):
        assert claim(registry, unit, lease=-1.0) is not None
    assert claim(registry, unit) is None
    assert state(registry, unit) == "failed"
    with registry.reading() as session:
        problems = batch_status(session, "b1")["items"][0]["problems"]
    assert problems[0]["code"] == "worker.lost"
    assert "recto batch retry" in problems[0]["remedy"]


def test_a_unit_waiting_for_its_time_is_not_claimed_early(registry: Registry, unit_of: UnitOf) -> None:
    unit = unit_of(Stage.VALIDATE)
    claimed = claim(registry, unit)
    assert claimed is not None
    with registry.transaction() as session:
        ledger.fail(session, claimed, StorageUnreachable("Away.").to_json(), max_attempts=3)
    assert claim(registry, unit) is None


def test_a_released_unit_is_free_at_once_and_keeps_its_attempts(registry: Registry, unit_of: UnitOf) -> None:
    unit = unit_of(Stage.VALIDATE)
    claimed = claim(registry, unit)
    assert claimed is not None
    with registry.transaction() as session:
        ledger.release(session, claimed)
    again = claim(registry, unit)
    assert again is not None
    assert again.attempt == 1


def test_an_error_for_the_operator_holds_the_item_until_it_is_retried(
    registry: Registry, unit_of: UnitOf
) -> None:
    unit = unit_of(Stage.VALIDATE)
    claimed = claim(registry, unit)
    assert claimed is not None
    error = {**StorageUnreachable("Look.").to_json(), "retry": "after_operator"}
    with registry.transaction() as session:
        assert ledger.fail(session, claimed, error, max_attempts=3) is State.HELD
    with registry.reading() as session:
        assert batch_status(session, "b1")["state"] == "held"
    with registry.transaction() as session:
        assert retry_units(session, "b1", agents=("Anna",)) == 1
    assert claim(registry, unit) is not None
    with registry.reading() as session:
        [decided] = [event for event in read_events(session, "b1") if event["detail"].get("by") == "operator"]
    assert decided["agents"] == ["Anna"]


def test_a_held_check_can_be_accepted_and_the_reason_stands_in_the_chain(
    registry: Registry, unit_of: UnitOf
) -> None:
    for stage in (Stage.VALIDATE, Stage.CAPTURE):
        finish(registry, unit_of(stage))
    unit = unit_of(Stage.CHARACTERISE)
    claimed = claim(registry, unit)
    assert claimed is not None
    with registry.transaction() as session:
        ledger.hold(session, claimed, {**StorageUnreachable("Blank page.").to_json(), "code": "quality.held"})
    with registry.transaction() as session:
        accepted = accept_held(session, "b1", item=None, reason="The leaf is blank", agents=("Anna",))
    assert accepted == 1
    assert state(registry, unit) == "done"
    with registry.reading() as session:
        [told] = [event for event in read_events(session, "b1") if event["detail"].get("accepted")]
    assert (told["detail"]["reason"], told["agents"]) == ("The leaf is blank", ["Anna"])


def test_only_quality_checks_can_be_accepted(registry: Registry, unit_of: UnitOf) -> None:
    for stage in (Stage.VALIDATE, Stage.CAPTURE):
        finish(registry, unit_of(stage))
    claimed = claim(registry, unit_of(Stage.CHARACTERISE))
    assert claimed is not None
    with registry.transaction() as session:
        ledger.hold(session, claimed, {**StorageUnreachable("Damaged.").to_json(), "code": "master.changed"})
    with registry.transaction() as session:
        assert accept_held(session, "b1", item=None, reason="Never mind") == 0
    assert state(registry, unit_of(Stage.CHARACTERISE)) == "held"


def test_cancelling_takes_the_lease_from_running_units(registry: Registry, unit_of: UnitOf) -> None:
    claimed = claim(registry, unit_of(Stage.VALIDATE))
    assert claimed is not None
    with registry.transaction() as session:
        cancel_batch(session, "b1")
    with pytest.raises(LeaseLost), registry.transaction() as session:
        ledger.renew(session, claimed, lease_seconds=60)
    with registry.reading() as session:
        assert batch_status(session, "b1")["state"] == "cancelled"


def test_the_window_limits_how_many_items_are_in_flight(registry: Registry) -> None:
    from archive.registry.batches import register_batch
    from tests.unit.archive.registry.conftest import planned_batch

    with registry.transaction() as session:
        register_batch(session, planned_batch("many", items=5))
    with registry.transaction() as session:
        first = fill_window(session, 2)
    with registry.transaction() as session:
        assert fill_window(session, 2) == []
        session.get_one(ItemRow, first[0]).in_flight = False
        session.get_one(ItemRow, first[0]).state = State.DONE
    with registry.transaction() as session:
        assert len(fill_window(session, 2)) == 1


def test_an_item_whose_message_was_lost_is_stalled_after_the_quiet_time(
    registry: Registry, unit_of: UnitOf
) -> None:
    with registry.transaction() as session:
        [item] = fill_window(session, 8)
        mark_dispatched(session, [unit_of(Stage.VALIDATE)])
    with registry.reading() as session:
        assert stalled_items(session, quiet_seconds=60) == []
        assert stalled_items(session, quiet_seconds=0) == [item]


def test_an_item_with_a_live_lease_is_not_stalled_and_one_with_an_ended_lease_is(
    registry: Registry, unit_of: UnitOf
) -> None:
    with registry.transaction() as session:
        [item] = fill_window(session, 8)
    claimed = claim(registry, unit_of(Stage.VALIDATE))
    assert claimed is not None
    with registry.reading() as session:
        assert stalled_items(session, quiet_seconds=0) == []
        owners = running_units(session)
    with registry.transaction() as session:
        assert end_leases(session, {claimed.unit: "somebody else"}) == 0
        assert end_leases(session, owners) == 1
    with registry.reading() as session:
        assert stalled_items(session, quiet_seconds=60) == [item]


def test_open_units_come_in_the_order_of_stages_and_chunks(registry: Registry, unit_of: UnitOf) -> None:
    finish(registry, unit_of(Stage.VALIDATE))
    with registry.reading() as session:
        item = session.get_one(UnitRow, unit_of(Stage.CAPTURE)).item
        units = open_units(session, item)
    assert [(str(unit.stage), unit.chunk) for unit in units][:5] == [
        ("capture", 0),
        ("capture", 1),
        ("characterise", 0),
        ("characterise", 1),
        ("enrich", 0),
    ]


def test_waiting_times_grow_and_have_a_cap() -> None:
    assert all(1.0 <= ledger.backoff(1) <= 2.0 for _ in range(50))
    assert all(ledger.backoff(20) <= ledger.BACKOFF_CAP for _ in range(50))


def test_what_stands_on_a_stage_that_is_done_again_loses_its_claim(
    registry: Registry, unit_of: UnitOf
) -> None:
    for stage, chunk in (
        *((Stage.VALIDATE, 0), (Stage.CAPTURE, 0), (Stage.CAPTURE, 1)),
        *((Stage.CHARACTERISE, 0), (Stage.CHARACTERISE, 1)),
    ):
        finish(registry, unit_of(stage, chunk))
    on_old_pages = claim(registry, unit_of(Stage.ENRICH))
    assert on_old_pages is not None
    with registry.transaction() as session:
        retry_units(session, "b1", stage=Stage.CHARACTERISE)
    with pytest.raises(LeaseLost), registry.transaction() as session:
        ledger.complete(session, on_old_pages, {})
    assert state(registry, unit_of(Stage.ENRICH)) == "waiting"
    assert claim(registry, unit_of(Stage.ENRICH)) is None
