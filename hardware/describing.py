# SPDX-License-Identifier: Apache-2.0
"""Describing a device: each of its choices is tried once, to learn what becomes of the other options.

Sources and modes are tried in all pairs, other switches and short lists once, in the first pair in which
they are active. What was tried is put back. Buttons are not pressed, nothing is moved or scanned.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from hardware.device_description import DescribedOption, DescribedState, DeviceDescription, Reload
from hardware.errors import BadOption
from hardware.options import (
    OneOf,
    OptionDescriptor,
    OptionTarget,
    OptionType,
    SetResult,
    Value,
    read_values,
)
from hardware.profile import restore_values
from hardware.scanner import DeviceInfo

PATIENCE = 60.0
"""Seconds to try choices for at most: a scanner across a slow network answers each of them slowly."""

PAIRED = (re.compile(r"^(scan-|doc-)?source$"), re.compile(r"^(scan-)?mode$"))
"""Names of the options that are tried in all pairs: other sources and modes make other devices."""

_MOST_CHOICES = 12
"""Longer lists are no switches: papers, languages, gamma curves."""

_LEFT_ALONE = re.compile(
    r"lamp|calib|clean|clear|eject|focus|head|load|power|reset|sleep|standby|firmware|warm", re.IGNORECASE
)
"""Names of options that may move or change the device itself."""

_DEEPEST = 2
"""Switches that wake switches are followed so far."""


def describe(
    target: OptionTarget, device: DeviceInfo, quirks: tuple[str, ...], patience: float = PATIENCE
) -> DeviceDescription:
    """Describe a device as its options stand now, and what becomes of them under other settings.

    Afterwards its options are as they were.

    Raises:
        ScannerError: The device failed.
    """
    options = _shown(target)
    before = {
        option.descriptor.name: option.value
        for option in options
        if option.descriptor.settable and option.value is not None
    }
    trial = _Trial(target, options, time.monotonic() + patience)
    try:
        trial.all_pairs()
    finally:
        _put_back(target, before)
    return DeviceDescription(device, options, quirks, tuple(trial.states), trial.reloads, trial.complete)


def _put_back(target: OptionTarget, before: Mapping[str, Value]) -> None:
    # what is possible depends on the source, and then on the mode
    first = [[name for name in before if pattern.match(name)] for pattern in PAIRED]
    for names in (*first, [*before]):
        now = read_values(target)
        # a driver that refuses a value that it had itself keeps the one it has
        with suppress(BadOption):
            restore_values(target, {name: before[name] for name in names if now.get(name) != before[name]})


def _shown(target: OptionTarget) -> tuple[DescribedOption, ...]:
    values = read_values(target)
    return tuple(
        DescribedOption(option, values.get(option.name) if option.readable else None)
        for option in target.descriptors()
    )


class _Trial:
    """One go through the choices of a device."""

    def __init__(self, target: OptionTarget, options: Sequence[DescribedOption], deadline: float) -> None:
        self._target = target
        self._options = {option.descriptor.index: option for option in options}
        self._deadline = deadline
        self._tried: set[str] = set()
        self.states: list[DescribedState] = []
        self.reloads: dict[str, tuple[Reload, ...]] = {}
        self.complete = True

    def all_pairs(self) -> None:
        """Try every pair of source and mode, and in them the switches."""
        names = [self._name(pattern) for pattern in PAIRED]
        self._tried = {name for name in names if name}
        self._pair(names, {})

    def _name(self, pattern: re.Pattern[str]) -> str:
        return next((name for option in self._target.descriptors() if pattern.match(name := option.name)), "")

    def _pair(self, names: list[str], settings: dict[str, Value]) -> None:
        if not names:
            if settings:
                self._note(settings)
            self._switches(settings, _DEEPEST)
            return
        choices = [*self._choices(names[0])]
        if not choices:
            self._pair(names[1:], settings)
        for choice in choices:
            if self._choose(names[0], choice):
                self._pair(names[1:], {**settings, names[0]: choice})

    def _switches(self, settings: dict[str, Value], deeper: int, awake: frozenset[str] = frozenset()) -> None:
        """Try each switch that is active now and was not tried yet; what it wakes is tried within it.

        Args:
            settings: What is set otherwise now.
            deeper: How many switches that wake switches are followed still.
            awake: Switches that are not for this call, because they were active before.
        """
        active = self._active()
        for name in sorted(active - awake, key=self._place):
            # one that was tried may have put others to sleep for good
            if name in self._tried or name not in self._active():
                continue
            self._tried.add(name)
            try:
                own = self._target.get(name)
            except BadOption:
                # listed as readable, and refused all the same: nobody could put it back
                continue
            for choice in self._choices(name):
                if choice != own and self._choose(name, choice) and "options" in self.reloads.get(name, ()):
                    self._note({**settings, name: choice})
                    if deeper:
                        self._switches({**settings, name: choice}, deeper - 1, active | awake)
            self._choose(name, own)

    def _active(self) -> frozenset[str]:
        known = [option for option in self._target.descriptors() if option.index in self._options]
        return frozenset(option.name for option in known if _is_switch(option))

    def _place(self, name: str) -> int:
        return next(option.index for option in self._target.descriptors() if option.name == name)

    def _choices(self, name: str) -> Iterator[Value]:
        options = [
            each for each in self._target.descriptors() if name and each.name == name and each.settable
        ]
        option = next((each for each in options if each.readable), None)
        if option is None:
            return
        if option.type is OptionType.BOOL:
            yield from (False, True)
        elif isinstance(option.constraint, OneOf) and option.length == 1:
            yield from option.constraint.values if len(option.constraint.values) <= _MOST_CHOICES else ()

    def _choose(self, name: str, choice: Value) -> bool:
        """Set an option and note what that reloads; returns whether it has the value then."""
        if time.monotonic() > self._deadline:
            self.complete = False
            return False
        try:
            self._target.descriptors()
            if self._target.get(name) == choice:
                return True
            result = self._target.set(name, choice)
        except BadOption:
            return False
        self.reloads[name] = _union(self.reloads.get(name, ()), result)
        return True

    def _note(self, settings: dict[str, Value]) -> None:
        # the standard fixes how many options there are; one that comes up later all the same is left out
        shown = ((self._options.get(option.descriptor.index), option) for option in _shown(self._target))
        unlike = tuple(now for first, now in shown if first is not None and now != first)
        self.states.append(DescribedState(settings, unlike))


def _is_switch(option: OptionDescriptor) -> bool:
    usable = option.readable and option.settable and bool(option.name)
    return usable and not _LEFT_ALONE.search(option.name)


def _union(known: tuple[Reload, ...], result: SetResult) -> tuple[Reload, ...]:
    now = {"options": result.reload_options, "parameters": result.reload_parameters}
    return tuple(kind for kind, reloaded in now.items() if reloaded or kind in known)
