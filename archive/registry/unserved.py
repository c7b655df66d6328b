# SPDX-License-Identifier: Apache-2.0
"""Steps that open units wait for and that no node of the site knows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.registry.open_work import OPEN
from archive.registry.pipelines import pipeline_of
from archive.registry.stages import SHIPPED
from archive.registry.states import State
from archive.registry.tables import BatchRow, UnitRow


@dataclass(frozen=True, slots=True)
class UnservedStep:
    """A step that nobody can do now.

    Attributes:
        step: Its name.
        units: How many units of it wait.
        batches: The batches that they belong to, sorted.
    """

    step: str
    units: int
    batches: tuple[str, ...]


def unserved_steps(session: Session, known: Collection[str]) -> list[UnservedStep]:
    """Steps of open batches that are not among those known, by name.

    Only batches whose pipeline names such a step are looked into, so that it costs as good as nothing
    where every node has what the pipelines need.

    Args:
        session: A session for reading.
        known: The steps that living nodes can do.
    """
    units: dict[str, int] = {}
    batches: dict[str, set[str]] = {}
    able = SHIPPED | set(known)
    for batch in session.scalars(select(BatchRow.id).where(BatchRow.state.in_(OPEN))):
        for rule in pipeline_of(session, batch).stages:
            if rule.step in able:
                continue
            waiting = session.scalar(
                select(func.count()).where(
                    UnitRow.batch == batch,
                    UnitRow.stage == rule.name,
                    UnitRow.state.in_([State.WAITING, State.QUEUED]),
                )
            )
            if waiting:
                units[rule.step] = units.get(rule.step, 0) + waiting
                batches.setdefault(rule.step, set()).add(batch)
    return [UnservedStep(step, units[step], tuple(sorted(batches[step]))) for step in sorted(units)]
