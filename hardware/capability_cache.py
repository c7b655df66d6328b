# SPDX-License-Identifier: Apache-2.0
"""What devices can do, remembered across sessions as long as device and driver are the same.

Trying all sources and modes takes seconds on some scanners, and moves the lamp of others.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, runtime_checkable

from hardware.capabilities import Capabilities
from hardware.identity import same_model
from hardware.logs import Logger
from hardware.notes import read_note, write_note
from hardware.scanner import DeviceInfo

log = Logger(__name__)

_FORM = 1
"""Raised when what is tried, or how it is noted, changes: older notes are passed over."""


@runtime_checkable
class Versioned(Protocol):
    """A driver that knows its version."""

    def version(self) -> str:
        """What changes when the driver does; empty when nobody can tell."""
        ...


def driver_version(driver: object) -> str:
    """The version of a driver; empty when it is not known, and then nothing is to be remembered."""
    return driver.version() if isinstance(driver, Versioned) else ""


def recall_capabilities(folder: Path, device: DeviceInfo, version: str) -> Capabilities | None:
    """What is remembered of a device with this version of its driver, or None."""
    note = read_note(folder, device.id)
    if note is None or note.get("form") != _FORM or note.get("version") != version:
        return None
    try:
        known = DeviceInfo.from_json(note["device"])
        return Capabilities.from_json(note["capabilities"]) if same_model(known, device) else None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        log.warning("remembered capabilities are unreadable", device=device.id, reason=str(error))
        return None


def remember_capabilities(folder: Path, device: DeviceInfo, version: str, capabilities: Capabilities) -> None:
    """Remember what a device can do, in place of what was remembered before."""
    document = {
        "form": _FORM,
        "device": device.to_json(),
        "version": version,
        "capabilities": capabilities.to_json(),
    }
    write_note(folder, device.id, document)
