# SPDX-License-Identifier: Apache-2.0
"""The whole ledger in numbers, for those who draw curves of it: bounded in how many there are, whatever is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from archive.registry.clock import now_seconds
from archive.registry.states import State
from archive.registry.tables import UnitRow

WINDOW_SECONDS = 900.0
"""Units that were finished within the last quarter of an hour tell how long a stage takes."""
LATELY = 500
"""How many of them are looked at for each stage at most."""
QUANTILES = (0.5, 0.9, 0.99)


@dataclass(frozen=True, slots=True)
class StageFigures:
    """The units of one stage of all batches.

    Attributes:
        states: How many units are in each state.
        claims: How often its units were claimed: first attempts, retries, takeovers, work done again.
        retries: Those of the claims that were not the first of their unit.
        completions: How often one of its units was finished; never goes back.
    """

    states: Mapping[str, int]
    claims: int
    retries: int
    completions: int


def stage_figures(session: Session) -> dict[str, StageFigures]:
    """The figures of each stage, by its name; one pass over the units."""
    begun = case((UnitRow.token > 0, 1), else_=0)
    query = select(
        UnitRow.stage,
        UnitRow.state,
        func.count().label("units"),
        func.sum(UnitRow.token).label("claims"),
        func.sum(begun).label("begun"),
        func.sum(UnitRow.completions).label("completions"),
    ).group_by(UnitRow.stage, UnitRow.state)
    rows: dict[str, list[tuple[str, int, int, int, int]]] = {}
    for stage, *figures in session.execute(query):
        state, units, claims, first, completions = figures
        rows.setdefault(stage, []).append((state, units, int(claims), int(first), int(completions)))
    return {stage: _figures(of_stage) for stage, of_stage in sorted(rows.items())}


def _figures(rows: list[tuple[str, int, int, int, int]]) -> StageFigures:
    return StageFigures(
        states={state: units for state, units, *_ in rows},
        claims=sum(claims for _, _, claims, _, _ in rows),
        retries=sum(claims - first for _, _, claims, first, _ in rows),
        completions=sum(completions for *_, completions in rows),
    )


def stopped_by_code(session: Session) -> dict[str, int]:
    """How many units rest until a person acts, by the code of their error."""
    code = UnitRow.error["code"].as_string()
    query = (
        select(code, func.count())
        .where(UnitRow.state.in_([State.FAILED, State.HELD]), code.is_not(None))
        .group_by(code)
    )
    return {str(reason): units for reason, units in session.execute(query)}


def stage_quantiles(session: Session) -> dict[str, dict[float, float]]:
    """How many seconds the units took that were finished lately: quantiles of each stage."""
    took = (UnitRow.finished_at - UnitRow.started_at).label("took")
    query = (
        select(UnitRow.stage, took)
        .where(UnitRow.state == State.DONE, UnitRow.finished_at >= now_seconds() - WINDOW_SECONDS)
        .order_by(UnitRow.finished_at.desc())
        .limit(20 * LATELY)
    )
    seconds: dict[str, list[float]] = {}
    for stage, duration in session.execute(query):
        of_stage = seconds.setdefault(stage, [])
        if duration is not None and len(of_stage) < LATELY:
            of_stage.append(duration)
    return {stage: _quantiles(sorted(of_stage)) for stage, of_stage in seconds.items() if of_stage}


def _quantiles(ordered: list[float]) -> dict[float, float]:
    last = len(ordered) - 1
    return {quantile: ordered[round(quantile * last)] for quantile in QUANTILES}
