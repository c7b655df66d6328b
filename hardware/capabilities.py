# SPDX-License-Identifier: Apache-2.0
"""What a device can do, found by trying its sources and modes one after the other.

Many devices offer other modes, resolutions and areas through the feeder than on the glass, and show
only those of the source that is chosen; nothing but choosing each tells them all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

from hardware.driver import Driver
from hardware.errors import BadOption
from hardware.options import OneOf, OptionDescriptor, OptionType, Range, Value, read_values
from hardware.profile import restore_values
from hardware.quirks import Quirks
from hardware.sensors import sensor_kind
from hardware.sources import is_duplex


@dataclass(frozen=True, slots=True)
class SourceCapabilities:
    """What a device can do with one source.

    Attributes:
        source: The source's name; empty for a device that has only one and does not name it.
        feeder: Whether it feeds sheets by itself.
        duplex: Whether it takes both sides, by its name or an option of the feeder.
        modes: For each mode the depths in bits; none where the mode decides by itself.
        resolutions: The constraint on resolution in dpi, as `OptionDescriptor.to_json` has it; None
            when the device does not say.
        area: Greatest width and height of the scan area; None when the device does not say.
        area_unit: "mm" or "pixel".
    """

    source: str
    feeder: bool
    duplex: bool
    modes: dict[str, tuple[int, ...]]
    resolutions: dict[str, Any] | None
    area: tuple[float, float] | None
    area_unit: str

    def to_json(self) -> dict[str, Any]:
        """The source as a JSON object."""
        return {
            "source": self.source,
            "feeder": self.feeder,
            "duplex": self.duplex,
            "modes": {mode: list(depths) for mode, depths in self.modes.items()},
            "resolutions": self.resolutions,
            "area": list(self.area) if self.area else None,
            "area_unit": self.area_unit,
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """The source that `to_json` described."""
        modes = {mode: tuple(depths) for mode, depths in document["modes"].items()}
        area = tuple(document["area"]) if document["area"] else None
        return cls(**{**document, "modes": modes, "area": area})


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a device can do.

    Attributes:
        sources: Each source; one without a name for a device that has no choice.
        buttons: Names of the options that tell whether a button of the device is pressed.
        sensors: Names of the options that tell of paper, cover and lamp.
        preview: Whether the driver has a way of its own for quick previews.
    """

    sources: tuple[SourceCapabilities, ...]
    buttons: tuple[str, ...]
    sensors: tuple[str, ...]
    preview: bool

    def to_json(self) -> dict[str, Any]:
        """The capabilities as a JSON object."""
        return {
            "sources": [source.to_json() for source in self.sources],
            "buttons": list(self.buttons),
            "sensors": list(self.sensors),
            "preview": self.preview,
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """The capabilities that `to_json` described."""
        return cls(
            tuple(SourceCapabilities.from_json(source) for source in document["sources"]),
            tuple(document["buttons"]),
            tuple(document["sensors"]),
            document["preview"],
        )


def probe(driver: Driver, quirks: Quirks | None = None) -> Capabilities:
    """Try all sources and modes of a device; afterwards its options are as they were.

    A source or mode that the driver lists and then refuses is left out.

    Raises:
        ScannerError: The device failed.
    """
    with _as_before(driver):
        sources: list[SourceCapabilities] = []
        for source in _choices(driver, "source") or [""]:
            if source and not _choose(driver, "source", source):
                continue
            sources.append(_source(driver, source))
    options = driver.descriptors()
    kinds = [(option.name, sensor_kind(option, quirks)) for option in options]
    return Capabilities(
        tuple(sources),
        tuple(name for name, kind in kinds if kind == "button"),
        tuple(name for name, kind in kinds if kind == "sensor"),
        any(option.name == "preview" and option.settable for option in options),
    )


@contextmanager
def _as_before(driver: Driver) -> Iterator[None]:
    settable = {option.name for option in driver.descriptors() if option.settable}
    before = {name: value for name, value in read_values(driver).items() if name in settable}
    try:
        yield
    finally:
        # what is possible depends on the source, and then on the mode
        for names in (["source"], ["mode"], list(before)):
            restore_values(driver, {name: before[name] for name in names if name in before})


def _option(driver: Driver, name: str) -> OptionDescriptor | None:
    found = [option for option in driver.descriptors() if option.name == name]
    return next((option for option in found if option.active), None)


def _choices(driver: Driver, name: str) -> list[str]:
    option = _option(driver, name)
    if option is None or not option.settable or not isinstance(option.constraint, OneOf):
        return []
    return [str(value) for value in option.constraint.values]


def _choose(driver: Driver, name: str, value: Value) -> bool:
    option = _option(driver, name)
    try:
        # a source of its own is not set: some drivers refuse even that
        if option is None or not option.readable or driver.get(name) != value:
            driver.set(name, value)
    except BadOption:
        return False
    return True


def _source(driver: Driver, source: str) -> SourceCapabilities:
    modes = {mode: _depths(driver) for mode in _choices(driver, "mode") if _choose(driver, "mode", mode)}
    resolution = _option(driver, "resolution")
    constraint = resolution.constraint if resolution else None
    area, unit = _area(driver)
    return SourceCapabilities(
        source=source,
        feeder=driver.feeds,
        duplex=_takes_both_sides(driver, source),
        modes=modes,
        resolutions=constraint.to_json() if constraint else None,
        area=area,
        area_unit=unit,
    )


def _depths(driver: Driver) -> tuple[int, ...]:
    option = _option(driver, "depth")
    if option is None or not isinstance(option.constraint, OneOf):
        return ()
    return tuple(int(value) for value in option.constraint.values)


def _area(driver: Driver) -> tuple[tuple[float, float] | None, str]:
    lengths: list[float] = []
    unit = "mm"
    for first, last in (("tl-x", "br-x"), ("tl-y", "br-y")):
        near, far = _option(driver, first), _option(driver, last)
        if (
            near is None
            or far is None
            or not (isinstance(near.constraint, Range) and isinstance(far.constraint, Range))
        ):
            return None, unit
        unit = str(far.unit)
        lengths.append(round(far.constraint.maximum - near.constraint.minimum, 4))
    return (lengths[0], lengths[1]), unit


def _takes_both_sides(driver: Driver, source: str) -> bool:
    if is_duplex(source):
        return True
    if not driver.feeds:
        return False
    duplex = _option(driver, "duplex")
    by_switch = duplex is not None and duplex.type is OptionType.BOOL
    return by_switch or any(is_duplex(mode) for mode in _choices(driver, "adf-mode"))
