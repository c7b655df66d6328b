# SPDX-License-Identifier: Apache-2.0
"""Units that raise, crash, eat memory or never end become failed with the reason, and harm no neighbour.

All of them are poured into one pool at once, among healthy ones.
"""

from __future__ import annotations

from typing import Any

from tests.integration.workers.steering.conftest import Site, stage

QUICK = {"soft_seconds": 1, "hard_seconds": 3}


def problem_of(status: dict[str, Any]) -> dict[str, Any]:
    """Why the only item of a batch failed: told with what it means and what to do."""
    (item,) = status["items"]
    (problem,) = item["problems"]
    assert problem["state"] == "failed"
    assert problem["consequence"]
    assert "recto batch retry" in problem["remedy"]
    return dict(problem)


def poured(site: Site, queue: str, *steps: str) -> tuple[list[dict[str, Any]], list[str]]:
    """Why each of these steps failed, when they are done among healthy ones; and how the healthy ones ended."""
    healthy = [site.submit(stage("nap", "nap", queue, parameters={"seconds": 0.3})) for _ in range(3)]
    poisoned = [site.submit(stage("odd", step, queue, **QUICK), items=[f"{step}-{queue}"]) for step in steps]
    failed = [problem_of(status) for status in site.settle(*poisoned, seconds=60)]
    ended = site.settle(*healthy)
    return failed, [str(item["problems"] or item["state"]) for status in ended for item in status["items"]]


def test_poison_in_a_pool_of_processes_ends_as_failed_and_harms_no_neighbour(site: Site) -> None:
    failed, healthy = poured(site, "compute_intensive", "raising", "eating", "falling", "dawdling", "hanging")
    raising, eating, falling, dawdling, hanging = failed
    # an unexpected error is a defect: told at once, with its traceback
    assert (raising["code"], raising["attempts"]) == ("unexpected", 1)
    assert "nobody divides" in raising["facts"]["traceback"]
    assert "MemoryError" in eating["facts"]["traceback"]
    assert (falling["code"], falling["attempts"]) == ("worker.lost", 3)
    assert (dawdling["code"], dawdling["attempts"]) == ("unit.time_limit", 2)
    assert (hanging["code"], hanging["attempts"]) == ("unit.time_limit", 1)
    assert "site_steps.py" in hanging["facts"]["traceback"]
    assert healthy == ["done"] * 3
    assert {"tidied raising-compute_intensive", "tidied dawdling-compute_intensive"} <= set(site.notes())


def test_poison_in_a_pool_of_threads_is_done_apart_the_second_time_and_harms_no_neighbour(site: Site) -> None:
    # the one that crashes takes those with it that dawdle and hang; the healthy ones wait behind all of them
    failed, healthy = poured(site, "io_bound", "dawdling", "hanging", "aborting")
    dawdling, hanging, aborting = failed
    assert (aborting["code"], aborting["attempts"]) == ("worker.lost", 2)
    assert "SIGABRT" in aborting["message"]
    assert "site_steps.py" in aborting["facts"]["traceback"]
    assert (dawdling["code"], hanging["code"]) == ("unit.time_limit", "unit.time_limit")
    assert "tidied dawdling-io_bound" in site.notes()
    assert "site_steps.py" in hanging["facts"]["traceback"]
    assert healthy == ["done"] * 3
