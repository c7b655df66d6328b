# SPDX-License-Identifier: Apache-2.0
"""Applying a profile of values to a device, to a fixed point: all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hardware.errors import BadOption
from hardware.options import (
    AppliedOption,
    Constraint,
    OneOf,
    OptionDescriptor,
    OptionTarget,
    OptionType,
    Value,
    coerce,
    equal,
    find_option,
)

# What other options depend on comes first: the source decides modes and areas, the mode decides depths,
# the page size bounds the area. Found right on many real devices (see docs/adr/0002).
_FIRST = (
    "source",
    "mode",
    "depth",
    "duplex",
    "adf-mode",
    "resolution",
    "x-resolution",
    "y-resolution",
    "page-width",
    "page-height",
    "tl-x",
    "tl-y",
    "br-x",
    "br-y",
)


def apply_values(target: OptionTarget, values: Mapping[str, Value]) -> dict[str, AppliedOption]:
    """Set several options so that they hold together, and read back what the device made of them.

    Options are set in an order that works in the field, whatever the order of the mapping, and set
    again while setting one disturbs another, at most n(n+1)/2 times in all. Buttons are pressed once. A
    value that the device has rounded is not pressed on it again, unless its constraint has changed
    since. Options that are inactive, or refuse their value as yet, are waited for: setting others may
    wake them.

    Returns:
        For each name, what was asked and what the device has at the end.

    Raises:
        BadOption: A name is unknown, a value is impossible, or an option stayed inactive or cannot be
            set by software. The options are as they were before; the fact `not_taken_back` is there
            when the device would not have that.
    """
    _refuse_impossible(target.descriptors(), values)
    before = _settable_values(target)
    settling = _Settling(target, values)
    try:
        settling.run()
        return {name: AppliedOption(values[name], _read_back(target, name)) for name in values}
    except BadOption as refusal:
        try:
            # what was asleep before can only be put back while it is awake
            woken = {name: value for name, value in settling.found.items() if name not in before}
            restore_values(target, woken)
            restore_values(target, before)
        except BadOption as error:
            refusal.facts["not_taken_back"] = error.message
        raise


def restore_values(target: OptionTarget, values: Mapping[str, Value]) -> None:
    """Bring a driver to settings that it, or another one, had; some may have been inactive then.

    Raises:
        BadOption: A value is not possible any more.
    """
    _Settling(target, values).run()


def _order(descriptors: Sequence[OptionDescriptor], names: Mapping[str, Value]) -> list[str]:
    """The names in the order in which to set them: what others depend on, then as the device lists them."""

    def rank(name: str) -> tuple[int, int]:
        first = _FIRST.index(name) if name in _FIRST else len(_FIRST)
        return first, find_option(descriptors, name).index

    return sorted(names, key=rank)


def _refuse_impossible(descriptors: Sequence[OptionDescriptor], values: Mapping[str, Value]) -> None:
    """Refuse, before anything is set, what cannot become right by setting other options.

    Raises:
        BadOption: A name is unknown, or a value is impossible.
    """
    for place, name in enumerate(_order(descriptors, values)):
        option, value = find_option(descriptors, name), values[name]
        listed = option.type is OptionType.STRING and isinstance(option.constraint, OneOf)
        if place == 0 or not (listed and isinstance(value, str)):
            coerce(option, value)


def _settable_values(target: OptionTarget) -> dict[str, Value]:
    """The values that can be set back. Sensors are not asked: asking takes the press of a button away."""
    values: dict[str, Value] = {}
    for option in target.descriptors():
        if option.readable and option.settable and option.name:
            try:
                values[option.name] = target.get(option.name)
            except BadOption:
                # listed as readable, and refused all the same, as some drivers do
                continue
    return values


class _Settling:
    """Setting options until nothing changes any more.

    Args:
        target: Whose options.
        values: What to set.
    """

    def __init__(self, target: OptionTarget, values: Mapping[str, Value]) -> None:
        self._target = target
        self._values = values
        self._settled: dict[str, Constraint] = {}
        self.found: dict[str, Value] = {}
        """The values that options had when they could first be set."""

    def run(self) -> None:
        """Set them.

        Raises:
            BadOption: An option still refuses its value when all others have theirs.
        """
        order = _order(self._target.descriptors(), self._values)
        budget = max(1, len(order) * (len(order) + 1) // 2)
        touched = True
        while touched and budget:
            touched, refused = False, None
            for name in order:
                try:
                    if budget and self._set_one(name, self._values[name]):
                        touched, budget = True, budget - 1
                except BadOption as refusal:
                    # it may be possible when others are set
                    refused = refused or refusal
        if refused is not None:
            raise refused

    def _set_one(self, name: str, value: Value) -> bool:
        """Bring one option to its value; returns whether the device was touched."""
        option = find_option(self._target.descriptors(), name)
        if not option.active or (name in self._settled and self._settled[name] == option.constraint):
            return False
        wanted = coerce(option, value)
        if wanted is not None and option.readable:
            actual = self._target.get(name)
            self.found.setdefault(name, actual)
            if equal(option, actual, wanted):
                return False
        if not option.settable:
            raise BadOption(
                f"Option {name!r} is read-only or set by hand at the device.", option=name, value=value
            )
        result = self._target.set(name, wanted)
        if wanted is None or result.inexact or not option.readable:
            self._settled[name] = find_option(self._target.descriptors(), name).constraint
        return True


def _read_back(target: OptionTarget, name: str) -> Value:
    option = find_option(target.descriptors(), name)
    if option.active:
        return target.get(name) if option.readable else None
    raise BadOption(
        f"Option {name!r} is inactive with the other settings, so it has no effect.",
        remedy="Leave it out, or choose the mode or source in which it counts.",
        option=name,
    )
