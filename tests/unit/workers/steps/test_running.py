# SPDX-License-Identifier: Apache-2.0
"""A step of a site's own is checked, run and cleaned up after, and can neither end its worker nor spoil the ledger."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

from archive.registry.ledger import Claim
from archive.registry.stages import StageRule
from workers.errors import ProgramMissing, StepBroken
from workers.node import Node
from workers.steps.running import LARGEST_RESULT, do_step
from workers.work import Held, Work

Install = Callable[..., None]

HEAD = """\
from pathlib import Path
import asyncio
import sys
from workers.errors import ProgramMissing
from workers.steps.step import Step
from workers.work import Held
told = []
def tell(word):
    return lambda work: told.append(word)
def fail(work):
    raise ValueError("no ink")
def refuse(work):
    raise ProgramMissing("There is no stamp here.")
def leave(work):
    sys.exit(3)
def end_oddly(work):
    raise asyncio.CancelledError
def check(work):
    told.append("check")
"""


def work(attempt: int = 1) -> Work:
    claim = Claim(1, "b", 1, "i", "own", 0, 1, attempt, "test")
    return Work(cast("Node", None), claim, {}, {}, StageRule("own", "own"))


@pytest.fixture
def step(install: Install) -> Callable[[str], Any]:
    """Installs a step from the text of its arguments; gives its module's notes of what was called."""

    def make(arguments: str) -> list[str]:
        install("city", f"{HEAD}own = Step({arguments})\n", "own = city:own")
        import city

        told: list[str] = city.told
        return told

    return make


def test_it_is_checked_run_and_cleaned_up_after(step: Callable[[str], list[str]]) -> None:
    told = step("check=check, run=tell('run'), clean_up=tell('clean up')")
    assert do_step(work()) == {}
    assert told == ["check", "run", "clean up"]


def test_what_an_attempt_that_died_left_is_cleaned_up_first(step: Callable[[str], list[str]]) -> None:
    told = step("run=tell('run'), clean_up=tell('clean up')")
    do_step(work(attempt=2))
    assert told == ["clean up", "run", "clean up"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ("run=fail, clean_up=tell('clean up')", ValueError),
        ("check=refuse, run=tell('run'), clean_up=tell('clean up')", ProgramMissing),
        ("run=leave, clean_up=tell('clean up')", StepBroken),
        ("run=end_oddly, clean_up=tell('clean up')", StepBroken),
    ],
)
def test_it_is_cleaned_up_after_whatever_happened(
    step: Callable[[str], list[str]], arguments: str, error: type[Exception]
) -> None:
    told = step(arguments)
    with pytest.raises(error):
        do_step(work())
    assert told == ["clean up"]


def test_a_failing_clean_up_hides_no_other_failure_and_is_one_itself(
    step: Callable[[str], list[str]],
) -> None:
    step("check=refuse, run=fail, clean_up=fail")
    with pytest.raises(ProgramMissing):
        do_step(work())


def test_a_clean_up_that_fails_after_good_work_is_told(step: Callable[[str], list[str]]) -> None:
    step("run=tell('run'), clean_up=fail")
    with pytest.raises(ValueError, match="no ink"):
        do_step(work())


@pytest.mark.parametrize(
    "returned",
    [
        "[1]",
        "{'path': Path('/x')}",
        "{'x': float('nan')}",
        "{'x': 'a\\0b'}",
        f"{{'x': 'a' * {LARGEST_RESULT}}}",
        "Held({'code': 'x'})",
        "Held(None)",
        "Held(dict.fromkeys(['code', 'message', 'consequence', 'remedy'], 1))",
    ],
)
def test_what_the_ledger_cannot_keep_is_refused(step: Callable[[str], list[str]], returned: str) -> None:
    step(f"run=lambda work: {returned}")
    with pytest.raises(StepBroken, match="'own'"):
        do_step(work())


def test_figures_and_reasons_are_kept_as_they_will_be_read_again(step: Callable[[str], list[str]]) -> None:
    step("run=lambda work: {'sizes': (1, 2), 3: None}")
    assert do_step(work()) == {"sizes": [1, 2], "3": None}


def test_a_person_can_be_asked(step: Callable[[str], list[str]]) -> None:
    step("run=lambda work: Held(ProgramMissing('Look at it.').to_json())")
    held = do_step(work())
    assert isinstance(held, Held)
    assert held.error["message"] == "Look at it."
