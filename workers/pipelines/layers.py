# SPDX-License-Identifier: Apache-2.0
"""Where the stages of a pipeline stand in a picture: in layers, so that every edge leads downwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from archive.registry.stages import Pipeline
from workers.pipelines.facts_of_stage import essential_followers

_SWEEPS = 4


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of a layer: a stage, or an edge on its way through.

    Attributes:
        name: The stage; of an edge the stage that it leads to.
        origin: Of an edge the stage that it comes from; "" for a stage.
        layer: From 0.
    """

    name: str
    origin: str
    layer: int

    @property
    def is_stage(self) -> bool:
        """Whether a stage stands there."""
        return not self.origin


@dataclass(frozen=True, slots=True)
class Layers:
    """The picture's plan.

    Attributes:
        rows: The slots of each layer, from left to right.
        edges: Pairs of slots in neighbouring layers.
    """

    rows: tuple[tuple[Slot, ...], ...]
    edges: tuple[tuple[Slot, Slot], ...]


def layers_of(pipeline: Pipeline) -> Layers:
    """Lay a pipeline out: each stage as high as what it stands on allows, each edge with a slot in every layer it crosses."""
    followers = essential_followers(pipeline)
    depth: dict[str, int] = {}
    for rule in pipeline.stages:
        depth[rule.name] = max((depth[name] + 1 for name in rule.after), default=0)
    rows: list[list[Slot]] = [[] for _ in range(max(depth.values()) + 1)]
    stages = {name: Slot(name, "", layer) for name, layer in depth.items()}
    for slot in stages.values():
        rows[slot.layer].append(slot)
    edges: list[tuple[Slot, Slot]] = []
    for origin, names in followers.items():
        for name in names:
            way = [
                stages[origin],
                *(Slot(name, origin, layer) for layer in range(depth[origin] + 1, depth[name])),
                stages[name],
            ]
            for slot in way[1:-1]:
                rows[slot.layer].append(slot)
            edges += pairwise(way)
    return Layers(tuple(map(tuple, _untangled(rows, edges))), tuple(edges))


def _untangled(rows: list[list[Slot]], edges: Sequence[tuple[Slot, Slot]]) -> list[list[Slot]]:
    """Each layer in the order of its neighbours' middles, down and up a few times."""
    above: dict[Slot, list[Slot]] = {}
    below: dict[Slot, list[Slot]] = {}
    for upper, lower in edges:
        above.setdefault(lower, []).append(upper)
        below.setdefault(upper, []).append(lower)
    for _ in range(_SWEEPS):
        for index in range(1, len(rows)):
            rows[index] = _sorted(rows[index], rows[index - 1], above)
        for index in range(len(rows) - 2, -1, -1):
            rows[index] = _sorted(rows[index], rows[index + 1], below)
    return rows


def _sorted(row: list[Slot], other: Sequence[Slot], neighbours: Mapping[Slot, list[Slot]]) -> list[Slot]:
    place = {slot: index / max(1, len(other) - 1) for index, slot in enumerate(other)}
    own = {slot: index / max(1, len(row) - 1) for index, slot in enumerate(row)}

    def middle(slot: Slot) -> float:
        places = [place[each] for each in neighbours.get(slot, ()) if each in place]
        return sum(places) / len(places) if places else own[slot]

    return sorted(row, key=middle)
