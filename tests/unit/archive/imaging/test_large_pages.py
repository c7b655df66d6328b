# SPDX-License-Identifier: Apache-2.0
"""A page that is too large for memory gives the same pixels, measurements and derivatives as one that is not."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image

from archive.errors import DamagedImage
from archive.imaging.band_scaling import scale_by_bands
from archive.imaging.color_profiles import srgb_profile
from archive.imaging.derivatives import make_derivatives
from archive.imaging.master import MasterTags, write_master
from archive.imaging.master_policy import MasterPolicy
from archive.imaging.page_pixels import PixelsInFile, sixteen_to_eight
from archive.imaging.pixels import DecodedPage, decode_for_viewing, decode_page, pixel_digest
from archive.imaging.quality.measurements import measure_page
from archive.imaging.scaling import scale_by_pillow

ALL_KINDS = ["bitonal_white_is_zero", "bitonal_black_is_zero", "gray_8", "gray_16", "rgb_8", "rgb_16"]
WIDTH, HEIGHT = 331, 263

BOUND = 200
"""Megabytes of a process that inspects and derives from a page of 41 megapixels: Pillow would hold 165 of its pixels."""


def noise(width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    rng = np.random.default_rng(5)
    return Image.fromarray(rng.integers(0, 256, (height, width, 3), dtype=np.uint8))


def in_file(path: Path) -> PixelsInFile:
    image = decode_page(path, held=0).image
    assert isinstance(image, PixelsInFile)
    return image


def same_pixels(path: Path) -> None:
    large, whole = in_file(path), decode_for_viewing(path)
    assert (large.mode, large.size) == (whole.mode, whole.size)
    width, height = whole.size
    for box in ((0, 0, width, height), (11, 7, 40, 50), (width - 30, 3, width, height), (0, 99, width, 100)):
        assert large.crop(box).tobytes() == whole.crop(box).tobytes(), box


@pytest.mark.parametrize("compression", ["none", "deflate"])
@pytest.mark.parametrize("kind", ALL_KINDS)
def test_masters_give_the_same_pixels(
    kind: str, compression: Any, make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    page = make_page(kind, width=WIDTH, height=HEIGHT)
    same_pixels(write_master(page, tmp_path / "p.tif", tags, None, MasterPolicy(compression)).path)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pages_that_were_stored_turned_are_upright(orientation: int, tmp_path: Path) -> None:
    noise().save(tmp_path / "p.tif", tiffinfo={274: orientation})
    same_pixels(tmp_path / "p.tif")
    exif = Image.Exif()
    exif[0x0112] = orientation
    noise().save(tmp_path / "p.jpg", exif=exif)
    same_pixels(tmp_path / "p.jpg")


@pytest.mark.parametrize(
    ("name", "mode", "options"),
    [
        ("p.jpg", "RGB", {"quality": 90}),
        ("p.jpg", "L", {"quality": 90}),
        ("p.png", "RGB", {}),
        ("p.png", "L", {}),
        ("p.png", "I;16", {}),
        ("p.tif", "1", {"compression": "group4"}),
        ("p.tif", "RGB", {"compression": "tiff_lzw"}),
    ],
)
def test_files_from_elsewhere_give_the_same_pixels(
    name: str, mode: str, options: dict[str, Any], tmp_path: Path
) -> None:
    picture = noise()
    if mode == "I;16":
        deep = np.random.default_rng(1).integers(0, 65536, (HEIGHT, WIDTH), dtype=np.uint16)
        picture = Image.fromarray(deep)
    elif mode != "RGB":
        picture = picture.convert(mode)
    picture.save(tmp_path / name, **options)
    same_pixels(tmp_path / name)


@pytest.mark.parametrize("name", ["p.jpg", "p.png"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_the_digest_of_the_pixels_is_the_same(
    name: str, mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    noise().convert(mode).save(tmp_path / name, exif=exif)
    whole = pixel_digest(tmp_path / name)
    monkeypatch.setattr("archive.imaging.pixels.HELD_PIXELS", 0)
    # Pillow is not asked at all
    monkeypatch.setattr("archive.imaging.pixels._opened", None)
    assert pixel_digest(tmp_path / name) == whole


def test_tiles_planes_and_strips_in_disorder_give_the_same_pixels(tmp_path: Path) -> None:
    samples = np.asarray(noise())
    tifffile.imwrite(tmp_path / "tiles.tif", samples, tile=(64, 64), photometric="rgb")
    same_pixels(tmp_path / "tiles.tif")
    deep = samples.astype(">u2") * 257
    tifffile.imwrite(tmp_path / "big.tif", deep, byteorder=">", photometric="rgb", rowsperstrip=16)
    same_pixels(tmp_path / "big.tif")


@pytest.mark.parametrize("name", ["palette.png", "see-through.png", "cmyk.tif"])
def test_what_only_pillow_reads_is_held_in_memory(name: str, tmp_path: Path) -> None:
    mode = {"palette.png": "P", "see-through.png": "RGBA", "cmyk.tif": "CMYK"}[name]
    noise().convert(mode).save(tmp_path / name)
    page = decode_page(tmp_path / name, held=0).image
    assert isinstance(page, Image.Image)
    assert page.tobytes() == decode_for_viewing(tmp_path / name).tobytes()


@pytest.mark.parametrize("name", ["p.tif", "lzw.tif", "p.jpg", "p.png"])
def test_a_truncated_page_is_damaged(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    noise().save(path, **({"compression": "tiff_lzw"} if name == "lzw.tif" else {}))
    content = path.read_bytes()
    # of a TIFF by Pillow the directory comes first
    path.write_bytes(content[: len(content) * 2 // 3])
    with pytest.raises(DamagedImage):
        decode_page(path, held=0)


def test_no_room_to_unpack_is_no_damage_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noise().save(tmp_path / "p.png")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "gone"))
    with pytest.raises(FileNotFoundError):
        decode_page(tmp_path / "p.png", held=0)


@pytest.mark.parametrize("kernel", [Image.Resampling.LANCZOS, Image.Resampling.HAMMING])
@pytest.mark.parametrize("size", [(200, 160), (330, 262), (70, 55), (25, 20), (17, 16), (1, 1)])
def test_scaling_by_bands_makes_the_pixels_of_scaling_the_whole(
    size: tuple[int, int], kernel: Image.Resampling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.imaging.page_pixels._BAND_PIXELS", WIDTH * 20)
    page = noise()
    banded = np.asarray(scale_by_bands(page, *size, kernel)).astype(int)
    whole = np.asarray(scale_by_pillow(page, *size, kernel)).astype(int)
    # weights are rounded in the last of 22 binary digits
    assert np.abs(banded - whole).max() <= 1
    assert np.mean(banded != whole) < 0.001


def test_every_sample_of_16_bits_is_rounded() -> None:
    samples = np.arange(65536, dtype=np.uint16)
    assert np.array_equal(sixteen_to_eight(samples), np.round(samples / 257).astype(np.uint8))


def sheet() -> Image.Image:
    """A sheet of 1700 x 1300 pixels with lines, grain, and a dark ground to the right."""
    rng = np.random.default_rng(3)
    gray = np.full((1300, 1700), 225, np.int16)
    gray[:, 1500:] = 20
    for top in range(200, 1100, 40):
        gray[top : top + 14, 150:1350:30] = 40
        gray[top : top + 14, 151:1350:30] = 40
    gray[300:320, 300:700] = 255
    samples = np.clip(gray[..., None] + rng.integers(-3, 4, (1300, 1700, 3)), 0, 255)
    return Image.fromarray(samples.astype(np.uint8))


@pytest.mark.parametrize("mode", ["RGB", "L", "1"])
def test_measurements_and_derivatives_are_the_same(mode: str, tmp_path: Path) -> None:
    profile = {"icc_profile": srgb_profile()} if mode == "RGB" else {}
    path = tmp_path / "p.tif"
    sheet().convert(mode, dither=Image.Dither.NONE).save(path, dpi=(600, 600), **profile)
    pages = {"held": decode_page(path), "large": decode_page(path, held=0)}
    held, large = (asdict(measure_page(page.image)) for page in pages.values())
    assert np.array_equal(held["area"].pop("mask"), large["area"].pop("mask"))
    assert held == large
    for dpi in (600, 250):
        expected, found = (derived(page, tmp_path / name, dpi) for name, page in pages.items())
        assert found == expected


def derived(page: DecodedPage, folder: Path, dpi: int) -> list[tuple[str, tuple[int, int], Any, bytes]]:
    """Mode, size, resolution and pixels of what is made of a page."""
    make_derivatives(
        page,
        access=folder / "a.jpg",
        thumbnail=folder / "t.jpg",
        ocr_rendition=folder / "o.png",
        dpi=dpi,
        access_long_side=900,
    )
    made = []
    for name in ("a.jpg", "t.jpg", "o.png"):
        with Image.open(folder / name) as image:
            made.append((image.mode, image.size, image.info.get("dpi"), image.tobytes()))
    return made


def test_memory_does_not_grow_with_the_page(tmp_path: Path) -> None:
    strip = np.random.default_rng(1).integers(200, 240, (64, 6400, 3), dtype=np.uint8).tobytes()
    tifffile.imwrite(
        tmp_path / "p.tif",
        (strip for _ in range(101)),
        shape=(6464, 6400, 3),
        dtype=np.uint8,
        rowsperstrip=64,
        photometric="rgb",
        metadata=None,
    )
    program = Path(__file__).with_name("inspect_and_derive.py")
    told = subprocess.run(
        [sys.executable, str(program), str(tmp_path / "p.tif"), str(tmp_path)],
        capture_output=True,
        check=True,
        timeout=60,
    )
    facts = json.loads(told.stdout)
    assert facts["large"]
    assert facts["peak"] < BOUND * 1_000_000
