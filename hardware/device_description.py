# SPDX-License-Identifier: Apache-2.0
"""A full description of a device, its options and their values, as a JSON document that can be sent around.

The document is `{"version": 1, "device": {...}, "quirks": [...], "options": [...]}`: the device as
`DeviceInfo.to_json` has it, the names of the quirk rules that match it, and each option as
`OptionDescriptor.to_json` has it with its `value` besides, null where it cannot be read. Options and
values are the driver's own, before any quirk is mended.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from hardware.errors import DescriptionInvalid
from hardware.options import OptionDescriptor, OptionTarget, Value, read_values
from hardware.scanner import DeviceInfo

VERSION = 1


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
class DeviceDescription:
    """One device as it was when it was described.

    Attributes:
        device: The device.
        options: All its options, groups and nameless ones too, in the driver's order.
        quirks: Names of the quirk rules that match it.
    """

    device: DeviceInfo
    options: tuple[DescribedOption, ...]
    quirks: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The description as a JSON object."""
        return {
            "version": VERSION,
            "device": self.device.to_json(),
            "quirks": list(self.quirks),
            "options": [option.to_json() for option in self.options],
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """The description that `to_json` wrote.

        Raises:
            KeyError, TypeError, ValueError: The object is not one.
        """
        return cls(
            DeviceInfo.from_json(document["device"]),
            tuple(DescribedOption.from_json(option) for option in document["options"]),
            tuple(document["quirks"]),
        )


def describe(target: OptionTarget, device: DeviceInfo, quirks: tuple[str, ...]) -> DeviceDescription:
    """Describe a device as its options stand now."""
    values = read_values(target)
    options = tuple(
        DescribedOption(option, values.get(option.name) if option.readable else None)
        for option in target.descriptors()
    )
    return DeviceDescription(device, options, quirks)


def load_description(path: Path) -> DeviceDescription:
    """Read a description from the file that `recto options --dump` wrote.

    Raises:
        DescriptionInvalid: The file cannot be read, or is no description of this version.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(document, dict) or document.get("version") != VERSION:
            raise _invalid(path, f"it is no description of version {VERSION}")
        return DeviceDescription.from_json(document)
    except OSError as error:
        raise _invalid(path, str(error)) from error
    except KeyError as error:
        raise _invalid(path, f"{error} is missing") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise _invalid(path, str(error)) from error


def _invalid(path: Path, why: str) -> DescriptionInvalid:
    return DescriptionInvalid(f"The device description {path} cannot be used: {why}.", path=str(path))
