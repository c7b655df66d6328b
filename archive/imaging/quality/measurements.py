# SPDX-License-Identifier: Apache-2.0
"""Everything that is measured of one page, with one decoding of it."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from archive.imaging.page_area import PageArea, find_page_area, mask_image
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


def measure_page(page: Image.Image) -> PageMeasurements:
    """Measure a page.

    Args:
        page: The page as `decode_for_viewing` gives it: mode "1", "L" or "RGB", upright, full size.
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


def _clipping(page: Image.Image, area: PageArea) -> tuple[float, float]:
    """Shares of pixels of the sheet at the upper and the lower end of the scale, in the worst channel."""
    histogram = page.histogram(mask_image(area.mask, page.size))
    channels = [histogram[start : start + 256] for start in range(0, len(histogram), 256)]
    highest, lowest = (
        round(max(channel[end] / max(sum(channel), 1) for channel in channels), 5) for end in (255, 0)
    )
    return highest, lowest
