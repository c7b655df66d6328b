# SPDX-License-Identifier: Apache-2.0
"""How sharp the edges of a page are, to be compared with the other pages of its batch."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

from archive.imaging.page_pixels import Pixels

WINDOW = 512
"""Pixels of the side of the windows in which edges are measured."""

WINDOWS = 12
"""How many windows, spread evenly, are looked at: the time does not grow with the page."""

STRONGEST = 3
"""How many of them count: those with most to see."""


def measure_sharpness(page: Pixels) -> float:
    """The standard deviation of the Laplacian where there is most to see, in levels of 255.

    It is a measure within one kind of material only: small print has more edges than a title. Pages of one item
    on one device lie within a factor of two; one that was out of focus falls below that.

    Args:
        page: The page in its full size, of any mode that Pillow can turn to gray.
    """
    strengths = sorted(_laplacian(window) for window in _windows(page))
    return round(float(np.mean(strengths[-STRONGEST:])), 3) if strengths else 0.0


def _windows(page: Pixels) -> list[Image.Image]:
    across = max(1, min(3, page.width // WINDOW))
    down = max(1, min(WINDOWS // across, page.height // WINDOW))
    width, height = min(WINDOW, page.width), min(WINDOW, page.height)
    lefts = np.linspace(0, page.width - width, across + 2)[1:-1] if across > 1 else [(page.width - width) / 2]
    tops = np.linspace(0, page.height - height, down + 2)[1:-1] if down > 1 else [(page.height - height) / 2]
    return [
        page.crop((int(left), int(top), int(left) + width, int(top) + height)).convert("L")
        for top in tops
        for left in lefts
    ]


def _laplacian(window: Image.Image) -> float:
    return edge_strength(np.asarray(window, dtype=np.float32))


def edge_strength(samples: npt.NDArray[np.float32]) -> float:
    """The standard deviation of the Laplacian of one channel; 0.0 where it is too small to have any inside."""
    if min(samples.shape) < 3:  # noqa: PLR2004 (a pixel and its neighbours)
        return 0.0
    middle = samples[1:-1, 1:-1]
    around = samples[:-2, 1:-1] + samples[2:, 1:-1] + samples[1:-1, :-2] + samples[1:-1, 2:]
    return float(np.std(around - 4 * middle))
