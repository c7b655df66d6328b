# SPDX-License-Identifier: Apache-2.0
"""The serial number of a USB scanner, which SANE does not tell but the kernel knows."""

from __future__ import annotations

import re
from pathlib import Path

USB_DEVICES = Path("/sys/bus/usb/devices")
"""A folder a device; see the kernel's Documentation/ABI/testing/sysfs-bus-usb and sysfs-bus-usb-devices."""

_PLACE = re.compile(r"(?<![^:])libusb:(\d+):(\d+)(?![^:])")
"""Bus and device number, as sanei_usb makes them part of a device's name."""

_OF_ANOTHER_HOST = "net:"


def usb_serial(name: str, devices: Path = USB_DEVICES) -> str:
    """The serial number that the device at the place in a SANE name has; empty when nobody knows.

    It tells two scanners of one model apart, whatever their names after they were plugged in anew.
    """
    place = _PLACE.search(name)
    if place is None or name.startswith(_OF_ANOTHER_HOST):
        return ""
    wanted = (int(place[1]), int(place[2]))
    try:
        folders = sorted(devices.iterdir())
    except OSError:
        return ""
    for folder in folders:
        if (_number(folder / "busnum"), _number(folder / "devnum")) == wanted:
            return _text(folder / "serial")
    return ""


def _number(file: Path) -> int | None:
    text = _text(file)
    return int(text) if text.isdecimal() else None


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        # unplugged meanwhile, or it has no such thing
        return ""
