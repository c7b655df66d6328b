# SPDX-License-Identifier: Apache-2.0
"""The `recto` command: every command is there, and errors read as three sentences."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from app.command_line import COMMANDS, main


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_can_be_imported_and_explains_itself(name: str) -> None:
    module, attribute, text = COMMANDS[name]
    command = getattr(importlib.import_module(module), attribute)
    assert isinstance(command, click.Command)
    assert command.name == name
    assert command.help
    assert text.endswith(".")


def test_help_names_every_command_without_importing_one() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from app.command_line import main;"
        "print(CliRunner().invoke(main, ['--help']).output);"
        "sys.exit(any(name.startswith('app.commands') for name in sys.modules))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == 0
    assert all(name in ended.stdout for name in COMMANDS)


def test_an_unknown_command_is_wrong_usage() -> None:
    assert CliRunner().invoke(main, ["scann"]).exit_code == 2


@pytest.mark.parametrize("arguments", [["scann"], ["scan"], ["scan", "x", "-o", "a.tif", "--pages", "none"]])
def test_a_wrong_call_that_asks_for_json_is_answered_in_one_document(arguments: list[str]) -> None:
    ended = CliRunner().invoke(main, [*arguments, "--json"])
    assert ended.exit_code == 2
    error = json.loads(ended.stdout)["error"]
    assert error["code"] == "usage"
    assert error["message"].rstrip(".") in ended.stderr
    assert all(error[part] for part in ("consequence", "remedy"))


def test_a_known_error_ends_with_its_code_and_three_sentences(
    recto_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTO_STATOIN", "x")
    ended = CliRunner().invoke(main, ["batch", "status"])
    assert ended.exit_code == 2
    for part in (
        "Error: ",
        "did you mean RECTO_STATION",
        "This means: ",
        "What to do: ",
        "Code: settings.invalid",
    ):
        assert part in ended.stderr


def test_a_template_passes_its_own_check(recto_home: Path, tmp_path: Path) -> None:
    for form in ("csv", "xlsx", "json", "yaml"):
        file = tmp_path / f"batch.{form}"
        assert CliRunner().invoke(main, ["manifest", "template", form, "--out", str(file)]).exit_code == 0
        checked = CliRunner().invoke(main, ["manifest", "check", str(file), "--json"])
        assert checked.exit_code == 0, checked.output
        assert json.loads(checked.stdout) == {"valid": True, "problems": []}


def test_a_template_never_overwrites(recto_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "batch.csv"
    file.write_text("mine")
    ended = CliRunner().invoke(main, ["manifest", "template", "csv", "--out", str(file)])
    assert ended.exit_code == 2
    assert file.read_text() == "mine"


def test_a_scan_never_overwrites(recto_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "page.tif"
    file.write_text("mine")
    ended = CliRunner().invoke(main, ["scan", "simulated:flatbed", "-o", str(file)])
    assert ended.exit_code == 2
    assert file.read_text() == "mine"


def test_folders_are_bagged_each_on_its_own(recto_home: Path, tmp_path: Path) -> None:
    good = tmp_path / "letters"
    good.mkdir()
    (good / "one.txt").write_text("Dear reader")
    arguments = ["bag", "create", str(good), str(tmp_path / "absent"), "--tag", "Title=Letters"]
    ended = CliRunner().invoke(main, [*arguments, "-o", str(tmp_path / "bags"), "--tar", "--json"])
    assert ended.exit_code == 1
    made, failed = json.loads(ended.stdout)
    assert "error" in failed
    verified = CliRunner().invoke(main, ["bag", "verify", made["path"], "--json"])
    assert verified.exit_code == 0, verified.output
    [report] = json.loads(verified.stdout)
    assert set(report) == {"path", "valid", "errors", "warnings", "profile", "second_opinion"}


def test_a_damaged_bag_is_not_valid(recto_home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "one.txt").write_text("Dear reader")
    CliRunner().invoke(
        main, ["bag", "create", str(folder), "--profile", "bagit-1.0", "-o", str(tmp_path / "bags"), "--json"]
    )
    (tmp_path / "bags/letters/data/one.txt").write_text("Dear writer")
    ended = CliRunner().invoke(main, ["bag", "verify", str(tmp_path / "bags/letters"), "--json"])
    assert ended.exit_code == 1
    assert json.loads(ended.stdout)[0]["errors"]


def test_the_version_is_told() -> None:
    assert "recto" in CliRunner().invoke(main, ["--version"]).output


def test_a_sheet_is_given_back_with_its_problems_and_passes_when_it_is_mended(tmp_path: Path) -> None:
    file, told = tmp_path / "m.csv", tmp_path / "told.csv"
    assert CliRunner().invoke(main, ["manifest", "template", "csv", "--out", str(file)]).exit_code == 0
    file.write_bytes(file.read_bytes().replace(b",sRGB", b",sRBG"))
    ended = CliRunner().invoke(main, ["manifest", "check", str(file), "--export", str(told), "--json"])
    assert ended.exit_code == 1
    assert b",Problems,Problem messages\r\n" in told.read_bytes()
    told.write_bytes(told.read_bytes().replace(b",sRBG", b",sRGB"))
    assert CliRunner().invoke(main, ["manifest", "check", str(told)]).exit_code == 0
