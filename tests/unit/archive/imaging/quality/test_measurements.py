# SPDX-License-Identifier: Apache-2.0
"""What is measured of pages, true and false examples made from drawn and from real ones."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from archive.imaging.page_area import find_page_area
from archive.imaging.pixels import decode_for_viewing, gray_proxy
from archive.imaging.quality.edges import find_cut_edge
from archive.imaging.quality.fingerprint import SAME, difference, fingerprint
from archive.imaging.quality.measurements import measure_page
from archive.imaging.quality.paper import lightness_of, measure_paper
from archive.imaging.quality.profile import load_quality_profile
from archive.imaging.quality.review import TRUSTED
from archive.imaging.quality.sharpness import measure_sharpness
from archive.imaging.quality.skew import measure_skew
from archive.imaging.quality.streaks import find_streaks

TEXT_PAGES = (
    "alice/alice_1.png",
    "bebel_1879/bebel_frau_1879_0146.tif",
    "clauren_1815/clauren_mimil_1815_0050.jpg",
    "gallica_foire_18c/bpt6k1281160s_f12.jpg",
    "kant_1784/INPUT_0017.tif",
)


def written_sheet(paper: int = 225) -> Image.Image:
    sheet = Image.new("L", (1200, 1600), paper)
    draw = ImageDraw.Draw(sheet)
    for line in range(26):
        for word in range(5 + line % 3):
            left = 140 + word * 150 - (line % 4) * 17
            draw.rectangle((left, 160 + line * 50, left + 100, 178 + line * 50), fill=40)
    return sheet


@cache
def real_page(reference_data: Path, name: str) -> Image.Image:
    return decode_for_viewing(reference_data / "pages" / name)


def turned(page: Image.Image, degrees: float) -> Image.Image:
    paper = int(find_page_area(page).paper)
    return page.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=paper)


@pytest.mark.reference_data
@pytest.mark.parametrize("name", TEXT_PAGES)
@pytest.mark.parametrize("degrees", [-3.1, 1.3])
def test_the_turn_of_a_real_page_is_measured_to_a_fifth_of_a_degree(
    name: str, degrees: float, reference_data: Path
) -> None:
    page = gray_proxy(real_page(reference_data, name), long_side=1200)
    before = measure_skew(page, find_page_area(page))
    after_turn = turned(page, degrees)
    after = measure_skew(after_turn, find_page_area(after_turn))
    assert after.degrees - before.degrees == pytest.approx(degrees, abs=0.2)
    assert after.confidence >= TRUSTED


@pytest.mark.reference_data
def test_no_angle_is_believed_of_a_page_that_lies_on_its_side(reference_data: Path) -> None:
    page = real_page(reference_data, "orientation/phototest-rotated-L.png")
    assert measure_skew(page, find_page_area(page)).confidence < TRUSTED


def test_a_blank_sheet_has_no_angle() -> None:
    page = Image.new("L", (1200, 1600), 225)
    assert measure_skew(page, find_page_area(page)).confidence == 0.0


@pytest.mark.reference_data
def test_two_scans_of_one_page_are_alike_and_different_pages_are_not(reference_data: Path) -> None:
    pages = [gray_proxy(real_page(reference_data, name)) for name in TEXT_PAGES]
    prints = [fingerprint(page) for page in pages]
    for page, known in zip(pages, prints, strict=True):
        noisy = np.asarray(turned(page, 0.4), dtype=np.int16)
        noisy = noisy + np.random.default_rng(7).integers(-6, 7, noisy.shape)
        again = Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).crop((6, 9, page.width, page.height))
        assert difference(known, fingerprint(again)) <= SAME
    others = [difference(one, other) for index, one in enumerate(prints) for other in prints[index + 1 :]]
    assert min(others) > SAME


def test_a_fingerprint_has_256_bits() -> None:
    assert len(fingerprint(written_sheet())) * 4 == 256
    with pytest.raises(ValueError, match="invalid literal"):
        difference("no fingerprint", "0")


@pytest.mark.reference_data
@pytest.mark.parametrize("name", TEXT_PAGES[1:4])
def test_a_dusty_glass_draws_a_streak_and_clean_real_pages_have_none(name: str, reference_data: Path) -> None:
    page = gray_proxy(real_page(reference_data, name))
    area = find_page_area(page)
    assert find_streaks(page, area) == ()
    dusty = page.copy()
    column = int(0.44 * page.width)
    ImageDraw.Draw(dusty).line((column, 0, column, page.height), fill=int(area.paper * 0.7))
    found = find_streaks(dusty, find_page_area(dusty))
    assert found
    assert found[0].position == pytest.approx(0.44, abs=0.005)


def test_a_rule_that_ends_half_way_down_is_no_streak() -> None:
    page = written_sheet()
    ImageDraw.Draw(page).line((600, 160, 600, 900), fill=60)
    assert find_streaks(page, find_page_area(page)) == ()


@pytest.mark.reference_data
@pytest.mark.parametrize("name", TEXT_PAGES[2:])
def test_a_page_out_of_focus_is_far_less_sharp_than_itself(name: str, reference_data: Path) -> None:
    page = real_page(reference_data, name).convert("L")
    blurred = page.filter(ImageFilter.GaussianBlur(2))
    assert measure_sharpness(blurred) < 0.6 * measure_sharpness(page)


def test_an_image_smaller_than_a_window_is_measured_too() -> None:
    assert measure_sharpness(Image.new("L", (2, 2))) == 0.0
    assert measure_sharpness(written_sheet().crop((100, 100, 300, 300))) > 0


def test_lightness_is_that_of_the_commission() -> None:
    # a gray of 18 % luminance is L* 49.5 (CIE 15:2004)
    middle = 255 * 0.18 ** (1 / 2.2)
    assert lightness_of(np.array([0.0, middle, 255.0])) == pytest.approx([0.0, 49.5, 100.0], abs=0.05)


def test_a_lamp_that_is_off_shows_in_the_paper_and_noise_in_its_deviation() -> None:
    clean = written_sheet()
    even = measure_paper(clean, clean, find_page_area(clean))
    fading = np.asarray(clean) * np.linspace(1.0, 0.8, clean.width)[None, :]
    dim = Image.fromarray(fading.astype(np.uint8))
    assert even.unevenness < 1
    assert measure_paper(dim, dim, find_page_area(dim)).unevenness > 8
    grain = np.random.default_rng(3).normal(0, 6, (clean.height, clean.width))
    noisy = Image.fromarray(np.clip(np.asarray(clean) + grain, 0, 255).astype(np.uint8))
    assert even.noise == pytest.approx(0.0, abs=0.01)
    assert measure_paper(noisy, noisy, find_page_area(noisy)).noise == pytest.approx(6 / 2.55, rel=0.3)


def test_where_every_patch_is_written_on_no_noise_is_told() -> None:
    stripes = np.tile(np.repeat(np.array([40, 220], np.uint8), 6), (1600, 100))
    page = Image.fromarray(stripes)
    assert measure_paper(page, page, find_page_area(page)).noise is None


def test_a_bitonal_page_has_neither_clipping_nor_noise() -> None:
    found = measure_page(written_sheet().convert("1"))
    assert (found.highlights, found.shadows, found.paper.noise) == (None, None, None)


@pytest.mark.parametrize(
    "page", [Image.new("L", (1, 1)), Image.new("L", (1600, 3)), Image.new("L", (50, 50), 0)]
)
def test_odd_images_are_measured_without_an_error(page: Image.Image) -> None:
    assert measure_page(page).skew.confidence == 0.0


@pytest.mark.reference_data
@pytest.mark.parametrize("name", TEXT_PAGES[2:4])
def test_real_pages_that_are_cropped_through_their_text_have_strokes_at_that_edge_and_whole_ones_hardly(
    name: str, reference_data: Path
) -> None:
    most = load_quality_profile("house").limits("cut_text").review_above
    assert most is not None
    page = gray_proxy(real_page(reference_data, name))
    assert find_cut_edge(page, find_page_area(page)).strokes <= most
    width, height = page.size
    for side, box in (
        ("left", (width * 4 // 10, 0, width, height)),
        ("right", (0, 0, width * 6 // 10, height)),
    ):
        cut = page.crop(box)
        found = find_cut_edge(cut, find_page_area(cut))
        assert (found.side, found.strokes > most) == (side, True)
