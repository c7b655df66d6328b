# SPDX-License-Identifier: Apache-2.0
"""How long a batch still takes is told from what was finished, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.registry import Registry
from archive.registry.batches import PlannedBatch
from archive.registry.clock import now_seconds
from archive.registry.pace import StageWork, items_per_hour, read_pace, seconds_left
from archive.registry.stages import Stage
from archive.registry.states import State
from archive.registry.tables import ItemRow, UnitRow


def work(*, done: int, each: float, left: int, lately: int, begun: float | None) -> StageWork:
    return StageWork(done, done * each, left, lately, lately * each, begun)


def test_two_workers_that_were_busy_finish_the_rest_in_half_its_seconds() -> None:
    stages = {Stage.OCR: work(done=20, each=10.0, left=12, lately=20, begun=900.0)}
    assert seconds_left(stages, 1000.0) == pytest.approx(60.0)


def test_a_stage_that_was_never_finished_makes_the_rest_unknown() -> None:
    stages = {
        Stage.OCR: work(done=20, each=10.0, left=0, lately=20, begun=900.0),
        Stage.UPLOAD: work(done=0, each=0.0, left=1, lately=0, begun=None),
    }
    assert seconds_left(stages, 1000.0) is None


def test_hardly_anything_finished_tells_no_pace() -> None:
    assert seconds_left({Stage.OCR: work(done=2, each=9.0, left=5, lately=2, begun=900.0)}, 1000.0) is None


def test_nothing_left_takes_no_time() -> None:
    assert seconds_left({Stage.OCR: work(done=9, each=9.0, left=0, lately=0, begun=None)}, 1000.0) == 0.0


@given(
    st.integers(1, 500),
    st.floats(0.01, 500),
    st.integers(1, 500),
    st.integers(0, 400),
    st.floats(0, 899),
)
def test_the_time_left_is_never_negative_and_grows_with_what_is_left(
    done: int, each: float, left: int, lately: int, begun: float
) -> None:
    less = seconds_left({Stage.OCR: work(done=done, each=each, left=left, lately=lately, begun=begun)}, 900.0)
    more = seconds_left(
        {Stage.OCR: work(done=done, each=each, left=left + 1, lately=lately, begun=begun)}, 900.0
    )
    assert (less is None) == (more is None)
    assert less is None or more is None or 0 < less < more


def test_the_rate_of_items_is_told_from_what_was_proved_lately() -> None:
    proved = work(done=6, each=1.0, left=0, lately=3, begun=940.0)
    stages = {Stage.CONFIRM: proved, Stage.OCR: work(done=9, each=9.0, left=0, lately=9, begun=900.0)}
    assert items_per_hour(stages, 1000.0) == pytest.approx(108.0)
    assert (
        items_per_hour({Stage.CONFIRM: work(done=1, each=1.0, left=0, lately=1, begun=940.0)}, 1000.0) is None
    )


def test_what_rests_or_is_on_hold_is_not_counted_as_left(registry: Registry, batch: PlannedBatch) -> None:
    with registry.transaction() as session:
        for unit in session.query(UnitRow):
            unit.state = State.DONE
            unit.started_at, unit.finished_at = now_seconds() - 60, now_seconds() - 50
        session.query(UnitRow).filter(UnitRow.stage == Stage.UPLOAD).update({"state": State.FAILED})
        session.query(UnitRow).filter(UnitRow.stage == Stage.CONFIRM).update({"state": State.WAITING})
    with registry.reading() as session:
        assert read_pace(session, batch.id).seconds_left is None
    with registry.transaction() as session:
        session.query(ItemRow).update({"on_hold": "operator"})
    with registry.reading() as session:
        assert read_pace(session, batch.id).seconds_left == 0.0
