# SPDX-License-Identifier: Apache-2.0
"""The options of simulated devices: descriptors that change with the settings, as those of real ones do."""

from __future__ import annotations

from dataclasses import replace

from hardware.errors import BadOption
from hardware.options import (
    SETTABLE,
    WORD,
    Capability,
    OneOf,
    OptionDescriptor,
    OptionType,
    Range,
    SetResult,
    Unit,
    Value,
    coerce,
    equal,
    find_option,
)
from hardware.simulated.configuration import SimulatedDevice

LINEART, GRAY, COLOUR = "Lineart", "Gray", "Color"

BED_WIDTH = 216.0
BED_HEIGHT = {"flatbed": 297.0, "feeder": 356.0}
"""Millimetres: A4 and letter on the glass, up to legal through the feeder."""

_TEXT_SIZE = 32
_LOW_DPI, _HIGH_DPI = 50, 1200

_STANDARD = {
    "source": ("Scan source", "Where the sheet comes from."),
    "mode": ("Scan mode", "Bilevel, gray or colour."),
    "depth": ("Bit depth", "Bits a sample."),
    "resolution": ("Scan resolution", "Resolution of the page, in both directions."),
    "page-width": ("Page width", "Width of the sheets in the feeder; the area cannot be wider."),
    "page-height": ("Page height", "Length of the sheets in the feeder; the area cannot be longer."),
    "tl-x": ("Top-left x", "Left edge of the scan area."),
    "tl-y": ("Top-left y", "Upper edge of the scan area."),
    "br-x": (
        "Bottom-right x",
        "Right edge of the scan area; at its greatest the edge of the sheet is found.",
    ),
    "br-y": (
        "Bottom-right y",
        "Lower edge of the scan area; at its greatest the edge of the sheet is found.",
    ),
}


def _millimetres(greatest: float) -> Range:
    return Range(0.0, greatest, 0.0)


def _option(name: str, option_type: OptionType, unit: Unit, constraint: Range | OneOf) -> OptionDescriptor:
    title, description = _STANDARD[name]
    size = _TEXT_SIZE if option_type is OptionType.STRING else WORD
    return OptionDescriptor(0, name, title, description, option_type, unit, size, SETTABLE, constraint)


def _descriptors(device: SimulatedDevice) -> list[OptionDescriptor]:
    source = "Flatbed" if device.kind == "flatbed" else "ADF"
    width, height = BED_WIDTH, BED_HEIGHT[device.kind]
    area = {"tl-x": width, "tl-y": height, "br-x": width, "br-y": height}
    sheet = {"page-width": width, "page-height": height} if device.kind == "feeder" else {}
    options = [
        OptionDescriptor(0, "", "Scan Mode", "", OptionType.GROUP, size=0, capabilities=frozenset()),
        _option("source", OptionType.STRING, Unit.NONE, OneOf((source,))),
        _option("mode", OptionType.STRING, Unit.NONE, OneOf((LINEART, GRAY, COLOUR))),
        _option("depth", OptionType.INT, Unit.BIT, OneOf((8, 16))),
        _option("resolution", OptionType.INT, Unit.DPI, Range(_LOW_DPI, _HIGH_DPI, 1)),
        OptionDescriptor(0, "", "Geometry", "", OptionType.GROUP, size=0, capabilities=frozenset()),
        *(
            _option(name, OptionType.FIXED, Unit.MM, _millimetres(greatest))
            for name, greatest in {**sheet, **area}.items()
        ),
    ]
    group = ""
    for index, option in enumerate(options, 1):
        group = option.title if option.type is OptionType.GROUP else group
        options[index - 1] = replace(
            option, index=index, group="" if option.type is OptionType.GROUP else group
        )
    return options


class SimulatedOptions:
    """Option descriptors and values of one simulated device.

    Args:
        device: Which device.
    """

    def __init__(self, device: SimulatedDevice) -> None:
        self._options = {option.name or option.title: option for option in _descriptors(device)}
        height = BED_HEIGHT[device.kind]
        self._values: dict[str, Value] = {
            "source": "Flatbed" if device.kind == "flatbed" else "ADF",
            "mode": COLOUR,
            "depth": 8,
            "resolution": 300,
            "page-width": BED_WIDTH,
            "page-height": height,
            "tl-x": 0.0,
            "tl-y": 0.0,
            "br-x": BED_WIDTH,
            "br-y": height,
        }

    @property
    def mode(self) -> str:
        """Lineart, Gray or Color."""
        return str(self._values["mode"])

    @property
    def depth(self) -> int:
        """Bits a sample."""
        return 1 if self.mode == LINEART else int(self.number("depth"))

    def number(self, name: str) -> float:
        """The value of an option that is a number, also when it is inactive."""
        value = self._values[name]
        return float(value) if isinstance(value, (int, float)) else 0.0

    def greatest(self, name: str) -> float:
        """The upper limit of an option with a range."""
        constraint = self._options[name].constraint
        return constraint.maximum if isinstance(constraint, Range) else 0.0

    def descriptors(self) -> tuple[OptionDescriptor, ...]:
        """All options, as they stand now."""
        return tuple(self._options.values())

    def get(self, name: str) -> Value:
        """The value of one option.

        Raises:
            BadOption: There is no such option, or it cannot be read now.
        """
        option = find_option(self.descriptors(), name)
        if not option.readable:
            raise BadOption(f"Option {name!r} is inactive with the other settings.", option=name)
        return self._values[name]

    def set(self, name: str, value: Value) -> SetResult:
        """Set one option; numbers are rounded and clamped, which is then said.

        Raises:
            BadOption: There is no such option, it cannot be set now, or the value is impossible.
        """
        option = find_option(self.descriptors(), name)
        if not (option.active and option.settable):
            raise BadOption(f"Option {name!r} is inactive with the other settings.", option=name, value=value)
        wanted = coerce(option, value)
        actual = _nearest(option, wanted)
        self._values[name] = actual
        reload_options = self._adapt(name)
        return SetResult(actual, not equal(option, actual, wanted), reload_options, reload_parameters=True)

    def _adapt(self, name: str) -> bool:
        """Change other options as this one asks for; returns whether any changed."""
        if name == "mode":
            hidden = {Capability.INACTIVE} if self.mode == LINEART else set()
            depth = self._options["depth"]
            self._options["depth"] = replace(depth, capabilities=SETTABLE | hidden)
            return True
        if name in {"page-width", "page-height"}:
            for edge in ("tl-x", "br-x") if name == "page-width" else ("tl-y", "br-y"):
                greatest = self.number(name)
                at_the_edge = self.number(edge) == self.greatest(edge)
                self._options[edge] = replace(self._options[edge], constraint=_millimetres(greatest))
                if at_the_edge or self.number(edge) > greatest:
                    self._values[edge] = greatest
            return True
        return False


def _nearest(option: OptionDescriptor, value: Value) -> Value:
    """What the device makes of a value: the nearest that its constraint allows."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return value
    if isinstance(option.constraint, OneOf):
        return min((int(word) for word in option.constraint.values), key=lambda word: abs(word - value))
    if isinstance(option.constraint, Range):
        limits = option.constraint
        clamped = min(max(value, limits.minimum), limits.maximum)
        if limits.quant:
            clamped = limits.minimum + round((clamped - limits.minimum) / limits.quant) * limits.quant
        return int(clamped) if option.type is OptionType.INT else round(clamped * 65536) / 65536
    return value
