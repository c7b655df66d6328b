# SPDX-License-Identifier: Apache-2.0
"""All that is known of one device of the station, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.desktop.devices.device_words import DeviceWord, device_title, state_word
from hardware.scanner import DeviceInfo
from workers.test_scans import TestScan


@dataclass(frozen=True, slots=True)
class DeviceRecord:
    """One device.

    Attributes:
        info: What discovery told.
        state: A key of `device_words.STATES`.
        failure: Why it is in trouble, or what it said when it is waited for.
        offline_since: When it was missed first; None while it is there.
        work: What it is busy with, for people: batch and item.
        test: Its last test scan.
        twin: Whether another device has the same name.
    """

    info: DeviceInfo
    state: str = "ready"
    failure: dict[str, Any] | None = None
    offline_since: datetime | None = None
    work: str = ""
    test: TestScan | None = None
    twin: bool = False

    @property
    def id(self) -> str:
        """The device's id."""
        return self.info.id

    @property
    def title(self) -> str:
        """What people call it; where another is called the same, with what tells them apart."""
        name = device_title(self.info)
        return f"{name} ({self.info.serial or self.id.partition(':')[2]})" if self.twin else name

    @property
    def code(self) -> str:
        """The code of the failure, or ""."""
        return str(self.failure["code"]) if self.failure else ""

    @property
    def word(self) -> DeviceWord:
        """How its state is shown."""
        return state_word(self.state, self.code)

    @property
    def can_scan(self) -> bool:
        """Whether a scan can be tried, or an option set, now."""
        return self.state in {"ready", "trouble"}
