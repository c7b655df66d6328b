# SPDX-License-Identifier: Apache-2.0
"""Where the stages of one item stand in its graph: a column a stage, a line a chunk, edges as work is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archive.registry.item_history import ItemHistory, UnitFacts
from archive.registry.stages import RULES, Stage
from archive.registry.states import State, state_of_whole

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
    """

    stage: Stage
    units: tuple[UnitFacts, ...]
    column: int
    line: float
    alone: bool = False

    @property
    def state(self) -> State:
        """Of all its units together."""
        return state_of_whole(unit.state for unit in self.units)

    @property
    def chunked(self) -> bool:
        """Whether the stage is cut into chunks of pages."""
        return RULES[self.stage].chunked


@dataclass(frozen=True, slots=True)
class Graph:
    """An item's workflow.

    Attributes:
        nodes: By column, then line.
        edges: Pairs of places in `nodes`: the second waits for the first.
        lines: How many lines there are.
    """

    nodes: tuple[GraphNode, ...]
    edges: tuple[tuple[int, int], ...]
    lines: int

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
    chunks = sorted({unit.chunk for unit in history.units if RULES[unit.stage].chunked})
    lines = max(1, min(len(chunks), MOST_LINES))
    nodes: list[GraphNode] = []
    for column, stage in enumerate(Stage):
        units = history.of(stage)
        if not RULES[stage].chunked:
            if units:
                nodes.append(GraphNode(stage, units, column, (lines - 1) / 2))
            continue
        for line in range(lines):
            last = line == lines - 1
            own = tuple(unit for unit in units if unit.chunk == line or (last and unit.chunk > line))
            if own:
                nodes.append(GraphNode(stage, own, column, float(line), len(chunks) == 1))
    return Graph(tuple(nodes), tuple(_edges(nodes)), lines)


def _edges(nodes: list[GraphNode]) -> Iterator[tuple[int, int]]:
    for after, node in enumerate(nodes):
        rule = RULES[node.stage]
        for before, other in enumerate(nodes):
            if other.stage in rule.after and (not rule.same_chunk or other.line == node.line):
                yield before, after
