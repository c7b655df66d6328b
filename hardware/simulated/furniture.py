# SPDX-License-Identifier: Apache-2.0
"""Drawing what pages have beside their text: barcode, ruler, dust, patches, and the shadow of the fold."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from hardware.simulated.code39 import element_widths
from hardware.simulated.features import COLOUR_TARGET

MM_PER_INCH = 25.4

_INK = 255
_MODULE = 0.33
"""Widest narrow element of a barcode in mm."""

_TICKS = {10: 4.0, 5: 2.5, 1: 1.5}
"""Length in mm of the marks of a ruler, at every ten, five and one millimetres."""

_RULER_FROM = 15
"""Millimetres from either edge of the page to the ends of the ruler."""

_SPECKS = 25
_SPECK = (0.05, 0.3)
"""Radius of dust in mm."""

_PATCH, _GAP, _PATCH_TOP = 8.0, 1.0, 3.0
"""Side, distance and place of the patches on an A5 page in mm."""

_SHADOW, _SHADOW_REACH = 0.35, 8.0
"""Part of the light that the fold takes, and millimetres after which it takes a third of that."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in mm from the upper left corner of the page."""

    left: float
    top: float
    width: float
    height: float


def draw_barcode(image: Image.Image, text: str, box: Box, dpi: float) -> None:
    """Ink a barcode in the middle of a box, as wide as it needs and the box allows."""
    widths = element_widths(text)
    module = min(_MODULE, box.width / sum(widths))
    draw = ImageDraw.Draw(image)
    at = box.left + (box.width - module * sum(widths)) / 2
    top, bottom = _pixels(box.top, dpi), _pixels(box.top + box.height, dpi)
    for place, width in enumerate(widths):
        end = at + width * module
        if place % 2 == 0:
            draw.rectangle(
                (_pixels(at, dpi), top, max(_pixels(at, dpi), _pixels(end, dpi) - 1), bottom), _INK
            )
        at = end


def draw_ruler(image: Image.Image, dpi: float) -> None:
    """Ink a ruler of whole millimetres along the lower edge."""
    draw = ImageDraw.Draw(image)
    length = round(image.width / dpi * MM_PER_INCH) - 2 * _RULER_FROM
    thick = max(1, round(0.15 / MM_PER_INCH * dpi))
    for mark in range(max(0, length) + 1):
        size = next(length for step, length in _TICKS.items() if mark % step == 0)
        left = _pixels(_RULER_FROM + mark, dpi)
        draw.rectangle((left, image.height - _pixels(size, dpi), left + thick - 1, image.height), _INK)


def draw_dust(image: Image.Image, seed: int, dpi: float) -> None:
    """Ink specks all over the page."""
    chance = random.Random(seed)  # noqa: S311  # no secret is made here
    draw = ImageDraw.Draw(image)
    for _ in range(_SPECKS):
        x, y = chance.random() * image.width, chance.random() * image.height
        radius = chance.uniform(*_SPECK) / MM_PER_INCH * dpi
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), _INK)


def patch_boxes(scaled_dpi: float) -> list[tuple[int, int, int, int]]:
    """Left, top, right and bottom pixel of each patch of the colour target."""
    side, top = _pixels(_PATCH, scaled_dpi), _pixels(_PATCH_TOP, scaled_dpi)
    lefts = [
        _pixels(_RULER_FROM + place * (_PATCH + _GAP), scaled_dpi) for place in range(len(COLOUR_TARGET))
    ]
    return [(left, top, left + side, top + side) for left in lefts]


def light(width: int, gutter: str, dpi: float) -> npt.NDArray[np.float64]:
    """How much light each column gets when the fold of a book lies on one side."""
    distance = (np.arange(width) + 0.5) / dpi * MM_PER_INCH
    if gutter == "right":
        distance = distance[::-1]
    columns: npt.NDArray[np.float64] = 1 - _SHADOW * np.exp(-distance / _SHADOW_REACH)
    return columns


def _pixels(millimetres: float, dpi: float) -> int:
    return round(millimetres / MM_PER_INCH * dpi)
