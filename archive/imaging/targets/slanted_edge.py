# SPDX-License-Identifier: Apache-2.0
"""Sharpness from a slanted edge: the spatial frequency response of ISO 12233:2017, annex D, for each channel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from archive.errors import TargetNotFound

Floats = npt.NDArray[np.float64]

OVERSAMPLING = 4
"""Bins of a pixel (ISO 12233:2017, D.3)."""
HALF_SAMPLING = 0.5
"""Cycles a pixel beyond which an image holds nothing but aliases."""
LEAST_CONTRAST = 0.05
"""Difference of relative luminance between the two sides below which there is no edge to be measured."""
LEAST_SLOPE, MOST_SLOPE = 0.02, 0.5
"""Pixels by which the edge moves from row to row: upright, its bins stay empty; leaning, its rows cross too slantwise."""


@dataclass(frozen=True, slots=True)
class EdgeResponse:
    """What an edge tells of the sharpness across it.

    Attributes:
        frequencies: Cycles a pixel, rising from 0.
        modulation: The share of contrast that is kept at each, 1 at frequency 0.
        position: Where the edge crosses the middle row, pixels from the left of the area.
    """

    frequencies: Floats
    modulation: Floats
    position: float

    def frequency_at(self, modulation: float) -> float:
        """The lowest frequency at which the modulation has fallen to a value, cycles a pixel; 1 where it never does."""
        below = np.flatnonzero(self.modulation < modulation)
        if not len(below) or below[0] == 0:
            return float(self.frequencies[-1])
        at = below[0]
        high, low = self.modulation[at - 1], self.modulation[at]
        share = (high - modulation) / (high - low)
        step = self.frequencies[at] - self.frequencies[at - 1]
        return float(self.frequencies[at - 1] + share * step)

    @property
    def sampling_efficiency(self) -> float:
        """SFR10 as a share of half sampling, not above 1 (ISO 19264-1:2021, sampling efficiency)."""
        return min(1.0, self.frequency_at(0.1) / HALF_SAMPLING)

    @property
    def largest_modulation(self) -> float:
        """The highest modulation below half sampling: above 1 where a program has sharpened."""
        return float(self.modulation[self.frequencies <= HALF_SAMPLING].max())

    @property
    def at_half_sampling(self) -> float:
        """The modulation at half sampling: what is left there comes back as aliases."""
        return float(np.interp(HALF_SAMPLING, self.frequencies, self.modulation))


def edge_response(area: Floats) -> EdgeResponse:
    """Measure an edge that runs nearly upright through an area.

    Args:
        area: Samples that are linear in light, of shape (rows, columns); for a lying edge, transpose it.

    Raises:
        TargetNotFound: There is no such edge in the area.
    """
    slope, offset = _edge_line(area)
    rows, columns = area.shape
    # distance of each pixel's centre from the edge, along the row, turned to be across the edge
    across = np.arange(columns)[np.newaxis] - (offset + slope * np.arange(rows)[:, np.newaxis])
    across /= np.hypot(1.0, slope)
    spread = _binned(across, area)
    line = np.gradient(spread)
    window = np.hamming(len(line))
    # the window is centred on the edge, which lies in the middle bin
    response = np.abs(np.fft.rfft(line * window))
    frequencies = np.fft.rfftfreq(len(line), 1 / OVERSAMPLING)
    response /= response[0]
    # the difference of neighbouring bins damps high frequencies (ISO 12233:2017, D.7)
    damping = np.sinc(2 * frequencies / OVERSAMPLING)
    kept = frequencies <= 1.0
    return EdgeResponse(
        np.asarray(frequencies[kept], np.float64),
        response[kept] / np.maximum(damping[kept], 0.1),
        float(offset + slope * (rows - 1) / 2),
    )


def _edge_line(area: Floats) -> tuple[float, float]:
    """Slope in columns a row, and column at row 0, of the line through each row's centre of change."""
    # squares, for the edge must weigh more than all the noise beside it
    steps = np.diff(area, axis=1) ** 2
    steps = np.maximum(steps - 4 * np.median(steps), 0.0)
    contrast = abs(float(np.median(area[:, :3])) - float(np.median(area[:, -3:])))
    if contrast < LEAST_CONTRAST:
        raise TargetNotFound(f"There is no edge: its two sides differ by {contrast:.3f} in luminance.")
    rows = np.arange(area.shape[0], dtype=np.float64)
    columns = np.arange(steps.shape[1]) + 0.5
    # again: noise far from the edge pulls the centres to the middle, so later looks are only near the line
    near = np.ones_like(steps, dtype=bool)
    slope = offset = 0.0
    for _ in range(3):
        weights = np.where(near, steps, 0.0)
        centres = (weights * columns).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-12)
        slope, offset = np.polyfit(rows, centres, 1)
        line = offset + slope * rows[:, np.newaxis]
        near = np.abs(columns[np.newaxis] - line) < max(5.0, area.shape[1] / 8)
    if not LEAST_SLOPE <= abs(slope) <= MOST_SLOPE:
        raise TargetNotFound(
            f"The edge moves by {slope:.3f} pixels a row; between {LEAST_SLOPE} and {MOST_SLOPE} can be measured."
        )
    return float(slope), float(offset)


def _binned(across: Floats, area: Floats) -> Floats:
    """The edge's profile, oversampled; the edge lies in the middle."""
    half = int(min(-across.min(axis=1).max(), across.max(axis=1).min()) * OVERSAMPLING) - 1
    if half < 8 * OVERSAMPLING:
        raise TargetNotFound("The edge lies too near to the border of its area.")
    bins = np.round(across * OVERSAMPLING).astype(np.intp) + half
    inside = (bins >= 0) & (bins <= 2 * half)
    counts = np.bincount(bins[inside], minlength=2 * half + 1)
    sums = np.bincount(bins[inside], area[inside], minlength=2 * half + 1)
    filled = counts > 0
    means = np.zeros(2 * half + 1)
    means[filled] = sums[filled] / counts[filled]
    places = np.arange(2 * half + 1)
    return np.interp(places, places[filled], means[filled])
