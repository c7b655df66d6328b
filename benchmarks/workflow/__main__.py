# SPDX-License-Identifier: Apache-2.0
"""The same graph on three engines: what it costs, and what becomes of it when something is killed half-way.

Each item is chain(validate, chord([capture, technical_metadata], enrich)) of tasks that do nothing but
leave a countable effect; one more task ends all. 250 items are 1,001 tasks, 2,500 are 10,001. Every run has
fresh servers and processes: redis-server with an append-only file synced each second, one Celery worker of
two processes with late acknowledgement and prefetch 1, and for Recto beat and a registry in SQLite (WAL,
synchronous=FULL). Faults strike half-way through 50 items whose steps take 10 ms.
"""

from __future__ import annotations

import argparse
import signal
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.measuring import MEGABYTE, print_machine, print_table, work_folder
from benchmarks.workflow.faults import FAULTS, exactly_once, survive
from benchmarks.workflow.runs import ENGINES, NATIVE, Engine, Outcome, run, stand

GIVE_UP_SECONDS = 30.0
"""Of an undisturbed run in which nothing happens any more."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [engine.module for engine in ENGINES]
    parser.add_argument("--small", action="store_true", help="250 items, one round, shorter watching")
    parser.add_argument("--items", type=int, nargs="+", default=[250, 2500])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--engines", nargs="+", choices=names, default=names)
    parser.add_argument("--faults", nargs="*", choices=list(FAULTS), default=list(FAULTS))
    parser.add_argument("--fault-items", type=int, default=50)
    parser.add_argument(
        "--watch", type=float, default=40.0, help="seconds without a task that count as the end"
    )
    parser.add_argument("--work", type=Path, help="where the files go; the temporary folder when left out")
    arguments = parser.parse_args()
    engines = [engine for engine in ENGINES if engine.module in arguments.engines]
    sizes, rounds, watch = arguments.items, arguments.rounds, arguments.watch
    if arguments.small:
        sizes, rounds, watch = [250], 1, 15.0
    # whoever ends the benchmark ends its processes too
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    with work_folder(arguments.work) as folder:
        print_machine(folder)
        for items in sizes if rounds else []:
            _compare(engines, items, rounds, folder)
        for name in arguments.faults:
            _strike(engines, name, arguments.fault_items, watch, folder)


def _compare(engines: Sequence[Engine], items: int, rounds: int, folder: Path) -> None:
    """Run all engines in turn and print what each needed."""
    outcomes: dict[str, list[Outcome]] = {engine.title: [] for engine in engines}
    for _ in range(rounds):
        for engine in engines:
            with tempfile.TemporaryDirectory(dir=folder) as name, stand(engine, Path(name)) as standing:
                outcomes[engine.title].append(run(engine, items, standing, give_up=GIVE_UP_SECONDS))
    rows = [[title, *_costs(of_engine)] for title, of_engine in outcomes.items()]
    columns = [
        *("engine", "publish, s", "client, MB more", "broker peak, MB", "into broker, MB"),
        *("first item, s", "half, s", "all, s", "CPU s", "start, CPU s", "effects"),
    ]
    print_table(f"{4 * items + 1:,} tasks", columns, rows)
    _print_ratios(outcomes)


def _costs(outcomes: Sequence[Outcome]) -> list[str]:
    def middle(value: Callable[[Outcome], float | None], form: str) -> str:
        known = [found for found in map(value, outcomes) if found is not None]
        return f"{statistics.median(known):{form}}" if len(known) == len(outcomes) else "never"

    return [
        middle(lambda outcome: outcome.publish_seconds, ".3f"),
        middle(lambda outcome: outcome.growth / MEGABYTE, ".1f"),
        middle(lambda outcome: outcome.broker_peak / MEGABYTE, ".1f"),
        middle(lambda outcome: outcome.broker_bytes / MEGABYTE, ".1f"),
        middle(lambda outcome: outcome.first_item, ".2f"),
        middle(lambda outcome: outcome.half, ".1f"),
        middle(lambda outcome: outcome.finished, ".1f"),
        middle(lambda outcome: outcome.cpu_seconds, ".2f"),
        middle(lambda outcome: outcome.start_seconds, ".2f"),
        _once(outcomes),
    ]


def _once(outcomes: Sequence[Outcome]) -> str:
    wrong = sum(outcome.repeated + outcome.missing for outcome in outcomes)
    return "each once" if not wrong else f"{wrong} lost or doubled"


def _print_ratios(outcomes: dict[str, list[Outcome]]) -> None:
    native = [outcome.finished for outcome in outcomes.get(NATIVE.title, [])]
    for title, of_engine in outcomes.items():
        ours = [outcome.finished for outcome in of_engine]
        if native and title != NATIVE.title and None not in [*native, *ours]:
            shares = sorted((mine or 0) / (theirs or 1) for mine, theirs in zip(ours, native, strict=True))
            worked = [outcome.cpu_seconds for outcome in of_engine]
            natives = [outcome.cpu_seconds for outcome in outcomes[NATIVE.title]]
            print(
                f"{title}: {statistics.median(shares):.2f} of native's time ({shares[0]:.2f}-{shares[-1]:.2f}), "
                f"{statistics.median(worked) / statistics.median(natives):.2f} of its CPU seconds",
                flush=True,
            )


def _strike(engines: Sequence[Engine], fault: str, items: int, watch: float, folder: Path) -> None:
    rows = []
    for engine in engines:
        with tempfile.TemporaryDirectory(dir=folder) as name:
            survival = survive(engine, FAULTS[fault], items, Path(name), watch=watch)
        ended = survival.after is not None
        rows.append(
            [
                engine.title,
                f"{survival.after:.1f} s later" if ended else f"never (watched {watch:.0f} s)",
                exactly_once(engine, survival.outcome),
            ]
        )
    print_table(
        f"{4 * items + 1} tasks of 10 ms; {FAULTS[fault].title}", ["engine", "finished", "tasks"], rows
    )


if __name__ == "__main__":
    main()
