# SPDX-License-Identifier: Apache-2.0
"""The template of a site's own step, installed as pip would: its tests pass, and Recto's commands know it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[4]
TEMPLATE = REPOSITORY / "docs" / "step-template"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which the template is installed, and a home of its own."""
    place = tmp_path_factory.mktemp("installed")
    project = tomllib.loads((TEMPLATE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    shutil.copytree(TEMPLATE / "src" / "recto_page_list", place / "recto_page_list")
    facts = place / f"recto_page_list-{project['version']}.dist-info"
    facts.mkdir()
    head = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (facts / "METADATA").write_text(head)
    points = [f"{name} = {value}" for name, value in project["entry-points"]["recto.steps"].items()]
    (facts / "entry_points.txt").write_text("\n".join(["[recto.steps]", *points, ""]))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RECTO_")}
    return {**kept, "PYTHONPATH": f"{place}:{REPOSITORY}", "RECTO_HOME": str(place / "home")}


def run(environment: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        env=environment,
        cwd=TEMPLATE,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_tests_of_the_template_pass(environment: dict[str, str]) -> None:
    ended = run(environment, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "tests")
    assert ended.returncode == 0, ended.stdout[-3000:]
    assert "3 passed" in ended.stdout


def test_its_pipeline_is_clean_where_it_is_installed_and_its_step_unknown_elsewhere(
    environment: dict[str, str],
) -> None:
    check = ("-m", "app", "pipeline", "check", "page-list.yaml", "--json")
    here = run(environment, *check)
    problems = json.loads(here.stdout)["problems"]
    assert (here.returncode, [problem["severity"] for problem in problems]) == (0, ["warning"])
    elsewhere = run({**environment, "PYTHONPATH": str(REPOSITORY)}, *check)
    assert elsewhere.returncode == 1
    assert "step-unknown" in [problem["code"] for problem in json.loads(elsewhere.stdout)["problems"]]
