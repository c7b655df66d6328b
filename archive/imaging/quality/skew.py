# SPDX-License-Identifier: Apache-2.0
"""How far the lines of a page are from level, by the projection profile of its ink.

The ink is sheared by each angle in turn and counted row by row. Where the angle is that of the lines, rows are
either full or empty, and the sum of their squares is greatest (Postl, US patent 4,723,297, 1988, long expired).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from archive.imaging.page_area import PageArea, mask_image
from archive.imaging.pixels import shrink

LONG_SIDE = 1000
"""Pixels of the longer side that are looked at; strokes of ordinary print are one or two of them wide."""

WIDEST = 6.0
"""Degrees; a sheet that lies further off was not laid down with care, and is seen at a glance."""

COARSE, FINE = 0.5, 0.05
"""Steps of the two rounds, in degrees."""

INK = 0.6
"""A pixel darker than this share of the paper is ink."""

FEW = 400
"""Ink pixels below which there are no lines to measure."""

Points = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Skew:
    """How far a page is off.

    Attributes:
        degrees: How far the page is turned counter-clockwise; 0.0 where nothing could be measured.
        confidence: How much better that angle is than a typical one; below 2 it should not be trusted.
    """

    degrees: float
    confidence: float


def measure_skew(proxy: Image.Image, area: PageArea) -> Skew:
    """Measure the angle of the lines on a page.

    Args:
        proxy: The page as `gray_proxy` makes it.
        area: Where the sheet lies on it.
    """
    small = shrink(proxy, LONG_SIDE)
    inside = np.asarray(mask_image(area.mask, small.size)) > 0
    ink = (np.asarray(small) < INK * max(area.paper, 1.0)) & inside
    rows, columns = np.nonzero(ink)
    if rows.size < FEW:
        return Skew(0.0, 0.0)
    x, y = columns - columns.mean(), rows.astype(np.float64)
    coarse = np.arange(-WIDEST, WIDEST + COARSE / 2, COARSE)
    scores = _scores(x, y, coarse)
    around = coarse[int(np.argmax(scores))]
    fine = np.arange(around - COARSE, around + COARSE + FINE / 2, FINE)
    fine_scores = _scores(x, y, fine)
    best = int(np.argmax(fine_scores))
    typical = float(np.median(scores))
    return Skew(round(float(fine[best]), 2) + 0.0, round(float(fine_scores[best]) / max(typical, 1e-9), 2))


def _scores(x: Points, y: Points, angles: Points) -> Points:
    """For each angle the variance of the ink's row counts, against that of evenly spread ink."""
    return np.array([_score(y + x * np.tan(np.radians(angle))) for angle in angles])


def _score(levels: Points) -> float:
    lowest = levels.min()
    counts = np.bincount((levels - lowest).astype(np.intp))
    # neighbouring rows that differ are what lines of text look like, and margins and pictures do not
    return float(np.square(np.diff(counts.astype(np.float64))).sum()) / float(levels.size)
