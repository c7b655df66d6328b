# SPDX-License-Identifier: Apache-2.0
"""Pipelines as the ledger knows them: stages in order, what each stands on, and under which limits it runs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from archive.canonical_json import canonical_json

HOUR = 3600


class Stage(StrEnum):
    """The stages of the pipeline that comes with Recto, in order; each is done by the step of the same name."""

    VALIDATE = "validate"
    CAPTURE = "capture"
    CHARACTERISE = "characterise"
    ENRICH = "enrich"
    OCR = "ocr"
    ASSEMBLE = "assemble"
    BAG = "bag"
    UPLOAD = "upload"
    CONFIRM = "confirm"


SHIPPED = frozenset(Stage)


class Per(StrEnum):
    """What a stage has one unit for."""

    BATCH = "batch"
    ITEM = "item"
    CHUNK = "chunk"


@dataclass(frozen=True, slots=True)
class StageRule:
    """One stage of a pipeline.

    Attributes:
        name: The stage's name, unique in its pipeline.
        step: What does the work: one of `Stage`, or the name of another step that is installed. A stage whose
            step is one of `Stage` has the step's name, for the ledger finds it by that.
        per: What it has one unit for.
        after: Names of the stages that must be done first; of a stage per batch: in every item.
        same_chunk: Whether of a stage per chunk only the unit of the same chunk must be done.
        in_order: Whether a chunk waits for the chunk before it: sheets come off a stack in order.
        chunk_pages: How many pages a chunk has; the station's setting where None.
        queue: Where its messages go; "capture" stands for the queue of the batch's station.
        soft_seconds: After how long a unit is asked to end.
        hard_seconds: After how long its process is killed.
        attempts: How many attempts a unit has; the station's setting where None.
        optional: Whether the item goes on when a unit has failed.
        condition: The source of a condition; a unit for which it does not hold is done without being run.
        parameters: What the step is given, as JSON.
    """

    name: str
    step: str
    per: Per = Per.ITEM
    after: tuple[str, ...] = ()
    same_chunk: bool = False
    in_order: bool = False
    chunk_pages: int | None = None
    queue: str = "default"
    soft_seconds: int = HOUR - 60
    hard_seconds: int = HOUR
    attempts: int | None = None
    optional: bool = False
    condition: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Keep the names of the shipped steps to themselves.

        Raises:
            ValueError: One of the two names is a shipped step's, and the other is not the same.
        """
        if self.name != self.step and not SHIPPED.isdisjoint({self.name, self.step}):
            raise ValueError(f"Stage {self.name!r} cannot be done by step {self.step!r}.")

    @property
    def chunked(self) -> bool:
        """Whether it has one unit for each chunk of pages."""
        return self.per is Per.CHUNK

    def to_json(self) -> dict[str, Any]:
        """The stage as a JSON object."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {**values, "after": list(self.after), "parameters": dict(self.parameters)}

    @staticmethod
    def from_json(document: Mapping[str, Any]) -> StageRule:
        """The stage that `to_json` told of; what an older Recto did not know has its default."""
        return StageRule(
            **{**document, "per": Per(document["per"]), "after": tuple(document["after"])},
        )


@dataclass(frozen=True)
class Pipeline:
    """The way of a batch's items.

    Attributes:
        name: Its name.
        title: What people call it.
        version: Its version, as its author counts.
        stages: The stages, each behind those that it stands on.
    """

    name: str
    title: str
    version: str
    stages: tuple[StageRule, ...]

    @cached_property
    def rules(self) -> Mapping[str, StageRule]:
        """The stages by name, in order."""
        return {rule.name: rule for rule in self.stages}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the stages, in order."""
        return tuple(self.rules)

    @cached_property
    def sha256(self) -> str:
        """The digest of everything that it says."""
        return hashlib.sha256(canonical_json(self.to_json())).hexdigest()

    def rule(self, name: str) -> StageRule:
        """A stage by its name.

        Raises:
            KeyError: It has no such stage.
        """
        return self.rules[name]

    def place(self, name: str) -> int:
        """Where a stage stands in the order, from 0; behind all others where it is unknown."""
        return self.names.index(name) if name in self.rules else len(self.names)

    def followers(self, name: str) -> tuple[StageRule, ...]:
        """The stages that stand on a stage directly."""
        return tuple(rule for rule in self.stages if name in rule.after)

    def with_followers(self, names: Iterable[str]) -> tuple[str, ...]:
        """Some stages, and all that stand on them, in order."""
        found = set(names)
        for rule in self.stages:
            if not found.isdisjoint(rule.after):
                found.add(rule.name)
        return tuple(name for name in self.names if name in found)

    def to_json(self) -> dict[str, Any]:
        """The pipeline as a JSON object."""
        return {
            "name": self.name,
            "title": self.title,
            "version": self.version,
            "stages": [rule.to_json() for rule in self.stages],
        }

    @staticmethod
    def from_json(document: Mapping[str, Any]) -> Pipeline:
        """The pipeline that `to_json` told of."""
        stages = tuple(StageRule.from_json(stage) for stage in document["stages"])
        return Pipeline(document["name"], document["title"], document["version"], stages)


def _rule(stage: Stage, queue: str, hard_seconds: int, after: Stage | None, **more: Any) -> StageRule:
    return StageRule(
        name=str(stage),
        step=str(stage),
        after=() if after is None else (str(after),),
        queue=queue,
        soft_seconds=hard_seconds - 60,
        hard_seconds=hard_seconds,
        **more,
    )


DEFAULT_PIPELINE = Pipeline(
    "book",
    "Book",
    "1",
    (
        _rule(Stage.VALIDATE, "default", HOUR // 6, None),
        # fifty pages at 1,200 dpi on a slow scanner, with warm-up
        _rule(Stage.CAPTURE, "capture", 2 * HOUR, Stage.VALIDATE, per=Per.CHUNK, in_order=True),
        _rule(Stage.CHARACTERISE, "compute_intensive", HOUR, Stage.CAPTURE, per=Per.CHUNK, same_chunk=True),
        _rule(Stage.ENRICH, "compute_intensive", HOUR // 2, Stage.CHARACTERISE),
        # fifty pages, each killed by its own limit of two minutes at the latest
        _rule(Stage.OCR, "compute_intensive", 2 * HOUR, Stage.ENRICH, per=Per.CHUNK),
        _rule(Stage.ASSEMBLE, "compute_intensive", HOUR, Stage.OCR),
        _rule(Stage.BAG, "io_bound", 2 * HOUR, Stage.ASSEMBLE),
        _rule(Stage.UPLOAD, "io_bound", 2 * HOUR, Stage.BAG),
        _rule(Stage.CONFIRM, "io_bound", 2 * HOUR, Stage.UPLOAD),
    ),
)
"""What a batch goes through whose manifest names no pipeline."""

RULES: Mapping[str, StageRule] = DEFAULT_PIPELINE.rules
"""The stages of the default pipeline."""
