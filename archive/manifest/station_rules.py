# SPDX-License-Identifier: Apache-2.0
"""What only the station where a batch is made can tell: whether its storage targets, its pipeline and its id are free to use."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from archive.manifest.draft import Draft, Field
from archive.manifest.nearest import did_you_mean
from archive.manifest.problems import Code, Problem, shown
from archive.manifest.rules import tidy


@dataclass(frozen=True, slots=True)
class StationFacts:
    """What a station knows when a manifest is looked at.

    Attributes:
        storage: Names of its storage targets.
        taken_by: The manifest file that a batch of the same id was made from, "" where there is no such batch.
        pipeline_problem: What is wrong with the pipeline that the manifest names, and what to do; None where
            nothing is.
    """

    storage: Collection[str]
    taken_by: str = ""
    pipeline_problem: tuple[str, str] | None = None


def batch_id(draft: Draft) -> str:
    """The id that the manifest gives the batch, "" where it gives none."""
    return _text(draft.batch.fields.get("id"))


def pipeline_name(draft: Draft) -> str:
    """The pipeline that the manifest names, "" where it names none."""
    return _text(draft.batch.fields.get("pipeline"))


def station_problems(draft: Draft, facts: StationFacts) -> Iterator[Problem]:
    """All problems that the manifest has at this station."""
    if facts.taken_by:
        yield Problem.at(
            draft.batch.place_of("id"),
            Code.BATCH_EXISTS,
            f"There is a batch {shown(batch_id(draft))} already, made from {facts.taken_by}.",
            "Go on with that batch, or give this one another id.",
        )
    if facts.pipeline_problem is not None:
        yield Problem.at(draft.batch.place_of("pipeline"), Code.PIPELINE_UNKNOWN, *facts.pipeline_problem)
    for field in _entries(draft.batch.fields.get("storage")):
        name = _text(field)
        if name and "/" not in name and name not in facts.storage:
            yield Problem.at(
                field.place,
                Code.STORAGE_UNKNOWN,
                f"This station has no storage target {shown(name)}.",
                did_you_mean(name, sorted(facts.storage)),
            )


def _entries(field: Field | None) -> tuple[Field, ...]:
    if field is None:
        return ()
    return field.value if isinstance(field.value, tuple) else (field,)


def _text(field: Field | None) -> str:
    value = tidy(field.value) if field is not None else None
    return str(value) if isinstance(value, str | int | float) else ""
