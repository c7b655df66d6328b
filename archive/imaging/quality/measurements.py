# SPDX-License-Identifier: Apache-2.0
"""Everything that is measured of one page, with one decoding of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from archive.imaging.page_area import PageArea, find_page_area
from archive.imaging.page_pixels import Pixels, page_bands
from archive.imaging.pixels import gray_proxy
from archive.imaging.quality.edges import CutEdge, find_cut_edge
from archive.imaging.quality.fingerprint import fingerprint
from archive.imaging.quality.paper import Paper, measure_paper
from archive.imaging.quality.sharpness import measure_sharpness
from archive.imaging.quality.skew import Skew, measure_skew
from archive.imaging.quality.streaks import Streak, find_streaks


@dataclass(frozen=True, slots=True)
class PageMeasurements:
    """What is measured of a page.

    Attributes:
        area: The sheet, and the ink on it.
        skew: How far it is turned.
        streaks: Lines along the whole of it.
        cut_edge: The edge of the image over which most of its strokes run.
        paper: Its paper.
        sharpness: As `measure_sharpness` says.
        fingerprint: As `fingerprint` says.
        highlights: Share of the sheet's pixels at full brightness, in the worst channel; None where bitonal.
        shadows: Share of the sheet's pixels at zero, likewise.
    """

    area: PageArea
    skew: Skew
    streaks: tuple[Streak, ...]
    cut_edge: CutEdge
    paper: Paper
    sharpness: float
    fingerprint: str
    highlights: float | None
    shadows: float | None


def measure_page(page: Pixels) -> PageMeasurements:
    """Measure a page.

    Args:
        page: The page as `decode_page` gives it: mode "1", "L" or "RGB", upright, full size.
    """
    proxy = gray_proxy(page)
    area = find_page_area(proxy)
    highlights, shadows = _clipping(page, area) if page.mode != "1" else (None, None)
    return PageMeasurements(
        area=area,
        skew=measure_skew(proxy, area),
        streaks=find_streaks(proxy, area),
        cut_edge=find_cut_edge(proxy, area),
        paper=measure_paper(page, proxy, area),
        sharpness=measure_sharpness(page),
        fingerprint=fingerprint(proxy),
        highlights=highlights,
        shadows=shadows,
    )


def _clipping(page: Pixels, area: PageArea) -> tuple[float, float]:
    """Shares of pixels of the sheet at the upper and the lower end of the scale, in the worst channel."""
    histogram = _histogram(page, area)
    channels = [histogram[start : start + 256] for start in range(0, len(histogram), 256)]
    highest, lowest = (
        round(max(channel[end] / max(sum(channel), 1) for channel in channels), 5) for end in (255, 0)
    )
    return highest, lowest


def _histogram(page: Pixels, area: PageArea) -> list[int]:
    """How often each level of each channel occurs in the sheet, band by band."""
    rows, columns = (
        _cells(cells, pixels) for cells, pixels in zip(area.mask.shape, page.size[::-1], strict=True)
    )
    wide = area.mask[:, columns].astype(np.uint8) * 255
    counts = np.zeros(256 * len(page.mode), np.int64)
    top = 0
    for band in page_bands(page):
        mask = Image.fromarray(wide[rows[top : top + band.height]])
        counts += np.array(band.histogram(mask))
        top += band.height
    return [int(count) for count in counts]


def _cells(cells: int, pixels: int) -> npt.NDArray[np.int64]:
    """For each pixel of a side the cell of the mask that it lies in, as `mask_image` enlarges it."""
    ramp = Image.fromarray(np.arange(cells, dtype=np.int32)[np.newaxis])
    cells_of_pixels: npt.NDArray[np.int64] = np.asarray(
        ramp.resize((pixels, 1), Image.Resampling.NEAREST), dtype=np.int64
    )[0]
    return cells_of_pixels
