# SPDX-License-Identifier: Apache-2.0
"""What lies under the sensor of a simulated scanner, and its pixels as the samples of a frame."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from hardware.driver import PageAddress
from hardware.simulated.configuration import SimulatedDevice
from hardware.simulated.controls import Controls
from hardware.simulated.film import FilmFrame
from hardware.simulated.glass import GlassPage, Pixels, image_for, to_colour, to_depth, to_gray
from hardware.simulated.models import COLOUR, INFRARED
from hardware.simulated.pages import DrawnPage

_NO_PIXELS = 0xA5
"""What drivers have in their memory beside the pixels may be anything."""

_BLACK_BELOW = 128
"""Values below this are black in one bit."""


class Picture(Protocol):
    """A page, frame or image that can be read row by row."""

    width: int
    height: int

    def rows(self, top: int, bottom: int) -> Pixels:
        """Rows from `top` to before `bottom`, gray or colour, 8 or 16 bit."""
        ...


class _Stretched:
    """A picture with another vertical resolution: rows are left out or come more than once."""

    def __init__(self, picture: Picture, factor: float) -> None:
        self._picture = picture
        self._factor = factor
        self.width, self.height = picture.width, max(1, round(picture.height * factor))

    def rows(self, top: int, bottom: int) -> Pixels:
        wanted = ((np.arange(top, bottom) + 0.5) / self._factor).astype(int)
        wanted = np.minimum(wanted, self._picture.height - 1)
        stretched: Pixels = self._picture.rows(int(wanted[0]), int(wanted[-1]) + 1)[wanted - wanted[0]]
        return stretched


def picture_of(device: SimulatedDevice, controls: Controls, page: PageAddress) -> Picture:
    """What lies under the sensor for a page, in the resolution that is set.

    Raises:
        FeederEmpty: There is no image for this page on the glass.
        InputOutputFailure: The image on the glass cannot be read, or has no infrared that is asked for.
    """
    across, down = controls.resolution
    infrared = controls.mode == INFRARED
    if device.glass is not None:
        picture: Picture = GlassPage(image_for(device.glass, page), across, infrared=infrared)
    elif controls.film:
        picture = FilmFrame(device.seed, page, across, infrared=infrared)
    else:
        size = (device.page_width, device.page_height)
        picture = DrawnPage(device.seed, page, size, across, device.features)
    return picture if across == down else _Stretched(picture, down / across)


def samples(pixels: Pixels, mode: str, depth: int) -> bytes:
    """Rows of pixels as a frame of this mode and depth carries them.

    One bit is packed, the left pixel in the highest bit: in gray 1 is black, in colour, where each
    eight pixels are a byte of red, one of green and one of blue, 1 is light (SANE 1.06, section 3.2.1).
    """
    if mode == COLOUR:
        colour = to_colour(pixels)
        if depth == 1:
            return np.packbits(to_depth(colour, 8) >= _BLACK_BELOW, axis=1).tobytes()
        return to_depth(colour, depth).tobytes()
    gray = to_gray(pixels)
    if depth == 1:
        return np.packbits(to_depth(gray, 8) < _BLACK_BELOW, axis=1).tobytes()
    return to_depth(gray, depth).tobytes()


def padded(rows: bytes, count: int, padding: int) -> bytes:
    """So many rows, each followed by so many bytes that are no pixels."""
    if not padding:
        return rows
    bare = np.frombuffer(rows, np.uint8).reshape(count, -1)
    return np.pad(bare, ((0, 0), (0, padding)), constant_values=_NO_PIXELS).tobytes()
