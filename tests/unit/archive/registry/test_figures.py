# SPDX-License-Identifier: Apache-2.0
"""The ledger in numbers: counters that never go back, and steps that nobody serves."""

from __future__ import annotations

from collections.abc import Callable

from archive.registry import Registry, ledger
from archive.registry.batches import PlannedBatch, PlannedItem, register_batch
from archive.registry.decisions import retry_units
from archive.registry.figures import stage_figures, stage_quantiles, stopped_by_code
from archive.registry.stages import Pipeline, Stage, StageRule
from archive.registry.states import State
from archive.registry.unserved import unserved_steps


def run(registry: Registry, unit: int, error: dict[str, object] | None = None) -> None:
    with registry.transaction() as session:
        claim = ledger.claim(session, unit, "here:1:a", lease_seconds=60, max_attempts=1)
        assert claim is not None
        if error is None:
            ledger.complete(session, claim, {})
        else:
            ledger.fail(session, claim, error, max_attempts=1)


def test_a_stage_that_is_done_again_is_counted_again_and_never_back(
    registry: Registry, batch: PlannedBatch, unit_of: Callable[..., int]
) -> None:
    unit = unit_of(Stage.VALIDATE)
    run(registry, unit)
    with registry.transaction() as session:
        first = stage_figures(session)[Stage.VALIDATE]
        retry_units(session, batch.id, stage=Stage.VALIDATE)
        reopened = stage_figures(session)[Stage.VALIDATE]
    run(registry, unit)
    with registry.reading() as session:
        again = stage_figures(session)[Stage.VALIDATE]
        assert set(stage_quantiles(session)[Stage.VALIDATE]) == {0.5, 0.9, 0.99}
    assert (first.completions, reopened.completions, again.completions) == (1, 1, 2)
    assert (first.states, reopened.states) == ({State.DONE: 1}, {State.WAITING: 1})
    assert (first.claims, first.retries) == (1, 0)
    assert (again.claims, again.retries) == (2, 1)


def test_units_that_rest_are_counted_by_the_code_of_their_error(
    registry: Registry, unit_of: Callable[..., int]
) -> None:
    error = {"code": "disk.low", "message": "Full.", "retry": "after_operator"}
    run(registry, unit_of(Stage.VALIDATE), error)
    with registry.reading() as session:
        assert stopped_by_code(session) == {"disk.low": 1}
        assert stage_quantiles(session) == {}


def test_a_step_that_no_node_knows_is_told_with_the_units_that_wait_for_it(registry: Registry) -> None:
    pipeline = Pipeline("stamps", "Stamps", "1", (StageRule(name="stamp", step="stamp"),))
    items = [PlannedItem(f"item{number}", {"title": "Letters"}, [None]) for number in range(3)]
    planned = PlannedBatch("b", "s", "L", {}, "0" * 64, "/m.csv", items, chunk_pages=5, pipeline=pipeline)
    with registry.transaction() as session:
        register_batch(session, planned)
        (unserved,) = unserved_steps(session, {"ocr"})
        assert (unserved.step, unserved.units, unserved.batches) == ("stamp", 3, ("b",))
        assert unserved_steps(session, {"stamp"}) == []
