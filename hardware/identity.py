# SPDX-License-Identifier: Apache-2.0
"""Knowing a device again when its name has changed: by backend, vendor, model, serial number and last name.

SANE names hold what a cable decides: `epson2:libusb:001:004` becomes `epson2:libusb:001:007` when the
scanner is plugged in again, and `airscan:e0:Office` may become `airscan:e1:Office`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hardware.logs import Logger
from hardware.notes import all_notes, read_note, write_note
from hardware.scanner import DeviceInfo

log = Logger(__name__)

_VOLATILE = re.compile(r"(?<=libusb:)\d+:\d+|(?<=airscan:)[ew]\d+|(?<=/dev/usb/scanner)\d+")
"""Bus and device numbers of USB, and the running numbers that sane-airscan gives."""


def same_model(device: DeviceInfo, other: DeviceInfo) -> bool:
    """Whether two devices may be one: same backend, vendor and model, and serial numbers that do not differ."""
    kinds = [(each.backend, each.vendor.casefold(), each.model.casefold()) for each in (device, other)]
    serials = {each.serial for each in (device, other) if each.serial}
    return kinds[0] == kinds[1] and len(serials) <= 1


def stable_name(device_id: str) -> str:
    """A device id without the parts that replugging changes."""
    return _VOLATILE.sub("*", device_id)


def candidates(known: DeviceInfo, found: Iterable[DeviceInfo]) -> list[DeviceInfo]:
    """The devices found that may be the known one: one when it is sure, several when somebody must choose.

    The serial number decides where both sides have it, then the name as far as it is stable.
    """
    alike = [device for device in found if same_model(known, device)]
    serial = [device for device in alike if known.serial and device.serial == known.serial]
    named = [device for device in serial or alike if stable_name(device.id) == stable_name(known.id)]
    return named or serial or alike


# Remembering


def remember(folder: Path, device_id: str, device: DeviceInfo) -> None:
    """Note which device answered to an id."""
    if recall(folder, device_id) != device:
        write_note(folder, device_id, {"id": device_id, "device": device.to_json()})


def recall(folder: Path, device_id: str) -> DeviceInfo | None:
    """The device that answered to an id before, or None."""
    note = read_note(folder, device_id)
    return _device(note) if note is not None else None


def claimed(folder: Path, device_id: str) -> list[str]:
    """The ids that other devices had when they were last opened: none of them is the one looked for."""
    others = (_device(note) for note in all_notes(folder) if note.get("id") != device_id)
    return [device.id for device in others if device is not None]


def _device(note: Mapping[str, Any]) -> DeviceInfo | None:
    try:
        return DeviceInfo.from_json(note["device"])
    except (KeyError, TypeError) as error:
        log.warning("record of a device is unreadable", device=note.get("id"), reason=str(error))
        return None
