# SPDX-License-Identifier: Apache-2.0
"""Drawings tell every stage, its limits and what stands on what; the picture is well-formed and can be read aloud."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.registry.stages import DEFAULT_PIPELINE, Per, Pipeline, StageRule
from archive.resource_files import resource_path
from workers.pipelines.drawing import WIDTH, draw
from workers.pipelines.drawing_svg import draw_svg
from workers.pipelines.layers import layers_of
from workers.pipelines.reader import compile_pipeline, read_pipeline

SVG = "{http://www.w3.org/2000/svg}"

RAILS = """\
●      a
│
├─╮
│ ●    b
│ │
│ ├─╮
│ │ ●  c
│ │
├─│─╮
│ │ ●  d
│ │ │
│ ├─╯
│ ●    e
│ │
● │    f
│ │
├─╯
●      g
"""


def pipeline(**after: str) -> Pipeline:
    rules = tuple(StageRule(name, name, after=tuple(names)) for name, names in after.items())
    return Pipeline("p", "P", "1", rules)


def shipped(path: Path) -> Pipeline:
    definition = read_pipeline(path).definition
    assert definition is not None
    return compile_pipeline(definition)


def test_branches_part_and_meet() -> None:
    drawn = draw(pipeline(a="", b="a", c="ab", d="a", e="bd", f="a", g="ef"))
    rails = [line.split("each item")[0].rstrip() for line in drawn.splitlines()[1:]]
    assert rails == RAILS.splitlines()


def test_a_chain_is_one_line_of_rails() -> None:
    lines = draw(DEFAULT_PIPELINE).splitlines()
    assert {line[0] for line in lines[1:]} == {"●", "│"}
    assert [line.split()[1] for line in lines if line.startswith("●")] == list(DEFAULT_PIPELINE.names)


@pytest.mark.parametrize(
    "path", sorted(resource_path("pipelines").glob("*.yaml")), ids=lambda path: path.stem
)
def test_shipped_pipelines_fit_into_a_hundred_columns(path: Path) -> None:
    assert max(map(len, draw(shipped(path)).splitlines())) <= WIDTH


def test_what_is_special_of_a_stage_is_told() -> None:
    rule = StageRule(
        "read",
        "reader",
        Per.CHUNK,
        chunk_pages=7,
        in_order=True,
        attempts=2,
        optional=True,
        condition="pages > 1",
        parameters={"mode": "fast", "kinds": ["a", "b"], "second": None},
    )
    drawn = draw(Pipeline("p", "P", "1", (rule,)))
    for told in (
        "each 7 pages",
        "step reader",
        "one chunk after the other",
        "only when pages > 1",
        "optional:",
        "mode fast; kinds a, b; second none",
    ):
        assert told in drawn


@st.composite
def pipelines(draw_from: st.DrawFn) -> Pipeline:
    names = [f"s{number}" for number in range(draw_from(st.integers(1, 9)))]
    return Pipeline(
        "p",
        "P & <Q>",
        "1",
        tuple(
            StageRule(
                name,
                name,
                after=tuple(draw_from(st.lists(st.sampled_from(names[:place]), unique=True)))
                if place
                else (),
            )
            for place, name in enumerate(names)
        ),
    )


@given(pipelines())
def test_any_pipeline_can_be_drawn(any_pipeline: Pipeline) -> None:
    drawn = draw(any_pipeline)
    assert drawn.count("●") == len(any_pipeline.stages)
    layers = layers_of(any_pipeline)
    assert sum(slot.is_stage for row in layers.rows for slot in row) == len(any_pipeline.stages)
    assert all(upper.layer + 1 == lower.layer for upper, lower in layers.edges)
    picture = ET.fromstring(draw_svg(any_pipeline, "For <everything> & more"))  # noqa: S314 (our own)
    width, height = float(picture.get("width", 0)), float(picture.get("height", 0))
    boxes = [
        tuple(float(rect.get(side, 0)) for side in ("x", "y", "width", "height"))
        for rect in picture.iter(f"{SVG}rect")
        if rect.get("rx") == "8"
    ]
    assert len(boxes) == len(any_pipeline.stages)
    for number, (x, y, wide, high) in enumerate(boxes):
        assert x >= 0
        assert x + wide <= width
        assert y + high <= height
        assert all(
            x + wide <= left or left + broad <= x or y + high <= top or top + tall <= y
            for left, top, broad, tall in boxes[number + 1 :]
        )


def test_the_picture_in_the_documentation_is_what_is_drawn_today() -> None:
    picture = Path(__file__).resolve().parents[4] / "docs" / "pictures" / "pipeline-loose-sheets.svg"
    definition = read_pipeline(resource_path("pipelines", "loose-sheets.yaml")).definition
    assert definition is not None
    drawn = draw_svg(compile_pipeline(definition), definition.description)
    assert picture.read_text(encoding="utf-8") == drawn, (
        "recto pipeline show loose-sheets --svg draws it anew"
    )


def test_the_picture_has_a_title_a_description_and_dark_colours() -> None:
    text = draw_svg(DEFAULT_PIPELINE, "Bound volumes")
    picture = ET.fromstring(text)  # noqa: S314 (our own)
    assert picture.get("role") == "img"
    assert picture.findtext(f"{SVG}title") == "Pipeline Book"
    told = picture.findtext(f"{SVG}desc") or ""
    assert told.startswith("Bound volumes Stages: validate for each item, queue default")
    assert "prefers-color-scheme: dark" in text
