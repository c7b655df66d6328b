# SPDX-License-Identifier: Apache-2.0
"""`recto quality`: exit codes, JSON and the report."""

from __future__ import annotations

import json
import os
from pathlib import Path

from click.testing import CliRunner
from PIL import Image

from app.command_line import main
from archive.imaging.color_profiles import gray_profile


def page(path: Path, paper: int = 225) -> Path:
    image = Image.new("L", (400, 600), paper)
    image.paste(40, (60, 60, 340, 80))
    image.paste(40, (60, 160, 340, 180))
    image.save(path, dpi=(300, 300), icc_profile=gray_profile())
    return path


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["quality", *map(str, arguments)])
    return result.exit_code, result.stdout


def test_what_passes_or_should_be_looked_at_ends_with_zero_and_what_is_broken_with_one(
    tmp_path: Path,
) -> None:
    good = page(tmp_path / "a.tif")
    assert run(good)[0] == 0
    assert run(page(tmp_path / "white.tif", 255))[0] == 0
    broken = tmp_path / "b.tif"
    broken.write_bytes(b"II*\0 and no more")
    code, text = run(good, broken)
    assert code == 1
    assert text.splitlines()[-1].startswith("    hold: ")


def test_json_is_one_document_with_every_measurement(tmp_path: Path) -> None:
    code, text = run(page(tmp_path / "a.tif"), "--profile", "iso-19264-b", "--json")
    document = json.loads(text)
    assert code == 0
    assert document["profile"] == "iso-19264-b"
    (file,) = document["files"]
    assert {"blank", "streaks", "evenness", "sharpness"} <= {check["check"] for check in file["checks"]}


def test_a_profile_that_does_not_exist_is_wrong_usage(tmp_path: Path) -> None:
    assert run(page(tmp_path / "a.tif"), "--profile", "fadgi-9-star")[0] == 2


def test_a_report_is_never_written_over(tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    assert run(page(tmp_path / "a.tif"), "--report", report)[0] == 0
    assert "<!DOCTYPE html>" in report.read_text(encoding="utf-8")
    report.write_text("mine")
    assert run(page(tmp_path / "b.tif"), "--report", report)[0] == 2
    assert report.read_text() == "mine"


def test_what_is_no_file_is_a_finding_and_the_next_one_is_looked_at(tmp_path: Path) -> None:
    pipe, gone = tmp_path / "pipe.tif", tmp_path / "gone.tif"
    os.mkfifo(pipe)
    code, text = run(pipe, tmp_path, gone, page(tmp_path / "good.tif"), "--json")
    files = json.loads(text)["files"]
    assert code == 1
    assert [file["verdict"] for file in files] == ["hold", "hold", "hold", "pass"]
    assert "named pipe" in files[0]["checks"][0]["sentence"]


def test_images_are_compared_with_the_sheet(tmp_path: Path) -> None:
    scan = page(tmp_path / "a.tif")  # 400 x 600 pixels at 300 dpi
    assert "the sheet has" not in run(scan, "--sheet", "33.9x50.8")[1]
    code, text = run(scan, "--sheet", "40x50")
    assert code == 0
    assert "the sheet has 40 x 50 mm" in text
    assert run(scan, "--sheet", "A4")[0] == 2
