# SPDX-License-Identifier: Apache-2.0
"""A full description of a device, its options and their values, as a JSON document that can be sent around.

The document is `{"version": 2, "device", "quirks", "options", "states", "reloads", "complete"}`: the
device as `DeviceInfo.to_json` has it, the names of the quirk rules that match it, and each option as
`OptionDescriptor.to_json` has it with its `value` besides, null where it cannot be read. `states` tells
what becomes of the options under other settings: `{"settings": {NAME: VALUE, ...}, "options": [...]}`
with those options that are then unlike the ones above. `reloads` tells for options that were tried
whether setting them reloads the `options` or the `parameters`. Options and values are the driver's own,
before any quirk is mended. Version 1 had no `states`, `reloads` and `complete`, and is read as well.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from hardware.described_values import check_option
from hardware.errors import DescriptionInvalid
from hardware.options import OptionDescriptor, Value
from hardware.scanner import DeviceInfo

VERSION = 2

_READABLE = (1, VERSION)
"""Versions of descriptions that can be loaded."""

LARGEST = 64 << 20
"""Bytes of a file that is looked at all: real descriptions have a thousandth."""

Reload = str
"""What setting an option reloads: "options" or "parameters"."""

RELOADS: tuple[Reload, ...] = ("options", "parameters")


@dataclass(frozen=True, slots=True)
class DescribedOption:
    """One option and the value it had; None where it could not be read."""

    descriptor: OptionDescriptor
    value: Value

    def to_json(self) -> dict[str, Any]:
        """The option as a JSON object."""
        return {**self.descriptor.to_json(), "value": self.value}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """The option that `to_json` described."""
        return cls(OptionDescriptor.from_json(dict(document)), document["value"])


@dataclass(frozen=True, slots=True)
class DescribedState:
    """The options under other settings than those of the description.

    Attributes:
        settings: What is set otherwise, by name and in the order in which it was set.
        options: The options that are unlike those of the description then.
    """

    settings: Mapping[str, Value]
    options: tuple[DescribedOption, ...]

    def to_json(self) -> dict[str, Any]:
        """The state as a JSON object."""
        return {"settings": dict(self.settings), "options": [option.to_json() for option in self.options]}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """The state that `to_json` described."""
        return cls(
            dict(document["settings"]),
            tuple(DescribedOption.from_json(option) for option in document["options"]),
        )


@dataclass(frozen=True, slots=True)
class DeviceDescription:
    """One device as it was when it was described.

    Attributes:
        device: The device.
        options: All its options, groups and nameless ones too, in the driver's order.
        quirks: Names of the quirk rules that match it.
        states: What becomes of the options under other settings.
        reloads: For each option that was tried, what setting it reloads, of `RELOADS`.
        complete: Whether there was time to try them all.
    """

    device: DeviceInfo
    options: tuple[DescribedOption, ...]
    quirks: tuple[str, ...] = ()
    states: tuple[DescribedState, ...] = ()
    reloads: Mapping[str, tuple[Reload, ...]] = field(default_factory=dict)
    complete: bool = True

    def to_json(self) -> dict[str, Any]:
        """The description as a JSON object."""
        return {
            "version": VERSION,
            "device": self.device.to_json(),
            "quirks": list(self.quirks),
            "options": [option.to_json() for option in self.options],
            "states": [state.to_json() for state in self.states],
            "reloads": {name: list(reloads) for name, reloads in self.reloads.items()},
            "complete": self.complete,
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """The description that `to_json` wrote.

        Raises:
            KeyError, TypeError, ValueError, AttributeError: The object is not one.
        """
        first = document["version"] == 1
        description = cls(
            DeviceInfo.from_json(document["device"]),
            tuple(DescribedOption.from_json(option) for option in document["options"]),
            tuple(document["quirks"]),
            () if first else tuple(DescribedState.from_json(state) for state in document["states"]),
            {} if first else {name: tuple(kinds) for name, kinds in document["reloads"].items()},
            first or document["complete"] is True,
        )
        _check(description)
        return description


def _check(description: DeviceDescription) -> None:
    """See that what was read fits together.

    Raises:
        ValueError: An index or a value is impossible.
    """
    device = description.device
    if not all(isinstance(text, str) for text in (device.id, device.vendor, device.model, device.type)):
        raise ValueError("the device has a name that is no text")
    indices = [option.descriptor.index for option in description.options]
    if len(set(indices)) != len(indices):
        raise ValueError("two options have the same index")
    for option in description.options:
        check_option(option.descriptor, option.value)
    names = {option.descriptor.name for option in description.options} - {""}
    for state in description.states:
        if unknown := state.settings.keys() - names:
            raise ValueError(f"a state sets {', '.join(sorted(unknown))}, which the device has not")
        for option in state.options:
            if option.descriptor.index not in indices:
                raise ValueError(f"the state {dict(state.settings)} has an option that the device has not")
            check_option(option.descriptor, option.value)
    if not all(kind in RELOADS for kinds in description.reloads.values() for kind in kinds):
        raise ValueError(f"options reload {' and '.join(RELOADS)}, nothing else")


def load_description(path: Path) -> DeviceDescription:
    """Read a description from the file that `recto options --dump` wrote.

    Raises:
        DescriptionInvalid: The file cannot be read, or is no description of a version that is known.
    """
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST + 1)
        if len(text) > LARGEST:
            raise _invalid(path, f"it is larger than {LARGEST} bytes")
        document = json.loads(text)
        if not isinstance(document, dict) or document.get("version") not in _READABLE:
            raise _invalid(path, f"it is no description of version {' or '.join(map(str, _READABLE))}")
        return DeviceDescription.from_json(document)
    except OSError as error:
        raise _invalid(path, str(error)) from error
    except KeyError as error:
        raise _invalid(path, f"{error} is missing") from error
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise _invalid(path, str(error)) from error


def _invalid(path: Path, why: str) -> DescriptionInvalid:
    return DescriptionInvalid(f"The device description {path} cannot be used: {why}.", path=str(path))
