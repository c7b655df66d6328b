# SPDX-License-Identifier: Apache-2.0
"""`recto pipeline`: exit codes, JSON, the drawing, the picture and the template."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.command_line import main
from archive.registry.stages import DEFAULT_PIPELINE, Pipeline, Stage


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["pipeline", *map(str, arguments)])
    return result.exit_code, result.stdout


def test_the_list_tells_where_each_pipeline_comes_from(
    recto_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "book.yaml").write_text("name: book")
    monkeypatch.setenv("RECTO_PIPELINES__FOLDER", str(tmp_path))
    code, text = run("list", "--json")
    listed = json.loads(text)
    assert code == 0
    assert listed[0]["stages"] == list(DEFAULT_PIPELINE.names)
    assert {each["name"] for each in listed if each["usable"]} == {
        "book",
        "existing-files",
        "loose-sheets",
        "newspapers",
        "photographs",
        "server-import",
    }
    assert (listed[-1]["shipped"], listed[-1]["usable"]) == (False, False)
    assert "is the name of a pipeline that comes with Recto" in run("list")[1]


def test_check_tells_each_problem_with_line_and_column(recto_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("name: own\nversion: 1\nstages:\n  - name: validate\n    queue: gpu\n  - name: bog\n")
    code, text = run("check", file)
    assert code == 1
    assert f"{file}:5:12: error: queue is one of" in text
    assert "[step-unknown]" in text
    code, text = run("check", file, "--json")
    document = json.loads(text)
    assert (code, document["valid"]) == (1, False)
    assert {"line", "column", "pointer", "code", "message", "remedy", "severity"} == set(
        document["problems"][0]
    )


def test_the_template_is_clean_and_never_written_over(recto_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    assert run("template", "-o", file)[0] == 0
    assert run("check", file)[0] == 0
    assert run("template", "-o", file)[0] == 2
    assert run("template")[1].encode() == file.read_bytes()


def test_show_draws_as_text_as_picture_and_as_json(recto_home: Path, tmp_path: Path) -> None:
    code, text = run("show", "default")
    assert code == 0
    assert all(f"●  {stage} " in text for stage in Stage)
    picture = tmp_path / "book.svg"
    assert run("show", "book", "--svg", picture) == (0, "")
    assert picture.read_text(encoding="utf-8").startswith("<svg ")
    document = json.loads(run("show", "book", "--json")[1])
    assert (
        Pipeline.from_json({key: document[key] for key in ("name", "title", "version", "stages")}).sha256
        == (document["sha256"])
    )
    assert run("show", "bok")[0] == 1


def test_steps_and_facts_tell_what_a_pipeline_can_say(recto_home: Path) -> None:
    (step,) = json.loads(run("steps", "ocr", "--json")[1])
    assert {parameter["name"] for parameter in step["parameters"]} >= {"page_segmentation", "language"}
    assert "a whole number from 0 to 13" in run("steps", "ocr")[1]
    assert run("steps", "orc")[0] == 2
    assert set(Stage) < {each["name"] for each in json.loads(run("steps", "--json")[1])}
    assert "tag.NAME" in {fact["name"] for fact in json.loads(run("facts", "--json")[1])}
