# SPDX-License-Identifier: Apache-2.0
"""A held stage begins nothing new, gives up its places in flight, and goes on where it stood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from archive.errors import BatchUnknown, StageUnknown
from archive.registry import Registry, ledger
from archive.registry.backlog import pages_waiting
from archive.registry.batches import PlannedBatch, items_of, register_batch
from archive.registry.decisions import cancel_batch
from archive.registry.events import read_events, verify_chain
from archive.registry.stage_holds import (
    DISK,
    OPERATOR,
    held_stages,
    hold_stage,
    parked_items,
    release_stage,
    stage_holds,
)
from archive.registry.stages import Pipeline, Stage, StageRule
from archive.registry.states import State
from archive.registry.tables import ItemRow, UnitRow
from archive.registry.window import fill_window
from tests.unit.archive.registry.conftest import planned_batch


def claim(registry: Registry, unit: int) -> ledger.Claim | None:
    with registry.transaction() as session:
        return ledger.claim(session, unit, "me", lease_seconds=60, max_attempts=4)


def set_done(registry: Registry, batch: str, *stages: str, chunk: int | None = None) -> None:
    """Let stages of a batch be done, without anybody having worked."""
    with registry.transaction() as session:
        units = session.query(UnitRow).filter(UnitRow.batch == batch, UnitRow.stage.in_(stages))
        if chunk is not None:
            units = units.filter(UnitRow.chunk == chunk)
        units.update({"state": State.DONE})


BEFORE_UPLOAD = [str(stage) for stage in Stage][: list(Stage).index(Stage.UPLOAD)]


def test_a_held_stage_is_not_claimed_until_it_is_released(
    registry: Registry, batch: PlannedBatch, unit_of: Callable[..., int]
) -> None:
    set_done(registry, batch.id, *BEFORE_UPLOAD)
    with registry.transaction() as session:
        assert hold_stage(session, "upload", batch=batch.id, reason="the network is mended")
    assert claim(registry, unit_of(Stage.UPLOAD)) is None
    with registry.transaction() as session:
        assert release_stage(session, "upload", batch=batch.id)
    assert claim(registry, unit_of(Stage.UPLOAD)) is not None


def test_a_unit_that_runs_when_its_stage_is_held_is_finished(
    registry: Registry, batch: PlannedBatch, unit_of: Callable[..., int]
) -> None:
    running = claim(registry, unit_of(Stage.VALIDATE))
    assert running is not None
    with registry.transaction() as session:
        hold_stage(session, "validate")
        ledger.complete(session, running, {})


def test_holding_and_releasing_twice_is_the_same_as_once(registry: Registry, batch: PlannedBatch) -> None:
    with registry.transaction() as session:
        assert hold_stage(session, "upload", batch=batch.id, reason="one", agents=("Anna",))
        assert not hold_stage(session, "upload", batch=batch.id, reason="two", agents=("Anna",))
        assert [hold.reason for hold in stage_holds(session)] == ["two"]
        assert release_stage(session, "upload", batch=batch.id, agents=("Anna",))
        assert not release_stage(session, "upload", batch=batch.id, agents=("Anna",))
    with registry.reading() as session:
        told = [event for event in read_events(session, batch.id) if event["type"] == "state change"]
        assert [(event["detail"]["batch"], event["detail"]["reason"], event["agents"]) for event in told] == [
            ("stage on hold", "one", ["Anna"]),
            ("stage released from hold", "", ["Anna"]),
        ]
        assert verify_chain(session, batch.id).whole


def test_a_hold_of_all_batches_holds_later_ones_too_and_is_told_in_each_open_chain(
    registry: Registry, batch: PlannedBatch
) -> None:
    with registry.transaction() as session:
        hold_stage(session, "upload", reason="no uploads today")
        register_batch(session, planned_batch("later"))
        assert held_stages(session, batch.id) == held_stages(session, "later") == {"upload"}
        assert (
            len([event for event in read_events(session, batch.id) if event["type"] == "state change"]) == 1
        )


def test_a_hold_of_all_batches_names_stages_that_only_later_ones_have_and_ends_when_none_has_it(
    registry: Registry,
) -> None:
    pipeline = Pipeline("short", "Short", "1", (StageRule(name="glue", step="glue"),))
    with registry.transaction() as session:
        register_batch(session, replace(planned_batch("short"), pipeline=pipeline))
        hold_stage(session, "glue")
        hold_stage(session, "ocr")
        hold_stage(session, "fetch")
        cancel_batch(session, "short")
    with registry.transaction() as session:
        assert all(release_stage(session, stage) for stage in ("glue", "ocr", "fetch"))
        assert stage_holds(session) == []


def test_a_stage_that_is_not_there_and_a_batch_that_is_not_there_hold_nothing(
    registry: Registry, batch: PlannedBatch
) -> None:
    with pytest.raises(StageUnknown, match="upload"), registry.transaction() as session:
        hold_stage(session, "uplaod", batch=batch.id)
    with pytest.raises(StageUnknown), registry.transaction() as session:
        release_stage(session, "uplaod")
    with pytest.raises(BatchUnknown), registry.transaction() as session:
        hold_stage(session, "upload", batch="nobody")
    with registry.reading() as session:
        assert stage_holds(session) == []


def test_items_that_stand_before_a_held_stage_give_their_place_in_flight_to_others(
    registry: Registry, batch: PlannedBatch
) -> None:
    with registry.transaction() as session:
        register_batch(session, planned_batch("b2", items=2))
        first = fill_window(session, 1)
    set_done(registry, batch.id, *BEFORE_UPLOAD)
    with registry.transaction() as session:
        hold_stage(session, "upload")
        second = fill_window(session, 1)
        assert second
        assert first != second
        assert parked_items(session, batch.id, by=OPERATOR) == set(first)
        assert not session.get_one(ItemRow, first[0]).in_flight
        # its place is taken while the others go on, and comes with the next one that is free
        release_stage(session, "upload")
        assert fill_window(session, 1) == []
        assert fill_window(session, 2) == first


def test_a_disk_that_is_full_stops_what_brings_pages_in_and_nothing_that_frees_space(
    registry: Registry, batch: PlannedBatch, unit_of: Callable[..., int]
) -> None:
    with registry.transaction() as session:
        register_batch(session, planned_batch("b2"))
        hold_stage(session, "capture", station="station", by=DISK, reason="full")
        assert held_stages(session, batch.id) == {"validate", "capture"}
        assert fill_window(session, 3) == []
    assert claim(registry, unit_of(Stage.VALIDATE)) is None
    set_done(registry, batch.id, *BEFORE_UPLOAD)
    with registry.transaction() as session:
        assert fill_window(session, 3) == [items_of(session, batch.id)[0].id]
    assert claim(registry, unit_of(Stage.UPLOAD)) is not None


def test_chunks_that_were_captured_before_the_disk_was_full_are_still_characterised(
    registry: Registry, batch: PlannedBatch, unit_of: Callable[..., int]
) -> None:
    set_done(registry, batch.id, "validate")
    set_done(registry, batch.id, "capture", chunk=0)
    with registry.transaction() as session:
        fill_window(session, 1)
        hold_stage(session, "capture", station="station", by=DISK, reason="full")
        fill_window(session, 1)
        assert items_of(session, batch.id)[0].in_flight
    assert claim(registry, unit_of(Stage.CHARACTERISE)) is not None
    set_done(registry, batch.id, "characterise", chunk=0)
    with registry.transaction() as session:
        fill_window(session, 1)
        assert not items_of(session, batch.id)[0].in_flight


def test_a_hold_of_one_station_leaves_the_others_alone(registry: Registry, batch: PlannedBatch) -> None:
    with registry.transaction() as session:
        hold_stage(session, "capture", station="elsewhere", by=DISK, reason="full")
        assert held_stages(session, batch.id) == frozenset()
        assert stage_holds(session, batch=batch.id) == []


def test_only_pages_that_can_be_worked_on_without_further_capture_count_as_waiting(
    registry: Registry, batch: PlannedBatch
) -> None:
    def waiting() -> int:
        with registry.reading() as session:
            return pages_waiting(session, "station")

    assert waiting() == 0
    with registry.transaction() as session:
        fill_window(session, 1)
    set_done(registry, batch.id, "validate")
    set_done(registry, batch.id, "capture", chunk=0)
    assert waiting() == 2
    set_done(registry, batch.id, "characterise", chunk=0)
    # the text is read when the last page is there: capture must not wait for that
    assert waiting() == 0
    set_done(registry, batch.id, "capture")
    assert waiting() == 3
    set_done(registry, batch.id, "characterise", "enrich", "ocr", "assemble", "bag")
    assert waiting() == 0
