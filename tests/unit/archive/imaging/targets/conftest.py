# SPDX-License-Identifier: Apache-2.0
"""Target sheets drawn to the pixel, with faults that are known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest

from archive.imaging.color_profiles import srgb_profile
from archive.imaging.targets.geometry import TargetGeometry, load_geometry

Floats = npt.NDArray[np.float64]

GROUND = (-30.0, -12.0, 342.0, 262.0)
"""The sheet around the frame: left, top, width and height in millimetres."""
SQUARE = (141.0, 223.0, 15.0, 5.0)
"""The slanted square: middle, half of its side, degrees."""


@dataclass(frozen=True)
class Sheet:
    """A drawn sheet.

    Attributes:
        samples: The image, 8 or 16 bits.
        icc: Its profile.
        dpi: Its resolution.
    """

    samples: npt.NDArray[np.uint8] | npt.NDArray[np.uint16]
    icc: bytes
    dpi: float


def lab_to_srgb(lab: tuple[float, float, float]) -> Floats:
    """sRGB samples from 0 to 1 for a colour under D50 (IEC 61966-2-1, with the Bradford matrix to D65)."""
    lightness, a, b = lab
    fy = (lightness + 16) / 116
    over = np.array([fy + a / 500, fy, fy - b / 200])
    xyz = np.where(over > 6 / 29, over**3, (116 * over - 16) / (24389 / 27)) * [0.96422, 1.0, 0.82521]
    matrix = np.array(
        [
            [3.1338561, -1.6168667, -0.4906146],
            [-0.9787684, 1.9161415, 0.0334540],
            [0.0719453, -0.2289914, 1.4052427],
        ]
    )
    linear = np.clip(matrix @ xyz, 0, 1)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def linear(samples: Floats) -> Floats:
    return np.where(samples <= 0.04045, samples / 12.92, ((samples + 0.055) / 1.055) ** 2.4)


def encoded(light: Floats) -> Floats:
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * np.maximum(light, 0) ** (1 / 2.4) - 0.055)


@pytest.fixture(scope="session")
def geometry() -> TargetGeometry:
    return load_geometry("chart-24-and-edge")


@pytest.fixture(scope="session")
def draw(geometry: TargetGeometry) -> Callable[..., Sheet]:
    """Draw the sheet: `draw(dpi=100, bits=8, tilt=0, blur=0.5, shift=0, noise=0, gain=1, cast=0, seed=1)`."""

    def make(
        *,
        dpi: float = 100,
        bits: int = 8,
        tilt: float = 0.0,
        blur: float = 0.5,
        shift: float = 0.0,
        noise: float = 0.3,
        gain: float = 1.0,
        cast: float = 0.0,
        seed: int = 1,
    ) -> Sheet:
        left, top, width, height = GROUND
        density = dpi / 25.4
        columns, rows = round(width * density), round(height * density)
        y, x = np.mgrid[0:rows, 0:columns].astype(np.float64)
        turn = np.radians(tilt)
        middle_x, middle_y = columns / 2, rows / 2
        sheet_x = ((x - middle_x) * np.cos(turn) + (y - middle_y) * np.sin(turn) + middle_x) / density + left
        sheet_y = (-(x - middle_x) * np.sin(turn) + (y - middle_y) * np.cos(turn) + middle_y) / density + top
        picture = np.broadcast_to(lab_to_srgb((95, 0, 1)), (rows, columns, 3)).copy()
        frame = (sheet_x >= 0) & (sheet_x < geometry.width) & (sheet_y >= 0) & (sheet_y < geometry.height)
        picture[frame] = lab_to_srgb((8, 0, 0))
        for patch in geometry.patches:
            inside = (
                (sheet_x >= patch.x)
                & (sheet_x < patch.x + patch.width)
                & (sheet_y >= patch.y)
                & (sheet_y < patch.y + patch.height)
            )
            picture[inside] = lab_to_srgb(patch.lab)
        light = linear(picture)
        middle_x, middle_y, half, slant = SQUARE
        angle = np.radians(slant)
        dark, bright = linear(lab_to_srgb((30, 0, 0))), linear(lab_to_srgb((95, 0, 1)))
        near = (abs(sheet_x - middle_x) < 3 * half) & (abs(sheet_y - middle_y) < 3 * half)
        for channel in range(3):
            # the edge is drawn exactly: a blurred step, moved by a known length in red
            moved = sheet_x + (shift / density if channel == 0 else 0.0)
            along = (moved - middle_x) * np.cos(angle) + (sheet_y - middle_y) * np.sin(angle)
            across = -(moved - middle_x) * np.sin(angle) + (sheet_y - middle_y) * np.cos(angle)
            share = _step(half - abs(along), blur / density) * _step(half - abs(across), blur / density)
            mixed = bright[channel] + (dark[channel] - bright[channel]) * share
            light[..., channel] = np.where(near, mixed, light[..., channel])
        picture = encoded(light) ** gain
        picture[..., 2] += cast
        generator = np.random.default_rng(seed)
        largest = 255 if bits == 8 else 65535
        picture += generator.normal(0, noise / 255, picture.shape)
        samples = np.rint(np.clip(picture, 0, 1) * largest)
        return Sheet(samples.astype(np.uint8 if bits == 8 else np.uint16), srgb_profile(), dpi)

    return make


def _step(distance: Floats, blur: float) -> Floats:
    """A step that a Gaussian of a standard deviation has blurred: its integral."""
    scaled = distance / (blur * np.sqrt(2))
    # Abramowitz and Stegun, 7.1.26; its error of 1.5e-7 is far below a sample's step
    t = 1 / (1 + 0.3275911 * abs(scaled))
    poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    return 0.5 * (1 + np.sign(scaled) * (1 - poly * np.exp(-(scaled**2))))
