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
