# SPDX-License-Identifier: Apache-2.0
"""libvips and Pillow make the same small images of large ones, to a level or two of 255."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from PIL import Image, ImageDraw

from archive.imaging import scaling
from tests.conftest import missing


def sheet(mode: str, width: int = 2600, height: int = 1800) -> Image.Image:
    """Paper with grain, and words with sharp edges."""
    grain = np.random.default_rng(5).integers(225, 240, (height, width), dtype=np.uint8)
    image = Image.fromarray(grain).convert(mode)
    draw = ImageDraw.Draw(image)
    for line in range(40):
        for word in range(12):
            draw.rectangle((100 + word * 200, 60 + line * 42, 240 + word * 200, 84 + line * 42), fill=40)
    return image


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("width", [1733, 1300, 801])
def test_both_give_the_same_pixels(mode: str, width: int) -> None:
    vips = scaling.libvips()
    if vips is None:
        missing("libvips is not installed (the extra vips).")
    assert vips is not None
    image = sheet(mode)
    height = round(1800 * width / 2600)
    by_pillow = scaling.scale_by_pillow(image, width, height)
    by_vips = scaling.scale_by_vips(vips, image, width, height)
    assert (by_vips.mode, by_vips.size) == (mode, (width, height))
    difference = np.abs(np.asarray(by_pillow).astype(int) - np.asarray(by_vips).astype(int))
    assert difference.mean() < 0.75
    assert np.quantile(difference, 0.99) <= 6


def test_without_libvips_pillow_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    image = sheet("L")
    monkeypatch.setitem(sys.modules, "pyvips", None)
    scaling.libvips.cache_clear()
    try:
        assert scaling.libvips() is None
        assert scaling.scale(image, 1300, 900) == scaling.scale_by_pillow(image, 1300, 900)
    finally:
        monkeypatch.undo()
        scaling.libvips.cache_clear()


def test_1_bit_becomes_gray_and_other_kernels_are_pillows() -> None:
    image = sheet("L")
    assert scaling.scale(image.convert("1"), 1300, 900).mode == "L"
    hamming = Image.Resampling.HAMMING
    assert scaling.scale(image, 1300, 900, hamming) == scaling.scale_by_pillow(image, 1300, 900, hamming)
