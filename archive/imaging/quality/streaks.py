# SPDX-License-Identifier: Apache-2.0
"""Lines that a feeder's dusty glass draws along the whole page."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from archive.imaging.page_area import PageArea

SIGMAS = 8.0
"""From where on a column stands out; the noise of column means seldom reaches five."""

PARTS = 10
"""Bands of the height that are looked at one by one: a rule that ends half-way down is no streak."""

SHARE = 0.8
"""Share of the bands in which a streak must show."""

Columns = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Streak:
    """A streak.

    Attributes:
        position: Where it is, as a share of the width, 0 at the left.
        strength: By how many times the noise of its neighbours it stands out, in the middle of its bands.
    """

    position: float
    strength: float


def find_streaks(proxy: Image.Image, area: PageArea) -> tuple[Streak, ...]:
    """Find vertical lines that run over at least four fifths of the sheet's height, the strongest first.

    Args:
        proxy: The page in mode "L".
        area: Where the sheet lies on it; what is beside it are edges and shadows.
    """
    sheet = _bounds(area, proxy)
    samples = np.asarray(proxy.crop(sheet), dtype=np.float64)
    if samples.shape[1] < 3:  # noqa: PLR2004 (a column and its neighbours)
        return ()
    bands = [band for band in np.array_split(samples, PARTS) if band.shape[0]]
    strengths = np.array([_outstanding(np.median(band, axis=0)) for band in bands])
    darker = (strengths > SIGMAS).mean(axis=0) >= SHARE
    brighter = (strengths < -SIGMAS).mean(axis=0) >= SHARE
    found = [
        Streak(
            round(float(sheet[0] + column + 1) / proxy.width, 4),
            round(float(np.median(np.abs(strengths[:, column]))), 1),
        )
        for column in np.flatnonzero(darker | brighter)
    ]
    return tuple(sorted(found, key=lambda streak: -streak.strength))


def _bounds(area: PageArea, proxy: Image.Image) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the inner sheet, in pixels; the whole page where no sheet was found."""
    rows, columns = np.nonzero(area.mask)
    if rows.size == 0:
        return 0, 0, proxy.width, proxy.height
    across, down = proxy.width / area.mask.shape[1], proxy.height / area.mask.shape[0]
    return (
        int(columns.min() * across),
        int(rows.min() * down),
        int((columns.max() + 1) * across),
        int((rows.max() + 1) * down),
    )


def _outstanding(columns: Columns) -> Columns:
    """For each column but the outer two, how far it is from its neighbours, in multiples of the usual."""
    second = columns[:-2] - 2 * columns[1:-1] + columns[2:]
    usual = 1.4826 * float(np.median(np.abs(second - np.median(second))))
    # the median of a band is a whole number: less than half a level is no noise that could be measured
    return np.asarray(second / max(usual, 0.5))
