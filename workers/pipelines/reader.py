# SPDX-License-Identifier: Apache-2.0
"""Reading a pipeline file: the definition that it holds, or every problem that keeps it from being one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.manifest.decoding import decode
from archive.registry.stages import Pipeline, StageRule
from workers.pipelines.graph_rules import check_graph
from workers.pipelines.problems import Code, PipelineProblem, Place, Problems
from workers.pipelines.stage_draft import COMMON_KEYS, StageDraft, read_stage
from workers.pipelines.step_rules import check_end, check_steps
from workers.pipelines.tree import DocumentBroken, Entry, Mapping, Node, read_tree
from workers.pipelines.values import Read, entries_of, line_of, read_name

LARGEST = 256 << 10
"""Bytes of the largest file that is read; the shipped ones have two thousand."""
MOST_STAGES = 50
OLD_NAME = "default"
"""What manifests called the only pipeline there was."""

_HEAD: dict[str, Read] = {
    "name": read_name,
    "title": line_of(100),
    "version": line_of(40),
    "description": line_of(4000),
}


@dataclass(frozen=True, slots=True)
class PipelineDefinition:
    """A pipeline as its file describes it.

    Attributes:
        name: What manifests call it by.
        title: What people call it.
        version: As its author counts.
        description: What it is for; "" where the file does not say.
        stages: In the order in which they are done.
        source: The path of the file.
        sha256: Of the file.
    """

    name: str
    title: str
    version: str
    description: str
    stages: tuple[StageRule, ...]
    source: str
    sha256: str


@dataclass(frozen=True, slots=True)
class PipelineReading:
    """What came of reading a pipeline file.

    Attributes:
        definition: The pipeline; None while an error remains.
        problems: Everything that is wrong or doubtful, in the order of the file.
    """

    definition: PipelineDefinition | None
    problems: tuple[PipelineProblem, ...]

    @property
    def errors(self) -> tuple[PipelineProblem, ...]:
        """The problems that keep it from being used."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


def compile_pipeline(definition: PipelineDefinition) -> Pipeline:
    """The pipeline as the ledger keeps it with a batch."""
    return Pipeline(definition.name, definition.title, definition.version, definition.stages)


def read_pipeline(path: Path) -> PipelineReading:
    """Read a pipeline file; whatever is wrong with it is told, and nothing raised."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        return _only(
            Code.UNREADABLE, f"{path} cannot be read: {error.strerror}.", "Check the path and its rights."
        )
    if len(content) > LARGEST:
        return _only(
            Code.TOO_BIG, f"The file has more than {LARGEST >> 10} KiB.", "Name the file of a pipeline."
        )
    return read_content(content, str(path))


def read_content(content: bytes, source: str) -> PipelineReading:
    """Read a pipeline from the bytes of its file; see `read_pipeline`."""
    try:
        decoded = decode(content)
    except UnicodeDecodeError:
        decoded = None
    if decoded is None or decoded.guessed:
        return _only(Code.UNDECODABLE, "The file is not text in UTF-8.", "Save it as UTF-8.")
    try:
        root = read_tree(decoded.text)
    except DocumentBroken as error:
        return PipelineReading(None, (error.problem,))
    if root is None or root.value is None:
        return _only(Code.EMPTY, "The file is empty.", "See an example with: recto pipeline template")
    problems = Problems()
    head, stages = _read(root, problems)
    if not problems.are_none:
        return PipelineReading(None, problems.in_order())
    definition = PipelineDefinition(
        name=head["name"],
        title=head.get("title", head["name"]),
        version=head["version"],
        description=head.get("description", ""),
        stages=tuple(stage.rule() for stage in stages),
        source=source,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    return PipelineReading(definition, problems.in_order())


def _only(code: Code, message: str, remedy: str) -> PipelineReading:
    return PipelineReading(None, (PipelineProblem.at(Place(), code, message, remedy),))


def _read(root: Node, problems: Problems) -> tuple[dict[str, Any], list[StageDraft]]:
    head: dict[str, Any] = {}
    if not isinstance(root.value, Mapping):
        problems.tell(
            root.place,
            Code.WRONG_VALUE,
            "A pipeline is a mapping with name, version and stages; this is not.",
            "See an example with: recto pipeline template",
        )
        return head, []
    entries = {entry.key: entry for entry in entries_of(root, [*_HEAD, "defaults", "stages"], problems)}
    for key, read in _HEAD.items():
        if key in entries and (value := read(entries[key].value, problems)) is not None:
            head[key] = value
    for key in ("name", "version", "stages"):
        if key not in entries:
            problems.tell(root.place, Code.REQUIRED, f"The pipeline has no {key}.", f"Write: {key}: ...")
    if head.get("name") == OLD_NAME:
        problems.tell(
            entries["name"].value.place,
            Code.NAME_RESERVED,
            f"No pipeline can be called {OLD_NAME}: manifests mean Recto's own by it.",
            "Give it another name.",
        )
    defaults = _defaults(entries.get("defaults"), problems)
    stages = _stages(entries["stages"], defaults, problems) if "stages" in entries else []
    return head, stages


def _defaults(entry: Entry | None, problems: Problems) -> dict[str, Any]:
    if entry is None:
        return {}
    if not isinstance(entry.value.value, Mapping):
        problems.tell(
            entry.value.place,
            Code.WRONG_VALUE,
            "defaults is a mapping; this is not.",
            "Write: attempts: 4 and so on below it.",
        )
        return {}
    read = {
        each.key: COMMON_KEYS[each.key](each.value, problems)
        for each in entries_of(entry.value, COMMON_KEYS, problems)
    }
    return {key: value for key, value in read.items() if value is not None}


def _stages(entry: Entry, defaults: dict[str, Any], problems: Problems) -> list[StageDraft]:
    nodes = entry.value.value
    if not isinstance(nodes, tuple) or not nodes:
        problems.tell(
            entry.place, Code.NO_STAGES, "stages is a list of at least one stage.", "Write: - name: validate"
        )
        return []
    if len(nodes) > MOST_STAGES:
        problems.tell(
            entry.place,
            Code.TOO_MANY_STAGES,
            f"The pipeline has {len(nodes)} stages; {MOST_STAGES} are the most.",
            "Do more within one step.",
        )
        return []
    stages: list[StageDraft] = []
    for node in nodes:
        stages.append(read_stage(node, defaults, stages[-1] if stages else None, problems))
    before = check_graph([stage for stage in stages if stage.name], problems)
    check_steps(stages, before, problems)
    check_end(stages, entry.place, problems)
    return stages
