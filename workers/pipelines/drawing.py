# SPDX-License-Identifier: Apache-2.0
"""A pipeline drawn as text: a line for each stage, and rails at the left that tell what stands on what."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from archive.registry.stages import Pipeline, StageRule
from workers.pipelines.facts_of_stage import (
    applied_to,
    attempts_of,
    essential_followers,
    limits_of,
    queue_of,
    remarks_on,
)

WIDTH = 100
"""Columns that the drawing fits into, as far as its words allow."""

_HEADS = ("stage", "for", "queue", "asked to end / killed", "attempts")
_UP, _DOWN, _LEFT, _RIGHT = 1, 2, 4, 8
_SIGNS = {
    _UP | _DOWN: "│",
    _LEFT | _RIGHT: "─",
    _UP | _LEFT: "╯",
    _UP | _RIGHT: "╰",
    _DOWN | _LEFT: "╮",
    _DOWN | _RIGHT: "╭",
    _UP | _DOWN | _RIGHT: "├",
    _UP | _DOWN | _LEFT: "┤",
    _UP | _LEFT | _RIGHT: "┴",
    _DOWN | _LEFT | _RIGHT: "┬",
    _UP | _DOWN | _LEFT | _RIGHT: "┼",
    0: " ",
}


def draw(pipeline: Pipeline) -> str:
    """The drawing, with a line end behind each line."""
    rails = _Rails(pipeline)
    rows = [(rule, *rails.lead_to(rule.name)) for rule in pipeline.stages]
    width = 2 * rails.widest + 1
    columns = _columns([rule for rule, _, _ in rows])
    lines = [" " * width + _row(_HEADS, columns)]
    for rule, joint, mark in rows:
        if joint:
            lines.append(joint)
        lines.append(f"{mark.line:<{width}}{_row(_cells(rule), columns)}")
        aside = f"{mark.below:<{width}}{'':<{columns[0]}}"
        lines += [aside + remark for remark in _wrapped(remarks_on(rule), WIDTH - len(aside))]
        lines.append(mark.below)
    return "\n".join(line.rstrip() for line in lines).rstrip() + "\n"


def _cells(rule: StageRule) -> tuple[str, ...]:
    return rule.name, applied_to(rule), queue_of(rule), limits_of(rule), attempts_of(rule)


def _columns(rules: Sequence[StageRule]) -> list[int]:
    rows = [_HEADS, *map(_cells, rules)]
    return [max(len(row[place]) for row in rows) + 2 for place in range(len(_HEADS))]


def _row(cells: Iterable[str], columns: Sequence[int]) -> str:
    return "".join(f"{cell:<{width}}" for cell, width in zip(cells, columns, strict=True))


def _wrapped(remarks: Sequence[str], width: int) -> list[str]:
    return [
        line for remark in remarks for line in textwrap.wrap(remark, max(width, 30), subsequent_indent="  ")
    ]


@dataclass
class _Lane:
    """An open end: what comes from a stage and has not reached all that wait for it."""

    awaited: set[str]


@dataclass(frozen=True)
class _Mark:
    """The rails beside a stage, and those below it."""

    line: str
    below: str


@dataclass
class _Rails:
    pipeline: Pipeline
    lanes: list[_Lane | None] = field(default_factory=list)
    widest: int = 1

    def __post_init__(self) -> None:
        self.followers = essential_followers(self.pipeline)

    def lead_to(self, name: str) -> tuple[str, _Mark]:
        """The line that joins lanes into a stage, "" where none is needed, and the rails beside it."""
        coming = [place for place, lane in enumerate(self.lanes) if lane and name in lane.awaited]
        ended = []
        for place in coming:
            lane = self.lanes[place]
            if lane is not None:
                lane.awaited.discard(name)
                if not lane.awaited:
                    ended.append(place)
        own = ended[0] if ended else self._free()
        joint = self._joint(coming, ended, own) if set(coming) - {own} else ""
        for place in ended:
            self.lanes[place] = None
        self.lanes[own] = _Lane(set(self.followers[name]))
        line = self._line({own: "●"})
        if not self.followers[name]:
            self.lanes[own] = None
        return joint, _Mark(line, self._line({}))

    def _free(self) -> int:
        if None not in self.lanes:
            self.lanes.append(None)
            self.widest = max(self.widest, len(self.lanes))
        return self.lanes.index(None)

    def _joint(self, coming: Sequence[int], ended: Sequence[int], own: int) -> str:
        """The line above a stage: each lane that leads to it turns there, or sends a branch."""
        first, last = min([*coming, own]), max([*coming, own])
        signs = []
        for place, lane in enumerate(self.lanes):
            passes = lane is not None and place not in coming
            ways = _UP if place in coming else 0
            ways |= _DOWN if place == own or (place in coming and place not in ended) else 0
            if passes:
                # it goes on under the line that crosses it
                signs.append("│")
            else:
                ways |= _LEFT if first < place <= last else 0
                ways |= _RIGHT if first <= place < last else 0
                signs.append(_SIGNS[ways])
            signs.append("─" if first <= place < last else " ")
        return "".join(signs)

    def _line(self, marks: dict[int, str]) -> str:
        return " ".join(marks.get(place, "│" if lane else " ") for place, lane in enumerate(self.lanes))
