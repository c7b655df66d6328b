# SPDX-License-Identifier: Apache-2.0
"""Scan profiles of a station: named sets of option values, on keys, in a file of their own."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from archive.durable import write_durably
from hardware.options import OptionDescriptor, Value
from hardware.scanner import DeviceInfo
from workers.errors import SettingsInvalid
from workers.settings import settings_file
from workers.stages.capture_requirements import Requirements

KEYS = ("F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "F10", "F12")
"""Keys that a profile may have. F11 is full screen everywhere: fixed keys and own keys are kept apart."""

_FORMAT = "recto scan profiles 1"


@dataclass(frozen=True, slots=True)
class ScanProfile:
    """A named set of option values.

    Attributes:
        name: Its name; no two profiles have the same.
        values: Values by the options' standard names.
        device: Maker and model of the devices it is for, as `device_model` tells; "" for any.
        key: One of `KEYS`, or "".

    Raises:
        ValueError: The name is empty, the key is none, or a value is none of an option.
    """

    name: str
    values: Mapping[str, Value]
    device: str = ""
    key: str = ""

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("A scan profile needs a name.")
        if self.key and self.key not in KEYS:
            raise ValueError(f"{self.key} is no key for a scan profile; there are {', '.join(KEYS)}.")
        wrong = [name for name, value in self.values.items() if not (name and is_value(value))]
        if wrong:
            raise ValueError(f"{', '.join(wrong)} is no number, text, truth or list of numbers.")

    def fits(self, device: DeviceInfo | None) -> bool:
        """Whether it is meant for a device."""
        return not self.device or (device is not None and self.device == device_model(device))


@dataclass(frozen=True, slots=True)
class Overruled:
    """A value of a profile that gives way to what the manifest demands."""

    name: str
    profile: Value
    demanded: Value


def device_model(device: DeviceInfo) -> str:
    """What a profile calls the kind of a device: maker and model."""
    return f"{device.vendor} {device.model}".strip()


def is_value(value: object) -> bool:
    """Whether something can be the value of an option."""
    if isinstance(value, list):
        return bool(value) and all(_is_number(word) for word in value)
    return isinstance(value, (bool, str)) or _is_number(value)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


# What the manifest demands


def demanded_values(
    manifest: Mapping[str, Any], settings: Mapping[str, Value], options: Iterable[OptionDescriptor]
) -> dict[str, Value]:
    """The option values that the manifest of a batch demands of a scan: those win over any profile.

    Args:
        manifest: The batch's part of the manifest.
        settings: The item's scanner settings, with those of the batch.
        options: The device's options, to choose the mode that gives the demanded colour.
    """
    chosen = Requirements.of(manifest, settings).mode_to_choose(options)
    return {"resolution": manifest["resolution_dpi"], **settings, **chosen}


def merged(
    profile: Mapping[str, Value], demanded: Mapping[str, Value]
) -> tuple[dict[str, Value], tuple[Overruled, ...]]:
    """The values to set, and which values of the profile give way to what is demanded."""
    overruled = tuple(
        Overruled(name, value, demanded[name])
        for name, value in profile.items()
        if name in demanded and not _same(value, demanded[name])
    )
    return {**profile, **demanded}, overruled


def _same(value: Value, other: Value) -> bool:
    if _is_number(value) or _is_number(other):
        return str(value) == str(other) or value == other
    return str(value).casefold() == str(other).casefold()


# The file


def profiles_file() -> Path:
    """Where the profiles stand: beside the settings file."""
    return settings_file().parent / "scan-profiles.json"


def read_profiles(file: Path) -> tuple[ScanProfile, ...]:
    """The profiles in a file; none when there is no file.

    Raises:
        SettingsInvalid: It cannot be read, or is no file of profiles.
    """
    try:
        return _profiles(json.loads(file.read_bytes()))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise SettingsInvalid(
            f"The scan profiles in {file} cannot be read: {error}.",
            consequence="Scans go on without profiles. The file was left as it is.",
            remedy="Mend the file, or move it away to begin with none.",
        ) from error


def _profiles(document: dict[str, Any]) -> tuple[ScanProfile, ...]:
    if document["format"] != _FORMAT:
        raise ValueError(f"its format is {document['format']!r}, not {_FORMAT!r}")
    profiles = tuple(ScanProfile(**entry) for entry in document["profiles"])
    if len({profile.name for profile in profiles}) != len(profiles):
        raise ValueError("two profiles have one name")
    return profiles


def change_profiles(
    file: Path, change: Callable[[tuple[ScanProfile, ...]], Sequence[ScanProfile]]
) -> tuple[ScanProfile, ...]:
    """Change the profiles in a file, durably; returns them as they are now.

    Raises:
        SettingsInvalid: The file cannot be read, and is not replaced for that, or cannot be written.
    """
    profiles = tuple(change(read_profiles(file)))
    text = json.dumps(
        {"format": _FORMAT, "profiles": [asdict(profile) for profile in profiles]},
        indent=2,
        ensure_ascii=False,
    )
    try:
        write_durably(file, f"{text}\n".encode())
    except OSError as error:
        raise SettingsInvalid(
            f"The scan profiles cannot be written to {file}: {error.strerror or error}.",
            consequence="They are as they were before.",
            remedy="Check the rights and the free space of that folder, then try again.",
        ) from error
    return profiles


def with_profile(
    profiles: Sequence[ScanProfile], profile: ScanProfile, *, instead_of: str = ""
) -> tuple[ScanProfile, ...]:
    """The profiles with a new or changed one, which takes its key from whichever had it for the same devices.

    Args:
        profiles: All profiles.
        profile: The new or changed one; one of the same name is replaced.
        instead_of: The name it had before, when it was renamed.
    """
    gone = {profile.name, instead_of}
    place = next((place for place, each in enumerate(profiles) if each.name in gone), len(profiles))
    kept = [
        replace(each, key="") if _share_a_key(each, profile) else each
        for each in profiles
        if each.name not in gone
    ]
    return (*kept[:place], profile, *kept[place:])


def _share_a_key(one: ScanProfile, other: ScanProfile) -> bool:
    return (
        bool(one.key)
        and one.key == other.key
        and (not one.device or not other.device or one.device == other.device)
    )


def without_profile(profiles: Sequence[ScanProfile], name: str) -> tuple[ScanProfile, ...]:
    """The profiles without one."""
    return tuple(profile for profile in profiles if profile.name != name)
