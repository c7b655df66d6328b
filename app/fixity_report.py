# SPDX-License-Identifier: Apache-2.0
"""What `recto fixity` tells on a terminal: what an audit found, and how the kept copies stand."""

from __future__ import annotations

from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from app.output import out
from archive.registry.copy_audits import iso_of
from workers.receiving.audit_report import AuditReport
from workers.receiving.fixity_standing import FixityStanding, Forecast


def print_report(report: AuditReport) -> None:
    """Tell what an audit did."""
    rate = f", {report.bytes / report.seconds / 1e6:.0f} MB/s" if report.seconds > 1 else ""
    out.print(f"{report.good} copies proved ({_size(report.bytes)} in {report.seconds:.1f} s{rate}).")
    for bad in report.bad:
        what = f"made again from the copy in {bad.source}" if bad.mended else f"NOT mended: {bad.reason}"
        out.print(f"{bad.found}: {bad.object} {bad.sha256} in {bad.location}: {what}")
        if bad.aside:
            out.print(f"    The damaged bytes are kept there as {bad.aside}")
    if report.found_bad > len(report.bad):
        out.print(f"... and {report.found_bad - len(report.bad)} more; see recto fixity status")
    for location, error in report.away.items():
        out.print(f"{location} is away: {error['message']} {error['remedy']}")
    if report.unreachable:
        out.print(f"{report.unreachable} copies could not be read; nothing is known against them.")
    if report.left:
        out.print(f"{report.left} copies are still to be audited.")
    if report.overdue:
        out.print(f"{report.overdue} copies are overdue.")


def print_preview(told: dict[str, Any]) -> None:
    """Tell what an audit would read."""
    out.print(f"{told['copies']} copies would be read, {_size(told['bytes'])}.")
    for location, due in told["locations"].items():
        out.print(f"  {location}: {due['copies']} copies, {_size(due['bytes'])}")
    if told["limit"]:
        out.print(f"A run ends after {_size(told['limit'])}.")


def print_standing(standing: FixityStanding) -> None:
    """Tell how the copies stand."""
    figures = standing.figures
    states = ", ".join(f"{number} {state}" for state, number in sorted(figures.states.items()))
    out.print(f"{figures.copies} copies, {_size(figures.bytes)}{': ' if states else ''}{states}")
    oldest = "nothing was ever proved" if figures.oldest is None else f"oldest proof {iso_of(figures.oldest)}"
    out.print(f"{figures.overdue} overdue (every {standing.interval_days:g} days), {oldest}")
    out.print(f"The next audit reads {standing.due[0]} copies, {_size(standing.due[1])}.")
    _print_last_run(standing)
    out.print(_words_of(standing.forecast, standing.interval_days))
    if not standing.troubled:
        return
    table = Table(box=SIMPLE_HEAD)
    for column in ("object", "location", "state", "sha256", "since"):
        table.add_column(column, overflow="fold")
    for copy in standing.troubled:
        since = (copy.detail or {}).get("last_good_at") or copy.checked_at
        table.add_row(
            copy.object,
            copy.location,
            copy.state if not copy.failures else f"{copy.state} ({copy.failures} times)",
            copy.sha256,
            f"last good {iso_of(since)}" if since else "",
        )
    out.print(table)


def _print_last_run(standing: FixityStanding) -> None:
    run = standing.last_run
    if run is None:
        out.print("No audit has run yet.")
    elif run.ended_at is None:
        out.print(f"The audit that began {run.started_at} still runs, or was broken off.")
    else:
        found = run.detail
        out.print(
            f"Last audit {run.ended_at}: {run.outcome}; {found.get('good', 0)} good, "
            f"{found.get('damaged', 0)} damaged, {found.get('missing', 0)} missing, "
            f"{found.get('mended', 0)} of them mended, {found.get('unreachable', 0)} unreachable"
        )


def _words_of(told: Forecast, interval_days: float) -> str:
    if told.days_for_all is None:
        if told.runs_per_day is None:
            return "The schedule runs no audits, so nobody knows whether the policy keeps up."
        return "Nothing is known yet of how fast audits are here."
    pace = f"All copies can be read in {told.days_for_all:.2g} days"
    if told.keeps_up:
        return f"{pace}: the policy ({interval_days:g} days) keeps up."
    return f"{pace}, and the policy wants {interval_days:g}: let runs read more, come more often, or be longer apart."


def _size(number: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB"):
        if number < 1000:  # noqa: PLR2004 - SI
            return f"{number:.0f} {unit}" if unit == "bytes" else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} TB"
