# SPDX-License-Identifier: Apache-2.0
"""The options of a device that somebody has described: its own names, limits and dependences, none other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, replace

from hardware.describing import PAIRED
from hardware.device_description import DescribedOption, DescribedState, DeviceDescription
from hardware.errors import BadOption
from hardware.options import (
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
from hardware.quirks import load_rules, quirks_of
from hardware.simulated.controls import Edges
from hardware.simulated.furniture import MM_PER_INCH
from hardware.simulated.models import COLOUR, GRAY, INFRARED, LINEART
from hardware.simulated.rounding import nearest, same
from hardware.sources import is_duplex, is_feeder

_MODES = (
    (INFRARED, re.compile(r"infra-?red|\bIR\b", re.IGNORECASE)),
    (
        LINEART,
        re.compile(r"line ?-?art|black|b&w|bina|bi-?level|mono|halftone|dither|diffusion", re.IGNORECASE),
    ),
    (COLOUR, re.compile(r"colou?r|farb|couleur|rgb", re.IGNORECASE)),
)
"""What the words of drivers for modes mean; whatever else they say is gray."""

_DEEP_MODE = re.compile(r"\b(16|48)[ -]?bit", re.IGNORECASE)
"""Modes that say their depth: "48 bits color", "16 bits gray"."""

_USUAL_DPI = 300.0
"""Of a device that has no option for it."""

_RESIZING = re.compile(r"resolution|^(tl|br)-[xy]$|^page-(width|height)$")
"""Options that change the size of the page, if nothing was noted of them."""

Shown = dict[int, DescribedOption]
"""Options by their index."""


class DescribedOptions:
    """Option descriptors and values of a described device.

    Setting an option shows the options that were noted under this setting; a value that such a change
    brought with it comes with it again, and one that has become impossible becomes its nearest.

    Args:
        description: The device.
    """

    loaded = True

    def __init__(self, description: DeviceDescription) -> None:
        self._description = description
        quirks, _ = quirks_of(description.device, load_rules())
        self._names = quirks.options
        self._base: Shown = {option.descriptor.index: option for option in description.options}
        self._values = {index: option.value for index, option in self._base.items()}
        self._pairs = [state for state in description.states if not _switched(state)]
        self._switches = [state for state in description.states if _switched(state)]
        # as it was described, until something is set
        self._shown = self._base

    def descriptors(self) -> tuple[OptionDescriptor, ...]:
        """All options, as they stand now."""
        return tuple(option.descriptor for option in self._shown.values())

    def get(self, name: str) -> Value:
        """The value of one option.

        Raises:
            BadOption: There is no such option, or it cannot be read now.
        """
        option = find_option(self.descriptors(), name)
        if not option.readable:
            raise BadOption(f"Option {name!r} cannot be read with the other settings.", option=name)
        return self._values[option.index]

    def set(self, name: str, value: Value) -> SetResult:
        """Set one option; numbers are rounded and clamped, which is then said.

        Raises:
            BadOption: There is no such option, it cannot be set now, or the value is impossible.
        """
        option = find_option(self.descriptors(), name)
        if not (option.active and option.settable):
            state = "is read-only or set by hand" if option.active else "is inactive with the other settings"
            raise BadOption(f"Option {name!r} {state}.", option=name, value=value)
        wanted = coerce(option, value)
        if option.type is OptionType.BUTTON:
            return self._result(name, None, inexact=False)
        # the automatic setting of a device that is not there is the one it has
        actual = self._values[option.index] if wanted is None else nearest(option, wanted)
        self._values[option.index] = actual
        self._adapt(option)
        return self._result(name, actual, inexact=wanted is not None and not same(actual, wanted))

    def _result(self, name: str, actual: Value, *, inexact: bool) -> SetResult:
        reloads = self._description.reloads.get(name)
        resizing = bool(_RESIZING.search(self._standard(name)))
        return SetResult(
            actual,
            inexact,
            reload_options=reloads is not None and "options" in reloads,
            reload_parameters=resizing if reloads is None else "parameters" in reloads,
        )

    # States

    def _adapt(self, changed: OptionDescriptor) -> None:
        """Show the options as they were noted under the settings of now."""
        before = self._shown
        self._settle_pair(changed.name)
        self._shown = self._compose()
        for index, option in self._shown.items():
            known = before[index]
            if index == changed.index:
                # what was set stays, also where nothing was noted under it
                continue
            if option.value != known.value and option.value is not None:
                self._values[index] = option.value
            elif option.descriptor.constraint != known.descriptor.constraint:
                self._values[index] = _possible(option, self._values[index])

    def _settle_pair(self, changed: str) -> None:
        """Move source and mode to a pair that was noted, when they are none: the one set last stays."""
        if not self._pairs or any(self._holds(state.settings) for state in self._pairs):
            return
        for state in self._pairs:
            if changed in state.settings and self._holds({changed: state.settings[changed]}):
                for name, value in state.settings.items():
                    self._values[self._index(name)] = value
                return

    def _compose(self) -> Shown:
        pair = next((state for state in self._pairs if self._holds(state.settings)), None)
        shown = _over(self._base, pair.options if pair else ())
        for state in self._switches:
            settings = [*state.settings.items()]
            own = {name: value for name, value in settings if not _is_paired(name)}
            if self._holds(own) and all(shown[self._index(name)].descriptor.active for name in own):
                parent = self._options_of(dict(settings[:-1]))
                shown = _changed(shown, parent, _over(self._base, state.options))
        return shown

    def _options_of(self, settings: Mapping[str, Value]) -> Shown:
        noted = next((state for state in self._description.states if dict(state.settings) == settings), None)
        return _over(self._base, noted.options if noted else ())

    def _holds(self, settings: Mapping[str, Value]) -> bool:
        return all(self._values.get(self._index(name)) == value for name, value in settings.items())

    def _index(self, name: str) -> int:
        return find_option(self.descriptors(), name).index

    # What the mechanism asks

    def _standard(self, name: str) -> str:
        return self._names.get(name, name)

    def _find(self, standard: str) -> OptionDescriptor | None:
        options = [option for option in self.descriptors() if self._standard(option.name) == standard]
        return next((option for option in options if option.readable), None)

    def _setting(self, standard: str) -> Value:
        option = self._find(standard)
        return self._values[option.index] if option else None

    def _number(self, standard: str) -> float | None:
        value = self._setting(standard)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return None
        return float(value)

    @property
    def feeds(self) -> bool:
        """Whether the source chosen now goes on by itself."""
        source = self._setting("source")
        return is_feeder(str(source) if source is not None else self._description.device.type)

    @property
    def sides(self) -> int:
        """Pages that one sheet gives: two when source, mode of the feeder or a switch say duplex."""
        words = (self._setting("source"), self._setting("adf-mode"))
        return 2 if self._setting("duplex") is True or any(is_duplex(str(word)) for word in words) else 1

    @property
    def film(self) -> bool:
        """Whether film lies there instead of paper."""
        return "film" in self._description.device.type.casefold()

    @property
    def mode(self) -> str:
        """The mode whose word is nearest to the driver's."""
        value = self._setting("mode")
        if value is None:
            return COLOUR
        return next((mode for mode, words in _MODES if words.search(str(value))), GRAY)

    @property
    def depth(self) -> int:
        """Bits a sample as they are sent: what is between 8 and 16 comes in 16."""
        if self.mode == LINEART:
            return 1
        bits = self._number("depth")
        if bits is None:
            return 16 if _DEEP_MODE.search(str(self._setting("mode"))) else 8
        return 1 if bits <= 1 else 8 if bits <= 8 else 16  # noqa: PLR2004  # bits

    @property
    def resolution(self) -> tuple[float, float]:
        """Horizontal and vertical dpi: one option for both, one for each, or one and the other."""
        both = self._number("resolution")
        across, down = self._number("x-resolution"), self._number("y-resolution")
        usual = both or across or down or _USUAL_DPI
        return across or usual, down or usual

    @property
    def edges(self) -> Edges:
        """The scan area; without options for it the whole sheet."""
        left, top = (self._edge(name) or 0.0 for name in ("tl-x", "tl-y"))
        return Edges(left, top, self._edge("br-x"), self._edge("br-y"))

    def _edge(self, name: str) -> float | None:
        """An edge in mm; None for a right or lower one at its greatest."""
        option, value = self._find(name), self._number(name)
        if option is None or value is None:
            return None
        far = name.startswith("br") and isinstance(option.constraint, Range)
        if far and isinstance(option.constraint, Range) and value >= option.constraint.maximum:
            return None
        if option.unit is not Unit.PIXEL:
            return value
        dpi = self.resolution[0 if name.endswith("x") else 1]
        return value / dpi * MM_PER_INCH

    @property
    def cover_open(self) -> bool:
        """Whether the sensor says so."""
        return self._setting("cover-open") is True


def _is_paired(name: str) -> bool:
    return any(pattern.match(name) for pattern in PAIRED)


def _switched(state: DescribedState) -> bool:
    """Whether a state tells of a switch, and not of a source and a mode alone."""
    return not all(map(_is_paired, state.settings))


def _over(base: Shown, options: tuple[DescribedOption, ...]) -> Shown:
    return base | {option.descriptor.index: option for option in options}


def _changed(shown: Shown, parent: Shown, state: Shown) -> Shown:
    """The options shown, with whatever a switch has made different from its parent state."""
    changed: Shown = {}
    for index, option in shown.items():
        before, after = parent[index], state[index]
        different = {
            field.name: getattr(after.descriptor, field.name)
            for field in fields(OptionDescriptor)
            if getattr(after.descriptor, field.name) != getattr(before.descriptor, field.name)
        }
        value = after.value if after.value != before.value else option.value
        changed[index] = DescribedOption(replace(option.descriptor, **different), value)
    return changed


def _possible(option: DescribedOption, value: Value) -> Value:
    """A value that the option may have: the one it has, its nearest, or the first that is listed."""
    limits = option.descriptor.constraint
    if isinstance(limits, OneOf) and isinstance(value, str) and value not in limits.values:
        return limits.values[0] if limits.values else value
    return nearest(option.descriptor, value) if value is not None else option.value
