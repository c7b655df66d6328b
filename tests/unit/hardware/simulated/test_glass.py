# SPDX-License-Identifier: Apache-2.0
"""Real images come off the simulated glass pixel for pixel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image

from hardware.driver import PageAddress
from hardware.errors import FeederEmpty, InputOutputFailure
from hardware.simulated.glass import GlassPage, image_for, images_on, load, to_colour, to_depth, to_gray

COLOUR = np.random.default_rng(1).integers(0, 256, (20, 30, 3), np.uint8)
DEEP = np.random.default_rng(2).integers(0, 1 << 16, (20, 30, 3)).astype(np.uint16)


def address(number: int, item: str = "") -> PageAddress:
    return PageAddress("batch", item, number)


# Which image


def test_page_n_is_the_nth_image_by_name(tmp_path: Path) -> None:
    for name in ("b.png", "a.TIF", "c.jpg", "notes.txt", "d.gt.txt"):
        (tmp_path / name).touch()
    assert [image_for(tmp_path, address(number)).name for number in (1, 2, 3)] == ["a.TIF", "b.png", "c.jpg"]


def test_the_folder_of_the_item_goes_before_the_glass(tmp_path: Path) -> None:
    (tmp_path / "all.png").touch()
    (tmp_path / "letter-7").mkdir()
    (tmp_path / "letter-7" / "one.png").touch()
    assert image_for(tmp_path, address(1, "letter-7")).name == "one.png"
    assert image_for(tmp_path, address(1, "letter-8")).name == "all.png"


def test_an_items_name_does_not_lead_out_of_the_glass(tmp_path: Path) -> None:
    glass = tmp_path / "glass"
    for folder in (glass, tmp_path / "private"):
        folder.mkdir()
    (glass / "public.png").touch()
    (tmp_path / "private" / "secret.png").touch()
    assert [path.name for path in images_on(glass, "../private")] == ["public.png"]


@pytest.mark.parametrize("number", [0, 2])
def test_past_the_last_image_there_is_no_sheet(tmp_path: Path, number: int) -> None:
    (tmp_path / "a.png").touch()
    with pytest.raises(FeederEmpty, match=f"no page {number}"):
        image_for(tmp_path, address(number))


def test_an_absent_or_empty_glass_is_said_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(FeederEmpty, match="no image in"):
        images_on(tmp_path, "")
    with pytest.raises(FeederEmpty, match="is not a folder"):
        images_on(tmp_path / "absent", "")


# Its pixels


@pytest.mark.parametrize("dpi", [None, (200, 200)])
def test_an_image_of_the_same_or_no_resolution_is_taken_pixel_for_pixel(
    tmp_path: Path, dpi: tuple[int, int] | None
) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(COLOUR).save(path, **({"dpi": dpi} if dpi else {}))
    assert np.array_equal(load(path, 200), COLOUR)


def test_an_image_of_another_resolution_is_resampled(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(COLOUR).save(path, dpi=(200, 200))
    assert load(path, 400).shape == (40, 60, 3)
    assert load(path, 100).shape == (10, 15, 3)
    flat = np.full((20, 30), 77, np.uint8)
    Image.fromarray(flat).save(path, dpi=(200, 200))
    assert (load(path, 300) == 77).all()


def test_a_bilevel_tiff_is_black_where_its_ink_is(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    ink = np.zeros((8, 12), bool)
    ink[2, 3] = True
    Image.fromarray(~ink).save(path, compression="group4", dpi=(600, 600))
    pixels = load(path, 600)
    assert pixels.dtype == np.uint8
    assert np.array_equal(pixels == 0, ink)
    assert np.array_equal(pixels == 255, ~ink)


@pytest.mark.parametrize("planar", [None, "separate"])
def test_sixteen_bits_of_a_tiff_are_kept(tmp_path: Path, planar: str | None) -> None:
    path = tmp_path / "a.tif"
    data = np.moveaxis(DEEP, -1, 0) if planar else DEEP
    tifffile.imwrite(
        path, data, photometric="rgb", planarconfig=planar, resolution=(300, 300), resolutionunit="inch"
    )
    assert np.array_equal(load(path, 300), DEEP)
    assert load(path, 600).shape == (40, 60, 3)


def test_sixteen_bit_gray_is_kept_and_the_other_polarity_is_turned(tmp_path: Path) -> None:
    gray = DEEP[:, :, 0]
    tifffile.imwrite(tmp_path / "a.tif", gray, photometric="minisblack")
    tifffile.imwrite(tmp_path / "b.tif", gray, photometric="miniswhite")
    assert np.array_equal(load(tmp_path / "a.tif", 300), gray)
    assert np.array_equal(load(tmp_path / "b.tif", 300), 0xFFFF - gray)


def test_a_resampled_deep_image_keeps_more_than_eight_bits(tmp_path: Path) -> None:
    ramp = np.tile(np.linspace(0, 0xFFFF, 300).astype(np.uint16), (20, 1))
    tifffile.imwrite(tmp_path / "a.tif", ramp, resolution=(300, 300), resolutionunit="inch")
    assert len(np.unique(load(tmp_path / "a.tif", 600))) > 500


def test_what_is_transparent_is_white(tmp_path: Path) -> None:
    Image.new("RGBA", (4, 4), (10, 20, 30, 0)).save(tmp_path / "a.png")
    assert (load(tmp_path / "a.png", 300) == 255).all()


def test_rubbish_on_the_glass_is_named(tmp_path: Path) -> None:
    whole = tmp_path / "whole.png"
    Image.fromarray(COLOUR).save(whole)
    (tmp_path / "cut.png").write_bytes(whole.read_bytes()[:200])
    (tmp_path / "empty.tif").touch()
    (tmp_path / "text.jpg").write_text("no image")
    (tmp_path / "half.tif").write_bytes(b"II*\0\x08\0\0\0\xff\xff")
    for name in ("cut.png", "empty.tif", "text.jpg", "half.tif"):
        with pytest.raises(InputOutputFailure, match=name):
            load(tmp_path / name, 300)


def test_deep_colour_that_would_lose_half_its_bits_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "deep.png"
    imagecodecs = pytest.importorskip("imagecodecs")
    path.write_bytes(imagecodecs.png_encode(DEEP))
    with pytest.raises(InputOutputFailure, match="TIFF only"):
        load(path, 300)


def test_rows_are_those_of_the_image(tmp_path: Path) -> None:
    Image.fromarray(COLOUR).save(tmp_path / "a.png")
    page = GlassPage(tmp_path / "a.png", 300)
    assert (page.width, page.height) == (30, 20)
    assert np.array_equal(page.rows(5, 9), COLOUR[5:9])


# Modes


def test_gray_is_the_luma_of_the_colours() -> None:
    expected = COLOUR @ np.array([0.299, 0.587, 0.114])
    assert np.abs(to_gray(COLOUR).astype(float) - expected).max() <= 0.51
    deep = DEEP @ np.array([0.299, 0.587, 0.114])
    assert np.abs(to_gray(DEEP).astype(float) - deep).max() <= 2


@pytest.mark.parametrize("white", [np.uint8(255), np.uint16(65535)])
def test_white_stays_white_and_gray_stays_gray(white: np.generic) -> None:
    neutral = np.full((2, 2, 3), white)
    assert (to_gray(neutral) == white).all()
    assert np.array_equal(to_colour(neutral[:, :, 0]), neutral)


def test_depths_reach_from_black_to_white_and_back() -> None:
    all_values = np.arange(256, dtype=np.uint8).reshape(16, 16)
    deep = to_depth(all_values, 16)
    assert (deep.min(), deep.max()) == (0, 65535)
    assert np.array_equal(to_depth(deep, 8), all_values)
    assert to_depth(np.array([[128, 129]], np.uint16), 8).tolist() == [[0, 1]]


@pytest.mark.parametrize("planar", ["contig", "separate"])
def test_the_fourth_sample_of_a_deep_tiff_is_its_infrared(tmp_path: Path, planar: Any) -> None:
    samples = np.random.default_rng(8).integers(0, 1 << 16, (9, 7, 4), np.uint16)
    stored = samples if planar == "contig" else np.moveaxis(samples, -1, 0)
    path = tmp_path / "film.tif"
    tifffile.imwrite(path, stored, photometric="rgb", planarconfig=planar, extrasamples=["unspecified"])
    assert np.array_equal(load(path, 300), samples[:, :, :3])
    assert np.array_equal(load(path, 300, infrared=True), samples[:, :, 3])


@pytest.mark.parametrize("samples", [(9, 7), (9, 7, 3)])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_an_image_without_infrared_shows_none(tmp_path: Path, samples: tuple[int, ...], dtype: Any) -> None:
    path = tmp_path / "print.tif"
    tifffile.imwrite(path, np.zeros(samples, dtype), photometric="rgb" if len(samples) > 2 else "minisblack")
    with pytest.raises(InputOutputFailure, match="no infrared"):
        load(path, 300, infrared=True)
