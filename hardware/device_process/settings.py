# SPDX-License-Identifier: Apache-2.0
"""What was asked of a device and how it stands, so that a fresh driver can be brought to the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hardware.options import Value


@dataclass(slots=True)
class _Setting:
    """One option that was set: what was asked, what the device made of it, and what a fresh one gets."""

    requested: Value
    actual: Value
    again: Value


class Settings:
    """The options that were set on a device, in the order of their last setting.

    A device may move an option that was set, when another is: what counts for a fresh driver is how the
    option stands, while the record of a page also tells what was asked.
    """

    def __init__(self) -> None:
        self._settings: dict[str, _Setting] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._settings

    def copy(self) -> Settings:
        """The settings as they are now."""
        copied = Settings()
        for name, setting in self._settings.items():
            copied.note(name, setting.requested, setting.actual)
            copied._settings[name].again = setting.again
        return copied

    def note(self, name: str, requested: Value, actual: Value) -> None:
        """Note that an option was set.

        Args:
            name: Its name. One option may have two: what was said last counts, and stands last.
            requested: What was asked; None for a button, or for the automatic setting.
            actual: What the device made of it; None where there is nothing to read.
        """
        self._settings.pop(name, None)
        # no button is pressed twice; an automatic setting is chosen again
        if requested is not None or actual is not None:
            self._settings[name] = _Setting(requested, actual, requested)

    def others(self, names: Iterable[str]) -> list[str]:
        """The options that were set, without those named."""
        return [name for name in self._settings if name not in set(names)]

    def look(self, values: Mapping[str, Value]) -> None:
        """Note how options stand after others were set; those that cannot be read now stay as they were."""
        for name, value in values.items():
            setting = self._settings[name]
            if setting.requested is not None and value != setting.actual:
                setting.actual = setting.again = value

    @property
    def requested(self) -> dict[str, Value]:
        """What was asked, for the records of pages."""
        return {name: setting.requested for name, setting in self._settings.items()}

    @property
    def again(self) -> dict[str, Value]:
        """What to ask of a fresh driver; None for an automatic setting."""
        return {name: setting.again for name, setting in self._settings.items()}

    @property
    def actual(self) -> dict[str, Value]:
        """How it must then stand, where that can be told and was not left to the device."""
        return {
            name: setting.actual
            for name, setting in self._settings.items()
            if None not in (setting.again, setting.actual)
        }
