# SPDX-License-Identifier: Apache-2.0
"""`recto schedule`: what the site does again and again, when it did it last and will do it next; do it now."""

from __future__ import annotations

import datetime as dt
import sys
from typing import Any

import click
from rich.box import SIMPLE_HEAD
from rich.table import Table

from app.exit_codes import ExitCode
from app.json_option import as_json_option
from app.output import out, print_json
from archive.registry.nodes import schedule_holder
from archive.registry.receiving_tables import ScheduleRunRow
from archive.registry.schedule_runs import newest_runs, runs_of
from workers.node import Node
from workers.schedules import SCHEDULES, due_next
from workers.settings import load_settings


@click.group()
def schedule() -> None:
    """The schedule: when what is done next and was done last; do it now."""


@schedule.command("list")
@as_json_option
def list_command(*, as_json: bool) -> None:
    """List the schedules with their lines, the next time and the last run."""
    node = Node(load_settings())
    settings = node.settings.schedules
    with node.registry.reading() as session:
        runs = newest_runs(session)
        holder = schedule_holder(session)
        sent = dict(holder.facts.get("kept", {})) if holder else {}
    rows = [_row(node, name, line, runs, sent) for name, line in settings.lines().items()]
    if as_json:
        runs_by = holder.facts.get("holder") if holder else None
        print_json({"time_zone": settings.time_zone, "run_by": runs_by, "schedules": rows})
        return
    table = Table(box=SIMPLE_HEAD)
    for column in (
        "schedule",
        f"line ({settings.time_zone})",
        "next (UTC)",
        "counted from",
        "last run",
        "outcome",
    ):
        table.add_column(column)
    for row in rows:
        last = row["last_run"] or {}
        table.add_row(
            row["name"],
            row["line"] or "never",
            row["next"] or "",
            row["counted_from"] or "",
            last.get("started_at", ""),
            last.get("outcome", ""),
        )
    out.print(table)
    if holder is None:
        out.print("Nobody runs the schedule now: start a station, or recto beat.")


@schedule.command()
@click.argument("name", type=click.Choice(sorted(SCHEDULES)))
@as_json_option
def run(name: str, *, as_json: bool) -> None:
    """Do now, in this process, what a schedule does; it goes on being done at its times."""
    from workers.celery import app

    app.loader.import_default_modules()
    task = SCHEDULES[name].task
    if task not in app.tasks:
        raise click.UsageError(f"This Recto has nothing that does {name} yet.")
    result = app.tasks[task].apply(throw=True).result
    run_row = _last_run(name)
    if as_json:
        print_json({"name": name, "result": result, "run": run_row})
    else:
        told = f": {run_row['outcome']}" if run_row else f": {result}" if result is not None else ""
        out.print(f"{name} is done{told}")
    if run_row and run_row["outcome"] == "fail":
        sys.exit(ExitCode.HELD)


@schedule.command()
@click.argument("name", type=click.Choice(sorted(SCHEDULES)))
@as_json_option
def history(name: str, *, as_json: bool) -> None:
    """List the last runs of a schedule that records them."""
    node = Node(load_settings())
    with node.registry.reading() as session:
        runs = [_run(row) for row in runs_of(session, SCHEDULES[name].run)]
    if as_json:
        print_json(runs)
        return
    for told in runs:
        out.print(f"{told['started_at']}  {told['outcome']:<8} {_words(told['detail'])}")


def _row(
    node: Node, name: str, line: str, runs: dict[str, ScheduleRunRow], sent: dict[str, float]
) -> dict[str, Any]:
    due = due_next(node.settings.schedules, name, dt.datetime.now(dt.UTC))
    row = runs.get(SCHEDULES[name].run)
    return {
        "name": name,
        "task": SCHEDULES[name].task,
        "line": line,
        "next": _iso(due) if due else None,
        "counted_from": _iso(dt.datetime.fromtimestamp(sent[name], dt.UTC)) if name in sent else None,
        "last_run": _run(row) if row else None,
    }


def _run(row: ScheduleRunRow) -> dict[str, Any]:
    return {
        "started_at": row.started_at,
        "ended_at": row.ended_at,
        "outcome": row.outcome or ("" if row.ended_at else "running"),
        "detail": row.detail,
    }


def _last_run(name: str) -> dict[str, Any] | None:
    node = Node(load_settings())
    with node.registry.reading() as session:
        rows = runs_of(session, SCHEDULES[name].run, most=1)
        told = _run(rows[0]) if rows else None
    node.close()
    return told


def _words(detail: dict[str, Any] | None) -> str:
    return ", ".join(
        f"{name}: {value}" for name, value in (detail or {}).items() if not isinstance(value, (dict, list))
    )


def _iso(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
