# SPDX-License-Identifier: Apache-2.0
"""A frame of film has real 16-bit tones, and its infrared plane shows its dust and nothing else."""

from __future__ import annotations

import numpy as np

from hardware.driver import PageAddress
from hardware.simulated.film import FilmFrame
from hardware.simulated.glass import Pixels


def frame(number: int = 1, dpi: float = 300, *, infrared: bool = False) -> Pixels:
    film = FilmFrame(1, PageAddress("b", "i", number), dpi, infrared=infrared)
    return film.rows(0, film.height)


def test_a_frame_is_the_same_in_whatever_blocks_it_is_read() -> None:
    film = FilmFrame(1, PageAddress("b", "i", 1), 300, infrared=False)
    pieces = [film.rows(top, min(top + 37, film.height)) for top in range(0, film.height, 37)]
    assert np.array_equal(np.concatenate(pieces), frame())
    assert not np.array_equal(frame(2), frame())


def test_a_frame_has_more_than_eight_bits() -> None:
    picture = frame()
    assert (picture.dtype, picture.shape) == (np.uint16, (283, 425, 3))
    assert len(np.unique(picture % 257)) == 257


def test_the_infrared_plane_is_dark_where_dust_lies_on_the_picture() -> None:
    dusty = frame(infrared=True) < 30000
    assert 0.0005 < dusty.mean() < 0.05
    picture = frame()
    assert (picture[dusty] < 6000).all()
    assert (picture[~dusty] >= 6000).all()


def test_every_resolution_shows_the_same_dust() -> None:
    fine = frame(dpi=1200, infrared=True) < 30000
    coarse = frame(dpi=300, infrared=True) < 30000
    assert abs(fine.mean() - coarse.mean()) < 0.2 * fine.mean()
