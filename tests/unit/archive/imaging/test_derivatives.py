# SPDX-License-Identifier: Apache-2.0
"""Derivatives have the size, colour and bytes that they should."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms

from archive.errors import DamagedImage
from archive.imaging.color_profiles import gray_profile, srgb_profile
from archive.imaging.derivatives import make_access_jpeg, make_derivatives, make_ocr_rendition, make_thumbnail
from archive.imaging.master import MasterTags, write_master

ALL_KINDS = ["bitonal_white_is_zero", "bitonal_black_is_zero", "gray_8", "gray_16", "rgb_8", "rgb_16"]


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_all_three_share_one_decoding_and_are_the_single_ones(
    kind: str, make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    master = write_master(make_page(kind, width=900, height=700), tmp_path / "p.tif", tags, None).path
    together = make_derivatives(
        master,
        access=tmp_path / "a.jpg",
        thumbnail=tmp_path / "t.jpg",
        ocr_rendition=tmp_path / "o.png",
        dpi=600,
    )
    single = (
        make_access_jpeg(master, tmp_path / "a2.jpg"),
        make_thumbnail(master, tmp_path / "t2.jpg"),
        make_ocr_rendition(master, tmp_path / "o2.png", dpi=600),
    )
    for one, other in zip((together.access, together.thumbnail, together.ocr_rendition), single, strict=True):
        assert one.sha256 == other.sha256 == hashlib.sha256(one.path.read_bytes()).hexdigest()
        assert one.size == one.path.stat().st_size
        with Image.open(one.path) as image:
            assert image.size == (one.width, one.height)
            assert image.get_format_mimetype() == one.mime


def test_an_access_jpeg_has_its_long_side_profile_and_scaled_resolution(
    make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    page = make_page("rgb_8", width=800, height=1000, dpi=(400.0, 400.0))
    master = write_master(page, tmp_path / "p.tif", tags, srgb_profile()).path
    made = make_access_jpeg(master, tmp_path / "a.jpg", long_side=500)
    with Image.open(made.path) as image:
        assert (image.size, image.mode) == ((400, 500), "RGB")
        assert image.info["icc_profile"] == srgb_profile()
        assert image.info["dpi"] == (200, 200)


def test_nothing_is_scaled_up(make_page: Any, tags: MasterTags, tmp_path: Path) -> None:
    master = write_master(make_page(width=100, height=80), tmp_path / "p.tif", tags, None).path
    for made in (
        make_access_jpeg(master, tmp_path / "a.jpg"),
        make_thumbnail(master, tmp_path / "t.jpg"),
        make_ocr_rendition(master, tmp_path / "o.png", dpi=100),
    ):
        assert (made.width, made.height) == (100, 80)


def test_gray_and_bitonal_masters_give_gray_jpegs(make_page: Any, tags: MasterTags, tmp_path: Path) -> None:
    for kind in ("bitonal_white_is_zero", "gray_16"):
        master = write_master(make_page(kind), tmp_path / f"{kind}.tif", tags, None).path
        with Image.open(make_access_jpeg(master, tmp_path / f"{kind}.jpg").path) as image:
            assert image.mode == "L"
            assert image.info["icc_profile"] == gray_profile()


def test_a_wide_gamut_profile_is_converted_to_srgb(tmp_path: Path) -> None:
    xyz = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    assert xyz  # a profile that means something quite different by the same numbers
    swapped = bytearray(srgb_profile())
    red, green = swapped.find(b"rXYZ"), swapped.find(b"gXYZ")
    swapped[red : red + 4], swapped[green : green + 4] = b"gXYZ", b"rXYZ"
    Image.new("RGB", (64, 64), (255, 0, 0)).save(tmp_path / "p.tif", icc_profile=bytes(swapped))
    with Image.open(make_access_jpeg(tmp_path / "p.tif", tmp_path / "a.jpg").path) as image:
        red_level, green_level, _ = image.getpixel((30, 30))
    assert green_level > 240
    assert red_level < 15


def test_a_rubbish_profile_does_not_stop_the_derivative(tmp_path: Path) -> None:
    Image.new("RGB", (64, 64), (200, 100, 50)).save(tmp_path / "p.tif", icc_profile=b"rubbish" * 40)
    with Image.open(make_access_jpeg(tmp_path / "p.tif", tmp_path / "a.jpg").path) as image:
        assert all(abs(a - b) < 4 for a, b in zip(image.getpixel((30, 30)), (200, 100, 50), strict=True))


def test_16_bits_are_scaled_and_not_cut(tmp_path: Path) -> None:
    deep = np.full((64, 64, 3), 40_000, np.uint16)
    tifffile.imwrite(tmp_path / "p.tif", deep, photometric="rgb")
    with Image.open(make_access_jpeg(tmp_path / "p.tif", tmp_path / "a.jpg").path) as image:
        assert abs(image.getpixel((30, 30))[0] - 156) <= 1


@pytest.mark.parametrize(
    ("dpi", "size"), [(600, (450, 350)), (300, (900, 700)), (200, (900, 700)), (400, (675, 525))]
)
def test_a_rendition_has_at_most_the_target_resolution(
    dpi: Any, size: tuple[int, int], make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    master = write_master(make_page("rgb_8", width=900, height=700), tmp_path / "p.tif", tags, None).path
    made = make_ocr_rendition(master, tmp_path / "o.png", dpi=dpi)
    assert (made.width, made.height) == size
    with Image.open(made.path) as image:
        assert image.mode == "L"
        assert round(image.info["dpi"][0]) == min(dpi, 300)


def test_a_bitonal_master_is_rendered_gray_when_it_is_scaled_and_kept_when_not(
    make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    master = write_master(make_page("bitonal_white_is_zero"), tmp_path / "p.tif", tags, None).path
    for dpi, mode in ((600, "L"), (300, "1")):
        with Image.open(make_ocr_rendition(master, tmp_path / "o.png", dpi=dpi).path) as image:
            assert image.mode == mode


def test_an_impossible_resolution_is_refused(make_page: Any, tags: MasterTags, tmp_path: Path) -> None:
    master = write_master(make_page(), tmp_path / "p.tif", tags, None).path
    with pytest.raises(ValueError, match="0 dpi"):
        make_ocr_rendition(master, tmp_path / "o.png", dpi=0)


def test_a_damaged_master_leaves_no_derivative(make_page: Any, tags: MasterTags, tmp_path: Path) -> None:
    master = write_master(make_page(), tmp_path / "p.tif", tags, None).path
    master.write_bytes(master.read_bytes()[:-1000])
    with pytest.raises(DamagedImage):
        make_derivatives(
            master,
            access=tmp_path / "d/a.jpg",
            thumbnail=tmp_path / "d/t.jpg",
            ocr_rendition=tmp_path / "d/o.png",
            dpi=300,
        )
    assert not (tmp_path / "d").exists()


def test_a_sideways_photograph_becomes_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[274] = 6
    Image.new("RGB", (80, 40)).save(tmp_path / "p.jpg", exif=exif, dpi=(300, 300))
    made = make_access_jpeg(tmp_path / "p.jpg", tmp_path / "a.jpg")
    assert (made.width, made.height) == (40, 80)
    with Image.open(BytesIO(made.path.read_bytes())) as image:
        assert image.getexif().get(274, 1) == 1
