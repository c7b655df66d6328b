# SPDX-License-Identifier: Apache-2.0
"""What the mechanism of a simulated scanner asks of its options, whatever they are called to the outside."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from hardware.options import OptionTarget


class Edges(NamedTuple):
    """A scan area in mm from the upper left corner; None for a right or lower edge where the sheet ends."""

    left: float
    top: float
    right: float | None
    bottom: float | None


class Controls(OptionTarget, Protocol):
    """Options that a mechanism understands."""

    loaded: bool
    """Whether a sheet lies in the feeder; the mechanism tells."""

    @property
    def feeds(self) -> bool:
        """Whether the source chosen now goes on by itself."""
        ...

    @property
    def sides(self) -> int:
        """Pages that one sheet, or one opening of a book, gives with this source."""
        ...

    @property
    def film(self) -> bool:
        """Whether film lies there instead of paper."""
        ...

    @property
    def mode(self) -> str:
        """One of the modes of `hardware.simulated.models`."""
        ...

    @property
    def depth(self) -> int:
        """Bits a sample: 1, 8 or 16."""
        ...

    @property
    def resolution(self) -> tuple[float, float]:
        """Horizontal and vertical dpi."""
        ...

    @property
    def edges(self) -> Edges:
        """The scan area."""
        ...

    @property
    def cover_open(self) -> bool:
        """Whether somebody has opened the cover."""
        ...
