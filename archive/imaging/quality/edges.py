# SPDX-License-Identifier: Apache-2.0
"""Text that runs over the edge of the image: a page that was cropped too tightly, or lay beside the scan area."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from PIL import Image

from archive.imaging.page_area import PageArea

LINE = 2
"""Pixels of the proxy, from the edge on, in which a stroke that is cut shows."""

DEPTH = 24
"""Pixels from the edge on in which some paper shows between strokes."""

PARTS = 40
"""Parts of an edge whose paper is found one by one, for light falls off towards corners."""

INK = 0.65
"""A pixel darker than this share of the paper beside it is ink."""

LONGEST = 0.03
"""Share of the edge above which something dark is a shadow, a picture or a neighbouring leaf, and no stroke."""

Samples = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class CutEdge:
    """The edge of an image over which most strokes run.

    Attributes:
        side: "left", "top", "right" or "bottom".
        strokes: How many strokes end at it.
    """

    side: str
    strokes: int


def find_cut_edge(proxy: Image.Image, area: PageArea) -> CutEdge:
    """The edge over which most strokes run; of a page that is whole it has none or a few.

    Args:
        proxy: The page as `gray_proxy` makes it.
        area: Where the sheet lies on it: what is as dark as the ground around it is no paper.
    """
    samples = np.asarray(proxy)
    edges = {
        "left": samples[:, :DEPTH],
        "top": samples[:DEPTH].T,
        "right": samples[:, : -DEPTH - 1 : -1],
        "bottom": samples[: -DEPTH - 1 : -1].T,
    }
    counts = [CutEdge(side, _strokes(edge, area.paper)) for side, edge in edges.items()]
    return max(counts, key=lambda edge: edge.strokes)


def _strokes(edge: Samples, paper: float) -> int:
    """Short dark runs along the outermost line of an edge, which is given as rows from one end to the other."""
    outermost = edge[:, :LINE].mean(axis=1)
    dark = np.zeros(len(edge), dtype=np.bool_)
    for part in np.array_split(np.arange(len(edge)), PARTS):
        if not part.size:
            continue
        beside = float(np.percentile(edge[part], 90))
        # a dark ground around the sheet has no paper that could be written on
        dark[part] = (outermost[part] < INK * beside) & (beside > INK * paper)
    return sum(1 < length <= LONGEST * len(edge) for length in _runs(dark))


def _runs(dark: npt.NDArray[np.bool_]) -> Iterator[int]:
    """Lengths of the runs of True."""
    changes = np.flatnonzero(np.diff(np.concatenate(([False], dark, [False])).astype(np.int8)))
    for number, (start, end) in enumerate(pairwise(changes.tolist())):
        if number % 2 == 0:
            yield end - start
