# SPDX-License-Identifier: Apache-2.0
"""How fixity stands: what is overdue and what is damaged, what the last audit did, and whether the policy keeps up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from archive.registry.clock import now_seconds
from archive.registry.copy_audits import Due, iso_of
from archive.registry.fixity_figures import (
    FixityFigures,
    TroubledCopy,
    copies_to_read,
    fixity_figures,
    overdue_copies,
    state_counts,
    troubled_copies,
)
from archive.registry.receiving_tables import ScheduleRunRow
from archive.registry.schedule_runs import runs_of
from workers.node import Node
from workers.receiving.audits import DAY, FIXITY_RUN

MOST_OVERDUE = 100_000
"""Overdue copies that are counted for those who ask often; more than these are as bad."""
LOOKED_AT = 100
"""Runs that tell how fast audits are."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Whether all copies can be proved within the interval of the policy.

    Attributes:
        keeps_up: None where nobody can tell yet.
        days_for_all: How long it takes to read every copy once, as fast as runs are and as often as they come.
        runs_per_day: How often the schedule runs; None without a schedule.
        bytes_per_run: How much a run can read, by its limits and by how fast earlier ones were.
    """

    keeps_up: bool | None = None
    days_for_all: float | None = None
    runs_per_day: float | None = None
    bytes_per_run: int | None = None


@dataclass(frozen=True, slots=True)
class LastRun:
    """A run of an audit.

    Attributes:
        ended_at: None while it goes on, and where it was broken off.
        outcome: "success", "warning" or "fail"; "" before the end.
        detail: What it did and found (JSON).
    """

    started_at: str
    ended_at: str | None
    outcome: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class FixityStanding:
    """How fixity stands.

    Attributes:
        interval_days: How often the policy wants every copy proved.
        due: Copies that the next audit takes on, and their bytes.
        last_run: The newest run; None where there was none.
        troubled: Copies that are damaged, missing or cannot be reached, the first hundred.
    """

    interval_days: float
    figures: FixityFigures
    due: tuple[int, int]
    last_run: LastRun | None
    troubled: tuple[TroubledCopy, ...]
    forecast: Forecast

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        figures = self.figures
        oldest = figures.oldest
        return {
            "copies": figures.copies,
            "bytes": figures.bytes,
            "states": dict(figures.states),
            "overdue": figures.overdue,
            "never_proved": figures.never,
            "oldest_check": None if oldest is None else iso_of(oldest),
            "interval_days": self.interval_days,
            "due": {"copies": self.due[0], "bytes": self.due[1]},
            "last_run": None if self.last_run is None else asdict(self.last_run),
            "troubled": [asdict(copy) for copy in self.troubled],
            "forecast": asdict(self.forecast),
        }


def fixity_standing(node: Node) -> FixityStanding:
    """Look at the registry; no copy is read."""
    policy = node.settings.fixity
    moment = now_seconds()
    with node.registry.reading() as session:
        figures = fixity_figures(session, moment - policy.overdue_seconds)
        due = copies_to_read(session, Due(moment - policy.due_seconds))
        runs = runs_of(session, FIXITY_RUN, most=LOOKED_AT)
        troubled = troubled_copies(session)
    return FixityStanding(
        policy.interval_days,
        figures,
        due,
        _told(runs[0]) if runs else None,
        tuple(troubled),
        forecast(node, figures.bytes, runs),
    )


@dataclass(frozen=True, slots=True)
class FixityWatch:
    """The few figures of fixity that are asked for often.

    Attributes:
        states: How many copies are in each state.
        overdue: How many are overdue, counted up to `MOST_OVERDUE`.
        last_run: The newest run; None where there was none.
    """

    states: dict[str, int]
    overdue: int
    last_run: LastRun | None

    @property
    def copies(self) -> int:
        """How many there are."""
        return sum(self.states.values())

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        run = self.last_run
        told = (
            None
            if run is None
            else {"started_at": run.started_at, "ended_at": run.ended_at, "outcome": run.outcome}
        )
        return {"states": self.states, "overdue": self.overdue, "last_run": told, "warning": self.warning}

    @property
    def warning(self) -> str:
        """What somebody should look at, in a sentence; "" for nothing."""
        damaged = self.states.get("mismatch", 0) + self.states.get("missing", 0)
        if damaged:
            return f"{damaged} of {self.copies} kept copies are damaged or missing; see: recto fixity status"
        if self.overdue:
            return f"{self.overdue} of {self.copies} kept copies are overdue for their audit; see: recto fixity status"
        if self.copies and self.last_run is None:
            return f"No audit of the {self.copies} kept copies has ever run; see: recto fixity status"
        return ""


def fixity_watch(node: Node) -> FixityWatch:
    """Look at indexes only."""
    with node.registry.reading() as session:
        runs = runs_of(session, FIXITY_RUN, most=1)
        return FixityWatch(
            state_counts(session),
            overdue_copies(session, now_seconds() - node.settings.fixity.overdue_seconds, most=MOST_OVERDUE),
            _told(runs[0]) if runs else None,
        )


def forecast(node: Node, whole_bytes: int, runs: Sequence[ScheduleRunRow]) -> Forecast:
    """Whether the policy keeps up.

    Args:
        node: The settings.
        whole_bytes: Of all copies.
        runs: Earlier runs, the newest first.
    """
    policy = node.settings.fixity
    per_day = _runs_per_day(node)
    read = [run.detail or {} for run in runs if run.ended_at]
    seconds = sum(float(detail.get("seconds", 0.0)) for detail in read)
    size = sum(int(detail.get("bytes", 0)) for detail in read)
    limits = [policy.bytes_per_run] if policy.bytes_per_run else []
    if policy.share:
        limits.append(int(policy.share * whole_bytes))
    if size and seconds:
        limits.append(int(size / seconds * 60 * policy.minutes_per_run))
    per_run = min(limits, default=None)
    if not whole_bytes or not per_run or not per_day:
        return Forecast(runs_per_day=per_day, bytes_per_run=per_run)
    days = whole_bytes / (per_run * per_day)
    return Forecast(days <= policy.interval_days, days, per_day, per_run)


def _runs_per_day(node: Node) -> float | None:
    # Celery's calendar is loaded only by those who ask for a forecast
    from workers.schedules import due_next

    schedules, now = node.settings.schedules, dt.datetime.now(dt.UTC)
    first = due_next(schedules, "fixity", now)
    second = due_next(schedules, "fixity", first) if first else None
    if first is None or second is None:
        return None
    return DAY / (second - first).total_seconds()


def _told(run: ScheduleRunRow) -> LastRun:
    return LastRun(run.started_at, run.ended_at, run.outcome, dict(run.detail or {}))
