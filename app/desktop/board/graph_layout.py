# SPDX-License-Identifier: Apache-2.0
"""Where the stages of one item stand in its graph: a column a stage, a line a chunk, edges as work is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archive.registry.item_history import ItemHistory, UnitFacts
from archive.registry.stages import Per, Pipeline
from archive.registry.states import State, state_of_whole
from workers.pipelines.facts_of_stage import essential_followers

MOST_LINES = 4
"""Chunks that are drawn one by one; of more, the last line stands for all that are left."""


@dataclass(frozen=True, slots=True)
class GraphNode:
    """One box of the graph.

    Attributes:
        stage: Its stage.
        units: The units it stands for: one, or several chunks that have no line of their own.
        column: From 0, in the order of stages.
        line: From 0; a stage without chunks stands in the middle of all lines.
        alone: Whether there is only one chunk, which then needs no number.
        chunked: Whether the stage is cut into chunks of pages.
    """

    stage: str
    units: tuple[UnitFacts, ...]
    column: int
    line: float
    alone: bool = False
    chunked: bool = False

    @property
    def state(self) -> State:
        """Of all its units together."""
        return state_of_whole(unit.state for unit in self.units)


@dataclass(frozen=True, slots=True)
class Graph:
    """An item's workflow.

    Attributes:
        nodes: By column, then line.
        edges: Pairs of places in `nodes`: the second waits for the first.
        lines: How many lines there are.
        columns: How many columns there are.
    """

    nodes: tuple[GraphNode, ...]
    edges: tuple[tuple[int, int], ...]
    lines: int
    columns: int

    def neighbour(self, place: int, columns: int, lines: int) -> int:
        """The node that an arrow key leads to from another; the same where there is none.

        Args:
            place: Where the cursor is.
            columns: -1 for left, 1 for right, 0 for within the column.
            lines: -1 for up, 1 for down.
        """
        here = self.nodes[place]
        if columns:
            near = [
                (abs(node.line - here.line), index)
                for index, node in enumerate(self.nodes)
                if node.column == here.column + columns
            ]
        else:
            near = [
                (abs(node.line - here.line), index)
                for index, node in enumerate(self.nodes)
                if node.column == here.column and (node.line - here.line) * lines > 0
            ]
        return min(near)[1] if near else place


def lay_out(history: ItemHistory) -> Graph:
    """The graph of an item."""
    rules = [rule for rule in history.pipeline.stages if rule.per is not Per.BATCH]
    chunks = {
        rule.name: sorted({unit.chunk for unit in history.of(rule.name)}) for rule in rules if rule.chunked
    }
    lines = max(1, min(max(map(len, chunks.values()), default=0), MOST_LINES))
    nodes: list[GraphNode] = []
    for column, rule in enumerate(rules):
        units = history.of(rule.name)
        if not rule.chunked:
            if units:
                nodes.append(GraphNode(rule.name, units, column, (lines - 1) / 2))
            continue
        own_lines = max(1, min(len(chunks[rule.name]), lines))
        for line in range(own_lines):
            last = line == own_lines - 1
            own = tuple(unit for unit in units if unit.chunk == line or (last and unit.chunk > line))
            if own:
                # a stage with fewer chunks than another stands in the middle of its lines
                height = line + (lines - own_lines) / 2
                nodes.append(
                    GraphNode(rule.name, own, column, height, len(chunks[rule.name]) == 1, chunked=True)
                )
    return Graph(tuple(nodes), tuple(_edges(nodes, history.pipeline)), lines, len(rules))


def _edges(nodes: list[GraphNode], pipeline: Pipeline) -> Iterator[tuple[int, int]]:
    followers = essential_followers(pipeline)
    for after, node in enumerate(nodes):
        rule = pipeline.rule(node.stage)
        for before, other in enumerate(nodes):
            follows = node.stage in followers[other.stage]
            if follows and (not (rule.same_chunk and other.chunked) or other.line == node.line):
                yield before, after
