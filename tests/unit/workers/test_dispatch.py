# SPDX-License-Identifier: Apache-2.0
"""Which canvas is sent for which open units."""

from __future__ import annotations

import time
from typing import Any

from celery import Celery

from archive.registry.dispatching import OpenUnit
from archive.registry.sending import Sending, plan_sending
from archive.registry.stages import DEFAULT_PIPELINE, Per, Pipeline, StageRule
from archive.registry.states import State
from workers.dispatch import canvases


def units(*described: tuple[str, int, str]) -> list[OpenUnit]:
    return [
        OpenUnit(number, stage, chunk, State(state)) for number, (stage, chunk, state) in enumerate(described)
    ]


def waiting(*stages: str, chunks: int = 1) -> list[OpenUnit]:
    """Waiting units of an item whose pages are cut into chunks."""
    rules = [DEFAULT_PIPELINE.rule(stage) for stage in stages]
    return units(
        *((rule.name, chunk, "waiting") for rule in rules for chunk in range(chunks if rule.chunked else 1))
    )


def drawn(canvas: Any) -> str:
    """A canvas in words: stages with their unit keys, -> for then, [..] for a chord's header."""
    kind = canvas.get("subtask_type")
    if kind == "chord":
        return f"[{' | '.join(drawn(task) for task in canvas.tasks)}] -> {drawn(canvas.body)}"
    if kind == "chain":
        return " -> ".join(drawn(task) for task in canvas.tasks)
    return f"{canvas['task'].removeprefix('recto.')}{canvas['args'][0]}"


def sent(open_units: list[OpenUnit], pipeline: Pipeline = DEFAULT_PIPELINE) -> list[Any]:
    chains, callback = plan_sending(pipeline, open_units)
    sending = Sending("b1", "cellar", pipeline, chains, callback)
    return canvases(Celery("test", set_as_current=False), sending)


def words(open_units: list[OpenUnit], pipeline: Pipeline = DEFAULT_PIPELINE) -> list[str]:
    return [drawn(canvas) for canvas in sent(open_units, pipeline)]


def test_only_what_stands_on_done_work_is_sent() -> None:
    assert words(waiting("validate", "capture", "characterise", "enrich")) == ["validate0"]


def test_describing_is_a_chord_of_captured_chunks() -> None:
    described = waiting("capture", "characterise", "enrich", "ocr", chunks=2)
    assert words(described) == ["[capture0 -> characterise2 | capture1 -> characterise3] -> enrich4"]


def test_reading_is_a_chord_of_chunks_with_assembly_at_its_end() -> None:
    assert words(waiting("ocr", "assemble", "bag", chunks=2)) == ["[ocr0 | ocr1] -> assemble2"]


def test_a_single_chunk_needs_no_chord() -> None:
    assert words(waiting("capture", "characterise", "enrich")) == ["capture0 -> characterise1"]


def test_delivering_goes_step_by_step() -> None:
    assert words(waiting("bag", "upload", "confirm")) == ["bag0"]


def test_held_and_failed_units_are_not_sent_but_their_neighbours_are_without_a_callback() -> None:
    open_units = units(
        ("ocr", 0, "failed"), ("ocr", 1, "waiting"), ("ocr", 2, "queued"), ("assemble", 0, "waiting")
    )
    assert words(open_units) == ["ocr1", "ocr2"]


def test_a_unit_whose_time_has_not_come_is_not_sent() -> None:
    later = OpenUnit(7, "bag", 0, State.WAITING, not_before=time.time() + 60)
    assert words([later]) == []


def test_stages_that_stand_on_the_same_one_are_sent_side_by_side() -> None:
    pipeline = Pipeline(
        "diamond",
        "Diamond",
        "1",
        (
            StageRule("a", "a"),
            StageRule("b", "b", after=("a",)),
            StageRule("c", "c", after=("a",)),
            StageRule("d", "d", after=("b", "c")),
        ),
    )
    open_units = units(("b", 0, "waiting"), ("c", 0, "waiting"), ("d", 0, "waiting"))
    assert words(open_units, pipeline) == ["[step0 | step1] -> step2"]


def test_a_chunk_goes_on_alone_where_the_next_stage_asks_only_for_the_same_chunk() -> None:
    pipeline = Pipeline(
        "strict",
        "Strict",
        "1",
        (
            StageRule("one", "one", Per.CHUNK),
            StageRule("two", "two", Per.CHUNK, after=("one",)),
        ),
    )
    open_units = units(("one", 1, "waiting"), ("two", 0, "waiting"), ("two", 1, "waiting"))
    assert words(open_units, pipeline) == ["step0"], "all chunks must be through the first stage"


def test_capture_goes_to_the_queue_of_the_station_that_owns_the_device() -> None:
    (canvas,) = sent(units(("capture", 0, "waiting")))
    assert canvas.options["queue"] == "capture.cellar"


def test_a_message_carries_the_time_limits_of_its_stage() -> None:
    (canvas,) = sent(units(("ocr", 0, "waiting")))
    rule = DEFAULT_PIPELINE.rule("ocr")
    assert (canvas.options["time_limit"], canvas.options["soft_time_limit"]) == (
        rule.hard_seconds,
        rule.soft_seconds,
    )


def test_nothing_open_sends_nothing() -> None:
    assert words([]) == []
