# SPDX-License-Identifier: Apache-2.0
"""Where the sheet lies in an image, and how much ink is on it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from archive.imaging.pixels import shrink

_CELL_SIDE = 100
"""Cells of the longer side of the grid on which the sheet is looked for."""

_REACH = 6
"""Pixels to each side, of a page scaled to 400, in which some paper shows between strokes."""

_INK = 0.72
"""A pixel darker than this share of the paper around it is ink."""

_BRIGHT = 0.5
"""A cell brighter than this share of the brightest paper may belong to the sheet."""

_EDGE = 3
"""Cells that are left out along the edge of the sheet, where shadow and other leaves lie."""

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class PageArea:
    """The sheet in an image.

    Attributes:
        mask: True where a cell of a coarse grid over the image lies well inside the sheet.
        share: The sheet's share of the image, 0 to 1.
        ink: Share of ink in the mask, 0 to 1.
        paper: Median brightness of the paper, 0 to 255.
    """

    mask: Mask
    share: float
    ink: float
    paper: float


def find_page_area(proxy: Image.Image) -> PageArea:
    """Find the largest bright region of a gray proxy and measure the ink in it.

    Brightness is compared with the paper around each pixel, so that yellowed or unevenly lit
    sheets count as blank when nothing is written on them.

    Args:
        proxy: A gray image as `gray_proxy` makes it.
    """
    paper = _local_paper(proxy)
    plain = np.asarray(proxy.resize(paper.shape[::-1], Image.Resampling.BOX), dtype=np.float64)
    sheet = _without_holes(_largest_region(plain > _BRIGHT * float(np.percentile(paper, 95))))
    eroded = _eroded(sheet)
    inside = eroded if eroded.any() else sheet
    full = np.asarray(_enlarged(inside, proxy.size))
    background = np.asarray(
        Image.fromarray(paper.astype(np.uint8)).resize(proxy.size, Image.Resampling.BILINEAR)
    )
    dark = np.asarray(proxy) < _INK * background
    return PageArea(
        mask=inside,
        share=float(sheet.mean()),
        ink=float(dark[full].mean()) if full.any() else 0.0,
        paper=float(np.median(paper[inside])) if inside.any() else 0.0,
    )


def mask_image(mask: Mask, size: tuple[int, int]) -> Image.Image:
    """The mask in the size of an image, in mode "L", for Pillow's masked statistics."""
    return Image.fromarray(mask.astype(np.uint8) * 255).resize(size, Image.Resampling.NEAREST)


def _local_paper(proxy: Image.Image) -> npt.NDArray[np.float64]:
    """The brightness of the paper by cell: the brightest of a neighbourhood, then smoothed."""
    # scaled down first: specks are taken away as well, and rank filters are slow on large images
    coarse = shrink(proxy, _CELL_SIDE * 4).filter(ImageFilter.MedianFilter(3))
    bright = Image.fromarray(_brightest(np.asarray(coarse))).filter(ImageFilter.BoxBlur(_REACH))
    return np.asarray(shrink(bright, _CELL_SIDE), dtype=np.float64)


def _brightest(samples: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """For each pixel the brightest of the square around it; along one axis after the other, which is the same."""
    for axis in (0, 1):
        margin = [(0, 0), (0, 0)]
        margin[axis] = (_REACH, _REACH)
        wide = np.pad(samples, margin, mode="edge")
        samples = np.lib.stride_tricks.sliding_window_view(wide, 2 * _REACH + 1, axis=axis).max(axis=-1)
    return samples


def _enlarged(mask: Mask, size: tuple[int, int]) -> Mask:
    return np.asarray(mask_image(mask, size)) > 0


def _eroded(mask: Mask) -> Mask:
    """The mask without the cells near its edge, where shadow and neighbouring pages lie."""
    inner = np.pad(mask, 1)
    for _ in range(_EDGE):
        inner = (
            inner
            & np.roll(inner, 1, 0)
            & np.roll(inner, -1, 0)
            & np.roll(inner, 1, 1)
            & np.roll(inner, -1, 1)
        )
    return np.asarray(inner[1:-1, 1:-1])


def _largest_region(bright: Mask) -> Mask:
    """The largest group of cells that touch at their sides."""
    best: list[tuple[int, int]] = []
    unseen = bright.copy()
    for row, column in zip(*np.nonzero(bright), strict=True):
        if unseen[row, column]:
            region = _flood(unseen, int(row), int(column))
            best = max(best, region, key=len)
    mask = np.zeros_like(bright)
    for row, column in best:
        mask[row, column] = True
    return mask


def _without_holes(mask: Mask) -> Mask:
    """The mask with what it encloses: dense text and plates are dark but part of the sheet."""
    enclosed = np.pad(~mask, 1, constant_values=True)
    _flood(enclosed, 0, 0)  # takes away all that is connected with the outside
    return mask | enclosed[1:-1, 1:-1]


def _flood(unseen: Mask, row: int, column: int) -> list[tuple[int, int]]:
    """Collect the region around a cell and mark it as seen."""
    rows, columns = unseen.shape
    unseen[row, column] = False
    region, waiting = [], deque([(row, column)])
    while waiting:
        row, column = waiting.popleft()
        region.append((row, column))
        for down, right in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            y, x = row + down, column + right
            if 0 <= y < rows and 0 <= x < columns and unseen[y, x]:
                unseen[y, x] = False
                waiting.append((y, x))
    return region
