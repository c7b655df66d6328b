# SPDX-License-Identifier: Apache-2.0
"""Making pages smaller band by band, to the pixels that Pillow makes of them as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor

from PIL import Image

from archive.imaging.page_pixels import GrayPixels, Pixels, band_rows

_GAP = 3.0
"""Pillow's `reducing_gap`: boxes are averaged first until the sides are at most so many times too large."""

_SUPPORT = {Image.Resampling.HAMMING: 1.0, Image.Resampling.LANCZOS: 3.0}
"""Pixels of the result to each side that a kernel looks at (Pillow, Resample.c)."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """Sizes of both passes: boxes of `across` x `down` pixels are averaged, the rest is filtered."""

    page: Pixels
    width: int
    height: int
    across: int
    down: int

    @property
    def scale(self) -> float:
        """Rows of the averaged page that go into one of the result."""
        return self.page.height / self.down / self.height

    @property
    def averaged_rows(self) -> int:
        """Rows of the averaged page."""
        return -(-self.page.height // self.down)


def scale_by_bands(
    page: Pixels, width: int, height: int, kernel: Image.Resampling = Image.Resampling.LANCZOS
) -> Image.Image:
    """The page in a smaller size, as `archive.imaging.scaling.scale_by_pillow` would make it; 1 bit becomes gray."""
    bands = scaled_bands(page, width, height, kernel)
    first = next(bands)
    scaled = Image.new(first.mode, (width, height))
    scaled.paste(first, (0, 0))
    top = first.height
    for band in bands:
        scaled.paste(band, (0, top))
        top += band.height
    return scaled


def scaled_bands(
    page: Pixels, width: int, height: int, kernel: Image.Resampling = Image.Resampling.LANCZOS
) -> Iterator[Image.Image]:
    """Yield the rows of the page in a smaller size, from the top, several at once.

    Args:
        page: The page.
        width: Pixels in a row of the result.
        height: Its rows.
        kernel: Hamming or Lanczos.
    """
    if page.mode == "1":
        page = GrayPixels(page)
    across, down = (
        int(side / small / _GAP) or 1 for side, small in zip(page.size, (width, height), strict=True)
    )
    plan = _Plan(page, width, height, across, down)
    rows = max(1, int(band_rows(page.width) / down / plan.scale))
    for top in range(0, height, rows):
        yield _band(plan, top, min(top + rows, height), kernel)


def _band(plan: _Plan, top: int, bottom: int, kernel: Image.Resampling) -> Image.Image:
    """Rows `top` to `bottom` of the result."""
    reach = _SUPPORT[kernel] * max(plan.scale, 1.0) + 1
    first = max(0, floor(top * plan.scale - reach))
    last = min(plan.averaged_rows, ceil(bottom * plan.scale + reach))
    averaged = plan.page.crop(
        (0, first * plan.down, plan.page.width, min(last * plan.down, plan.page.height))
    )
    if (plan.across, plan.down) != (1, 1):
        averaged = averaged.reduce((plan.across, plan.down))
    # a last digit too many would lie outside
    end = min(bottom * plan.scale - first, averaged.height)
    across = (0.0, 0.0, plan.page.width / plan.across, float(averaged.height))
    # one way after the other: Pillow chooses which comes first by the shape, and that of bands differs
    narrow = averaged.resize((plan.width, averaged.height), kernel, box=across)
    return narrow.resize(
        (plan.width, bottom - top), kernel, box=(0, top * plan.scale - first, plan.width, end)
    )
