# SPDX-License-Identifier: Apache-2.0
"""The paper between the ink: how bright it is, how evenly it is lit, and how much noise lies on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from archive.imaging.page_area import PageArea
from archive.imaging.page_pixels import Pixels

FIELDS = 5
"""Fields of each side of the grid on which evenness is measured (FADGI 2023 measures a target the same way)."""

PATCH = 48
"""Pixels of the side of the patches on which noise is measured; in the full size, for scaling down takes it away."""

PATCHES = 24
"""Patches of each side of the page that are looked at."""

STROKE = 20.0
"""L* by which the darkest pixel of a patch is darker than its middle where something is written on it."""

PAPER_PERCENTILE = 90
"""Where in the brightness of a field its paper is found: above the ink, below specks of light."""

GAMMA = 2.2
"""Of the gray profile, and near enough to that of sRGB for paper, which is bright."""

Samples = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Paper:
    """What is measured of the paper; all in L* of CIE 1976, 0 black to 100 white.

    Attributes:
        lightness: The paper's, in the middle of the fields.
        unevenness: Between the lightest and the darkest field of the sheet.
        noise: Standard deviation on the smoothest patches; None where no patch is free of ink.
    """

    lightness: float
    unevenness: float
    noise: float | None


def measure_paper(page: Pixels, proxy: Image.Image, area: PageArea) -> Paper:
    """Measure the paper of a page.

    Args:
        page: The page in its full size.
        proxy: The page as `gray_proxy` makes it.
        area: Where the sheet lies on it.
    """
    fields = _fields(proxy, area)
    if not fields:
        return Paper(0.0, 0.0, None)
    lightness = lightness_of(np.array(fields))
    noise = _noise(page) if page.mode != "1" else None
    return Paper(
        round(float(np.median(lightness)), 2), round(float(lightness.max() - lightness.min()), 2), noise
    )


def lightness_of(samples: Samples) -> Samples:
    """L* of gray samples of 0 to 255, by CIE 15:2004, 8.2.1, from luminance by the profile's gamma."""
    luminance = np.power(np.asarray(samples, dtype=np.float64) / 255.0, GAMMA)
    small = luminance <= (6 / 29) ** 3
    return np.asarray(np.where(small, luminance * (29 / 3) ** 3, 116 * np.cbrt(luminance) - 16))


def _fields(proxy: Image.Image, area: PageArea) -> list[float]:
    samples = np.asarray(proxy)
    mask = np.asarray(
        Image.fromarray(area.mask.astype(np.uint8) * 255).resize(proxy.size, Image.Resampling.NEAREST)
    )
    rows, columns = np.nonzero(mask)
    if rows.size == 0:
        return []
    levels = []
    for down in np.array_split(np.arange(rows.min(), rows.max() + 1), FIELDS):
        for across in np.array_split(np.arange(columns.min(), columns.max() + 1), FIELDS):
            inside = mask[np.ix_(down, across)] > 0
            # a field that only touches the sheet tells of its edge, not of its paper
            if inside.mean() > 0.5:  # noqa: PLR2004 (most of it)
                levels.append(float(np.percentile(samples[np.ix_(down, across)][inside], PAPER_PERCENTILE)))
    return levels


def _noise(page: Pixels) -> float | None:
    across = np.linspace(0.1 * page.width, 0.9 * page.width - PATCH, PATCHES).astype(int)
    down = np.linspace(0.1 * page.height, 0.9 * page.height - PATCH, PATCHES).astype(int)
    if across.min() < 0 or down.min() < 0:
        return None
    found = []
    for top in down:
        band = np.asarray(page.crop((0, int(top), page.width, int(top) + PATCH)).convert("L"))
        for left in across:
            patch = band[:, left : left + PATCH]
            levels = lightness_of(patch.astype(np.float64))
            if float(levels.mean() - levels.min()) < STROKE:
                found.append((float(levels.std()), float(levels.mean())))
    if not found:
        return None
    brightest = max(mean for _, mean in found)
    smooth = sorted(deviation for deviation, mean in found if mean > 0.9 * brightest)
    # the smoothest tenth is bare paper, where there is any
    return round(float(np.median(smooth[: max(1, len(smooth) // 10)])), 3)
