# SPDX-License-Identifier: Apache-2.0
"""Steps are found by name; a site's own are loaded when asked for, and a broken one names who offers it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from archive.receiving.ingest_pipeline import IngestStage
from archive.registry.stages import Stage
from workers.errors import StepBroken, StepUnknown
from workers.steps.registry import (
    find_step,
    forget_steps,
    known_steps,
    site_steps,
    step_names,
    step_of_stage,
)

Install = Callable[..., None]
GOOD = "from workers.steps.step import Step\nstamp = Step(run=lambda work: {'stamped': True})\n"


def test_every_shipped_stage_is_a_step() -> None:
    assert [name for name in Stage if find_step(name).title == ""] == []
    assert list(step_names())[: len(Stage)] == list(Stage)


def test_a_sites_own_step_is_found_by_the_name_of_its_entry_point(install: Install) -> None:
    install("city_archive", GOOD, "stamp = city_archive:stamp")
    assert find_step("stamp") is find_step("stamp")
    assert "stamp" in step_names()
    assert [(step.name, step.distribution, step.broken) for step in site_steps()] == [
        ("stamp", "city_archive 1.2", None)
    ]


def test_a_step_is_loaded_only_when_it_is_asked_for(install: Install) -> None:
    install("city_archive", "raise RuntimeError('no licence here')", "stamp = city_archive:stamp")
    assert "stamp" in step_names()
    assert find_step("ocr").applies_to == ("chunk",)
    with pytest.raises(StepBroken) as raised:
        find_step("stamp")
    assert "city_archive 1.2" in raised.value.message
    assert "no licence here" in raised.value.message


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import sys; sys.exit(3)", "SystemExit: 3"),
        ("stamp = len", "is no step"),
        ("nothing = 1", "AttributeError"),
    ],
)
def test_what_is_no_step_is_told_with_its_distribution(install: Install, code: str, told: str) -> None:
    install("city_archive", code, "stamp = city_archive:stamp")
    (step,) = site_steps()
    assert step.broken is not None
    assert told in step.broken.message
    assert "city_archive 1.2" in step.broken.message


def test_a_step_that_two_distributions_offer_is_refused(install: Install) -> None:
    install("city_archive", GOOD, "stamp = city_archive:stamp")
    install("state_archive", GOOD, "stamp = state_archive:stamp")
    with pytest.raises(StepBroken, match=r"city_archive 1.2 and state_archive 1.2|state.*and city"):
        find_step("stamp")


def test_nobody_can_take_the_place_of_a_shipped_step(install: Install) -> None:
    install("city_archive", GOOD, "confirm = city_archive:stamp")
    assert find_step("confirm").needs == ("upload",)
    (step,) = site_steps()
    assert step.broken is not None
    assert "comes with Recto" in step.broken.message


def test_what_damaged_packages_offer_is_told_and_harms_no_other(install: Install, tmp_path: Path) -> None:
    install("city_archive", GOOD, "stamp = city_archive:stamp", "odd = ???")
    (tmp_path / "nameless-1.dist-info").mkdir()
    (tmp_path / "nameless-1.dist-info" / "entry_points.txt").write_text(
        "[recto.steps]\nlost = nowhere:step\n"
    )
    forget_steps()
    told = {step.name: step for step in site_steps()}
    assert told["stamp"].broken is None
    assert told["lost"].distribution == "a distribution without a name"
    assert {name for name, step in told.items() if step.broken} == {"lost", "odd"}
    (tmp_path / "nameless-1.dist-info" / "entry_points.txt").write_bytes(b"\xff\xfe\x00")
    forget_steps()
    assert find_step("ocr").queue == "compute_intensive"
    with pytest.raises(StepBroken, match="cannot be read"):
        find_step("stamp")


def test_an_unknown_step_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(StepUnknown, match="Did you mean characterise"):
        find_step("characterize")


def test_the_steps_of_an_ingest_are_done_and_offered_to_no_pipeline() -> None:
    assert set(known_steps()) == {*step_names(), *IngestStage}
    assert not set(step_names()) & set(IngestStage)
    for name in IngestStage:
        assert step_of_stage(name).title
        with pytest.raises(StepUnknown):
            find_step(name)


def test_a_site_cannot_take_the_place_of_a_step_of_the_ingest(install: Install) -> None:
    install("city_archive", GOOD, "verify = city_archive:stamp")
    assert "verify" not in step_names()
    with pytest.raises(StepBroken, match="comes with Recto"):
        find_step("verify")
