# SPDX-License-Identifier: Apache-2.0
"""What the stages of a pipeline must be to one another: an order without cycles in which each can begin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archive.manifest.nearest import did_you_mean
from archive.manifest.problems import shown
from archive.registry.stages import Per
from workers.pipelines.problems import Code, Problems
from workers.pipelines.stage_draft import StageDraft


def check_graph(stages: Sequence[StageDraft], problems: Problems) -> dict[str, frozenset[str]]:
    """Tell every problem of the order in which stages stand on one another.

    Returns:
        For each stage all those that are done before it begins, as far as that can be told.
    """
    by_name = {stage.name: stage for stage in reversed(stages) if stage.name}
    cyclic = _check_cycles(stages, by_name, problems)
    _check_order(stages, by_name, cyclic, problems)
    before: dict[str, frozenset[str]] = {}
    for stage in stages:
        known = [name for name, _ in stage.after if name in before]
        before[stage.name] = frozenset(known).union(*(before[name] for name in known))
    _check_kinds(stages, by_name, problems)
    return before


def _check_cycles(
    stages: Sequence[StageDraft], by_name: Mapping[str, StageDraft], problems: Problems
) -> set[str]:
    """Tell each cycle once.

    Returns:
        The stages on cycles, and those that stand on them.
    """
    waiting = {stage.name: {name for name, _ in stage.after if name in by_name} for stage in stages}
    while free := [name for name, names in waiting.items() if not names]:
        for name in free:
            del waiting[name]
        for names in waiting.values():
            names.difference_update(free)
    told: set[str] = set()
    for name in waiting:
        cycle = _cycle_from(name, waiting)
        if told.isdisjoint(cycle):
            told.update(cycle)
            problems.tell(
                by_name[cycle[0]].place_of("after"),
                Code.CYCLE,
                f"These stages wait for one another: {' → '.join(reversed([*cycle, cycle[0]]))}.",
                "Take one of them out of the `after` of the other.",
            )
    for name in waiting.keys() - told:
        problems.tell(
            by_name[name].place_of("after"),
            Code.UNREACHABLE,
            f"The stage {name} can never begin: it stands on stages that wait for one another.",
            "Mend the cycle that is told, or write another `after`.",
        )
    return set(waiting)


def _cycle_from(name: str, waiting: Mapping[str, set[str]]) -> list[str]:
    """The cycle that is reached from a stage, beginning with its first name in the alphabet."""
    path: list[str] = []
    while name not in path:
        path.append(name)
        name = min(waiting[name])
    cycle = path[path.index(name) :]
    first = cycle.index(min(cycle))
    return cycle[first:] + cycle[:first]


def _check_order(
    stages: Sequence[StageDraft], by_name: Mapping[str, StageDraft], cyclic: set[str], problems: Problems
) -> None:
    earlier: list[str] = []
    for stage in stages:
        for name, place in stage.after:
            if name not in by_name:
                # one that stands on the stage before it without saying so has a place of its own
                problems.tell(
                    place,
                    Code.AFTER_UNKNOWN,
                    f"The stage {stage.name} stands on {shown(name)}, which the pipeline does not have.",
                    did_you_mean(name, [other for other in by_name if other != stage.name]),
                )
            elif name not in earlier and stage.name not in cyclic:
                problems.tell(
                    place,
                    Code.AFTER_LATER,
                    f"The stage {stage.name} stands on {name}, which comes later in the file.",
                    f"Move {name} before {stage.name}: stages are listed in the order in which they are done.",
                )
        if stage.name in earlier:
            problems.tell(
                stage.place_of("name"),
                Code.DUPLICATE_NAME,
                f"There is a stage {stage.name} already, in line {by_name[stage.name].place.line}.",
                "Give each stage a name of its own.",
            )
        earlier.append(stage.name)


def _check_kinds(stages: Sequence[StageDraft], by_name: Mapping[str, StageDraft], problems: Problems) -> None:
    for stage in stages:
        before = [by_name[name] for name, _ in stage.after if name in by_name]
        chunked = [other for other in before if other.per is Per.CHUNK and other is not stage]
        if stage.per is not Per.BATCH:
            for other in (other for other in before if other.per is Per.BATCH):
                problems.tell(
                    stage.place_of("after"),
                    Code.AFTER_BATCH,
                    f"The stage {stage.name} is applied to each {stage.per} and stands on {other.name}, "
                    "which begins when all items are done.",
                    f"Let {stage.name} apply to the batch too, or put it before {other.name}.",
                )
        if stage.per is not Per.CHUNK:
            _refuse_chunk_keys(stage, problems)
        elif stage.values.get("same_chunk"):
            _check_same_chunk(stage, chunked, problems)


def _refuse_chunk_keys(stage: StageDraft, problems: Problems) -> None:
    for key in ("same_chunk", "in_order", "chunk_pages"):
        if key in stage.places and stage.values.get(key):
            problems.tell(
                stage.places[key],
                Code.NOT_PER_CHUNK,
                f"The stage {stage.name} is applied to each {stage.per}, so it has no chunks and no {key}.",
                f"Leave {key} out, or write: applies_to: chunk.",
            )


def _check_same_chunk(stage: StageDraft, chunked: Sequence[StageDraft], problems: Problems) -> None:
    if not chunked:
        problems.tell(
            stage.place_of("same_chunk"),
            Code.NO_CHUNKS_BEFORE,
            f"The stage {stage.name} waits for the same chunk, but stands on no stage that has chunks.",
            "Leave same_chunk out.",
        )
    for other in chunked:
        if other.chunk_pages != stage.chunk_pages:
            sizes = [f"{each.chunk_pages or 'as many as the station sets'}" for each in (stage, other)]
            problems.tell(
                stage.place_of("chunk_pages"),
                Code.CHUNK_SIZES_DIFFER,
                f"The chunks of {stage.name} ({sizes[0]} pages) are not those of {other.name} ({sizes[1]} pages), "
                "so there is no same chunk to wait for.",
                "Give both the same chunk_pages, or leave same_chunk out.",
            )
