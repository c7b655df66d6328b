# SPDX-License-Identifier: Apache-2.0
"""A batch in the terminal: live while it runs, and as a table of what was proved at its end."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.live import Live
from rich.table import Table
from rich.text import Text

from app.output import err, out
from archive.registry.stages import Stage
from archive.registry.states import State
from archive.registry.status import pages_done, seconds_by_stage
from workers import operations
from workers.node import Node

MARKS = {
    State.WAITING: ("·", "dim"),
    State.QUEUED: ("·", "dim"),
    State.RUNNING: ("▸", "yellow"),
    State.DONE: ("✓", "green"),
    State.HELD: ("!", "magenta"),
    State.FAILED: ("✗", "red"),
    State.CANCELLED: ("-", "dim"),
}
"""A sign and a colour for each state: the sign alone says it to those who see no colour."""


def follow_live(node: Node, batch: str, watch: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """Show a batch on stderr until every item is settled: a table in a terminal, lines elsewhere.

    Args:
        node: The process's settings and registry.
        batch: The batch.
        watch: Called between two looks at the ledger.

    Returns:
        The batch's last status.
    """
    last: dict[str, Any] = {}
    if not err.is_terminal:
        seen: dict[tuple[str, str], str] = {}
        for last in operations.follow(node, batch, watch=watch):
            _print_changes(last, seen)
        return last
    begun = time.monotonic()
    with Live(console=err, refresh_per_second=8, transient=True) as live:
        for last in operations.follow(node, batch, seconds_between=0.125, watch=watch):
            live.update(_progress_table(node, last, time.monotonic() - begun))
    return last


def _print_changes(status: dict[str, Any], seen: dict[tuple[str, str], str]) -> None:
    for item in status["items"]:
        for stage, state in item["stages"].items():
            key = (f"{status['batch']}/{item['id']}", stage)
            if state != seen.get(key) and state in {State.DONE, State.HELD, State.FAILED}:
                err.print(f"{key[0]:<32} {stage:<13} {state}")
            seen[key] = state


def _progress_table(node: Node, status: dict[str, Any], seconds: float) -> Table:
    with node.registry.reading() as session:
        pages = pages_done(session, status["batch"])
    table = Table(
        title=f"Batch {status['batch']}: {status['state']}",
        caption=(
            f"{pages['master']}/{pages['pages']} captured, {pages['access']} described, {pages['alto']} read, "
            f"{seconds:.0f} s"
        ),
    )
    table.add_column("item")
    table.add_column("pages", justify="right")
    for stage in Stage:
        table.add_column(str(stage), justify="center")
    for item in status["items"]:
        marks = [_mark(item["stages"].get(stage, State.WAITING)) for stage in Stage]
        table.add_row(item["id"], str(item["pages"]), *marks)
    return table


def _mark(state: str) -> Text:
    sign, style = MARKS[State(state)]
    return Text(sign, style=style)


def print_summary(node: Node, status: dict[str, Any]) -> None:
    """Print a batch on stdout: each item with its bag, its copies and what is proved of them."""
    table = Table(title=f"Batch {status['batch']}: {status['state']}", title_justify="left", box=SIMPLE_HEAD)
    table.add_column("item")
    table.add_column("pages", justify="right")
    table.add_column("state")
    table.add_column("copies", justify="right")
    table.add_column("proved of the stored bytes")
    for item in status["items"]:
        sign, style = MARKS[State(item["state"])]
        copies = item["copies"]
        table.add_row(
            item["id"],
            str(item["pages"]),
            Text(f"{sign} {item['state']}", style=style),
            str(len(copies)),
            "\n".join(copy["proof"] for copy in copies) or "-",
        )
    out.print(table)
    for item in status["items"]:
        for copy in item["copies"]:
            out.print(f"  {item['id']}: {copy['url']}")
        if item["on_hold"]:
            out.print(f"  {item['id']}: {_hold(item)}", markup=False)
        if item["released"]:
            out.print(f"  {item['id']}: masters and bag were released here on {item['released'][:10]}")
    _print_times(node, status["batch"])
    for item in status["items"]:
        for problem in item["problems"]:
            where = f"{item['id']}, {problem['stage']} ({problem['state']}):"
            err.print(Text.assemble((where, "bold red"), " ", problem["message"]))
            err.print(
                f"  This means: {problem['consequence']}\n  What to do: {problem['remedy']}", markup=False
            )


def _hold(item: dict[str, Any]) -> str:
    if item["on_hold"] == "desk":
        return "is captured at the desk; it goes on when it is marked done there"
    return f"is held back: {item['hold_reason'] or 'no reason was given'}"


def _print_times(node: Node, batch: str) -> None:
    with node.registry.reading() as session:
        seconds = seconds_by_stage(session, batch)
    if seconds:
        out.print("Seconds of work: " + ", ".join(f"{stage} {spent:.1f}" for stage, spent in seconds.items()))
