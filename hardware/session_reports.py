# SPDX-License-Identifier: Apache-2.0
"""What the thread of an open device tells whoever holds it; page events are told as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from hardware.options import AppliedOption, OptionDescriptor, SetResult, Value
from hardware.scanner import DeviceInfo, PageEvent
from hardware.sensors import SensorChanged

SessionState = Literal["closed", "opening", "ready", "waiting", "scanning", "stopping", "trouble"]
"""What an open device is at. `waiting` is for a device that is busy or cold, `trouble` for one that failed last."""

RunEnd = Literal["limit", "feeder_empty", "cancelled", "failed"]
"""Why no more pages come: the words of `hardware.scanner.BatchEnd`, and "failed"."""

Task = Literal["open", "options", "scan", "preview", "sensors"]
"""What the device was asked for."""


@dataclass(frozen=True, slots=True)
class OptionsNow:
    """The options of a device and their values, as they stood when they were last read.

    Attributes:
        descriptors: All options, groups among them.
        values: The value of each option that can be read.
    """

    descriptors: tuple[OptionDescriptor, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)

    def names(self) -> frozenset[str]:
        """The names of all options that can be named."""
        return frozenset(option.name for option in self.descriptors if option.name)


@dataclass(frozen=True, slots=True)
class Opened:
    """The device is open, for the first time or again."""

    device: DeviceInfo
    options: OptionsNow


@dataclass(frozen=True, slots=True)
class OptionsRead:
    """The options were read again."""

    options: OptionsNow


@dataclass(frozen=True, slots=True)
class ValuesApplied:
    """Several options were set; what was asked of each and what the device made of it."""

    results: Mapping[str, AppliedOption]


@dataclass(frozen=True, slots=True)
class OptionSet:
    """One option was set."""

    name: str
    requested: Value
    result: SetResult


@dataclass(frozen=True, slots=True)
class RunEnded:
    """A scan or a preview is over."""

    reason: RunEnd


@dataclass(frozen=True, slots=True)
class Failed:
    """The device failed at a task; told once for each failure.

    Attributes:
        task: At what.
        failure: code, message, consequence, remedy, retry and facts.
    """

    task: Task
    failure: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Became:
    """The device is at something else now."""

    state: SessionState


Report = (
    Opened | OptionsRead | ValuesApplied | OptionSet | RunEnded | Failed | Became | SensorChanged | PageEvent
)
