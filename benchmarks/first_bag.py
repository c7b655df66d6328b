# SPDX-License-Identifier: Apache-2.0
"""A batch of small items from submission to stored bags: when the first is there, and when the last.

Runs `recto batch submit --wait` in a home of its own, with its private broker and workers, and then
reads the ledger. Items go depth first, so the first bag must be stored long before the last page is
captured; what was done by then is told.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import os
import statistics
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from measuring import MEGABYTE, Account, print_machine, print_table, run, work_folder

MANIFEST = """\
id: bench
institution: Recto Benchmark
scanner_id: simulated:feeder
scanner_model: Recto Simulated Feeder
resolution_dpi: 100
color_profile: gray
settings: {mode: Gray}
items:
"""

ITEM = "  - {{id: item-{number:03d}, title: Item {number}, language: eng, pages: {pages}}}\n"


@dataclass(frozen=True, slots=True)
class Unit:
    """One finished unit of the ledger; times in seconds since the submission."""

    item: int
    stage: str
    started: float
    finished: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="6 items of 2 pages")
    parser.add_argument("--items", type=int, default=20)
    parser.add_argument("--pages", type=int, default=5, help="pages of each item")
    parser.add_argument(
        "--in-flight", type=int, help="items in flight at once; Recto's default when left out"
    )
    parser.add_argument("--work", type=Path, help="where the home goes; the temporary folder when left out")
    arguments = parser.parse_args()
    items, pages = (6, 2) if arguments.small else (arguments.items, arguments.pages)
    with work_folder(arguments.work) as folder:
        print_machine(folder)
        begun = time.time()
        account = _submit(folder, items, pages, arguments.in_flight)
        units = _units(folder, begun)
    print(f"\n{items} items of {pages} pages (gray, 100 dpi), `recto batch submit --wait`:")
    _print_milestones(units, account, items, pages)
    _print_stages(units, items)


def _submit(folder: Path, items: int, pages: int, in_flight: int | None) -> Account:
    manifest = folder / "bench.yaml"
    lines = [ITEM.format(number=number, pages=pages) for number in range(1, items + 1)]
    manifest.write_text(MANIFEST + "".join(lines), encoding="utf-8")
    for name in [name for name in os.environ if name.startswith("RECTO_")]:
        # nothing that is configured for this user may come into a private home
        del os.environ[name]
    environment = {"RECTO_HOME": str(folder / "home"), "RECTO_DEVICES__SANE": "false"}
    if in_flight is not None:
        environment["RECTO_LEDGER__ITEMS_IN_FLIGHT"] = str(in_flight)
    return run([sys.executable, "-m", "app", "batch", "submit", manifest, "--wait"], environment)


def _units(folder: Path, begun: float) -> list[Unit]:
    """The ledger, with the storing of each bag as a stage of its own."""
    from archive.registry.database import open_registry
    from archive.registry.tables import CopyRow, UnitRow

    registry = open_registry(f"sqlite:///{folder / 'home/state/registry.sqlite3'}")
    with registry.reading() as session:
        units = [
            Unit(row.item, row.stage, row.started_at - begun, row.finished_at - begun)
            for row in session.query(UnitRow).order_by(UnitRow.id)
            if row.started_at is not None and row.finished_at is not None
        ]
        for copy in session.query(CopyRow):
            stored = dt.datetime.fromisoformat(copy.stored_at).timestamp() - begun
            units.append(Unit(copy.item, "stored", stored, stored))
    registry.close()
    return units


def _print_milestones(units: list[Unit], account: Account, items: int, pages: int) -> None:
    stored = sorted(unit.finished for unit in units if unit.stage == "stored")
    first, last = stored[0], stored[-1]
    begun = min(unit.started for unit in units)
    rows = [
        ["first unit starts", f"{begun:.1f}"],
        ["first bag stored", f"{first:.1f}"],
        ["half of the bags stored", f"{statistics.median(stored):.1f}"],
        ["last bag stored", f"{last:.1f}"],
        ["last bag proved", f"{max(unit.finished for unit in units if unit.stage == 'confirm'):.1f}"],
        ["command ends", f"{account.seconds:.1f}"],
    ]
    print_table("Seconds since the submission", ["milestone", "seconds"], rows)
    captured = sum(unit.stage == "capture" and unit.finished <= first for unit in units)
    read = sum(unit.stage == "ocr" and unit.finished <= first for unit in units)
    share = (first - begun) / (last - begun)
    print(f"\nFrom the first unit's start, the first bag took {share:.2f} of the time of all")
    print(f"When the first bag was stored, {captured} of {items} items had been captured and {read} read.")
    print(
        f"{items * pages / (last - begun) * 60:.0f} pages a minute from there on; largest process {account.peak_bytes / MEGABYTE:.0f} MB"
    )


def _print_stages(units: list[Unit], items: int) -> None:
    by_stage: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        by_stage[unit.stage].append(unit)
    rows = []
    for stage, of_stage in by_stage.items():
        if stage == "stored":
            continue
        spent = [unit.finished - unit.started for unit in of_stage]
        rows.append(
            [
                stage,
                f"{min(unit.finished for unit in of_stage):.1f}",
                f"{max(unit.finished for unit in of_stage):.1f}",
                f"{sum(spent):.1f}",
                f"{sum(spent) / items:.2f}",
            ]
        )
    columns = ["stage", "first done, s", "last done, s", "work in all, s", "work an item, s"]
    print_table("Stages", columns, rows)
    busy = sum(unit.finished - unit.started for unit in units)
    wall = max(unit.finished for unit in units) - min(unit.started for unit in units)
    waits = _gaps(by_stage)
    print(f"\nUnits at work on average: {busy / wall:.2f}, on {os.cpu_count()} cores")
    print(
        f"An item waits for its next stage {statistics.median(waits):.2f} s (median), {max(waits):.1f} s at most"
    )


def _gaps(by_stage: dict[str, list[Unit]]) -> list[float]:
    """Seconds between the end of a stage and the start of the next, for each item."""
    stages = [stage for stage in by_stage if stage != "stored"]
    gaps = []
    for before, after in itertools.pairwise(stages):
        ended: dict[int, float] = {}
        for unit in by_stage[before]:
            ended[unit.item] = max(ended.get(unit.item, 0.0), unit.finished)
        gaps += [unit.started - ended[unit.item] for unit in by_stage[after] if unit.item in ended]
    return gaps


if __name__ == "__main__":
    main()
