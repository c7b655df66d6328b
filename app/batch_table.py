# SPDX-License-Identifier: Apache-2.0
"""A batch in the terminal as it stands: a table of its items and of what was proved of them."""

from __future__ import annotations

from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from app.output import err, out
from archive.registry.priorities import Priority
from archive.registry.stage_holds import OPERATOR, StageHold
from archive.registry.states import State
from archive.registry.status import seconds_by_stage
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

MOST_NAMED = 8
"""Pages that are named one by one."""


def print_summary(node: Node, status: dict[str, Any]) -> None:
    """Print a batch on stdout: each item with its bag, its copies and what is proved of them."""
    table = Table(title=f"Batch {status['batch']}: {status['state']}", title_justify="left", box=SIMPLE_HEAD)
    table.add_column("item")
    table.add_column("pages", justify="right")
    table.add_column("state")
    table.add_column("to look at", justify="right")
    table.add_column("text", justify="right")
    table.add_column("copies", justify="right")
    table.add_column("proved of the stored bytes")
    for item in status["items"]:
        sign, style = MARKS[State(item["state"])]
        copies = item["copies"]
        table.add_row(
            item["id"],
            str(item["pages"]),
            Text(f"{sign} {item['state']}{_urgency(item)}", style=style),
            str(len(item["to_look_at"]) or "-"),
            _confidence(item),
            str(len(copies)),
            "\n".join(copy["proof"] for copy in copies) or "-",
        )
    out.print(table)
    for item in status["items"]:
        _print_facts(item)
    for hold in status["holds"]:
        out.print(f"  {words_of(StageHold(**hold))}")
    if status["stages"]:
        told = (f"{stage} {state}" for stage, state in status["stages"].items())
        out.print(f"  of the whole batch: {', '.join(told)}")
    _print_times(node, status["batch"])
    for part in (*status["items"], {"id": "the whole batch", "problems": status["problems"]}):
        for problem in part["problems"]:
            where = f"{part['id']}, {problem['stage']} ({problem['state']}):"
            err.print(Text.assemble((where, "bold red"), " ", problem["message"]))
            err.print(
                f"  This means: {problem['consequence']}\n  What to do: {problem['remedy']}", markup=False
            )


def _print_facts(item: dict[str, Any]) -> None:
    for copy in item["copies"]:
        out.print(f"  {item['id']}: {copy['url']}")
    if item["on_hold"]:
        out.print(f"  {item['id']}: {_hold(item)}", markup=False)
    for line in lines_of_findings(item["findings"], held="held" in item["stages"].values()):
        out.print(f"  {item['id']}: {line}", markup=False)
    if item["released"]:
        out.print(f"  {item['id']}: masters and bag were released here on {item['released'][:10]}")


def _confidence(item: dict[str, Any]) -> str:
    """How surely the item's text was read."""
    mean = item["mean_confidence"]
    return "-" if mean is None else f"{mean:.0f} %"


def lines_of_findings(findings: list[dict[str, Any]], *, held: bool) -> list[str]:
    """What is to be looked at, one line a check: its pages with what was measured of them.

    Args:
        findings: As the status of a batch tells them.
        held: Whether a stage of the item is held: else a person has accepted what would hold it.
    """
    by_check: dict[str, list[dict[str, Any]]] = {}
    for finding in findings:
        by_check.setdefault(finding["check"], []).append(finding)
    return [f"{check.replace('_', ' ')}: {_pages(found, held=held)}" for check, found in by_check.items()]


def _pages(found: list[dict[str, Any]], *, held: bool) -> str:
    named = ", ".join(
        f"page {finding['page']}{_measured(finding, held=held)}" for finding in found[:MOST_NAMED]
    )
    return f"{named} and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else named


def _measured(finding: dict[str, Any], *, held: bool) -> str:
    told = [f"{value:g}" for value in [finding["measured"]] if isinstance(value, int | float)]
    if held and finding["verdict"] == "hold":
        told.append("held")
    return f" ({', '.join(told)})" if told else ""


def _urgency(item: dict[str, Any]) -> str:
    open_and_special = item["priority"] != Priority.NORMAL and State(item["state"]) is not State.DONE
    return f" ({item['priority']})" if open_and_special else ""


def words_of(hold: StageHold) -> str:
    """Why a stage stands still, in one sentence."""
    if hold.by != OPERATOR:
        return f"{hold.stage} waits: {hold.reason}"
    where = "" if hold.batch else " in all batches"
    return f"{hold.stage} is held{where}: {hold.reason or 'no reason was given'}"


def _hold(item: dict[str, Any]) -> str:
    if item["on_hold"] == "desk":
        return "is captured at the desk; it goes on when it is marked done there"
    return f"is held back: {item['hold_reason'] or 'no reason was given'}"


def _print_times(node: Node, batch: str) -> None:
    with node.registry.reading() as session:
        seconds = seconds_by_stage(session, batch)
    if seconds:
        out.print("Seconds of work: " + ", ".join(f"{stage} {spent:.1f}" for stage, spent in seconds.items()))
