# SPDX-License-Identifier: Apache-2.0
"""Profiles are valid, repeatable, and refused by name when they are neither."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from archive.errors import ColorProfileUnknown
from archive.imaging.color_profiles import (
    color_profile,
    gray_profile,
    icc_profile,
    site_profiles,
    srgb_profile,
)


@pytest.mark.parametrize(("name", "space"), [("sRGB", "RGB"), ("gray", "GRAY"), ("Gray Gamma 2.2", "GRAY")])
def test_a_built_in_profile_parses_and_is_for_its_images(name: str, space: str) -> None:
    content = icc_profile(name)
    assert content is not None
    profile = ImageCms.ImageCmsProfile(BytesIO(content))
    assert profile.profile.xcolor_space.strip() == space
    assert int.from_bytes(content[:4], "big") == len(content)


@pytest.mark.parametrize("name", ["sRGB", "gray"])
def test_a_profile_has_the_same_bytes_in_another_process(name: str) -> None:
    program = f"import sys; from archive.imaging.color_profiles import icc_profile; sys.stdout.buffer.write(icc_profile({name!r}))"
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout
    assert other == icc_profile(name)


def test_gray_gamma_2_2_is_nearly_what_srgb_shows() -> None:
    ramp = Image.linear_gradient("L")
    shown = ImageCms.profileToProfile(
        ramp, ImageCms.ImageCmsProfile(BytesIO(gray_profile())), ImageCms.ImageCmsProfile(BytesIO(srgb_profile())),
        outputMode="RGB",
    )  # fmt: skip
    assert shown is not None
    for level in (0, 64, 128, 192, 255):
        assert abs(shown.getpixel((0, level))[1] - level) <= 3


def test_bitonal_has_no_profile() -> None:
    assert icc_profile("bitonal") is None


@pytest.mark.parametrize("name", ["SRGB", "s-rgb", "sRGB IEC61966-2.1"])
def test_spelling_does_not_matter(name: str) -> None:
    assert color_profile(name).name == "sRGB"


@pytest.mark.parametrize("name", ["eciRGBv2", "AdobeRGB"])
def test_a_profile_that_is_not_ours_comes_from_the_site(name: str, tmp_path: Path) -> None:
    with pytest.raises(ColorProfileUnknown, match=name):
        icc_profile(name)
    (tmp_path / "site.icc").write_bytes(srgb_profile())
    assert icc_profile(name, {name: tmp_path / "site.icc"}) == srgb_profile()


@pytest.mark.parametrize("content", [b"", b"rubbish" * 50, gray_profile(), srgb_profile()[:-1]])
def test_a_site_file_that_is_no_rgb_profile_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "site.icc").write_bytes(content)
    with pytest.raises(ColorProfileUnknown, match="not an ICC profile for RGB"):
        icc_profile("eciRGBv2", {"eciRGBv2": tmp_path / "site.icc"})


def test_a_site_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ColorProfileUnknown, match=r"no\.icc"):
        icc_profile("eciRGBv2", {"eciRGBv2": tmp_path / "no.icc"})


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ColorProfileUnknown, match="sRGB, gray, bitonal"):
        icc_profile("ProPhoto")


def test_profiles_of_a_folder_are_known_by_what_their_names_mean(tmp_path: Path) -> None:
    for name in ("eciRGB_v2.icc", "AdobeRGB1998.ICM", "ISOcoated_v2.icc", "eciRGBv2.txt"):
        (tmp_path / name).write_bytes(srgb_profile())
    found = site_profiles(tmp_path)
    assert found == {"eciRGBv2": tmp_path / "eciRGB_v2.icc", "AdobeRGB": tmp_path / "AdobeRGB1998.ICM"}
    assert icc_profile("AdobeRGB (1998)", found) == srgb_profile()
    assert site_profiles(None) == {}


def test_a_folder_that_is_gone_is_named_with_its_setting(tmp_path: Path) -> None:
    with pytest.raises(ColorProfileUnknown, match="cannot be read") as told:
        site_profiles(tmp_path / "gone")
    assert "masters.icc_folder" in told.value.remedy
