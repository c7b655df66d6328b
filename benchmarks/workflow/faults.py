# SPDX-License-Identifier: Apache-2.0
"""What is done to a run half-way, and whether it finishes all the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.workflow import effects
from benchmarks.workflow.runs import LEDGER, Engine, Outcome, Standing, run, stand

STEP_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to break a run.

    Attributes:
        title: What happens, in words.
        strike: Does it; None where the environment does.
        durable: Whether the broker writes to disk.
        environment: What the processes are told, with {folder} for the run's folder.
    """

    title: str
    strike: Callable[[Standing], None] | None
    durable: bool = True
    environment: Mapping[str, str] | None = None


def _kill_child(standing: Standing) -> None:
    standing.processes.kill_child("worker")


def _kill_worker(standing: Standing) -> None:
    standing.processes.kill("worker")
    standing.processes.start("worker")


def _restart_broker(standing: Standing) -> None:
    standing.broker.kill()
    standing.broker.start()


def _flush_broker(standing: Standing) -> None:
    standing.broker.client.flushall()


FAULTS: Mapping[str, Fault] = {
    "none": Fault("nothing", None),
    "child": Fault("a child of the worker is killed", _kill_child),
    "worker": Fault("the worker is killed, another started", _kill_worker),
    "broker": Fault("the broker is killed and started again", _restart_broker),
    "memory": Fault("the same, and it kept all in memory", _restart_broker, durable=False),
    "flush": Fault("the broker is flushed", _flush_broker),
    "result": Fault(
        "a child dies between result and chord part",
        None,
        environment={effects.DIE_AFTER_RESULT: "{folder}/died"},
    ),
}
"""By the name that the command line knows."""


@dataclass(frozen=True, slots=True)
class Survival:
    """How a run came through a fault; `after` is the seconds from the fault to the end, None without an end."""

    outcome: Outcome
    after: float | None


def survive(
    engine: Engine,
    fault: Fault,
    items: int,
    folder: Path,
    *,
    watch: float,
    settings: Mapping[str, str] | None = None,
) -> Survival:
    """Run the graph with steps of 10 ms, strike when half of the tasks have run, and watch what becomes of it.

    Args:
        engine: The contender.
        fault: What goes wrong.
        items: How many items the graph has.
        folder: For the run's files.
        watch: Seconds without a further task after which the run counts as unfinished.
        settings: Further variables of the processes' environment.
    """
    half = items * len(effects.STEPS) // 2
    struck: list[float] = []
    environment = {effects.STEP_SECONDS: str(STEP_SECONDS), **(settings or {})}
    for name, value in (fault.environment or {}).items():
        environment[name] = value.format(folder=folder)
    with stand(engine, folder, durable=fault.durable, environment=environment) as standing:

        def strike(seconds: float, tasks: int) -> None:
            if tasks >= half and not struck:
                struck.append(seconds)
                if fault.strike is not None:
                    fault.strike(standing)

        outcome = run(engine, items, standing, give_up=watch, meanwhile=strike)
    if outcome.finished is None or not struck:
        return Survival(outcome, None)
    return Survival(outcome, outcome.finished - struck[0])


def exactly_once(engine: Engine, outcome: Outcome) -> str:
    """What the effects of a run say: of tasks, and for the ledger of units."""
    words = f"{outcome.repeated} ran twice" if outcome.repeated else "each ran once"
    if outcome.missing:
        words += f", {outcome.missing} never"
    if engine is LEDGER:
        words += f"; in the ledger {outcome.recorded}"
    return words
