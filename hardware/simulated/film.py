# SPDX-License-Identifier: Apache-2.0
"""Frames of film: a soft picture in 16 bit, and an infrared plane on which only the dust is dark.

Dyes of colour film let infrared light through and dust does not, which is how a front-end finds it.
"""

from __future__ import annotations

import numpy as np

from hardware.driver import PageAddress
from hardware.simulated.glass import Pixels
from hardware.simulated.models import FILM_FRAME
from hardware.simulated.seeds import seed_of

_MM_PER_INCH = 25.4

_WAVES = 3
"""Soft bright and dark regions a channel."""

_GRAINS = 40
"""Specks of dust on a frame."""

_SPECK = (0.02, 0.12)
"""Smallest and largest radius of a speck in mm."""

_DARK, _BRIGHT = 6000.0, 60000.0
"""Values of 65535 between which the picture stays."""

_CLEAR, _BLOCKED = 58000, 3000
"""Infrared through film, and through dust."""


class FilmFrame:
    """One frame of 36 x 24 mm; the same seed, batch, item and page give the same picture.

    Args:
        seed: Of the device.
        address: Batch, item and page.
        dpi: Resolution.
        infrared: Whether to see the infrared plane instead of the picture.
    """

    def __init__(self, seed: int, address: PageAddress, dpi: float, *, infrared: bool) -> None:
        self.width, self.height = (max(1, round(side / _MM_PER_INCH * dpi)) for side in FILM_FRAME)
        self._infrared = infrared
        chance = np.random.Generator(
            np.random.PCG64(seed_of("film", seed, address.batch, address.item, address.number))
        )
        # places and sizes in mm, so that every resolution shows the same frame
        self._waves = chance.uniform(0.2, 2.5, (3, _WAVES, 2))
        self._phases = chance.uniform(0, 2 * np.pi, (3, _WAVES))
        self._dust = [
            (chance.uniform(0, FILM_FRAME[0]), chance.uniform(0, FILM_FRAME[1]), chance.uniform(*_SPECK))
            for _ in range(_GRAINS)
        ]
        self._step = _MM_PER_INCH / dpi

    def rows(self, top: int, bottom: int) -> Pixels:
        """Rows from `top` to before `bottom`, 16 bit: colour, or the gray of the infrared plane."""
        x = (np.arange(self.width) + 0.5) * self._step
        y = ((np.arange(top, bottom) + 0.5) * self._step)[:, None]
        dusty = self._under_dust(x, y)
        if self._infrared:
            return np.where(dusty, _BLOCKED, _CLEAR).astype(np.uint16)
        channels = [self._channel(number, x, y) for number in range(3)]
        picture = np.stack(channels, axis=2)
        picture[dusty] = _DARK / 2
        whole: Pixels = np.rint(picture).astype(np.uint16)
        return whole

    def _channel(self, number: int, x: Pixels, y: Pixels) -> Pixels:
        waves = zip(self._waves[number], self._phases[number], strict=True)
        light: Pixels = np.zeros((len(y), len(x)))
        for (across, down), phase in waves:
            light += np.sin(across * x / 4 + down * y / 4 + phase) / _WAVES
        toned: Pixels = _DARK + (_BRIGHT - _DARK) * (light + 1) / 2
        return toned

    def _under_dust(self, x: Pixels, y: Pixels) -> Pixels:
        covered = np.zeros((len(y), len(x)), bool)
        for centre_x, centre_y, radius in self._dust:
            columns = np.abs(x - centre_x) <= radius
            lines = np.abs(y[:, 0] - centre_y) <= radius
            if columns.any() and lines.any():
                block = np.ix_(lines, columns)
                covered[block] |= (x[columns] - centre_x) ** 2 + (y[lines] - centre_y) ** 2 <= radius**2
        return covered
