# SPDX-License-Identifier: Apache-2.0
"""What a full registry costs: looking at a batch and moving a new item, beside a registry that is new.

Builds a registry of a million pages and ten million events in steps (`growth_registry.py`), and asks at
each step the same questions: those of the commands, of the board, of the dispatcher and of the workers.
Every figure is the least of several calls, in milliseconds, with the transaction and its commit: other
work on the machine only adds to it.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from celery import Celery
from growth_registry import PAGES, Size, batch_name, disk_bytes, grow, make_template, planned, steps
from measuring import StepFailed, print_machine, print_table, run, work_folder
from sqlalchemy import update

from archive.registry import Registry, ledger, open_registry
from archive.registry.batches import list_batches, register_batch
from archive.registry.board import read_board
from archive.registry.dispatching import open_units, running_units, stalled_batches, stalled_items
from archive.registry.events import verify_chain
from archive.registry.open_work import has_open_work, troubles, workload
from archive.registry.pace import read_pace
from archive.registry.stages import Stage
from archive.registry.status import batch_status
from archive.registry.tables import ItemRow
from archive.registry.window import fill_window
from workers.dispatch import dispatch_item
from workers.logs import configure_logging
from workers.node import Node
from workers.settings import load_settings

REPOSITORY = Path(__file__).resolve().parent.parent
CALLS = 15
"""Calls of a question; the first is not counted."""
PROCESSES = 4
"""Runs of a command; the first is not counted."""

T = TypeVar("T")
Figures = dict[str, float]
"""Milliseconds by the name of what was asked."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="10,000 pages and 100,000 events")
    parser.add_argument("--pages", type=int, default=1_000_000)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument(
        "--work", type=Path, help="where the registry goes; the temporary folder when left out"
    )
    parser.add_argument("--keep", action="store_true", help="leave the registry in --work")
    arguments = parser.parse_args()
    pages, events = (10_000, 100_000) if arguments.small else (arguments.pages, arguments.events)
    if arguments.keep:
        if arguments.work is None:
            parser.error("--keep needs --work")
        arguments.work.mkdir(parents=True, exist_ok=True)
        measure_growth(arguments.work, pages, events)
        return
    with work_folder(arguments.work) as folder:
        measure_growth(folder, pages, events)


def measure_growth(home: Path, pages: int, events: int) -> None:
    """Build the registry in steps, ask at each, and print what it cost.

    Args:
        home: An empty folder; it becomes the RECTO_HOME of the commands that are measured.
        pages: How many pages the registry holds at last.
        events: How many events.
    """
    print_machine(home)
    configure_logging("warning", "json")
    os.environ["RECTO_HOME"] = str(home)
    os.environ["RECTO_STATION"] = "growth"
    database = home / "state" / "registry.sqlite3"
    database.parent.mkdir()
    url = f"sqlite:///{database}"
    make_template(url, database)
    present = Size(1, 0, 0)
    columns: dict[str, Figures] = {}
    sizes = list(steps(pages, events))
    for size in sizes:
        begun = time.perf_counter()
        grow(database, present, size)
        built = time.perf_counter() - begun
        print(
            f"{size.batches:,} batches, {size.pages:,} pages, {size.events:,} events:"
            f" {disk_bytes(database) / 1e6:,.0f} MB on the disk, built in {built:.1f} s",
            flush=True,
        )
        figures = _ask(url, size)
        if size in {sizes[0], sizes[-1]}:
            # a start of Python with its libraries is the longest thing here, and the same each time
            figures |= _commands(size)
        columns[f"{size.pages:,} pages"] = figures
        present = size
    rows = [[name, *map(_cell, columns.values(), [name] * len(columns))] for name in figures]
    print_table("Milliseconds", ["", *columns], rows)


def _cell(figures: Figures, name: str) -> str:
    return f"{figures[name]:.1f}" if name in figures else "-"


def _ask(url: str, size: Size) -> Figures:
    registry = open_registry(url)
    try:
        return (
            {"opening the registry": _least(lambda: open_registry(url).close())}
            | _reading(registry, size)
            | _moving(registry, size)
            | _wide(registry, size)
        )
    finally:
        registry.close()


def _reading(registry: Registry, size: Size) -> Figures:
    """What people and the desktop ask."""
    batch = batch_name(size.batches // 3)

    def read(question: Callable[..., object], *words: object, **more: object) -> float:
        def ask() -> None:
            with registry.reading() as session:
                question(session, *words, **more)

        return _least(ask)

    return {
        "status of a batch": read(batch_status, batch),
        "list of all batches": read(list_batches),
        "board, whole": read(read_board, batch),
        "board, nothing new": read(read_board, batch, seen=size.events // size.batches),
        "pace of a batch": read(read_pace, batch),
        "what waits and runs": read(workload),
        "what stands still": read(troubles),
        "whether a station may end": read(has_open_work, "growth", 3),
        "proving a chain": read(verify_chain, batch),
    }


def _moving(registry: Registry, size: Size) -> Figures:
    """What dispatcher, reconciler and workers do with a new batch."""
    names = [f"new-{size.batches}-{number}" for number in range(CALLS)]
    figures = {"registering a batch": _each(_registering(registry), names)}
    node = Node(load_settings())
    node.__dict__["registry"] = registry
    app = _application()
    items: list[int] = []

    def fill(name: str) -> None:
        with registry.transaction() as session:
            items.extend(fill_window(session, len(names), name))

    figures["putting items in flight"] = _each(fill, names)
    figures["putting one of the backlog in flight"] = _each(
        lambda window: _fill(registry, window), range(len(items) + 1, len(items) + 1 + CALLS)
    )
    figures["dispatching an item"] = _each(lambda item: dispatch_item(app, node, item), items)
    units = [_first_unit(registry, item) for item in items]
    figures |= _working(registry, units)
    figures["looking for stalled items"] = _least(_reading_of(registry, stalled_items, quiet_seconds=60.0))
    figures["looking for stalled batches"] = _least(
        _reading_of(registry, stalled_batches, quiet_seconds=60.0)
    )
    figures["looking for dead owners"] = _least(_reading_of(registry, running_units))
    _finish(registry, items)
    return figures


def _working(registry: Registry, units: Sequence[int], name: str = "a unit") -> Figures:
    claims: list[ledger.Claim] = []

    def claim(unit: int) -> None:
        with registry.transaction() as session:
            made = ledger.claim(session, unit, "host:1:task", lease_seconds=60, max_attempts=4)
        if made is None:
            raise StepFailed(f"Unit {unit} could not be claimed.")
        claims.append(made)

    def renew(held: ledger.Claim) -> None:
        with registry.transaction() as session:
            ledger.renew(session, held, lease_seconds=60)

    def complete(held: ledger.Claim) -> None:
        with registry.transaction() as session:
            ledger.complete(session, held, {"pages": 1})

    figures = {f"claiming {name}": _each(claim, units)}
    figures[f"renewing {name}'s lease"] = _each(renew, claims)
    return figures | {f"completing {name}": _each(complete, claims)}


def _wide(registry: Registry, size: Size) -> Figures:
    """The same for a batch of very many items, and for an item of very many pages."""
    many, long = f"many-{size.batches}", f"long-{size.batches}"
    with registry.transaction() as session:
        register_batch(session, planned(many, items=2000, pages=5))
    with registry.transaction() as session:
        register_batch(session, planned(long, items=1, pages=10_000))
        items = fill_window(session, 100_000, many)
        [item] = fill_window(session, 100_000, long)
    figures = _working(registry, [_first_unit(registry, key) for key in items[:CALLS]], "one of 2,000 items")
    with registry.reading() as session:
        first, *_ = open_units(session, item)
    _working(registry, [first.id], "the first")
    captures = []
    for _ in range(CALLS):
        with registry.reading() as session:
            unit = next(unit for unit in open_units(session, item) if unit.stage == Stage.CAPTURE)
        captures.append(_working(registry, [unit.id], "one of 200 chunks"))
    figures |= {name: min(one[name] for one in captures[1:]) for name in captures[0]}
    figures["status of 2,000 items"] = _least(_reading_of(registry, batch_status, many))
    figures["board of 2,000 items"] = _least(_reading_of(registry, read_board, many))
    _finish(registry, [*items, item])
    return figures


def _commands(size: Size) -> Figures:
    """Whole processes, beside the start of the program."""
    batch = batch_name(size.batches // 3)
    commands = {
        "recto --version": ["--version"],
        "recto batch status BATCH": ["batch", "status", batch],
        "recto batch status BATCH --json": ["batch", "status", batch, "--json"],
        "recto batch status": ["batch", "status"],
    }
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(PROCESSES + 1):
        for name, words in commands.items():
            taken[name].append(
                run([sys.executable, "-m", "app", *words], {"PYTHONPATH": str(REPOSITORY)}).seconds * 1000
            )
    return {name: min(times[1:]) for name, times in taken.items()}


def _application() -> Celery:
    """Queues in memory: what is measured is the registry."""
    app = Celery("growth", broker="memory://", backend="cache+memory://")
    app.set_default()
    return app


def _registering(registry: Registry) -> Callable[[str], None]:
    def register(name: str) -> None:
        with registry.transaction() as session:
            register_batch(session, planned(name, items=1, pages=PAGES))

    return register


def _reading_of(
    registry: Registry, question: Callable[..., object], *words: object, **more: object
) -> Callable[[], None]:
    def ask() -> None:
        with registry.reading() as session:
            question(session, *words, **more)

    return ask


def _fill(registry: Registry, window: int) -> None:
    with registry.transaction() as session:
        fill_window(session, window)


def _first_unit(registry: Registry, item: int) -> int:
    with registry.reading() as session:
        return open_units(session, item)[0].id


def _finish(registry: Registry, items: Sequence[int]) -> None:
    """Take measured items out of the way of the next step."""
    with registry.transaction() as session:
        session.execute(update(ItemRow).where(ItemRow.in_flight).values(in_flight=False))
        session.execute(update(ItemRow).where(ItemRow.id.in_(items)).values(state="cancelled"))


def _each(work: Callable[[T], object], parts: Sequence[T]) -> float:
    """Milliseconds for the quickest of these parts; the first does not count where there are several."""
    taken = [_milliseconds(lambda part=part: work(part)) for part in parts]  # type: ignore[misc]
    return min(taken[1:] or taken)


def _least(work: Callable[[], object]) -> float:
    """Milliseconds of the quickest of several calls, the first of which does not count."""
    return min([_milliseconds(work) for _ in range(CALLS)][1:])


def _milliseconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main()
