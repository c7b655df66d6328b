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
    find_option,
)
from hardware.simulated.configuration import SimulatedDevice
from hardware.simulated.controls import Edges
from hardware.simulated.models import BED_WIDTH, COLOUR, FEEDER_HEIGHT, LINEART, MODELS, Source
from hardware.simulated.rounding import nearest, same

_TEXT_SIZE = 32

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
    "page-loaded": ("Page loaded", "Whether there is a sheet in the feeder, or on the glass."),
    "cover-open": ("Cover open", "Whether the cover is open."),
    "scan": ("Scan button", "Whether the button on the device was pressed since it was last asked."),
    "simulate-cover-open": ("Open the cover", "Opens and closes the cover of the simulated device."),
    "simulate-page-loaded": (
        "Load a sheet",
        "Puts a sheet before the sensor of the simulated device, or takes it away.",
    ),
    "simulate-scan-button": ("Press the scan button", "Presses the button of the simulated device."),
}

_SENSOR = frozenset({Capability.SOFT_DETECT})


def _millimetres(greatest: float) -> Range:
    return Range(0.0, greatest, 0.0)


def _option(name: str, option_type: OptionType, unit: Unit, constraint: Range | OneOf) -> OptionDescriptor:
    title, description = _STANDARD[name]
    size = _TEXT_SIZE if option_type is OptionType.STRING else WORD
    return OptionDescriptor(0, name, title, description, option_type, unit, size, SETTABLE, constraint)


def _switch(name: str, option_type: OptionType, *capabilities: Capability) -> OptionDescriptor:
    title, description = _STANDARD[name]
    size = 0 if option_type is OptionType.BUTTON else WORD
    return OptionDescriptor(
        0, name, title, description, option_type, size=size, capabilities=frozenset(capabilities)
    )


def _group(title: str) -> OptionDescriptor:
    return OptionDescriptor(0, "", title, "", OptionType.GROUP, size=0, capabilities=frozenset())


def _descriptors(device: SimulatedDevice) -> list[OptionDescriptor]:
    model = MODELS[device.kind]
    first = model.sources[0]
    area = {"tl-x": first.width, "tl-y": first.height, "br-x": first.width, "br-y": first.height}
    sheet = {"page-width": BED_WIDTH, "page-height": FEEDER_HEIGHT} if model.takes_sheets else {}
    advanced = (Capability.SOFT_SELECT, Capability.ADVANCED)
    options = [
        _group("Scan Mode"),
        _option(
            "source", OptionType.STRING, Unit.NONE, OneOf(tuple(source.name for source in model.sources))
        ),
        _option("mode", OptionType.STRING, Unit.NONE, OneOf(first.modes)),
        _option("depth", OptionType.INT, Unit.BIT, OneOf(first.depths)),
        _option("resolution", OptionType.INT, Unit.DPI, first.resolutions),
        _group("Geometry"),
        *(
            _option(name, OptionType.FIXED, Unit.MM, _millimetres(greatest))
            for name, greatest in {**sheet, **area}.items()
        ),
        _group("Sensors"),
        *(_switch(name, OptionType.BOOL, *_SENSOR) for name in ("page-loaded", "cover-open", "scan")),
        _group("Simulation"),
        *(
            _switch(name, OptionType.BOOL, *advanced, Capability.SOFT_DETECT)
            for name in ("simulate-cover-open", "simulate-page-loaded")
        ),
        _switch("simulate-scan-button", OptionType.BUTTON, *advanced),
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
        self._model = MODELS[device.kind]
        self._film = device.kind == "film"
        self.loaded = device.sheets != 0
        self._button_pressed = False
        first = self._model.sources[0]
        self._values: dict[str, Value] = {
            "source": first.name,
            "mode": COLOUR,
            "depth": self._model.depth,
            "resolution": 300,
            "page-width": BED_WIDTH,
            "page-height": FEEDER_HEIGHT,
            "tl-x": 0.0,
            "tl-y": 0.0,
            "br-x": first.width,
            "br-y": first.height,
            "simulate-cover-open": False,
        }

    @property
    def source(self) -> Source:
        """The source chosen now."""
        return self._model.source(str(self._values["source"]))

    @property
    def feeds(self) -> bool:
        """Whether the source chosen now goes on by itself."""
        return self.source.feeds

    @property
    def sides(self) -> int:
        """Pages that one sheet, or one opening of a book, gives with this source."""
        return self.source.sides

    @property
    def film(self) -> bool:
        """Whether film lies there instead of paper."""
        return self._film

    @property
    def resolution(self) -> tuple[float, float]:
        """Horizontal and vertical dpi."""
        return self.number("resolution"), self.number("resolution")

    @property
    def edges(self) -> Edges:
        """The scan area; an edge at its greatest is where the sheet ends."""
        left, top, right, bottom = (self.number(name) for name in ("tl-x", "tl-y", "br-x", "br-y"))
        return Edges(
            left,
            top,
            right if right < self.greatest("br-x") else None,
            bottom if bottom < self.greatest("br-y") else None,
        )

    @property
    def cover_open(self) -> bool:
        """Whether somebody has opened the cover."""
        return bool(self._values["simulate-cover-open"])

    @property
    def mode(self) -> str:
        """Lineart, Gray, Color or Infrared."""
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
            state = "has no value" if option.active else "is inactive with the other settings"
            raise BadOption(f"Option {name!r} {state}.", option=name)
        match name:
            case "page-loaded" | "simulate-page-loaded":
                return self.loaded
            case "cover-open":
                return self.cover_open
            case "scan":
                # as with many backends, asking takes the press away
                pressed, self._button_pressed = self._button_pressed, False
                return pressed
        return self._values[name]

    def set(self, name: str, value: Value) -> SetResult:
        """Set one option; numbers are rounded and clamped, which is then said.

        Raises:
            BadOption: There is no such option, it cannot be set now, or the value is impossible.
        """
        option = find_option(self.descriptors(), name)
        if not (option.active and option.settable):
            state = "is read-only" if option.active else "is inactive with the other settings"
            raise BadOption(f"Option {name!r} {state}.", option=name, value=value)
        if name == "simulate-scan-button":
            self._button_pressed = True
            return SetResult(None)
        if name == "simulate-page-loaded":
            self.loaded = bool(coerce(option, value))
            return SetResult(self.loaded, reload_options=True)
        wanted = coerce(option, value)
        actual = nearest(option, wanted)
        self._values[name] = actual
        reload_options = self._adapt(name)
        return SetResult(actual, not same(actual, wanted), reload_options, reload_parameters=True)

    def _adapt(self, name: str) -> bool:
        """Change other options as this one asks for; returns whether any changed."""
        if name == "source" and len(self._model.sources) > 1:
            self._take_limits_of(self.source)
            return True
        if name == "mode":
            self._activate("depth", active=self.mode != LINEART)
            return True
        if name in {"page-width", "page-height"}:
            for edge in ("tl-x", "br-x") if name == "page-width" else ("tl-y", "br-y"):
                greatest = self.number(name)
                at_the_edge = self.number(edge) == self.greatest(edge)
                self._options[edge] = replace(self._options[edge], constraint=_millimetres(greatest))
                if at_the_edge or self.number(edge) > greatest:
                    self._values[edge] = greatest
            return True
        return name == "simulate-cover-open"

    def _activate(self, name: str, *, active: bool) -> None:
        hidden = set() if active else {Capability.INACTIVE}
        self._options[name] = replace(self._options[name], capabilities=SETTABLE | hidden)

    def _take_limits_of(self, source: Source) -> None:
        """Give the options the limits of another source; values that it cannot have become its nearest."""
        limits: dict[str, Range | OneOf] = {
            "mode": OneOf(source.modes),
            "depth": OneOf(source.depths),
            "resolution": source.resolutions,
        }
        for name, constraint in limits.items():
            self._options[name] = replace(self._options[name], constraint=constraint)
            if name != "mode":
                self._values[name] = nearest(self._options[name], self._values[name])
        if self.mode not in source.modes:
            self._values["mode"] = source.modes[-1]
        self._activate("depth", active=self.mode != LINEART)
        if self._model.takes_sheets:
            for name in ("page-width", "page-height"):
                self._activate(name, active=source.feeds)
        width, height = source.width, source.height
        if self._model.takes_sheets and source.feeds:
            width, height = self.number("page-width"), self.number("page-height")
        for edge, greatest in {"tl-x": width, "tl-y": height, "br-x": width, "br-y": height}.items():
            self._options[edge] = replace(self._options[edge], constraint=_millimetres(greatest))
            self._values[edge] = 0.0 if edge.startswith("tl") else greatest
