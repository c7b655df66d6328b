# SPDX-License-Identifier: Apache-2.0
"""What each check passes, shows and holds."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from archive.imaging.checks import Expectation, inspect_page
from archive.imaging.color_profiles import gray_profile, srgb_profile
from archive.imaging.quality.finding import CheckResult
from archive.imaging.quality.profile import load_quality_profile
from archive.imaging.scaling import libvips
from archive.imaging.technical_metadata import read_technical_metadata


def written_sheet(mode: str = "RGB", *, lines: int = 30, paper: int = 235, ink: int = 40) -> Image.Image:
    sheet = Image.new("L", (800, 1100), paper)
    draw = ImageDraw.Draw(sheet)
    for line in range(lines):
        for word in range(8):
            draw.rectangle((80 + word * 80, 80 + line * 32, 140 + word * 80, 90 + line * 32), fill=ink)
    return sheet.convert(mode)


def save(image: Image.Image, path: Path, **options: Any) -> Path:
    profile = srgb_profile() if image.mode == "RGB" else gray_profile()
    image.save(path, **({"dpi": (300, 300), "icc_profile": profile} | options))
    return path


def verdicts(path: Path, **changes: Any) -> dict[str, str]:
    return {result.check: result.verdict for result in run(path, **changes)}


def run(path: Path, **changes: Any) -> tuple[CheckResult, ...]:
    expected = {
        "dpi": 300,
        "color": "sRGB",
        "captured": True,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }
    return inspect_page(path, read_technical_metadata(path), Expectation(**(expected | changes))).checks


def test_a_good_page_passes_every_check(tmp_path: Path) -> None:
    found = verdicts(save(written_sheet(), tmp_path / "p.tif"))
    assert set(found.values()) == {"pass"}
    assert list(found) == [
        "fixity", "file_name", "single_image", "resolution", "color", "icc", "decode", "sheet", "blank", "highlight_clipping",
        "shadow_clipping", "skew", "streaks", "cut_text", "paper_white", "evenness", "sharpness", "fingerprint",
    ]  # fmt: skip


@pytest.mark.parametrize(("captured", "verdict"), [(True, "hold"), (False, "review")])
def test_what_differs_from_the_manifest_holds_only_what_we_captured(
    captured: Any, verdict: str, tmp_path: Path
) -> None:
    path = save(written_sheet("L"), tmp_path / "p.tif", dpi=(200, 200))
    found = verdicts(path, captured=captured)
    assert (found["resolution"], found["color"]) == (verdict, verdict)
    bare = save(written_sheet(), tmp_path / "bare.tif", icc_profile=None)
    assert verdicts(bare, captured=captured)["icc"] == verdict
    silent = save(written_sheet(), tmp_path / "silent.jpg", dpi=(0, 0))
    assert verdicts(silent, captured=captured)["resolution"] == verdict


def test_a_resolution_that_differs_in_one_direction_is_found(tmp_path: Path) -> None:
    assert verdicts(save(written_sheet(), tmp_path / "p.tif", dpi=(300, 299)))["resolution"] == "hold"


def test_the_rounding_of_png_is_no_difference(tmp_path: Path) -> None:
    assert verdicts(save(written_sheet(), tmp_path / "p.png"))["resolution"] == "pass"


def test_a_changed_file_is_held(tmp_path: Path) -> None:
    path = save(written_sheet(), tmp_path / "p.tif")
    assert verdicts(path, sha256="0" * 64)["fixity"] == "hold"


def test_a_damaged_file_is_held_and_not_measured(tmp_path: Path) -> None:
    path = save(written_sheet(), tmp_path / "p.tif", compression="tiff_lzw")
    facts = read_technical_metadata(path)
    content = bytearray(path.read_bytes())
    content[10 : len(content) // 2] = bytes(len(content) // 2 - 10)
    path.write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    inspected = inspect_page(path, facts, Expectation(dpi=300, color="sRGB", captured=True, sha256=sha256))
    results = inspected.checks
    assert inspected.page is None
    assert results[-1].check == "decode"
    assert results[-1].verdict == "hold"


@pytest.mark.parametrize(
    ("mode", "expected", "verdict"),
    [
        ("RGB", "sRGB", "pass"), ("RGB", "AdobeRGB", "pass"), ("L", "gray", "pass"), ("1", "bitonal", "pass"),
        ("1", "gray", "hold"), ("L", "bitonal", "hold"), ("RGB", "gray", "hold"), ("RGB", "no such", "hold"),
    ],
)  # fmt: skip
def test_depth_and_channels_must_be_those_of_the_profile(
    mode: str, expected: Any, verdict: str, tmp_path: Path
) -> None:
    path = save(written_sheet(mode), tmp_path / "p.tif")
    assert verdicts(path, color=expected)["color"] == verdict


def test_a_gray_profile_in_a_colour_image_is_held(tmp_path: Path) -> None:
    assert verdicts(save(written_sheet(), tmp_path / "p.tif", icc_profile=gray_profile()))["icc"] == "hold"


@pytest.mark.parametrize(("captured", "verdict"), [(True, "hold"), (False, "review")])
def test_a_name_that_tells_another_format_is_found(captured: Any, verdict: str, tmp_path: Path) -> None:
    path = save(written_sheet(), tmp_path / "p.tif", format="PNG")
    told = {check.check: check for check in run(path, captured=captured)}["file_name"]
    assert (told.verdict, told.measured, told.threshold) == (verdict, ".tif", "PNG")
    assert told.sentence.startswith("The file is PNG, but its name ends in “.tif”")
    assert verdicts(path.rename(tmp_path / "P.PNG"), captured=captured)["file_name"] == "pass"


def test_several_images_in_one_file_are_held(tmp_path: Path) -> None:
    path = save(written_sheet(), tmp_path / "p.tif", save_all=True, append_images=[written_sheet()])
    assert verdicts(path)["single_image"] == "hold"


@pytest.mark.parametrize(("lines", "verdict"), [(0, "review"), (1, "review"), (5, "pass")])
def test_a_blank_or_nearly_blank_page_is_shown_to_the_operator(
    lines: int, verdict: str, tmp_path: Path
) -> None:
    assert verdicts(save(written_sheet(lines=lines), tmp_path / "p.tif"))["blank"] == verdict


def test_an_unevenly_lit_yellow_sheet_on_black_ground_is_still_blank(tmp_path: Path) -> None:
    light = np.linspace(120, 210, 800)[None, :] * np.ones((1100, 1))
    sheet = np.zeros((1400, 1000), np.uint8)
    sheet[150:1250, 100:900] = light
    path = save(Image.fromarray(sheet).convert("RGB"), tmp_path / "p.tif")
    blank = next(result for result in run(path) if result.check == "blank")
    assert blank.verdict == "review"
    assert blank.measured < 0.003


def test_clipped_lights_and_shadows_are_shown_to_the_operator(tmp_path: Path) -> None:
    found = verdicts(save(written_sheet(paper=255, ink=0), tmp_path / "p.tif"))
    assert (found["highlight_clipping"], found["shadow_clipping"]) == ("review", "review")


def test_the_black_ground_around_a_sheet_is_not_clipping(tmp_path: Path) -> None:
    page = Image.new("RGB", (1000, 1300))
    page.paste(written_sheet(), (100, 100))
    assert verdicts(save(page, tmp_path / "p.tif"))["shadow_clipping"] == "pass"


def test_a_bitonal_page_cannot_be_clipped(tmp_path: Path) -> None:
    found = verdicts(save(written_sheet("1"), tmp_path / "p.tif"), color="bitonal")
    assert "highlight_clipping" not in found


def test_results_are_json_with_a_sentence_each(tmp_path: Path) -> None:
    for result in run(save(written_sheet("L"), tmp_path / "p.tif", dpi=(200, 200))):
        document = json.loads(json.dumps(result.to_json()))
        assert set(document) == {"check", "verdict", "measured", "threshold", "sentence"}
        assert document["sentence"].endswith(".")


@pytest.mark.reference_data
def test_an_endpaper_with_pencil_notes_counts_as_blank_and_text_does_not(reference_data: Path) -> None:
    pages = reference_data / "pages"
    for name, blank in (
        ("specials/FILE_0002_IMAGE.tif", "review"),
        ("specials/herder_geschichte03_1787_0007.jpg", "pass"),
    ):
        assert verdicts(pages / name, captured=False)["blank"] == blank


def result_of(check: str, path: Path, **changes: Any) -> CheckResult:
    return next(result for result in run(path, **changes) if result.check == check)


@pytest.mark.parametrize(
    ("sheet", "verdict"),
    [
        ((67.7, 93.1), "pass"),
        ((93.1, 67.7), "pass"),  # it lies across
        ((68.9, 93.1), "pass"),  # 1.8 % wider
        ((70.0, 93.1), "hold"),
        ((67.7, 105.0), "hold"),
    ],
)
def test_pixels_that_do_not_make_the_sheet_are_held(sheet: Any, verdict: str, tmp_path: Path) -> None:
    found = result_of("sheet_size", save(written_sheet(), tmp_path / "p.tif"), sheet_mm=sheet)
    assert (found.verdict, found.measured) == (verdict, "68 x 93")


def test_a_resolution_that_the_file_only_claims_shows_at_the_size_of_the_sheet(tmp_path: Path) -> None:
    path = save(written_sheet().resize((400, 550)), tmp_path / "p.tif")
    assert result_of("resolution", path).verdict == "pass"
    found = result_of("sheet_size", path, sheet_mm=(67.7, 93.1))
    assert (found.verdict, found.measured) == ("hold", "34 x 47")


def test_a_profile_tells_sheet_and_tolerance(tmp_path: Path) -> None:
    path = save(written_sheet(), tmp_path / "p.tif")
    house = load_quality_profile("house")
    facts = read_technical_metadata(path)
    for tolerance, verdict in ((0.02, "review"), (0.05, "pass")):
        profile = house.model_copy(update={"sheet_mm": (70.0, 93.0), "sheet_tolerance": tolerance})
        checks = inspect_page(path, facts, Expectation(), profile).checks
        assert next(check for check in checks if check.check == "sheet_size").verdict == verdict


@pytest.mark.parametrize(("dpi", "verdict"), [((300, 300), "pass"), ((300, 150), "review")])
def test_without_an_expected_resolution_pixels_must_still_be_square(
    dpi: Any, verdict: str, tmp_path: Path
) -> None:
    path = save(written_sheet(), tmp_path / "p.tif", dpi=dpi)
    assert result_of("square_pixels", path, dpi=None, captured=False).verdict == verdict


def test_a_colour_profile_in_a_gray_image_is_held(tmp_path: Path) -> None:
    path = save(written_sheet("L"), tmp_path / "p.tif", icc_profile=srgb_profile())
    found = result_of("icc", path, color="gray")
    assert (found.verdict, found.threshold) == ("hold", "GRAY")


def test_a_profile_that_is_cut_or_describes_no_images_is_held(tmp_path: Path) -> None:
    profile = srgb_profile()
    cut = save(written_sheet(), tmp_path / "cut.tif", icc_profile=profile[:-40])
    assert "damaged" in result_of("icc", cut).sentence
    link = save(written_sheet(), tmp_path / "link.tif", icc_profile=profile[:12] + b"nmcl" + profile[16:])
    found = result_of("icc", link)
    assert (found.verdict, found.measured) == ("hold", "nmcl")
    rubbish = save(written_sheet(), tmp_path / "rubbish.tif", icc_profile=b"no profile at all")
    assert result_of("icc", rubbish).verdict == "hold"


@pytest.mark.parametrize(("side", "box"), [("left", (100, 0, 800, 1100)), ("right", (0, 0, 600, 1100))])
def test_text_that_is_cut_at_an_edge_is_told_with_the_edge(side: str, box: Any, tmp_path: Path) -> None:
    found = result_of("cut_text", save(written_sheet().crop(box), tmp_path / "p.tif"))
    assert found.verdict == "review"
    assert f"the {side} edge" in found.sentence


def test_a_sheet_that_is_lost_in_its_image_is_shown(tmp_path: Path) -> None:
    ground = Image.new("RGB", (2400, 3300), (12, 12, 12))
    ground.paste(written_sheet(), (300, 300))
    assert result_of("sheet", save(ground, tmp_path / "p.tif")).verdict == "review"


@pytest.mark.skipif(libvips() is None, reason="only libvips is strict")
def test_turned_bits_in_data_that_opens_all_the_same_are_told(tmp_path: Path) -> None:
    fax = save(written_sheet("1"), tmp_path / "p.tif", compression="group4", icc_profile=None)
    photograph = save(written_sheet(), tmp_path / "p.jpg")
    for path, verdict in ((fax, "hold"), (photograph, "review")):
        assert "image_data" not in verdicts(path, captured=False)
        content = bytearray(path.read_bytes())
        middle = len(content) // 2
        content[middle : middle + 40] = bytes(40)
        path.write_bytes(content)
        (data,) = (result for result in run(path, captured=False) if result.check == "image_data")
        assert data.verdict == verdict
        assert data.sentence.startswith("The image opens, but its data is damaged: ")
        assert "vips" not in data.sentence.lower()
