# SPDX-License-Identifier: Apache-2.0
"""Drawn pages: the same seed, batch, item and page give the same words and the same pixels.

The text is set in the scalable sans serif that Pillow carries, so that no font of the system and no
network is needed; on tinted paper with a little noise; a folio number stands at the foot.
"""

from __future__ import annotations

import functools
import random
import textwrap

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from hardware.driver import PageAddress
from hardware.simulated.prose import sentences
from hardware.simulated.seeds import seed_of

MM_PER_INCH = 25.4
POINTS_PER_INCH = 72.0

_BODY = 11.0
"""Size of the text in points, on an A5 page; other pages are scaled."""

_LEADING = 16.0
_COLUMNS = 62
_LINES = 28
_A5 = (148.0, 210.0)
_MARGIN = 15.0
"""Millimetres around the text on an A5 page."""

_PAPER = (250, 246, 236)
"""Red, green and blue of the paper, before noise."""

_INK = (38, 34, 40)
_NOISE = 3
"""Highest step of the noise, up or down, in values of 255."""

_BAND = 64
"""Rows that are drawn with one state of the noise."""


def page_lines(seed: int, batch: str, item: str, page: int) -> list[str]:
    """The lines of text on a page, empty ones between paragraphs, without the folio number."""
    # the sequence of random.Random for a seed is fixed by Python's documentation; no secret is made here
    source = random.Random(seed_of("text", seed, batch, item, page))  # noqa: S311
    supply = sentences(source)
    lines: list[str] = []
    while len(lines) < _LINES:
        paragraph = " ".join(next(supply) for _ in range(source.randint(3, 5)))
        lines += [*textwrap.wrap(paragraph, _COLUMNS, break_on_hyphens=False), ""]
    # a page ends where it is full, in the middle of a sentence or not
    return lines[:_LINES] if lines[_LINES - 1] else lines[: _LINES - 1]


def page_text(seed: int, batch: str, item: str, page: int) -> str:
    """All text on a page as it is read from top to bottom: the ground truth for OCR."""
    return "\n".join([*page_lines(seed, batch, item, page), "", str(page)])


@functools.lru_cache(maxsize=4)
def _font(size: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType, so it has no scalable font")
    return font


class DrawnPage:
    """One page of text, drawn when its rows are asked for.

    Args:
        seed: Of the device.
        address: Batch, item and page.
        size: Width and height in mm.
        dpi: Resolution.
    """

    def __init__(self, seed: int, address: PageAddress, size: tuple[float, float], dpi: float) -> None:
        self.width = max(1, round(size[0] / MM_PER_INCH * dpi))
        self.height = max(1, round(size[1] / MM_PER_INCH * dpi))
        self._noise_seed = seed_of("noise", seed, address.batch, address.item, address.number)
        scale = min(size[0] / _A5[0], size[1] / _A5[1])
        lines = page_lines(seed, address.batch, address.item, address.number)
        self._coverage = self._set_text(lines, str(address.number), scale * dpi)

    def _set_text(self, lines: list[str], folio: str, scaled_dpi: float) -> Image.Image:
        """How much ink lies on each pixel, from 0 to 255."""
        image = Image.new("L", (self.width, self.height), 0)
        draw = ImageDraw.Draw(image)
        font = _font(max(1.0, _BODY * scaled_dpi / POINTS_PER_INCH))
        margin = _MARGIN * scaled_dpi / MM_PER_INCH
        leading = _LEADING * scaled_dpi / POINTS_PER_INCH
        for place, line in enumerate(lines):
            draw.text((margin, margin + place * leading), line, fill=255, font=font)
        draw.text((self.width / 2, self.height - margin), folio, fill=255, font=font, anchor="ms")
        return image

    def rows(self, top: int, bottom: int) -> npt.NDArray[np.uint8]:
        """Rows from `top` to before `bottom` as an array of (rows, width, 3) in red, green and blue."""
        bands = [self._band(band) for band in range(top // _BAND, (bottom - 1) // _BAND + 1)]
        skipped = top // _BAND * _BAND
        return np.concatenate(bands)[top - skipped : bottom - skipped]

    def _band(self, band: int) -> npt.NDArray[np.uint8]:
        top, bottom = band * _BAND, min((band + 1) * _BAND, self.height)
        ink = np.asarray(self._coverage.crop((0, top, self.width, bottom)), np.int32)
        noise = np.random.Generator(np.random.PCG64([self._noise_seed, band])).integers(
            -_NOISE, _NOISE, ink.shape, np.int32, endpoint=True
        )
        channels = [
            np.clip(paper + (black - paper) * ink // 255 + noise, 0, 255)
            for paper, black in zip(_PAPER, _INK, strict=True)
        ]
        return np.stack(channels, axis=2).astype(np.uint8)
