# SPDX-License-Identifier: Apache-2.0
"""Colours on screen are those that the page's profile promises, and who cannot promise says so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QColorSpace

from app.desktop.viewer.clipping import BLOCKED, BLOWN, with_clipping
from app.desktop.viewer.color import ColorManagement, color_management, to_display, to_qimage
from archive.imaging.color_profiles import gray_profile, srgb_profile
from archive.imaging.image_source import ImageSource

ADOBE_RGB = bytes(QColorSpace(QColorSpace.NamedColorSpace.AdobeRgb).iccProfile().data())

TO_XYZ = np.array([[0.57667, 0.18556, 0.18823], [0.29734, 0.62736, 0.07529], [0.02703, 0.07069, 0.99134]])
"""AdobeRGB (1998) to XYZ, D65 (Adobe RGB (1998) Color Image Encoding, 4.3.5.3)."""
FROM_XYZ = np.array(
    [[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]]
)  # IEC 61966-2-1, 5.3


def srgb_of_adobe(color: tuple[int, int, int]) -> list[int]:
    """By the standards' own formulas, without a colour management module."""
    linear = FROM_XYZ @ TO_XYZ @ (np.array(color) / 255) ** 2.19921875
    linear = linear.clip(0, 1)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return [round(float(value)) for value in encoded * 255]


@pytest.mark.parametrize(
    "color", [(128, 128, 128), (150, 120, 90), (60, 100, 80), (200, 190, 170), (0, 0, 0)]
)
def test_adobe_rgb_is_shown_with_the_right_srgb_values(color: tuple[int, int, int]) -> None:
    shown = to_qimage(to_display(Image.new("RGB", (4, 4), color), ADOBE_RGB)).pixelColor(1, 1)
    expected = srgb_of_adobe(color)
    assert [shown.red(), shown.green(), shown.blue()] == pytest.approx(expected, abs=2)


def test_srgb_stays_as_it_is() -> None:
    image = Image.new("RGB", (2, 2), (12, 34, 56))
    assert to_display(image, srgb_profile()) is image
    assert to_qimage(image).pixelColor(1, 1).getRgb() == (12, 34, 56, 255)


def test_gray_is_shown_by_its_own_curve() -> None:
    shown = to_display(Image.new("L", (2, 2), 100), gray_profile(1.8)).getpixel((0, 0))
    linear = (100 / 255) ** 1.8
    expected = round((1.055 * linear ** (1 / 2.4) - 0.055) * 255)
    assert shown == pytest.approx((expected,) * 3, abs=2)


@pytest.mark.parametrize(
    ("icc", "samples", "bits", "expected"),
    [
        (srgb_profile(), 3, 8, ColorManagement.MANAGED),
        (ADOBE_RGB, 3, 16, ColorManagement.MANAGED),
        (gray_profile(), 1, 8, ColorManagement.MANAGED),
        (None, 3, 8, ColorManagement.NO_PROFILE),
        (None, 1, 1, ColorManagement.UNNEEDED),
        (gray_profile(), 3, 8, ColorManagement.BAD_PROFILE),
        (b"rubbish", 3, 8, ColorManagement.BAD_PROFILE),
        (srgb_profile()[:200], 3, 8, ColorManagement.BAD_PROFILE),
    ],
)
def test_a_page_tells_whether_its_colours_can_be_believed(
    icc: bytes | None, samples: int, bits: int, expected: ColorManagement
) -> None:
    photometric = "rgb" if samples == 3 else "black_is_zero"
    source = ImageSource(Path("page.tif"), "tiff", 10, 10, bits, samples, photometric, "k", icc=icc)
    assert color_management(source) is expected


def test_pixels_of_a_bad_profile_are_shown_as_they_are() -> None:
    image = Image.new("RGB", (2, 2), (12, 34, 56))
    assert to_display(image, b"rubbish").getpixel((0, 0)) == (12, 34, 56)


def test_clipped_pixels_are_marked_by_the_samples_of_the_file() -> None:
    samples = Image.new("RGB", (4, 1), (120, 130, 140))
    samples.putpixel((1, 0), (255, 200, 200))
    samples.putpixel((2, 0), (0, 0, 0))
    samples.putpixel((3, 0), (0, 0, 1))
    marked = with_clipping(Image.new("RGB", (4, 1), (9, 9, 9)), samples)
    assert [marked.getpixel((x, 0)) for x in range(4)] == [(9, 9, 9), BLOWN, BLOCKED, (9, 9, 9)]
