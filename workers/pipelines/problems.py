# SPDX-License-Identifier: Apache-2.0
"""Problems of a pipeline as values: what is wrong, where it stands in the file, and what to do about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Literal

Severity = Literal["error", "warning"]


class Code(StrEnum):
    """Every kind of problem a pipeline can have. Scripts rely on the values; `docs/pipelines.md` explains them."""

    # the file
    UNREADABLE = "unreadable"
    TOO_BIG = "too-big"
    UNDECODABLE = "undecodable"
    EMPTY = "empty"
    SYNTAX = "syntax"
    TOO_DEEP = "too-deep"
    YAML_FEATURE = "yaml-feature"
    DUPLICATE_KEY = "duplicate-key"
    # keys and values
    UNKNOWN_KEY = "unknown-key"
    REQUIRED = "required"
    WRONG_VALUE = "wrong-value"
    NAME_FORM = "name-form"
    NAME_RESERVED = "name-reserved"
    DUPLICATE_NAME = "duplicate-name"
    NO_STAGES = "no-stages"
    TOO_MANY_STAGES = "too-many-stages"
    QUEUE_UNKNOWN = "queue-unknown"
    QUEUE_WRONG = "queue-wrong"
    LIMITS_REVERSED = "limits-reversed"
    # steps and their parameters
    STEP_UNKNOWN = "step-unknown"
    STEP_BROKEN = "step-broken"
    STEP_APPLIES_TO = "step-applies-to"
    STEP_NEEDS = "step-needs"
    STEP_NEEDED = "step-needed"
    PARAMETER_UNKNOWN = "parameter-unknown"
    PARAMETER_VALUE = "parameter-value"
    CONDITION = "condition"
    # the graph
    AFTER_UNKNOWN = "after-unknown"
    AFTER_LATER = "after-later"
    CYCLE = "cycle"
    UNREACHABLE = "unreachable"
    AFTER_BATCH = "after-batch"
    NOT_PER_CHUNK = "not-per-chunk"
    NO_CHUNKS_BEFORE = "no-chunks-before"
    CHUNK_SIZES_DIFFER = "chunk-sizes-differ"
    NOT_IN_BAG = "not-in-bag"
    # what may be meant
    NO_BAG = "no-bag"
    NO_UPLOAD = "no-upload"
    NO_CONFIRM = "no-confirm"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a pipeline file.

    Attributes:
        line: From 1.
        column: From 1.
        pointer: JSON pointer (RFC 6901); "" for the document as a whole.
    """

    line: int = 1
    column: int = 1
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class PipelineProblem:
    """One thing that is wrong, or doubtful, in a pipeline.

    Attributes:
        line: As in `Place`.
        column: As in `Place`.
        pointer: As in `Place`.
        code: A value of `Code`.
        message: What is wrong, in one sentence.
        remedy: What to do, in one sentence.
        severity: An "error" keeps the pipeline from being used; a "warning" is only told.
    """

    line: int
    column: int
    pointer: str
    code: str
    message: str
    remedy: str
    severity: Severity = "error"

    @classmethod
    def at(
        cls, place: Place, code: Code, message: str, remedy: str, severity: Severity = "error"
    ) -> PipelineProblem:
        """A problem at a place."""
        return cls(place.line, place.column, place.pointer, code.value, message, remedy, severity)

    def to_json(self) -> dict[str, Any]:
        """The problem as a JSON object, with every key present."""
        return asdict(self)


MOST_PROBLEMS = 200
"""Problems that are told of one file; nobody reads more, and each of a hostile file costs time."""


class Problems:
    """The problems found so far."""

    def __init__(self) -> None:
        self._found: list[PipelineProblem] = []

    def tell(self, place: Place, code: Code, message: str, remedy: str, severity: Severity = "error") -> None:
        """Keep one, unless there are too many already."""
        if len(self._found) < MOST_PROBLEMS:
            self._found.append(PipelineProblem.at(place, code, message, remedy, severity))

    def in_order(self) -> tuple[PipelineProblem, ...]:
        """All of them, as they stand in the file."""
        return tuple(sorted(self._found, key=lambda problem: (problem.line, problem.column)))

    @property
    def are_none(self) -> bool:
        """Whether nothing is wrong; warnings do not count."""
        return all(problem.severity == "warning" for problem in self._found)
