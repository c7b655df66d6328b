# SPDX-License-Identifier: Apache-2.0
"""Clipping and sharpness of a page are measured from the spool."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from archive.errors import SpoolIncomplete
from archive.imaging.page_measures import measure_page
from archive.imaging.raw_page import RawPage


def raw_page(folder: Path, pixels: npt.NDArray[np.generic]) -> RawPage:
    path = folder / "0001.raw"
    path.write_bytes(bytes(64) + pixels.tobytes())
    height, width, samples = pixels.shape
    bits = 8 * pixels.dtype.itemsize
    photometric = "rgb" if samples == 3 else "black_is_zero"
    return RawPage(path, width, height, bits, samples, photometric, (300, 300), "0" * 64, 64)


@pytest.mark.parametrize(("kind", "largest"), [(np.uint8, 255), (np.uint16, 65535)])
def test_clipping_is_that_of_the_worst_channel(tmp_path: Path, kind: type, largest: int) -> None:
    pixels = np.full((40, 100, 3), largest // 2, kind)
    pixels[:, :25, 1] = largest
    pixels[:, :10, 2] = 0
    measured = measure_page(raw_page(tmp_path, pixels))
    assert measured is not None
    assert (measured.highlights, measured.shadows) == (0.25, 0.1)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_a_page_out_of_focus_is_less_sharp(tmp_path: Path, kind: type) -> None:
    scale = np.iinfo(kind).max / 255
    edges = np.tile(np.repeat([40.0, 200.0], 8), 20)[None, :, None].repeat(200, 0)
    soft = edges.copy()
    for _ in range(4):
        soft[:, 1:-1] = (soft[:, :-2] + soft[:, 1:-1] + soft[:, 2:]) / 3
    sharp_page = measure_page(raw_page(tmp_path, (edges * scale).astype(kind)))
    soft_page = measure_page(raw_page(tmp_path, (soft * scale).astype(kind)))
    assert sharp_page is not None
    assert soft_page is not None
    assert soft_page.sharpness < sharp_page.sharpness / 2


def test_a_page_of_one_bit_has_no_such_measures(tmp_path: Path) -> None:
    page = raw_page(tmp_path, np.zeros((2, 2, 1), np.uint8))
    assert measure_page(dataclasses.replace(page, bits_per_sample=1)) is None


def test_a_page_cut_short_is_refused(tmp_path: Path) -> None:
    page = raw_page(tmp_path, np.zeros((2, 2, 1), np.uint8))
    with pytest.raises(SpoolIncomplete):
        measure_page(dataclasses.replace(page, height=50))


def test_the_smallest_page_is_measured(tmp_path: Path) -> None:
    measured = measure_page(raw_page(tmp_path, np.zeros((1, 1, 1), np.uint8)))
    assert measured is not None
    assert (measured.shadows, measured.sharpness) == (1.0, 0.0)
