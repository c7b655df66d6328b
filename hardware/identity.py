# SPDX-License-Identifier: Apache-2.0
"""Knowing a device again when its name has changed: by backend, vendor, model, serial number and last name.

SANE names hold what a cable decides: `epson2:libusb:001:004` becomes `epson2:libusb:001:007` when the
scanner is plugged in again, and `airscan:e0:Office` may become `airscan:e1:Office`.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

import structlog

from hardware.scanner import DeviceInfo

log = structlog.get_logger(__name__)

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
    """Note which device answered to an id. What cannot be written is logged, and only not remembered."""
    if recall(folder, device_id) == device:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, part = tempfile.mkstemp(dir=folder, suffix=".part")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"id": device_id, "device": device.to_json()}, file)
            file.flush()
            os.fsync(file.fileno())
        Path(part).replace(_path(folder, device_id))
    except OSError as error:
        log.warning("device is not remembered", device=device_id, reason=str(error))


def recall(folder: Path, device_id: str) -> DeviceInfo | None:
    """The device that answered to an id before, or None."""
    try:
        document = json.loads(_path(folder, device_id).read_text(encoding="utf-8"))
        return DeviceInfo.from_json(document["device"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("record of a device is unreadable", device=device_id, reason=str(error))
        return None


def claimed(folder: Path, device_id: str) -> list[str]:
    """The ids that other devices had when they were last opened: none of them is the one looked for."""
    ids: list[str] = []
    for path in sorted(folder.glob("*.json")):
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            if document["id"] != device_id:
                ids.append(str(document["device"]["id"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("record of a device is unreadable", file=str(path), reason=str(error))
    return ids


def _path(folder: Path, device_id: str) -> Path:
    # ids hold slashes and colons
    return folder / f"{hashlib.sha256(device_id.encode()).hexdigest()[:24]}.json"
