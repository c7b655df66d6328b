# SPDX-License-Identifier: Apache-2.0
"""The settings of a quick preview: low resolution, 8 bit, a region or the whole glass."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from hardware.errors import BadOption
from hardware.options import OneOf, OptionDescriptor, OptionType, Range, Unit, Value

PREVIEW_DPI = 75.0
"""Enough to see where on the glass a sheet lies, and quick with every device."""

PREVIEW_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Area:
    """A region of the glass in mm from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        if not (0 <= self.left < self.right < math.inf and 0 <= self.top < self.bottom < math.inf):
            raise ValueError(f"A region has its right and lower edges beyond its left and upper ones: {self}")


def preview_settings(
    options: Sequence[OptionDescriptor], area: Area | None = None, dpi: float = PREVIEW_DPI
) -> dict[str, Value]:
    """What to set for a preview, as far as the device has options for it.

    Args:
        options: The device's options as they stand now.
        area: The region; None for all that the source reaches.
        dpi: The resolution wished for; the nearest possible one that is not lower is taken.

    Raises:
        BadOption: A region is asked for, and the device has none, or measures it in pixels.
    """
    usable = {option.name: option for option in options if option.active and option.settable}
    settings: dict[str, Value] = {}
    for name in ("resolution", "x-resolution", "y-resolution"):
        if name in usable:
            settings[name] = _at_least(usable[name], dpi)
    depth = usable.get("depth")
    if depth and isinstance(depth.constraint, OneOf) and PREVIEW_DEPTH in depth.constraint.values:
        settings["depth"] = PREVIEW_DEPTH
    if "preview" in usable and usable["preview"].type is OptionType.BOOL:
        settings["preview"] = True
    return settings | _region(usable, area)


def region_settings(options: Sequence[OptionDescriptor], area: Area) -> dict[str, Value]:
    """What to set so that a region is scanned and nothing else.

    Args:
        options: The device's options as they stand now.
        area: The region.

    Raises:
        BadOption: The device has no regions, or measures them in pixels.
    """
    return _region({option.name: option for option in options if option.active and option.settable}, area)


def _at_least(option: OptionDescriptor, dpi: float) -> float:
    if isinstance(option.constraint, OneOf):
        values = sorted(float(value) for value in option.constraint.values)
        return next((value for value in values if value >= dpi), values[-1])
    if isinstance(option.constraint, Range):
        return min(max(dpi, option.constraint.minimum), option.constraint.maximum)
    return dpi


def _region(usable: dict[str, OptionDescriptor], area: Area | None) -> dict[str, Value]:
    wanted = (
        dict.fromkeys(("tl-x", "tl-y", "br-x", "br-y"))
        if area is None
        else {"tl-x": area.left, "tl-y": area.top, "br-x": area.right, "br-y": area.bottom}
    )
    region: dict[str, Value] = {}
    for name, edge in wanted.items():
        option = usable.get(name)
        if option is None or (edge is not None and option.unit is not Unit.MM):
            if area is None:
                continue
            raise BadOption(f"The device has no option {name!r} in mm, so it cannot scan a region.")
        if edge is not None:
            region[name] = edge
        elif isinstance(option.constraint, Range):
            near = name.startswith("tl")
            region[name] = option.constraint.minimum if near else option.constraint.maximum
    return region
