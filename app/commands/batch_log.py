# SPDX-License-Identifier: Apache-2.0
"""`recto batch log`: why an item stands still, with tracebacks, and what the workers of this machine logged of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from app.commands.batch_run import batch_argument
from app.json_option import as_json_option
from app.output import out, print_json
from archive.registry.item_history import UnitFacts, read_item
from workers.node import Node
from workers.settings import load_settings
from workers.unit_log import LogLine, read_unit_log

LINES = 40


@click.command()
@batch_argument
@click.option("--item", required=True, help="The item.")
@click.option("--stage", help="Only this stage.")
@click.option(
    "--lines", type=click.IntRange(0, 400), default=LINES, show_default=True, help="Newest lines of the log."
)
@as_json_option
def log(batch_id: str, item: str, stage: str | None, lines: int, *, as_json: bool) -> None:
    """Show why an item of BATCH stands still, and the newest lines of the workers' logs on it."""
    node = Node(load_settings())
    with node.registry.reading() as session:
        history = read_item(session, batch_id, item)
    units = [unit for unit in history.units if stage in {None, unit.stage}]
    folder = node.settings.state_directory / "logs"
    told = read_unit_log(folder, {unit.key for unit in units}, most=lines) if lines else []
    errors = [unit for unit in units if unit.error is not None]
    if as_json:
        print_json({"units": [_facts(unit) for unit in errors], "log": [asdict(line) for line in told]})
        return
    for unit in errors:
        _print_error(unit)
    _print_log(told, str(folder))


def _facts(unit: UnitFacts) -> dict[str, Any]:
    return {"stage": unit.stage, "chunk": unit.chunk, "state": unit.state, "error": unit.error}


def _print_error(unit: UnitFacts) -> None:
    error = unit.error or {}
    out.print(f"{unit.stage} {unit.chunk} ({unit.state}, {unit.attempts} attempts): {error['message']}")
    out.print(f"  This means: {error['consequence']}\n  What to do: {error['remedy']}")
    traceback = error.get("facts", {}).get("traceback")
    if traceback:
        out.print("\n".join(f"    {line}" for line in str(traceback).splitlines()))


def _print_log(told: list[LogLine], folder: str) -> None:
    for line in told:
        out.print(f"[{line.worker}] {line.as_text()}")
    if not told:
        out.print(f"The logs in {folder} say nothing of it.")
