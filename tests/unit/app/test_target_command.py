# SPDX-License-Identifier: Apache-2.0
"""`recto target`: a scan of a target sheet is judged, and the exit code tells how."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import tifffile
from click.testing import CliRunner

from app.command_line import main
from tests.unit.archive.imaging.targets.conftest import Sheet, draw, geometry

__all__ = ["draw", "geometry"]


@pytest.fixture(scope="module")
def scans(draw: Callable[..., Sheet], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A good scan of 16 bits, and one with a colour cast of 8 bits."""
    folder = tmp_path_factory.mktemp("scans")
    written = {}
    for name, sheet in {"good": draw(bits=16), "cast": draw(cast=0.05)}.items():
        written[name] = folder / f"{name}.tif"
        tifffile.imwrite(
            written[name],
            sheet.samples,
            photometric="rgb",
            resolution=(sheet.dpi, sheet.dpi),
            resolutionunit="INCH",
            iccprofile=sheet.icc,
            metadata=None,
        )
    return written


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout


def test_a_good_scan_reaches_the_level_that_is_asked(scans: dict[str, Path]) -> None:
    code, text = run("target", "measure", scans["good"], "--level", "4 star", "--json")
    told = json.loads(text)
    assert (code, told["reached"], told["missed"]) == (0, "4 star", [])
    assert len(told["patches"]) == 24


def test_a_cast_is_told_and_ends_with_one(scans: dict[str, Path]) -> None:
    code, text = run("target", "measure", scans["cast"], "--level", "3 star")
    assert code == 1
    assert "white_balance is out of bounds" in text


def test_an_unknown_level_names_those_there_are(scans: dict[str, Path]) -> None:
    result = CliRunner().invoke(main, ["target", "measure", str(scans["good"]), "--level", "5 star"])
    assert result.exit_code != 0
    assert "4 star" in result.output + str(result.exception)


def test_the_shipped_sheets_and_standards_are_listed() -> None:
    code, text = run("target", "list", "--json")
    told = json.loads(text)
    assert code == 0
    assert "chart-24-and-edge" in [sheet["name"] for sheet in told["geometries"]]
    assert {"fadgi-2023", "iso-19264"} <= {one["name"] for one in told["levels"]}


def test_an_old_scan_does_not_become_a_new_one_by_being_recorded_again(
    scans: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTO_HOME", str(tmp_path))
    record = ("target", "record", scans["good"], "--device", "sane:a", "--json")
    first = json.loads(run(*record, "--at", "2026-03-02")[1])
    again = json.loads(run(*record)[1])
    by_another = json.loads(run(*record, "--levels", "iso-19264")[1])
    corrected = json.loads(run(*record, "--at", "2026-03-03")[1])
    assert again == first
    assert (by_another["standard"], by_another["level"]) == ("iso-19264", "A")
    assert by_another["scanned_at"] == first["scanned_at"]
    assert corrected["scanned_at"] == "2026-03-03T00:00:00+00:00"
    history = json.loads(run("target", "history", "--json")[1])
    assert sorted(history, key=str) == sorted([first, by_another, corrected], key=str)


@pytest.mark.parametrize("wrong", [("--device", "sane:a", "--at", "2999-01-01"), ("--device", " ")])
def test_a_scan_of_no_scanner_or_of_the_future_is_not_recorded(
    scans: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: tuple[str, ...]
) -> None:
    monkeypatch.setenv("RECTO_HOME", str(tmp_path))
    assert run("target", "record", scans["good"], *wrong)[0] == 2
    assert run("target", "history")[1].startswith("No target is recorded yet")
