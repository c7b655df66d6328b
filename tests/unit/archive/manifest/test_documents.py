# SPDX-License-Identifier: Apache-2.0
"""JSON and YAML manifests: pointers and lines of what is wrong, and YAML without its surprises."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.manifest.problems import Code, Problem
from archive.manifest.reader import Reading

Read = Callable[..., Reading]
Only = Callable[[Reading], Problem]

BATCH = {
    "id": "B-1",
    "institution": "Library",
    "scanner_id": "simulated:flatbed",
    "scanner_model": "Flatbed X",
    "resolution_dpi": 300,
    "color_profile": "sRGB",
}
ITEM = {"id": "A-1", "title": "First", "pages": 4}


@pytest.fixture
def read_json(read: Read) -> Read:
    def read_document(item: dict[str, Any] | None = None, **batch: Any) -> Reading:
        document = {**BATCH, "items": [{**ITEM, **(item or {})}], **batch}
        return read(json.dumps(document, indent=1), "manifest.json")

    return read_document


YAML = """\
id: B-1
institution: Library
scanner_id: simulated:flatbed
scanner_model: Flatbed X
resolution_dpi: 300
color_profile: sRGB
items:
  - id: A-1
    title: First
    pages: 4
"""


def test_a_json_document_makes_a_manifest(read_json: Read) -> None:
    reading = read_json({"tags": {"Access": "Institution"}, "settings": {"depth": 8, "preview": False}})
    assert reading.problems == ()
    assert reading.manifest.items[0].settings == {"depth": 8, "preview": False}


def test_every_problem_has_its_pointer_and_line(read: Read) -> None:
    text = """{
      "id": "B-1", "institution": "Library", "scanner_model": "X",
      "resolution_dpi": 5,
      "color_profile": "sRGB",
      "colour": 1,
      "items": [
        {"id": "A", "title": "T", "pages": 1, "scanner_id": "sane:test:0"},
        {"id": "a",
         "pages": "many",
         "scanner_id": "x",
         "tags": {"a/b~c:": "v"},
         "file_paths": ["ok.tif",
                        "../up.tif"]}
      ]
    }"""
    reading = read(text, "manifest.json")
    assert {(p.pointer, p.line, p.code) for p in reading.problems} == {
        ("/resolution_dpi", 3, Code.RESOLUTION_RANGE),
        ("/colour", 5, Code.UNKNOWN_KEY),
        ("/items/1", 8, Code.REQUIRED),
        ("/items/1/id", 8, Code.ID_COLLISION),
        ("/items/1/pages", 9, Code.WRONG_TYPE),
        ("/items/1/pages", 9, Code.PAGES_OR_FILES),
        ("/items/1/scanner_id", 10, Code.SCANNER_ID_FORM),
        ("/items/1/tags/a~1b~0c:", 11, Code.TAG_NAME),
        ("/items/1/file_paths/0", 12, Code.FILE_MISSING),
        ("/items/1/file_paths/1", 13, Code.PATH_LEAVES_FOLDER),
    }
    assert all(p.row is None and p.column is None for p in reading.problems)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_whatever_ends_them(read: Read, only: Only, end: str) -> None:
    text = json.dumps({**BATCH, "resolution_dpi": 5, "items": [ITEM]}, indent=0).replace("\n", end)
    assert only(read(text, "manifest.json")).line == 6


def test_yaml_words_that_look_like_booleans_numbers_and_dates_stay_words(read: Read) -> None:
    text = YAML.replace("A-1", "0012").replace("First", "no").replace("Library", "on")
    reading = read(text + "    date: 1915-03-02\n    creator: 1e5\n    rights: 12:30\n", "manifest.yaml")
    assert reading.problems == ()
    item = reading.manifest.items[0]
    assert (item.id, item.title, item.date, item.creator, item.rights) == (
        "0012",
        "no",
        "1915-03-02",
        "1e5",
        "12:30",
    )
    assert reading.manifest.institution == "on"


def test_norwegian_is_not_false(read: Read, only: Only) -> None:
    problem = only(read(YAML + "    language: no\n", "manifest.yaml"))
    assert (problem.code, problem.line, problem.pointer) == (Code.LANGUAGE_FORM, 11, "/items/0/language")
    assert "nor" in problem.remedy


def test_yaml_settings_have_types_unless_quoted(read: Read) -> None:
    settings = "    settings: {a: 300, b: 2.5, c: true, d: yes, e: '300', f: \"\", g: 0x10}\n"
    assert read(YAML + settings, "manifest.yml").manifest.items[0].settings == {
        "a": 300, "b": 2.5, "c": True, "d": "yes", "e": "300", "f": "", "g": "0x10",
    }  # fmt: skip


def test_null_and_blank_say_nothing(read_json: Read, read: Read) -> None:
    assert read_json({"creator": None, "date": "  ", "file_paths": None, "tags": None}).problems == ()
    reading = read(YAML + "    creator: ~\n    date:\n    rights: null\n", "manifest.yaml")
    assert reading.problems == ()
    assert reading.manifest.items[0].creator is None


def test_one_path_need_not_be_a_list(read_json: Read, tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_bytes(b"II")
    reading = read_json({"pages": None, "file_paths": "a.tif"})
    assert reading.manifest.items[0].file_paths == ("a.tif",)


@pytest.mark.parametrize("name", ["manifest.json", "manifest.yaml"])
def test_a_key_that_is_there_twice_is_reported_where_it_is_repeated(
    read: Read, only: Only, name: str
) -> None:
    text = json.dumps({**BATCH, "items": [ITEM]}, indent=0).replace(
        '"institution"', '"id": "C",\n"institution"'
    )
    problem = only(read(text, name))
    assert (problem.code, problem.line, problem.pointer) == (Code.DUPLICATE_KEY, 3, "/id")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{\n"id": "x",\n}', 3),
        ('{\n"id": x\n}', 2),
        ('{"id": "x"\n"title": "y"}', 2),
        ('{"id": "x', 1),
        ('{"id":\n"a\nb"}', 2),
        ("{} {}", 1),
        ('{"a": 01}', 1),
        ('{"a": NaN}', 1),
        ('{"a": 1' + "0" * 5000 + "}", 1),
        ('{"a": "\\ud800"}', 1),
        ("[", 1),
        ("{'id': 1}", 1),
        ("hello", 1),
    ],
)
def test_broken_json_is_one_problem_with_its_line(read: Read, only: Only, text: str, line: int) -> None:
    problem = only(read(text, "manifest.json"))
    assert (problem.code, problem.line) == (Code.SYNTAX, line)
    assert problem.message.startswith("This is not JSON")


@pytest.mark.parametrize(
    "text", ["a: b: c", "a: [1, 2", "\ta: 1", "a: 'x", "a: 1\n b: 2", "a: \x01", "- a\nb: 1", "%X"]
)
def test_broken_yaml_is_one_problem_with_its_line(read: Read, only: Only, text: str) -> None:
    problem = only(read(text, "manifest.yaml"))
    assert problem.code == Code.SYNTAX
    assert problem.line >= 1


@pytest.mark.parametrize(
    "text",
    [
        "a: &x 1\nb: *x",
        "a: &x [*x]",
        "--- \na: 1\n---\na: 2",
        "a: !!python/object/apply:os.system [echo]",
        "a: !!binary aGVsbG8=",
        "? [a, b]\n: c",
    ],
)
def test_yaml_beyond_plain_values_is_one_problem(read: Read, only: Only, text: str) -> None:
    assert only(read(text, "manifest.yaml")).code == Code.YAML_FEATURE


def test_a_yaml_bomb_is_refused_at_its_first_alias(read: Read, only: Only) -> None:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 12))
    assert only(read("l0: &l0 ha\n" + levels, "manifest.yaml")).code == Code.YAML_FEATURE


@pytest.mark.parametrize("name", ["manifest.json", "manifest.yaml"])
@pytest.mark.parametrize("opening", ["[", '{"a":', '{"a":['])
def test_bottomless_nesting_is_refused(read: Read, only: Only, name: str, opening: str) -> None:
    assert only(read(opening * 100_000, name)).code in (Code.TOO_DEEP, Code.SYNTAX)
    assert only(read(opening * 12 + "\n" + opening * 12, name)).code == Code.TOO_DEEP


@pytest.mark.parametrize("text", ["[]", '"x"', "12", "null", "# only a remark"])
def test_a_document_that_is_no_mapping_is_one_problem(read: Read, only: Only, text: str) -> None:
    assert only(read(text, "manifest.yaml")).code == Code.WRONG_TYPE


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", True),
        ("title", ["T"]),
        ("title", {"en": "T"}),
        ("pages", True),
        ("pages", 4.5),
        ("pages", "4 or 5"),
        ("tags", ["a"]),
        ("tags", {"Access": ["Institution"]}),
        ("settings", "mode=Color"),
        ("settings", {"mode": {"a": 1}}),
        ("file_paths", {"a": 1}),
    ],
)
def test_a_value_of_the_wrong_type_is_reported_at_its_place(read_json: Read, field: str, value: Any) -> None:
    reading = read_json({field: value})
    problem = next(p for p in reading.problems if p.code == Code.WRONG_TYPE)
    assert problem.pointer.startswith(f"/items/0/{field}")


def test_items_of_the_wrong_type_are_reported(read_json: Read) -> None:
    assert [p.pointer for p in read_json(items=[ITEM, "A-2", 3]).problems] == ["/items/1", "/items/2"]
    assert {p.code for p in read_json(items={"a": 1}).problems} == {Code.WRONG_TYPE, Code.NO_ITEMS}
    assert {p.code for p in read_json(items=[]).problems} == {Code.NO_ITEMS}


def test_json_in_utf_16_is_read(read: Read) -> None:
    text = json.dumps({**BATCH, "items": [ITEM]})
    assert read(text.encode("utf-16"), "manifest.json").valid
    assert read(text.encode("utf-16-be"), "manifest.json").valid


def test_an_unknown_key_of_an_item_is_reported_with_the_nearest_name(read_json: Read, only: Only) -> None:
    problem = only(read_json({"langauge": "deu"}))
    assert problem.pointer == "/items/0/langauge"
    assert "language" in problem.remedy


def test_a_text_of_megabytes_is_a_text_that_is_too_long(read_json: Read, only: Only) -> None:
    problem = only(read_json({"title": "line\n" * 2_000_000}))
    assert (problem.pointer, problem.code) == ("/items/0/title", Code.TOO_LONG)


def test_numbers_beyond_all_measure_are_problems(read: Read) -> None:
    text = json.dumps({**BATCH, "items": [{**ITEM, "settings": {"a": 1}}]})
    reading = read(text.replace(": 300", ": 1e999").replace('"a": 1', '"a": -1e999'), "manifest.json")
    assert [(p.pointer, p.code) for p in reading.problems] == [
        ("/resolution_dpi", Code.WRONG_TYPE),
        ("/items/0/settings/a", Code.SETTING_VALUE),
    ]
