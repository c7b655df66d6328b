# SPDX-License-Identifier: Apache-2.0
"""A stage as a pipeline file describes it, with the place of each of its keys, before the whole is judged."""

from __future__ import annotations

from collections.abc import Mapping as Places
from dataclasses import dataclass, field
from typing import Any

from archive.manifest.nearest import did_you_mean
from archive.manifest.problems import shown
from archive.registry.stages import Per, StageRule
from workers.errors import StepBroken, StepUnknown
from workers.pipelines.problems import Code, Place, Problems
from workers.pipelines.tree import Mapping, Node
from workers.pipelines.values import (
    Read,
    entries_of,
    line_of,
    one_of,
    read_flag,
    read_limit,
    read_name,
    read_names,
    read_parameter,
    read_when,
    whole_of,
)
from workers.steps.registry import find_step, step_names
from workers.steps.step import Step

QUEUES = ("default", "capture", "compute_intensive", "imaging_heavy", "io_bound")
"""The queues that workers serve; "capture" stands for that of the batch's station."""
MOST_ATTEMPTS = 20
MOST_CHUNK_PAGES = 1000

COMMON_KEYS: dict[str, Read] = {
    "queue": one_of(*QUEUES, code=Code.QUEUE_UNKNOWN),
    "chunk_pages": whole_of(1, MOST_CHUNK_PAGES),
    "soft_limit": read_limit,
    "hard_limit": read_limit,
    "attempts": whole_of(1, MOST_ATTEMPTS),
}
"""What both `defaults` and a stage may say."""

STAGE_KEYS: dict[str, Read] = {
    "name": read_name,
    "step": line_of(100),
    "applies_to": one_of(*Per),
    "after": read_names,
    "same_chunk": read_flag,
    "in_order": read_flag,
    **COMMON_KEYS,
    "optional": read_flag,
    "when": read_when,
}
"""What a stage may say besides its parameters."""

SOFT_BEFORE_HARD = 60
"""Seconds that a stage has to end by itself where only its hard limit is given; a tenth of short limits."""


@dataclass(slots=True)
class StageDraft:
    """One stage, as far as it could be read.

    Attributes:
        place: Where it begins.
        values: What it says, by key, defaults filled in; a key whose value is wrong is missing.
        places: Where each of its own keys stands.
        step: Its step; None where there is none of that name, or it is broken.
        after: The names of the stages that it stands on, with their places.
        parameters: What the step is given.
    """

    place: Place
    values: dict[str, Any]
    places: dict[str, Place]
    step: Step | None = None
    after: list[tuple[str, Place]] = field(default_factory=list)
    parameters: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its name; "" where it has none that can be used."""
        return str(self.values.get("name", ""))

    @property
    def step_name(self) -> str:
        """The name of its step: its own where it gives none."""
        return str(self.values.get("step", self.name))

    @property
    def per(self) -> Per:
        """What it is applied to; the only thing that its step can be applied to, where it does not say."""
        own = self.step.applies_to[0] if self.step and len(self.step.applies_to) == 1 else Per.ITEM
        return Per(self.values.get("applies_to", own))

    @property
    def chunk_pages(self) -> int | None:
        """Pages of a chunk; None for the station's setting."""
        pages: int | None = self.values.get("chunk_pages")
        return pages

    @property
    def queue(self) -> str:
        """Its queue; its step's own where it names none."""
        return str(self.values.get("queue", self.step.queue if self.step else "default"))

    def place_of(self, key: str) -> Place:
        """Where a key stands, or the stage where it has it from the defaults."""
        return self.places.get(key, self.place)

    def limits(self) -> tuple[int, int]:
        """Soft and hard limit in seconds; the hard one decides where only it is given."""
        hard = self.values.get("hard_limit", 3600)
        return self.values.get("soft_limit", hard - min(SOFT_BEFORE_HARD, -(-hard // 10))), hard

    def rule(self) -> StageRule:
        """The stage as the ledger knows it."""
        soft, hard = self.limits()
        return StageRule(
            name=self.name,
            step=self.step_name,
            per=self.per,
            after=tuple(dict.fromkeys(name for name, _ in self.after)),
            same_chunk=self.values.get("same_chunk", False),
            in_order=self.values.get("in_order", False),
            chunk_pages=self.chunk_pages if self.per is Per.CHUNK else None,
            queue=self.queue,
            soft_seconds=soft,
            hard_seconds=hard,
            attempts=self.values.get("attempts"),
            optional=self.values.get("optional", False),
            condition=self.values.get("when", ""),
            parameters=self.parameters,
        )


def read_stage(
    node: Node, defaults: Places[str, Any], before: StageDraft | None, problems: Problems
) -> StageDraft:
    """Read one stage.

    Args:
        node: Its mapping.
        defaults: What the pipeline says for all stages.
        before: The stage that stands before it in the file, on which it stands where it does not say.
        problems: Takes what is wrong.
    """
    draft = StageDraft(node.place, dict(defaults), {})
    if not isinstance(node.value, Mapping):
        problems.tell(
            node.place,
            Code.WRONG_VALUE,
            "A stage is a mapping with a name; this is not.",
            "Write: - name: NAME",
        )
        return draft
    parameters: Node | None = None
    for entry in entries_of(node, [*STAGE_KEYS, "parameters"], problems):
        draft.places[entry.key] = entry.value.place
        if entry.key == "parameters":
            parameters = entry.value
        elif (value := STAGE_KEYS[entry.key](entry.value, problems)) is not None:
            draft.values[entry.key] = value
    if "name" not in draft.places:
        problems.tell(node.place, Code.REQUIRED, "The stage has no name.", "Write: name: NAME.")
    if "after" in draft.places:
        draft.after = draft.values.get("after", [])
    elif before is not None and before.name:
        draft.after = [(before.name, node.place)]
    draft.step = _step(draft, problems)
    if parameters is not None and draft.step is not None:
        _read_parameters(draft, parameters, problems)
    return draft


def _step(draft: StageDraft, problems: Problems) -> Step | None:
    if not draft.step_name:
        return None
    place = draft.place_of("step" if "step" in draft.places else "name")
    try:
        return find_step(draft.step_name)
    except StepUnknown:
        problems.tell(
            place,
            Code.STEP_UNKNOWN,
            f"There is no step {shown(draft.step_name)}.",
            did_you_mean(draft.step_name, step_names()),
        )
    except StepBroken as error:
        problems.tell(place, Code.STEP_BROKEN, error.message, error.remedy)
    return None


def _read_parameters(draft: StageDraft, node: Node, problems: Problems) -> None:
    if not isinstance(node.value, Mapping) and node.value is not None:
        problems.tell(
            node.place, Code.WRONG_VALUE, "parameters is a mapping; this is not.", "Write: NAME: VALUE."
        )
        return
    step = draft.step
    known = {parameter.name: parameter for parameter in step.parameters} if step else {}
    for entry in node.value.entries if isinstance(node.value, Mapping) else ():
        if entry.key in draft.parameters:
            problems.tell(
                entry.place,
                Code.DUPLICATE_KEY,
                f"The parameter {shown(entry.key)} is there already.",
                "Keep one of them.",
            )
        elif entry.key not in known:
            remedy = did_you_mean(entry.key, known) if known else f"Leave it out: {draft.step_name} has none."
            problems.tell(
                entry.place,
                Code.PARAMETER_UNKNOWN,
                f"The step {draft.step_name} has no parameter {shown(entry.key)}.",
                remedy,
            )
        else:
            draft.parameters[entry.key] = read_parameter(known[entry.key], entry.value, problems)
