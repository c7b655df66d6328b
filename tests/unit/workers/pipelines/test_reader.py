# SPDX-License-Identifier: Apache-2.0
"""A pipeline file is read whole; everything wrong with it is told at its line and column, and nothing else happens."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.registry.stages import DEFAULT_PIPELINE, Per, Pipeline
from archive.resource_files import resource_path
from workers.pipelines.problems import MOST_PROBLEMS, Code
from workers.pipelines.reader import LARGEST, PipelineReading, compile_pipeline, read_content, read_pipeline

SHIPPED = sorted(resource_path("pipelines").glob("*.yaml"))

GOOD = """\
name: letters
version: 3
stages:
  - name: validate
  - name: capture
    in_order: true
  - name: characterise
    same_chunk: true
  - name: ocr
    when: pages > 1
    parameters: {page_segmentation: 6}
  - name: bag
  - name: upload
  - name: confirm
"""


def read(text: str) -> PipelineReading:
    return read_content(text.encode(), "test.yaml")


def codes(reading: PipelineReading) -> list[str]:
    return [problem.code for problem in reading.problems]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_pipeline_is_clean(path: Path) -> None:
    reading = read_pipeline(path)
    assert reading.problems == ()
    assert reading.definition is not None
    assert reading.definition.name == path.stem
    assert len(reading.definition.description) > 100


def test_book_is_the_default_of_the_ledger() -> None:
    definition = read_pipeline(resource_path("pipelines", "book.yaml")).definition
    assert definition is not None
    assert compile_pipeline(definition) == DEFAULT_PIPELINE


def test_what_a_stage_does_not_say_it_has_from_its_step_and_from_the_stage_before() -> None:
    definition = read(GOOD).definition
    assert definition is not None
    pipeline = compile_pipeline(definition)
    assert pipeline.names == ("validate", "capture", "characterise", "ocr", "bag", "upload", "confirm")
    ocr = pipeline.rule("ocr")
    assert (ocr.per, ocr.queue, ocr.after) == (Per.CHUNK, "compute_intensive", ("characterise",))
    assert (ocr.condition, ocr.parameters) == ("pages > 1", {"page_segmentation": 6})
    assert (ocr.soft_seconds, ocr.hard_seconds) == (3540, 3600)
    assert pipeline.rule("validate").after == ()
    assert Pipeline.from_json(pipeline.to_json()) == pipeline


def test_defaults_hold_for_stages_that_say_nothing_else() -> None:
    text = GOOD.replace("stages:", "defaults: {attempts: 2, hard_limit: 30 min, chunk_pages: 5}\nstages:", 1)
    definition = read(text.replace("- name: bag", "- name: bag\n    hard_limit: 1 h 30 min")).definition
    assert definition is not None
    by_name = {rule.name: rule for rule in definition.stages}
    assert {rule.attempts for rule in definition.stages} == {2}
    assert (by_name["bag"].hard_seconds, by_name["ocr"].hard_seconds) == (5400, 1800)
    # a stage without chunks has no size of them
    assert (by_name["ocr"].chunk_pages, by_name["bag"].chunk_pages) == (5, None)


ONE_WRONG = [
    ("name: letters", "name: Letters", 1, 7, Code.NAME_FORM),
    ("name: letters", "name: default", 1, 7, Code.NAME_RESERVED),
    ("name: letters", "nane: letters", 1, 1, Code.UNKNOWN_KEY),
    ("version: 3", "title: T", 1, 1, Code.REQUIRED),
    ("version: 3", "version: [3]", 2, 10, Code.WRONG_VALUE),
    ("version: 3", "version: 3\nversion: 4", 3, 1, Code.DUPLICATE_KEY),
    ("    in_order: true", "    in-order: true", 6, 5, Code.UNKNOWN_KEY),
    ("    in_order: true", "    in_order: maybe", 6, 15, Code.WRONG_VALUE),
    ("    in_order: true", "    queue: io_bound", 6, 12, Code.QUEUE_WRONG),
    ("    in_order: true", "    optional: true", 6, 15, Code.STEP_NEEDED),
    ("- name: validate", "- name: validate\n    queue: gpu", 5, 12, Code.QUEUE_UNKNOWN),
    ("- name: validate", "- name: validate\n    queue: capture", 5, 12, Code.QUEUE_WRONG),
    ("- name: validate", "- name: validate\n    same_chunk: true", 5, 17, Code.NOT_PER_CHUNK),
    ("- name: validate", "- name: validate\n    applies_to: chunk", 5, 17, Code.STEP_APPLIES_TO),
    ("- name: validate", "- name: validate\n    hard_limit: soon", 5, 17, Code.WRONG_VALUE),
    ("- name: validate", "- name: validate\n    hard_limit: 25 h", 5, 17, Code.WRONG_VALUE),
    ("- name: validate", "- name: validate\n    attempts: 0", 5, 15, Code.WRONG_VALUE),
    ("- name: validate", "- name: validate\n    attempts: '2'", 5, 15, Code.WRONG_VALUE),
    (
        "- name: validate",
        "- name: validate\n    hard_limit: 60 s\n    soft_limit: 1 min",
        6,
        17,
        Code.LIMITS_REVERSED,
    ),
    ("- name: upload", "- name: upload\n    step: uplaod", 14, 11, Code.STEP_UNKNOWN),
    ("- name: upload", "- name: send\n    step: upload", 14, 11, Code.NAME_RESERVED),
    ("- name: confirm", "- name: validate", 14, 11, Code.DUPLICATE_NAME),
    ("- name: confirm", "- name: confirm\n    after: bagging", 15, 12, Code.AFTER_UNKNOWN),
    ("same_chunk: true", "same_chunk: true\n    chunk_pages: 7", 9, 18, Code.CHUNK_SIZES_DIFFER),
    ("same_chunk: true", "same_chunk: true\n    after: [validate]", 8, 17, Code.NO_CHUNKS_BEFORE),
    ("page_segmentation: 6", "page_segmentation: 14", 11, 37, Code.PARAMETER_VALUE),
    ("page_segmentation: 6", "page_segmentaton: 6", 11, 18, Code.PARAMETER_UNKNOWN),
    ("when: pages > 1", "when: pages > many", 10, 19, Code.CONDITION),
    ("when: pages > 1", "when: 'pges > 1'", 10, 12, Code.CONDITION),
    (
        "same_chunk: true",
        "same_chunk: true\n    parameters: {quality_profile: own.toml}",
        9,
        35,
        Code.PARAMETER_VALUE,
    ),
    ("- name: upload", "- name: upload\n    parameters: 7", 14, 17, Code.WRONG_VALUE),
    ("- name: upload", "- name: upload\n    parameters: {targets: []}", 14, 27, Code.PARAMETER_VALUE),
    ("- name: upload", "- upload", 13, 5, Code.WRONG_VALUE),
]


@pytest.mark.parametrize(("right", "wrong", "line", "column", "code"), ONE_WRONG)
def test_one_thing_wrong_is_told_at_its_place(
    right: str, wrong: str, line: int, column: int, code: Code
) -> None:
    reading = read(GOOD.replace(right, wrong, 1))
    assert reading.definition is None
    found = [problem for problem in reading.problems if problem.code == code]
    assert found, codes(reading)
    assert (found[0].line, found[0].column) == (line, column)
    for problem in reading.problems:
        assert problem.message.endswith((".", "?"))
        assert problem.remedy


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    text = GOOD.replace("version: 3", "versoin: 3").replace("in_order: true", "queue: gpu")
    reading = read(text.replace("when: pages > 1", "when: pages >").replace("- name: bag", "- name: beg"))
    assert {
        Code.REQUIRED,
        Code.UNKNOWN_KEY,
        Code.QUEUE_UNKNOWN,
        Code.CONDITION,
        Code.STEP_UNKNOWN,
        Code.STEP_NEEDS,
    } <= set(codes(reading))
    places = [(problem.line, problem.column) for problem in reading.problems]
    assert places == sorted(places)


GRAPHS = [
    ("a: [], b: [c], c: [b], d: [c]", {Code.CYCLE, Code.UNREACHABLE}),
    ("a: [], b: [b]", {Code.CYCLE}),
    ("a: [b], b: [c], c: [a]", {Code.CYCLE}),
    ("a: [], b: [c], c: [a]", {Code.AFTER_LATER}),
    ("a: [], b: [a, x]", {Code.AFTER_UNKNOWN}),
]


@pytest.mark.parametrize(("graph", "told"), GRAPHS)
def test_stages_that_can_never_begin_are_told(graph: str, told: set[Code]) -> None:
    stages = [
        {"name": name, "step": "validate", "after": after}
        for name, after in yaml.safe_load(f"{{{graph}}}").items()
    ]
    reading = read(yaml.safe_dump({"name": "p", "version": "1", "stages": stages}))
    of_graph = {Code.CYCLE, Code.UNREACHABLE, Code.AFTER_LATER, Code.AFTER_UNKNOWN}
    assert set(codes(reading)) & of_graph == told


def test_a_cycle_is_told_once_with_its_way() -> None:
    stages = [{"name": name, "step": "bag", "after": [after]} for name, after in ("ab", "bc", "ca")]
    reading = read(yaml.safe_dump({"name": "p", "version": "1", "stages": stages}))
    (cycle,) = (problem for problem in reading.problems if problem.code == Code.CYCLE)
    assert "a → c → b → a" in cycle.message


def test_a_bag_waits_for_all_that_belongs_into_it() -> None:
    text = GOOD.replace("- name: bag", "- name: bag\n    after: characterise")
    (problem,) = read(text).errors
    assert (problem.code, problem.line) == (Code.NOT_IN_BAG, 9)


def test_what_stands_on_a_conditional_stage_has_its_condition() -> None:
    text = GOOD.replace("- name: bag", "- name: bag\n    when: pages > 1")
    (problem,) = read(text).errors
    assert (problem.code, "the same condition: pages > 1" in problem.remedy) == (Code.STEP_NEEDS, True)
    both = text.replace("- name: upload", "- name: upload\n    when: pages  > 1")
    assert read(both.replace("- name: confirm", "- name: confirm\n    when: pages > 1")).definition


def test_a_pipeline_without_bag_or_upload_is_allowed_and_warned_of() -> None:
    for missing, code in (
        ("  - name: bag\n  - name: upload\n  - name: confirm\n", Code.NO_BAG),
        ("  - name: upload\n  - name: confirm\n", Code.NO_UPLOAD),
        ("  - name: confirm\n", Code.NO_CONFIRM),
    ):
        reading = read(GOOD.replace(missing, ""))
        assert reading.definition is not None
        assert codes(reading) == [code]


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", Code.EMPTY),
        (b"# nothing\n", Code.EMPTY),
        (b"- a list\n", Code.WRONG_VALUE),
        (b"stages: [", Code.SYNTAX),
        (b"\ttab: 1", Code.SYNTAX),
        (b"name: a\x00b", Code.SYNTAX),
        (bytes(range(128, 256)), Code.UNDECODABLE),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), Code.UNDECODABLE),
        (b"name: caf\xe9", Code.UNDECODABLE),
        (BOMB.encode(), Code.YAML_FEATURE),
        (b"name: !!python/object/apply:os.system [id]", Code.YAML_FEATURE),
        (b"? [a]\n: b", Code.YAML_FEATURE),
        (b"a: 1\n---\nb: 2", Code.YAML_FEATURE),
        (b"[" * 100, Code.TOO_DEEP),
        (b"x" * (LARGEST + 1), Code.TOO_BIG),
    ],
    ids=str,
)
def test_hostile_files_are_refused(tmp_path: Path, content: bytes, code: Code) -> None:
    file = tmp_path / "pipeline.yaml"
    file.write_bytes(content)
    reading = read_pipeline(file)
    assert reading.definition is None
    assert code in codes(reading)


def test_a_merge_key_is_no_key_of_a_pipeline() -> None:
    assert Code.UNKNOWN_KEY in codes(
        read(GOOD.replace("- name: bag", "- <<: {optional: true}\n    name: bag"))
    )


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    assert codes(read_pipeline(tmp_path / "none.yaml")) == [Code.UNREADABLE]
    assert codes(read_pipeline(tmp_path)) == [Code.UNREADABLE]


def test_a_file_full_of_nonsense_is_told_in_bounds() -> None:
    reading = read("".join(f"key{number}: 1\n" for number in range(5000)))
    assert 1 < len(reading.problems) <= MOST_PROBLEMS


def test_too_many_stages_are_refused() -> None:
    stages = "".join(f"  - name: s{number}\n    step: validate\n" for number in range(51))
    assert Code.TOO_MANY_STAGES in codes(read("name: p\nversion: 1\nstages:\n" + stages))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_file_is_refused_with_a_place_or_is_a_pipeline(data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(GOOD)))
    end = data.draw(st.integers(begin, min(len(GOOD), begin + 20)))
    text = GOOD[:begin] + data.draw(st.text(max_size=8)) + GOOD[end:]
    reading = read_content(text.encode("utf-8", "replace"), "test.yaml")
    lines = len(text.splitlines()) + 2
    assert (reading.definition is None) is bool(reading.errors)
    assert all(1 <= problem.line <= lines for problem in reading.problems)
