# SPDX-License-Identifier: Apache-2.0
"""What drawn pages may have beside their text, each to be switched on or off, and the truth about it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum

from hardware.driver import PageAddress
from hardware.simulated.code39 import writable
from hardware.simulated.seeds import seed_of


class Feature(StrEnum):
    """One thing that pages may have."""

    FOLIO = "folio"
    TINT = "tint"
    NOISE = "noise"
    RULER = "ruler"
    COLOUR_TARGET = "colour_target"
    BARCODE = "barcode"
    SEPARATOR = "separator"
    SKEW = "skew"
    SHADOW = "shadow"
    BLEED_THROUGH = "bleed_through"
    DUST = "dust"


EVERYDAY = (Feature.FOLIO, Feature.TINT, Feature.NOISE)
"""What a page has when nobody says."""

COLOUR_TARGET = (
    (255, 255, 255),
    (200, 200, 200),
    (160, 160, 160),
    (120, 120, 120),
    (80, 80, 80),
    (30, 30, 30),
    (200, 40, 40),
    (40, 150, 60),
    (40, 70, 170),
    (0, 140, 170),
    (190, 60, 140),
    (240, 200, 20),
)
"""Red, green and blue of the patches of the colour target, from left to right, before noise."""

_LEAST_SKEW, _MOST_SKEW = 0.5, 2.5
"""Degrees."""

_BARCODE_ITEM = 16
"""Characters of an item's name that a barcode holds."""


@dataclass(frozen=True, slots=True)
class PageTruth:
    """What is really on a drawn page, to compare with what is read from its image.

    Attributes:
        text: As it is read from top to bottom.
        skew: Degrees that the printing is turned anticlockwise.
        barcode: What the barcode says, or None.
        gutter: The side on which the shadow of a book's fold lies, or None.
        separator: Whether it is a separator sheet.
        colour_target: Red, green and blue of the patches; empty without a target.
    """

    text: str
    skew: float
    barcode: str | None
    gutter: str | None
    separator: bool
    colour_target: tuple[tuple[int, int, int], ...]


def skew_of(seed: int, address: PageAddress) -> float:
    """Degrees that the printing of a page is turned anticlockwise when pages are skewed."""
    # no secret is made here
    chance = random.Random(seed_of("skew", seed, address.batch, address.item, address.number))  # noqa: S311
    return chance.choice((-1, 1)) * round(chance.uniform(_LEAST_SKEW, _MOST_SKEW), 3)


def barcode_of(address: PageAddress) -> str:
    """What the barcode of a page says: its item and its number, or the item alone on a separator sheet."""
    return f"{writable(address.item[:_BARCODE_ITEM])}-{address.number:04d}".lstrip("-")


def gutter_of(address: PageAddress) -> str:
    """The side of the fold: left pages of a book have even numbers."""
    return "right" if address.number % 2 == 0 else "left"


def is_separator(features: frozenset[Feature], address: PageAddress) -> bool:
    """Whether the page is a separator sheet: the first of each item, when there are any."""
    return Feature.SEPARATOR in features and address.number == 1
