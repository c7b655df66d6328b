# SPDX-License-Identifier: Apache-2.0
"""What is left to do on a station, and what stands still."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from archive.registry import Registry, ledger
from archive.registry.batches import PlannedBatch, register_batch
from archive.registry.clock import now_seconds
from archive.registry.dispatching import mark_dispatched
from archive.registry.holds import hold_items
from archive.registry.open_work import has_open_work, troubles, workload
from archive.registry.stage_holds import DISK, hold_stage, release_stage
from archive.registry.stages import DEFAULT_PIPELINE, Per, Pipeline, Stage, StageRule
from archive.registry.states import State
from archive.registry.tables import ItemRow, UnitRow
from archive.registry.window import fill_window


def open_work(registry: Registry, station: str = "station") -> bool:
    with registry.reading() as session:
        return has_open_work(session, station, 3)


def test_a_waiting_item_is_work_of_its_own_station_only(registry: Registry, batch: PlannedBatch) -> None:
    assert open_work(registry)
    assert not open_work(registry, "another")


def test_what_an_operator_holds_is_no_work_but_what_runs_of_it_is(
    registry: Registry, batch: PlannedBatch, unit_of: Callable[..., int]
) -> None:
    with registry.transaction() as session:
        fill_window(session, 3)
        claim = ledger.claim(session, unit_of(Stage.VALIDATE), "me", lease_seconds=60, max_attempts=4)
        hold_items(session, batch.id)
    assert claim is not None
    assert open_work(registry)
    with registry.transaction() as session:
        ledger.complete(session, claim, {})
    assert not open_work(registry)


def test_settled_items_are_no_work(registry: Registry, batch: PlannedBatch) -> None:
    with registry.transaction() as session:
        session.query(ItemRow).update({"state": State.FAILED, "in_flight": False})
    assert not open_work(registry)


def test_units_that_were_sent_and_not_begun_are_counted_with_their_age(
    registry: Registry, batch: PlannedBatch, unit_of: Callable[..., int]
) -> None:
    with registry.transaction() as session:
        fill_window(session, 3)
        mark_dispatched(session, [unit_of(Stage.VALIDATE)])
        session.get_one(UnitRow, unit_of(Stage.VALIDATE)).dispatched_at = now_seconds() - 90
    with registry.reading() as session:
        load = workload(session)
    assert (load.waiting, load.running) == (1, 0)
    assert load.oldest_waiting is not None
    assert 89 < load.oldest_waiting < 100


def test_a_stage_that_an_operator_holds_is_no_open_work_and_one_that_a_full_disk_holds_is(
    registry: Registry, batch: PlannedBatch
) -> None:
    with registry.transaction() as session:
        fill_window(session, 3)
        hold_stage(session, "validate")
    assert not open_work(registry, batch.station)
    with registry.transaction() as session:
        release_stage(session, "validate")
        hold_stage(session, "capture", station=batch.station, by=DISK, reason="full")
    assert open_work(registry, batch.station)


def test_troubles_are_grouped_by_their_reason(
    registry: Registry, batch: PlannedBatch, unit_of: Callable[..., int]
) -> None:
    with registry.transaction() as session:
        for chunk, state in ((0, State.FAILED), (1, State.WAITING)):
            row = session.get_one(UnitRow, unit_of(Stage.OCR, chunk))
            row.state, row.error = state, {"code": "program.missing", "message": "No tesseract."}
    with registry.reading() as session:
        (trouble,) = troubles(session)
    assert (trouble.code, trouble.stopped, trouble.retrying) == ("program.missing", 1, 1)
    assert trouble.batches == (batch.id,)
    assert trouble.example["message"] == "No tesseract."


def test_a_stage_of_the_whole_batch_is_told_among_what_waits_and_what_stands_still(
    registry: Registry, batch: PlannedBatch
) -> None:
    report = StageRule("report", "report", per=Per.BATCH, after=("confirm",))
    pipeline = Pipeline("reported", "Reported", "1", (*DEFAULT_PIPELINE.stages, report))
    with registry.transaction() as session:
        register_batch(session, replace(batch, id="reported", pipeline=pipeline))
        of_batch = session.query(UnitRow).filter(UnitRow.item.is_(None)).one()
        mark_dispatched(session, [of_batch.id])
        of_batch.state = State.QUEUED
    with registry.reading() as session:
        assert workload(session).waiting == 1
    with registry.transaction() as session:
        of_batch = session.query(UnitRow).filter(UnitRow.item.is_(None)).one()
        of_batch.state, of_batch.error = State.FAILED, {"code": "disk.full", "message": "No room."}
    with registry.reading() as session:
        (trouble,) = troubles(session)
    assert (trouble.code, trouble.stopped, trouble.batches) == ("disk.full", 1, ("reported",))


def test_a_stage_of_the_whole_batch_is_work_once_its_items_are_done_and_none_while_one_has_failed(
    registry: Registry, batch: PlannedBatch
) -> None:
    report = StageRule("report", "report", per=Per.BATCH, after=("confirm",))
    pipeline = Pipeline("reported", "Reported", "1", (*DEFAULT_PIPELINE.stages, report))
    with registry.transaction() as session:
        session.query(ItemRow).update({"state": State.DONE})
        register_batch(session, replace(batch, id="reported", station="reporting", pipeline=pipeline))
        item = session.query(ItemRow).filter(ItemRow.batch == "reported").one()
        item.state = State.FAILED
    assert not open_work(registry, "reporting")
    with registry.transaction() as session:
        session.query(ItemRow).update({"state": State.DONE})
        session.query(UnitRow).filter(UnitRow.item.is_not(None)).update({"state": State.DONE})
    assert open_work(registry, "reporting")
