# SPDX-License-Identifier: Apache-2.0
"""Measuring a target sheet in an image: colours, tones, noise, sharpness, registration, light and scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from archive.imaging.targets.color_difference import ciede2000
from archive.imaging.targets.colorimetry import luminance, to_lab
from archive.imaging.targets.geometry import Edge, Patch, TargetGeometry
from archive.imaging.targets.location import TargetLocation, locate
from archive.imaging.targets.slanted_edge import EdgeResponse, edge_response

Floats = npt.NDArray[np.float64]
Samples = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]

MIDDLE = 0.5
"""Share of a patch's sides that is measured: its border holds shadows and neighbours."""
HIGHLIGHTS = 65.0
"""L* from which on a gray counts as a highlight in the gain of tones."""
MILLIMETRES_AN_INCH = 25.4


@dataclass(frozen=True, slots=True)
class MeasuredPatch:
    """One patch.

    Attributes:
        name: What it is called.
        reference: Its colour as the geometry says, CIE L*a*b* under D50.
        measured: Its mean colour in the image.
        difference: CIEDE2000 between the two.
        noise: Standard deviation of L* within it.
    """

    name: str
    reference: tuple[float, float, float]
    measured: tuple[float, float, float]
    difference: float
    noise: float


@dataclass(frozen=True, slots=True)
class MeasuredTarget:
    """What a scanner made of a target sheet.

    Attributes:
        geometry: Name of the sheet.
        patches: The patches in the sheet's order.
        figures: The figures by which levels judge (`archive.imaging.targets.levels.Figure`); those that the sheet
            cannot tell are left out. L* and differences in their own units, shares as numbers around 1,
            misregistration in pixels, `scale` the share by which the resolution differs from what is claimed.
        dpi: Pixels an inch along the rows and down the columns, as the sheet's lengths tell.
        tilt: Degrees by which the sheet lay askew.
        least_noise: The lowest noise of a gray patch: below 0.25 L*, a program may have smoothed.
        half_modulation: Cycles a pixel at which half of the contrast is kept, of the worst edge; None without edges.
    """

    geometry: str
    patches: tuple[MeasuredPatch, ...]
    figures: dict[str, float]
    dpi: tuple[float, float]
    tilt: float
    least_noise: float | None
    half_modulation: float | None

    def to_json(self) -> dict[str, Any]:
        """The measurement as a JSON object."""
        return {
            "geometry": self.geometry,
            "figures": self.figures,
            "dpi": list(self.dpi),
            "tilt": self.tilt,
            "least_noise": self.least_noise,
            "half_modulation": self.half_modulation,
            "patches": [
                {
                    "name": patch.name,
                    "reference": list(patch.reference),
                    "measured": list(patch.measured),
                    "difference": patch.difference,
                    "noise": patch.noise,
                }
                for patch in self.patches
            ],
        }


def measure_target(
    samples: Samples, icc: bytes, geometry: TargetGeometry, *, claimed_dpi: tuple[float, float] | None = None
) -> MeasuredTarget:
    """Find and measure a target sheet.

    Args:
        samples: The image as the scanner delivered it, 8 or 16 bits, of shape (rows, columns, 1 or 3).
        icc: Its ICC profile.
        geometry: The sheet.
        claimed_dpi: The resolution that the image claims; the scale is not judged without it.

    Raises:
        TargetNotFound: The sheet is not there, or part of it cannot be measured.
        WorkerExtraMissing: See `to_lab`.
    """
    location = locate(_gray(samples), geometry)
    patches = tuple(_patch(samples, icc, patch, location) for patch in geometry.patches)
    by_name = {patch.name: patch for patch in patches}
    neutrals = [by_name[patch.name] for patch in geometry.neutrals]
    color = samples.shape[2] > 1
    figures = _color_figures(patches) if color else {}
    figures |= _tone_figures(neutrals, color=color)
    edges = [_edge(samples, icc, edge, location) for edge in geometry.edges]
    if edges:
        figures |= _edge_figures(edges)
    if geometry.paper:
        light = [_mean_lab(_area(samples, location, area), icc)[0] for area in geometry.paper]
        figures["evenness"] = max(light) - min(light)
    dpi = tuple(density * MILLIMETRES_AN_INCH for density in location.pixels_per_millimetre)
    if claimed_dpi is not None:
        figures["scale"] = max(abs(seen / said - 1) for seen, said in zip(dpi, claimed_dpi, strict=True))
    return MeasuredTarget(
        geometry=geometry.name,
        patches=patches,
        figures={name: round(float(value), 4) for name, value in figures.items()},
        dpi=(round(dpi[0], 2), round(dpi[1], 2)),
        tilt=round(location.tilt, 3),
        least_noise=round(min(patch.noise for patch in neutrals), 3) if neutrals else None,
        half_modulation=round(min(all_.frequency_at(0.5) for all_, _ in edges), 4) if edges else None,
    )


def _gray(samples: Samples) -> npt.NDArray[np.uint8]:
    """The image in 8-bit gray; the frame is found by it, nothing is measured on it."""
    green = samples[..., samples.shape[2] // 2]
    return (green >> 8 if green.dtype == np.uint16 else green).astype(np.uint8)


def _area(samples: Samples, location: TargetLocation, area: Any, middle: float = 1.0) -> Floats:
    """Samples of an area of the sheet, from 0 to 1."""
    rows, columns = location.box(area, middle=middle)
    return np.asarray(samples[rows, columns] / np.iinfo(samples.dtype).max, np.float64)


def _mean_lab(area: Floats, icc: bytes) -> tuple[float, float, float]:
    lightness, a, b = to_lab(area.reshape(-1, area.shape[2]).mean(axis=0)[np.newaxis], icc)[0]
    return float(lightness), float(a), float(b)


def _patch(samples: Samples, icc: bytes, patch: Patch, location: TargetLocation) -> MeasuredPatch:
    area = _area(samples, location, patch, MIDDLE)
    measured = _mean_lab(area, icc)
    spread = float(to_lab(area.reshape(-1, area.shape[2]), icc)[:, 0].std())
    difference = float(ciede2000(patch.lab, measured))
    return MeasuredPatch(patch.name, patch.lab, measured, difference, spread)


def _color_figures(patches: Sequence[MeasuredPatch]) -> dict[str, float]:
    differences = np.array([patch.difference for patch in patches])
    return {
        "color_mean": float(differences.mean()),
        "color_90th": float(np.percentile(differences, 90)),
        "color_max": float(differences.max()),
    }


def _tone_figures(neutrals: Sequence[MeasuredPatch], *, color: bool) -> dict[str, float]:
    """From the gray scale, the lightest first."""
    if not neutrals:
        return {}
    figures = {
        "tone": max(abs(patch.measured[0] - patch.reference[0]) for patch in neutrals),
        "noise": max(patch.noise for patch in neutrals),
    }
    if color:
        figures["white_balance"] = max(
            float(np.hypot(patch.measured[1] - patch.reference[1], patch.measured[2] - patch.reference[2]))
            for patch in neutrals
        )
    gains = [
        (lighter.reference[0], (lighter.measured[0] - darker.measured[0]) / step)
        for lighter, darker in pairwise(neutrals)
        if (step := lighter.reference[0] - darker.reference[0]) > 1
    ]
    for name, chosen in (
        ("highlight_gain", [gain for lightness, gain in gains if lightness >= HIGHLIGHTS]),
        ("gain", [gain for lightness, gain in gains if lightness < HIGHLIGHTS]),
    ):
        if chosen:
            figures[f"{name}_low"], figures[f"{name}_high"] = min(chosen), max(chosen)
    return figures


def _edge(
    samples: Samples, icc: bytes, edge: Edge, location: TargetLocation
) -> tuple[EdgeResponse, tuple[float, ...]]:
    """The response in luminance, and where the edge lies in each channel."""
    area = _area(samples, location, edge)
    if not edge.upright:
        area = area.transpose(1, 0, 2)
    whole = edge_response(luminance(area, icc))
    channels = area.shape[2]
    places = tuple(edge_response(area[..., channel]).position for channel in range(channels))
    return whole, places


def _edge_figures(edges: Sequence[tuple[EdgeResponse, tuple[float, ...]]]) -> dict[str, float]:
    """Of the worst edge, each."""
    figures = {
        "sampling_efficiency": min(response.sampling_efficiency for response, _ in edges),
        "modulation": max(response.largest_modulation for response, _ in edges),
        "aliasing": max(response.at_half_sampling for response, _ in edges),
    }
    apart = [max(places) - min(places) for _, places in edges if len(places) > 1]
    if apart:
        figures["misregistration"] = max(apart)
    return figures
