# SPDX-License-Identifier: Apache-2.0
"""What is handed over when a unit ends: by item, by chunk, and for a whole batch."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy import select

from archive.registry import Registry, ledger
from archive.registry.batches import register_batch
from archive.registry.decisions import cancel, cancel_batch, retry_stopped, retry_unit, retry_units
from archive.registry.dispatching import stalled_batches, stalled_items
from archive.registry.events import read_events
from archive.registry.open_work import whole_goes_on
from archive.registry.pipelines import pipeline_of
from archive.registry.sending import Sending, hand_over, send_again, send_batch, send_item
from archive.registry.stages import Per, Pipeline, StageRule
from archive.registry.states import State
from archive.registry.tables import BatchRow, ItemRow, StageHoldRow, UnitRow
from tests.unit.archive.registry.conftest import planned_batch

PIPELINE = Pipeline(
    "small",
    "Small",
    "7",
    (
        StageRule("look", "look"),
        StageRule("cut", "cut", Per.CHUNK, after=("look",), chunk_pages=2),
        StageRule("press", "press", Per.CHUNK, after=("cut",), same_chunk=True, chunk_pages=2),
        StageRule("extra", "extra", after=("press",), optional=True, attempts=1),
        StageRule("join", "join", after=("extra",)),
        StageRule("report", "report", Per.BATCH, after=("join",)),
    ),
)
BROKEN = {"code": "x", "message": "m", "consequence": "c", "remedy": "r", "retry": "never", "facts": {}}


@pytest.fixture
def small(registry: Registry) -> Registry:
    """A batch of two items of three pages with a pipeline of its own."""
    planned = dataclasses.replace(planned_batch("b1", items=2, pages=3), pipeline=PIPELINE)
    with registry.transaction() as session:
        register_batch(session, planned)
    return registry


def unit(registry: Registry, stage: str, item: int | None = 1, chunk: int = 0) -> UnitRow:
    with registry.reading() as session:
        query = select(UnitRow).where(UnitRow.stage == stage, UnitRow.chunk == chunk)
        return session.scalars(query.where(UnitRow.item == item if item else UnitRow.item.is_(None))).one()


def run(registry: Registry, stage: str, item: int | None = 1, chunk: int = 0) -> list[Sending]:
    """Claim a unit, be done with it, and return what is handed over."""
    with registry.transaction() as session:
        claim = ledger.claim(
            session, unit(registry, stage, item, chunk).id, "me", lease_seconds=60, max_attempts=3
        )
        assert claim is not None, f"{stage} of {item} cannot be claimed"
    with registry.transaction() as session:
        ledger.complete(session, claim, {})
        return hand_over(session, claim)


def named(sendings: list[Sending]) -> list[list[str]]:
    return [
        [f"{unit.stage}{unit.chunk}" for unit in chain] for sending in sendings for chain in sending.chains
    ]


def run_item(registry: Registry, item: int) -> list[Sending]:
    run(registry, "look", item)
    for stage in ("cut", "press"):
        for chunk in (0, 1):
            run(registry, stage, item, chunk)
    run(registry, "extra", item)
    return run(registry, "join", item)


def test_a_batch_keeps_the_pipeline_it_was_registered_with(small: Registry) -> None:
    with small.reading() as session:
        assert pipeline_of(session, "b1") == PIPELINE
        made = next(iter(read_events(session, "b1")))
    assert made["detail"]["pipeline"] == {"name": "small", "version": "7", "sha256": PIPELINE.sha256}


def test_chunks_are_as_large_as_the_stage_says(small: Registry) -> None:
    units = [unit(small, "cut", 1, chunk) for chunk in (0, 1)]
    assert [(one.first_page, one.last_page) for one in units] == [(1, 2), (3, 3)]


def test_the_end_of_a_stage_sends_all_chunks_of_the_next_with_what_joins_them(small: Registry) -> None:
    (sending,) = run(small, "look")
    assert named([sending]) == [["cut0", "press0"], ["cut1", "press1"]]
    assert sending.callback is not None
    assert sending.callback.stage == "extra"
    assert unit(small, "extra").state == State.QUEUED


def test_what_was_sent_is_not_handed_over_again(small: Registry) -> None:
    run(small, "look")
    assert run(small, "cut", chunk=0) == []
    assert unit(small, "press", chunk=0).state == State.QUEUED


def test_a_chunk_that_comes_alone_is_handed_over_without_its_neighbours(small: Registry) -> None:
    run(small, "look")
    with small.transaction() as session:
        for row in session.scalars(select(UnitRow).where(UnitRow.stage.in_(["press", "extra"]))):
            # as after an operator's retry
            row.state = State.WAITING
    assert named(run(small, "cut", chunk=1)) == [["press1"]]
    assert unit(small, "extra").state == State.WAITING


def test_a_stage_of_the_batch_comes_when_every_item_is_through(small: Registry) -> None:
    assert run_item(small, 1) == []
    assert named(run_item(small, 2)) == [["report0"]]
    with small.reading() as session:
        assert session.get_one(BatchRow, "b1").state == State.RUNNING
    assert run(small, "report", None) == []
    with small.reading() as session:
        assert session.get_one(BatchRow, "b1").state == State.DONE
        assert {row.state for row in session.scalars(select(ItemRow))} == {State.DONE}


def test_a_stage_of_the_batch_is_not_claimed_before_its_time(small: Registry) -> None:
    run_item(small, 1)
    with small.transaction() as session:
        assert (
            ledger.claim(session, unit(small, "report", None).id, "me", lease_seconds=9, max_attempts=3)
            is None
        )
        assert send_batch(session, "b1") is None


def test_a_lost_message_of_a_batch_stage_is_found(small: Registry) -> None:
    run_item(small, 1)
    run_item(small, 2)
    with small.transaction() as session:
        assert stalled_batches(session, quiet_seconds=60) == []
        assert stalled_batches(session, quiet_seconds=-1) == ["b1"]
        sending = send_batch(session, "b1")
    assert sending is not None
    assert named([sending]) == [["report0"]]


def test_a_stage_of_the_batch_that_is_held_does_not_go_on_by_itself(small: Registry) -> None:
    run_item(small, 1)
    run_item(small, 2)
    with small.transaction() as session:
        assert whole_goes_on(session, "b1")
        session.add(StageHoldRow(batch="", station="", stage="report", by="operator", reason="", held_at=""))
    with small.reading() as session:
        assert not whole_goes_on(session, "b1")


def test_an_item_that_is_done_again_brings_the_batch_stage_again(small: Registry) -> None:
    run_item(small, 1)
    run_item(small, 2)
    run(small, "report", None)
    with small.transaction() as session:
        assert retry_units(session, "b1", item="item0", stage="join") == 1
    assert unit(small, "report", None).state == State.WAITING
    assert named(run(small, "join", 1)) == [["report0"]]


def test_an_optional_stage_that_fails_is_done_and_says_why(small: Registry) -> None:
    run(small, "look")
    for stage in ("cut", "press"):
        for chunk in (0, 1):
            run(small, stage, chunk=chunk)
    with small.transaction() as session:
        claim = ledger.claim(session, unit(small, "extra").id, "me", lease_seconds=9, max_attempts=3)
        assert claim is not None
        assert ledger.fail(session, claim, BROKEN, max_attempts=3) is State.DONE
        assert named(hand_over(session, claim)) == [["join0"]]
        last = list(read_events(session, "b1"))[-1]
    assert unit(small, "extra").result == {"skipped": BROKEN}
    assert (last["outcome"], last["detail"]["error"]) == ("warning", BROKEN)


def test_a_failed_attempt_is_sent_again_when_its_time_has_come(small: Registry) -> None:
    with small.transaction() as session:
        claim = ledger.claim(session, unit(small, "look").id, "me", lease_seconds=9, max_attempts=3)
        assert claim is not None
        assert ledger.fail(session, claim, {**BROKEN, "retry": "auto"}, max_attempts=3) is State.WAITING
        again = send_again(session, claim)
        assert again is not None
        assert 0 < again.after_seconds < 10
        assert send_item(session, claim.item) is None, "not before its time"


def test_what_was_lost_beside_a_failed_unit_is_found(small: Registry) -> None:
    run(small, "look")
    with small.transaction() as session:
        first = unit(small, "cut", chunk=0).id
        claim = ledger.claim(session, first, "me", lease_seconds=9, max_attempts=3)
        assert claim is not None
        assert ledger.fail(session, claim, BROKEN, max_attempts=3) is State.FAILED
        assert not session.get_one(ItemRow, 1).in_flight
        assert stalled_items(session, quiet_seconds=60) == []
        assert stalled_items(session, quiet_seconds=-1) == [1]
        assert named([send_item(session, 1) or pytest.fail("nothing is sent")]) == [["cut1", "press1"]]
    run(small, "cut", chunk=1)
    run(small, "press", chunk=1)
    with small.reading() as session:
        assert stalled_items(session, quiet_seconds=-1) == [], "the others stand on what has failed"


def test_nothing_of_a_held_stage_begins(small: Registry) -> None:
    with small.transaction() as session:
        session.add(StageHoldRow(batch="", station="", stage="cut", by="operator", reason="", held_at=""))
    assert run(small, "look") == []
    with small.transaction() as session:
        first = unit(small, "cut").id
        assert ledger.claim(session, first, "me", lease_seconds=9, max_attempts=3) is None
        session.delete(session.scalars(select(StageHoldRow)).one())
    with small.transaction() as session:
        sending = send_item(session, 1)
    assert sending is not None
    assert named([sending]) == [["cut0", "press0"], ["cut1", "press1"]]


def test_cancelling_a_batch_cancels_its_own_stages_too(small: Registry) -> None:
    with small.transaction() as session:
        assert cancel_batch(session, "b1") == 2 * 7 + 1
        assert session.get_one(BatchRow, "b1").state == State.CANCELLED
    assert unit(small, "report", None).state == State.CANCELLED


def test_a_stage_of_the_batch_does_not_wait_for_a_cancelled_item_and_comes_again_with_it(
    small: Registry,
) -> None:
    run_item(small, 1)
    with small.transaction() as session:
        assert not whole_goes_on(session, "b1")
        assert cancel(session, "b1", item="item1") == 7
        assert whole_goes_on(session, "b1")
        assert stalled_batches(session, quiet_seconds=-1) == ["b1"]
        assert named([send_batch(session, "b1") or pytest.fail("nothing is sent")]) == [["report0"]]
    run(small, "report", None)
    with small.transaction() as session:
        assert session.get_one(BatchRow, "b1").state == State.CANCELLED
        assert retry_stopped(session, "b1", item="item1") == 7
    assert unit(small, "report", None).state == State.WAITING
    assert named(run_item(small, 2)) == [["report0"]]


def test_a_single_unit_that_was_cancelled_brings_the_batch_stage_again(small: Registry) -> None:
    run_item(small, 1)
    with small.transaction() as session:
        cancel(session, "b1", item="item1")
    run(small, "report", None)
    with small.transaction() as session:
        retry_unit(session, "b1", "item1", "cut", 0)
    assert unit(small, "report", None).state == State.WAITING


def test_with_the_last_item_the_stages_of_the_batch_are_cancelled(small: Registry) -> None:
    with small.transaction() as session:
        assert cancel(session, "b1", item="item0") == 7
        assert session.get_one(BatchRow, "b1").state != State.CANCELLED
        assert cancel(session, "b1", item="item1") == 7 + 1
        assert session.get_one(BatchRow, "b1").state == State.CANCELLED


def test_a_shipped_step_keeps_its_name_to_itself() -> None:
    with pytest.raises(ValueError, match="cannot be done"):
        StageRule("read", "ocr")
    with pytest.raises(ValueError, match="cannot be done"):
        StageRule("ocr", "my-ocr")


def test_a_pipeline_survives_being_stored() -> None:
    assert Pipeline.from_json(PIPELINE.to_json()) == PIPELINE
    assert Pipeline.from_json(PIPELINE.to_json()).sha256 == PIPELINE.sha256
