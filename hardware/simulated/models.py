# SPDX-License-Identifier: Apache-2.0
"""The kinds of simulated devices: their sources, and what each source can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from hardware.options import Range

SimulatedKind = Literal["flatbed", "feeder", "duplex", "book", "film", "described"]

KINDS: tuple[str, ...] = get_args(SimulatedKind)

DESCRIBED = "described"
"""The kind that has no model: what it is stands in a description."""

LINEART, GRAY, COLOUR, INFRARED = "Lineart", "Gray", "Color", "Infrared"

PAPER_MODES = (LINEART, GRAY, COLOUR)
FILM_MODES = (GRAY, COLOUR, INFRARED)

BED_WIDTH = 216.0
GLASS_HEIGHT = 297.0
FEEDER_HEIGHT = 356.0
"""Millimetres: A4 and letter on the glass, up to legal through the feeder."""

FILM_FRAME = (36.0, 24.0)
"""Millimetres: the frame of 35 mm film."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where sheets come from.

    Attributes:
        name: As the option `source` names it.
        feeds: Whether it goes on by itself.
        sides: Pages that one sheet, or one opening of a book, gives one after the other.
        width: Greatest width in mm.
        height: Greatest height in mm.
        modes: Values of the option `mode`.
        depths: Values of the option `depth`.
        resolutions: In dpi.
    """

    name: str
    feeds: bool = False
    sides: int = 1
    width: float = BED_WIDTH
    height: float = GLASS_HEIGHT
    modes: tuple[str, ...] = PAPER_MODES
    depths: tuple[int, ...] = (8, 16)
    resolutions: Range = Range(50, 1200, 1)  # noqa: RUF009  # frozen


@dataclass(frozen=True, slots=True)
class Model:
    """One kind of device.

    Attributes:
        name: The model as discovery tells it.
        type: The type as discovery tells it, in SANE's words.
        sources: The first is the one after opening.
        takes_sheets: Whether it has the options for the size of the sheets.
        depth: Bits a sample after opening.
    """

    name: str
    type: str
    sources: tuple[Source, ...]
    takes_sheets: bool = False
    depth: int = 8

    def source(self, name: str) -> Source:
        """The source of that name."""
        return next(source for source in self.sources if source.name == name)


_QUICK = Range(50, 600, 1)


def _duplex(name: str, sides: int) -> Source:
    # as in most feeders, what is quick on paper has no fine steps: 8 bit and half the resolution
    return Source(name, True, sides, height=FEEDER_HEIGHT, depths=(8,), resolutions=_QUICK)


def _cradle(name: str, sides: int) -> Source:
    return Source(name, True, sides, modes=(GRAY, COLOUR), resolutions=_QUICK)


def _film(name: str) -> Source:
    width, height = FILM_FRAME
    return Source(name, width=width, height=height, modes=FILM_MODES, resolutions=Range(300, 4800, 300))


MODELS: dict[str, Model] = {
    "flatbed": Model("Simulated flatbed", "flatbed scanner", (Source("Flatbed"),)),
    "feeder": Model(
        "Simulated feeder",
        "sheetfed scanner",
        (Source("ADF", feeds=True, height=FEEDER_HEIGHT),),
        takes_sheets=True,
    ),
    "duplex": Model(
        "Simulated duplex feeder",
        "sheetfed scanner",
        (_duplex("ADF Duplex", 2), _duplex("ADF Front", 1), Source("Flatbed")),
        takes_sheets=True,
    ),
    "book": Model(
        "Simulated book cradle",
        "multi-function peripheral",
        (_cradle("Both pages", 2), _cradle("Left page", 1), _cradle("Right page", 1)),
    ),
    "film": Model("Simulated film scanner", "film scanner", (_film("Slide"), _film("Negative")), depth=16),
}
