# SPDX-License-Identifier: Apache-2.0
"""Units that raise, crash, eat memory or never end become failed with the reason, and harm no neighbour.

All of them are poured into the pools of a station at once, among healthy ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.integration.workers.steering.conftest import Site, stage

PROCESSES, THREADS = "compute_intensive", "io_bound"
POISON = {
    PROCESSES: ("raising", "eating", "falling", "dawdling", "hanging"),
    # the one that crashes takes those with it that dawdle and hang; the healthy ones wait behind all of them
    THREADS: ("dawdling", "hanging", "aborting"),
}
QUICK = {"soft_seconds": 1, "hard_seconds": 3, "attempts": 2}


@dataclass
class Poured:
    """How each unit ended.

    Attributes:
        failed: Why the poison failed, by queue and step.
        healthy: How its healthy neighbours ended, by queue.
    """

    failed: dict[tuple[str, str], dict[str, Any]]
    healthy: dict[str, list[str]]


@pytest.fixture(scope="session")
def poured(site: Site) -> Poured:
    """All poison in its pools, among healthy units."""
    batches: dict[tuple[str, str], str] = {}
    naps: dict[str, list[str]] = {}
    for queue, steps in POISON.items():
        naps[queue] = [site.submit(stage("nap", "nap", queue, parameters={"seconds": 0.3})) for _ in range(3)]
        for step in steps:
            poison = stage("odd", step, queue, **QUICK)
            batches[queue, step] = site.submit(poison, items=[f"{step}-{queue}"])
    ended = site.settle(*batches.values(), seconds=60)
    healthy = {
        queue: [
            str(item["problems"] or item["state"])
            for status in site.settle(*names)
            for item in status["items"]
        ]
        for queue, names in naps.items()
    }
    return Poured(dict(zip(batches, map(problem_of, ended), strict=True)), healthy)


def problem_of(status: dict[str, Any]) -> dict[str, Any]:
    """Why the only item of a batch failed: told with what it means and what to do."""
    (item,) = status["items"]
    (problem,) = item["problems"]
    assert problem["state"] == "failed"
    assert problem["consequence"]
    assert "recto batch retry" in problem["remedy"]
    return dict(problem)


def test_poison_in_a_pool_of_processes_ends_as_failed_and_harms_no_neighbour(
    site: Site, poured: Poured
) -> None:
    raising, eating, falling, dawdling, hanging = (
        poured.failed[PROCESSES, step] for step in POISON[PROCESSES]
    )
    # an unexpected error is a defect: told at once, with its traceback
    assert (raising["code"], raising["attempts"]) == ("unexpected", 1)
    assert "nobody divides" in raising["facts"]["traceback"]
    assert "MemoryError" in eating["facts"]["traceback"]
    assert (falling["code"], falling["attempts"]) == ("worker.lost", 2)
    assert (dawdling["code"], dawdling["attempts"]) == ("unit.time_limit", 2)
    assert (hanging["code"], hanging["attempts"]) == ("unit.time_limit", 1)
    assert "site_steps.py" in hanging["facts"]["traceback"]
    assert poured.healthy[PROCESSES] == ["done"] * 3
    assert {"tidied raising-compute_intensive", "tidied dawdling-compute_intensive"} <= set(site.notes())


def test_poison_in_a_pool_of_threads_is_done_apart_the_second_time_and_harms_no_neighbour(
    site: Site, poured: Poured
) -> None:
    dawdling, hanging, aborting = (poured.failed[THREADS, step] for step in POISON[THREADS])
    assert (aborting["code"], aborting["attempts"]) == ("worker.lost", 2)
    assert "SIGABRT" in aborting["message"]
    assert "site_steps.py" in aborting["facts"]["traceback"]
    assert (dawdling["code"], hanging["code"]) == ("unit.time_limit", "unit.time_limit")
    assert "tidied dawdling-io_bound" in site.notes()
    assert "site_steps.py" in hanging["facts"]["traceback"]
    assert poured.healthy[THREADS] == ["done"] * 3
