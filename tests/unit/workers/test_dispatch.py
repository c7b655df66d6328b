# SPDX-License-Identifier: Apache-2.0
"""Which canvas is sent for which open units."""

from __future__ import annotations

from typing import Any

from celery import Celery

from archive.registry.dispatching import OpenUnit
from archive.registry.stages import Stage
from archive.registry.states import State
from workers.dispatch import PHASES, _canvas, _next_phase


def units(*described: tuple[str, int, str]) -> list[OpenUnit]:
    return [
        OpenUnit(number, Stage(stage), chunk, State(state))
        for number, (stage, chunk, state) in enumerate(described)
    ]


def drawn(canvas: Any) -> str:
    """A canvas in words: stages with their unit keys, -> for then, [..] for a chord's header."""
    kind = canvas.get("subtask_type")
    if kind == "chord":
        return f"[{' | '.join(drawn(task) for task in canvas.tasks)}] -> {drawn(canvas.body)}"
    if kind == "chain":
        return " -> ".join(drawn(task) for task in canvas.tasks)
    return f"{canvas['task'].removeprefix('recto.')}{canvas['args'][0]}"


def canvas(open_units: list[OpenUnit]) -> Any:
    return _canvas(Celery("test", set_as_current=False), open_units, "cellar")


def test_the_phases_cover_every_stage_once_and_in_order() -> None:
    assert [stage for phase in PHASES for stage in sorted(phase, key=list(Stage).index)] == list(Stage)


def test_describing_is_a_chord_of_captured_chunks_after_validation() -> None:
    described = units(
        ("validate", 0, "waiting"),
        ("capture", 0, "waiting"),
        ("capture", 1, "waiting"),
        ("characterise", 0, "waiting"),
        ("characterise", 1, "waiting"),
        ("enrich", 0, "waiting"),
    )
    assert (
        drawn(canvas(described))
        == "validate0 -> [capture1 -> characterise3 | capture2 -> characterise4] -> enrich5"
    )


def test_reading_is_a_chord_of_chunks_with_assembly_at_its_end() -> None:
    described = units(("ocr", 0, "waiting"), ("ocr", 1, "waiting"), ("assemble", 0, "waiting"))
    assert drawn(canvas(described)) == "[ocr0 | ocr1] -> assemble2"


def test_delivering_is_a_chain() -> None:
    described = units(("bag", 0, "waiting"), ("upload", 0, "waiting"), ("confirm", 0, "waiting"))
    assert drawn(canvas(described)) == "bag0 -> upload1 -> confirm2"


def test_only_the_phase_that_is_reached_is_sent() -> None:
    open_units = units(("enrich", 0, "waiting"), ("ocr", 0, "waiting"), ("bag", 0, "waiting"))
    assert [str(unit.stage) for unit in _next_phase(open_units)] == ["enrich"]


def test_held_and_failed_units_are_not_sent_but_their_neighbours_are() -> None:
    open_units = units(("ocr", 0, "failed"), ("ocr", 1, "waiting"), ("assemble", 0, "waiting"))
    assert [unit.id for unit in _next_phase(open_units)] == [1, 2]


def test_capture_goes_to_the_queue_of_the_station_that_owns_the_device() -> None:
    sent = canvas(units(("capture", 0, "waiting")))
    assert sent.options["queue"] == "capture.cellar"


def test_nothing_open_sends_nothing() -> None:
    assert canvas([]) is None
    assert _next_phase([]) == []
