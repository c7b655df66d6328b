# SPDX-License-Identifier: Apache-2.0
"""Drawn pages: the same seed, batch, item and page give the same words and the same pixels.

The text is set in the scalable sans serif that Pillow carries, so that no font of the system and no
network is needed; on tinted paper with a little noise; a folio number stands at the foot.
"""

from __future__ import annotations

import functools
import random
import textwrap
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageOps

from hardware.driver import PageAddress
from hardware.simulated.features import (
    COLOUR_TARGET,
    EVERYDAY,
    Feature,
    PageTruth,
    barcode_of,
    gutter_of,
    is_separator,
    skew_of,
)
from hardware.simulated.furniture import (
    MM_PER_INCH,
    Box,
    draw_barcode,
    draw_dust,
    draw_ruler,
    light,
    patch_boxes,
)
from hardware.simulated.prose import sentences
from hardware.simulated.seeds import seed_of

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

_WHITE = (255, 255, 255)
_INK = (38, 34, 40)
_NOISE = 3
"""Highest step of the noise, up or down, in values of 255."""

_BLEED = 45
"""How much of the ink on the back shows on the front, of 255."""

_BARCODE = Box(15, 177, 118, 9)
_SEPARATOR_BARCODE = Box(15, 90, 118, 30)
"""Where barcodes stand on an A5 page, in mm."""

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


def page_truth(seed: int, address: PageAddress, features: Iterable[Feature | str] = EVERYDAY) -> PageTruth:
    """What is on a drawn page: the ground truth for OCR, deskewing, barcodes and colour."""
    having = frozenset(map(Feature, features))
    separator = is_separator(having, address)
    lines = _lines(seed, address, having)
    folio = [str(address.number)] if Feature.FOLIO in having and not separator else []
    return PageTruth(
        text="\n".join([*lines, *([""] if folio else []), *folio]),
        skew=skew_of(seed, address) if Feature.SKEW in having else 0.0,
        barcode=barcode_of(address) if having & {Feature.BARCODE} or separator else None,
        gutter=gutter_of(address) if Feature.SHADOW in having else None,
        separator=separator,
        colour_target=COLOUR_TARGET if Feature.COLOUR_TARGET in having else (),
    )


def _lines(seed: int, address: PageAddress, features: frozenset[Feature]) -> list[str]:
    if is_separator(features, address):
        return ["SEPARATOR SHEET", address.item]
    return page_lines(seed, address.batch, address.item, address.number)


class DrawnPage:
    """One page of text, drawn when its rows are asked for.

    Args:
        seed: Of the device.
        address: Batch, item and page.
        size: Width and height in mm.
        dpi: Resolution.
        features: What it has beside its text.
    """

    def __init__(
        self,
        seed: int,
        address: PageAddress,
        size: tuple[float, float],
        dpi: float,
        features: Iterable[Feature | str] = EVERYDAY,
    ) -> None:
        self.width = max(1, round(size[0] / MM_PER_INCH * dpi))
        self.height = max(1, round(size[1] / MM_PER_INCH * dpi))
        self._seed, self._address, self._dpi = seed, address, dpi
        self._features = frozenset(map(Feature, features))
        self._noise_seed = seed_of("noise", seed, address.batch, address.item, address.number)
        self._scaled_dpi = min(size[0] / _A5[0], size[1] / _A5[1]) * dpi
        self._truth = page_truth(seed, address, self._features)
        self._coverage = self._seen(self._printed())
        gutter = self._truth.gutter
        self._light = light(self.width, gutter, dpi) if gutter else None

    def _printed(self) -> Image.Image:
        """How much ink lies on each pixel of the straight page, from 0 to 255."""
        folio = str(self._address.number) if Feature.FOLIO in self._features else ""
        separator = self._truth.separator
        lines = _lines(self._seed, self._address, self._features)
        image = self._set_text(lines, "" if separator else folio)
        if self._truth.barcode:
            box = _SEPARATOR_BARCODE if separator else _BARCODE
            draw_barcode(image, self._truth.barcode, box, self._scaled_dpi)
        if Feature.BLEED_THROUGH in self._features:
            back = replace(self._address, number=self._address.number + 1)
            other = self._set_text(page_lines(self._seed, back.batch, back.item, back.number), "")
            faint = ImageOps.mirror(other).point([value * _BLEED // 255 for value in range(256)])
            image = ImageChops.lighter(image, faint)
        return image

    def _seen(self, printed: Image.Image) -> Image.Image:
        """The page as it lies on the glass: turned, with what lies there beside it."""
        seen = printed
        if self._truth.skew:
            seen = printed.rotate(self._truth.skew, Image.Resampling.BICUBIC)
        if Feature.RULER in self._features:
            draw_ruler(seen, self._dpi)
        if Feature.DUST in self._features:
            address = self._address
            draw_dust(
                seen, seed_of("dust", self._seed, address.batch, address.item, address.number), self._dpi
            )
        return seen

    def _set_text(self, lines: list[str], folio: str) -> Image.Image:
        image = Image.new("L", (self.width, self.height), 0)
        draw = ImageDraw.Draw(image)
        scaled_dpi = self._scaled_dpi
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
        paper = _PAPER if Feature.TINT in self._features else _WHITE
        channels = [tone + (black - tone) * ink // 255 for tone, black in zip(paper, _INK, strict=True)]
        picture = np.stack(channels, axis=2)
        if self._light is not None:
            picture = np.rint(picture * self._light[None, :, None]).astype(np.int32)
        for (left, upper, right, lower), colour in zip(
            patch_boxes(self._scaled_dpi), self._truth.colour_target, strict=False
        ):
            picture[max(0, upper - top) : max(0, lower - top), left:right] = colour
        if Feature.NOISE in self._features:
            noise = np.random.Generator(np.random.PCG64([self._noise_seed, band])).integers(
                -_NOISE, _NOISE, ink.shape, np.int32, endpoint=True
            )
            picture += noise[:, :, None]
        return np.clip(picture, 0, 255).astype(np.uint8)
