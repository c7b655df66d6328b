# SPDX-License-Identifier: Apache-2.0
"""A pipeline drawn as SVG: a card for each stage, in light or dark as the reader has it, told in words as well."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from html import escape

from archive.registry.stages import Pipeline, StageRule
from workers.pipelines.facts_of_stage import applied_to, attempts_of, limits_of, queue_of, remarks_on
from workers.pipelines.layers import Slot, layers_of

CARD_WIDTH = 330
GAP_X, GAP_Y = 36, 40
MARGIN = 32
HEAD_HEIGHT = 76
LINE_HEIGHT = 18
LETTERS = 46
"""Letters of a line within a card: at 13 pixels a letter of a common sans serif is 6.3 wide on average."""
EDGE_WIDTH = 24
"""The width that an edge takes which passes a layer between its stages."""

_QUEUE_COLORS = {
    "capture": ("#8a3ffc", "#be95ff"),
    "compute_intensive": ("#0b62d6", "#78a9ff"),
    "imaging_heavy": ("#9f1853", "#ff7eb6"),
    "io_bound": ("#0d7d5f", "#4fd1a5"),
    "default": ("#6f6f6f", "#a8a8a8"),
}
_COLORS = {
    "ground": ("#ffffff", "#161616"),
    "card": ("#f7f7f8", "#262626"),
    "border": ("#c1c7cd", "#525252"),
    "ink": ("#161616", "#f4f4f4"),
    "faint": ("#525252", "#c6c6c6"),
    "edge": ("#8d8d8d", "#8d8d8d"),
    **{f"queue-{name}": pair for name, pair in _QUEUE_COLORS.items()},
}
"""Each colour on a light and on a dark ground; ink on cards has a contrast of at least 7, faint ink of 4.5."""


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


def draw_svg(pipeline: Pipeline, description: str = "") -> str:
    """The drawing as the text of an SVG file.

    Readers that know no style sheets show it on white; others follow the reader's choice of light or dark.
    """
    layers = layers_of(pipeline)
    lines = {rule.name: _lines(rule) for rule in pipeline.stages}
    boxes, width, height = _place(layers.rows, lines)
    edges = [_edge(boxes[upper], boxes[lower], arrow=lower.is_stage) for upper, lower in layers.edges]
    passing = [_through(boxes[slot]) for row in layers.rows for slot in row if not slot.is_stage]
    cards = [
        _card(pipeline.rule(slot.name), boxes[slot], lines[slot.name])
        for row in layers.rows
        for slot in row
        if slot.is_stage
    ]
    told = "; ".join(_in_words(rule) for rule in pipeline.stages)
    title = f"Pipeline {pipeline.title}"
    return "\n".join(
        [
            _root(width, height),
            f'<title id="title">{_text(title)}</title>',
            f'<desc id="desc">{_text(" ".join(description.split()))} Stages: {_text(told)}.</desc>',
            f"<style>@media (prefers-color-scheme: dark) {{{_dark_rules()}}}</style>",
            f'<rect width="{width:g}" height="{height:g}" {_fill("ground")}/>',
            _words(MARGIN, MARGIN + 16, title, "ink", size=20, bold=True),
            _words(MARGIN, MARGIN + 38, _subtitle(pipeline), "faint"),
            *edges,
            *passing,
            *cards,
            "</svg>",
            "",
        ]
    )


def _root(width: float, height: float) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" role="img" aria-labelledby="title desc" '
        'font-family="system-ui, &quot;Noto Sans&quot;, &quot;DejaVu Sans&quot;, sans-serif">'
    )


def _subtitle(pipeline: Pipeline) -> str:
    return f"{pipeline.name}, version {pipeline.version}, {len(pipeline.stages)} stages"


def _lines(rule: StageRule) -> list[str]:
    facts = [
        f"For {applied_to(rule)}",
        f"Asked to end and killed after {limits_of(rule)}",
        *([] if rule.attempts is None else [f"Attempts: {attempts_of(rule)}"]),
        *(remark[:1].upper() + remark[1:] for remark in remarks_on(rule)),
    ]
    return [line for fact in facts for line in textwrap.wrap(fact, LETTERS, subsequent_indent="  ")]


def _place(
    rows: tuple[tuple[Slot, ...], ...], lines: dict[str, list[str]]
) -> tuple[dict[Slot, _Box], float, float]:
    """The box of each slot, and the size of the whole picture."""

    def size(slot: Slot) -> float:
        return CARD_WIDTH if slot.is_stage else EDGE_WIDTH

    widths = [sum(map(size, row)) + GAP_X * (len(row) - 1) for row in rows]
    inner = max(widths)
    boxes: dict[Slot, _Box] = {}
    y: float = MARGIN + HEAD_HEIGHT
    for row, width in zip(rows, widths, strict=True):
        height = max(40 + LINE_HEIGHT * len(lines[slot.name]) for slot in row if slot.is_stage)
        x = MARGIN + (inner - width) / 2
        for slot in row:
            own = 40 + LINE_HEIGHT * len(lines[slot.name]) if slot.is_stage else height
            boxes[slot] = _Box(x, y + (height - own) / 2, size(slot), own)
            x += size(slot) + GAP_X
        y += height + GAP_Y
    return boxes, inner + 2 * MARGIN, y - GAP_Y + MARGIN


def _card(rule: StageRule, box: _Box, lines: list[str]) -> str:
    queue = f"queue-{rule.queue}" if rule.queue in _QUEUE_COLORS else "queue-default"
    dashes = ' stroke-dasharray="6 4"' if rule.optional or rule.condition else ""
    look = f'rx="8" {_fill("card")} {_stroke("border")}{dashes}'
    parts = [
        "<g>",
        f"<title>{_text(_in_words(rule))}</title>",
        f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" {look}/>',
        f'<rect x="{box.x:g}" y="{box.y + 8:g}" width="5" height="{box.height - 16:g}" rx="2" {_fill(queue)}/>',
        _words(box.x + 18, box.y + 25, rule.name, "ink", size=15, bold=True),
        _words(box.x + box.width - 14, box.y + 25, queue_of(rule), queue, size=12, end=True),
    ]
    for number, line in enumerate(lines):
        inset = 12 if line.startswith("  ") else 0
        y = box.y + 46 + LINE_HEIGHT * number
        parts.append(_words(box.x + 18 + inset, y, line.strip(), "faint"))
    return "\n".join([*parts, "</g>"])


def _edge(upper: _Box, lower: _Box, *, arrow: bool) -> str:
    x1, y1, x2, y2 = upper.middle, upper.y + upper.height, lower.middle, lower.y
    tip = 7 if arrow else 0
    half = (y2 - y1) / 2
    way = (
        f"M{x1:g} {y1:g}V{y2 - tip:g}"
        if x1 == x2
        else f"M{x1:g} {y1:g}C{x1:g} {y1 + half:g} {x2:g} {y2 - half - tip:g} {x2:g} {y2 - tip:g}"
    )
    path = f'<path d="{way}" fill="none" stroke-width="1.6" {_stroke("edge")}/>'
    if not arrow:
        return path
    head = f"M{x2 - 5:g} {y2 - 9:g}L{x2:g} {y2 - 1:g}L{x2 + 5:g} {y2 - 9:g}Z"
    return f'{path}<path d="{head}" {_fill("edge")}/>'


def _through(box: _Box) -> str:
    """The part of an edge that passes a layer."""
    way = f"M{box.middle:g} {box.y:g}v{box.height:g}"
    return f'<path d="{way}" fill="none" stroke-width="1.6" {_stroke("edge")}/>'


def _words(
    x: float, y: float, text: str, color: str, *, size: int = 13, bold: bool = False, end: bool = False
) -> str:
    weight = ' font-weight="600"' if bold else ""
    anchor = ' text-anchor="end"' if end else ""
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}"{weight}{anchor} {_fill(color)}>{_text(text)}</text>'


def _fill(color: str) -> str:
    return f'class="{color}" fill="{_COLORS[color][0]}"'


def _stroke(color: str) -> str:
    return f'data-stroke="{color}" stroke="{_COLORS[color][0]}"'


def _dark_rules() -> str:
    fills = [f".{name}{{fill:{dark}}}" for name, (_, dark) in _COLORS.items()]
    strokes = [f'[data-stroke="{name}"]{{stroke:{_COLORS[name][1]}}}' for name in ("border", "edge")]
    return "".join([*fills, *strokes])


def _text(text: str) -> str:
    return escape(text, quote=False)


def _in_words(rule: StageRule) -> str:
    after = f" after {', '.join(rule.after)}" if rule.after else ""
    remarks = "".join(f", {remark}" for remark in remarks_on(rule))
    return (
        f"{rule.name} for {applied_to(rule)}{after}, queue {queue_of(rule)}, asked to end and killed after "
        f"{limits_of(rule)}, attempts {attempts_of(rule)}{remarks}"
    )
