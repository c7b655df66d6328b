# SPDX-License-Identifier: Apache-2.0
"""What can be measured of a captured page in a moment: clipping and sharpness, from a part of its pixels.

For the operator's glance while the next sheet is put in place; the quality checks look at the whole page.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from archive.imaging.quality.sharpness import edge_strength
from archive.imaging.raw_page import RawPage

_ROWS = 400
"""Rows that are looked at for clipping, evenly spread over the page."""

_WINDOW = 768
"""Pixels of each side of the window in the middle that is looked at for sharpness."""

_LARGEST = {8: 255, 16: 65535}

Samples = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class PageMeasures:
    """Measurements of a page.

    Attributes:
        highlights: Share of pixels at full brightness, in the worst channel, from 0 to 1.
        shadows: Share of pixels at zero, likewise.
        sharpness: Standard deviation of the Laplacian in the middle of the page, in samples of 8 bits:
            the edges there, which a page out of focus lacks. Pages of one kind can be compared by it.
    """

    highlights: float
    shadows: float
    sharpness: float


def measure_page(raw: RawPage) -> PageMeasures | None:
    """Measure a page in the spool; None for one of 1 bit, where nothing of this has a meaning.

    Raises:
        SpoolIncomplete: The file is not what the geometry says.
        OSError: It cannot be read.
    """
    if raw.bits_per_sample == 1:
        return None
    raw.require_whole()
    kind = np.dtype("<u2" if raw.bits_per_sample == 16 else np.uint8)  # noqa: PLR2004  # bits
    shape = (raw.height, raw.width, raw.samples_per_pixel)
    pixels = np.memmap(raw.path, kind, "r", offset=raw.pixel_offset, shape=shape)
    rows = pixels[:: max(1, raw.height // _ROWS)]
    largest = _LARGEST[raw.bits_per_sample]
    return PageMeasures(
        highlights=_worst_share(rows, largest),
        shadows=_worst_share(rows, 0),
        sharpness=edge_strength(_middle(pixels)) * 255 / largest,
    )


def _worst_share(rows: Samples, value: int) -> float:
    return float(np.mean(rows == value, axis=(0, 1)).max())


def _middle(pixels: Samples) -> npt.NDArray[np.float32]:
    """The window in the middle, as one channel: green where there are three, which is nearest to brightness."""
    height, width, samples = pixels.shape
    top, left = max(0, (height - _WINDOW) // 2), max(0, (width - _WINDOW) // 2)
    window = pixels[top : top + _WINDOW, left : left + _WINDOW, samples // 2]
    return window.astype(np.float32)
