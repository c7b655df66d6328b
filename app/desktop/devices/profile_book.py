# SPDX-License-Identifier: Apache-2.0
"""The scan profiles of the station for every screen: read once, changed durably, applied to a device."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.desktop.devices.controller import DeviceController
from app.desktop.workplace import Workplace
from hardware.options import Value
from hardware.scanner import DeviceInfo
from workers.scan_profiles import (
    ScanProfile,
    change_profiles,
    merged,
    profiles_file,
    read_profiles,
    with_profile,
    without_profile,
)

LANE = "profiles"

Changed = tuple[ScanProfile, ...]


class ProfileBook(QObject):
    """Knows the profiles. Screens share it: `ProfileBook.of(workplace)`.

    Args:
        workplace: Where it works; it becomes its owner.
    """

    changed = Signal()
    """There are other profiles now, or the same with other values or keys."""
    overruled = Signal(str, object)
    """Name of a profile, and the values (Overruled) that gave way to the manifest's when it was applied."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self._workplace = workplace
        self._profiles: tuple[ScanProfile, ...] = ()

    @classmethod
    def of(cls, workplace: Workplace) -> ProfileBook:
        """The book of a workplace; made, and its file read, when nobody has asked before."""
        found = next((child for child in workplace.children() if isinstance(child, cls)), None)
        if found is None:
            found = cls(workplace)
            found.read()
        return found

    # What there is

    def profiles(self, device: DeviceInfo | None = None) -> tuple[ScanProfile, ...]:
        """All profiles; with a device those that are meant for it, or for any."""
        return tuple(each for each in self._profiles if device is None or each.fits(device))

    def profile(self, name: str) -> ScanProfile | None:
        """The profile of that name."""
        return next((each for each in self._profiles if each.name == name), None)

    def on_key(self, key: str, device: DeviceInfo | None) -> ScanProfile | None:
        """The profile that a key stands for with this device: one for its model before one for any."""
        found = [each for each in self._profiles if each.key == key and each.fits(device)]
        return max(found, key=lambda each: bool(each.device), default=None)

    # Changes

    def read(self) -> None:
        """Read the file."""
        self._run(self.tr("Reading scan profiles"), read_profiles)

    def save(self, profile: ScanProfile, *, instead_of: str = "") -> None:
        """Keep a new or changed profile; whichever had its key for the same devices loses it."""
        put = partial(_put, profile=profile, instead_of=instead_of)
        self._run(self.tr("Saving the scan profile"), lambda file: change_profiles(file, put))

    def remove(self, name: str) -> None:
        """Forget a profile."""
        self._run(
            self.tr("Removing the scan profile"),
            lambda file: change_profiles(file, lambda profiles: without_profile(profiles, name)),
        )

    def _run(self, title: str, work: Callable[..., Changed]) -> None:
        self._workplace.operations.run(
            title,
            lambda _: work(profiles_file()),
            lane=LANE,
            on_success=self._take,
            on_failure=lambda failure: self._workplace.report(
                failure, key=LANE, remedy_title=self.tr("Try again"), remedy=self.read
            ),
        )

    def _take(self, profiles: Changed) -> None:
        self._workplace.resolved(LANE)
        if profiles != self._profiles:
            self._profiles = profiles
            self.changed.emit()

    # Use

    def apply(
        self, controller: DeviceController, profile: ScanProfile, demanded: Mapping[str, Value] | None = None
    ) -> None:
        """Set a device as a profile says, all of it or nothing; `controller.applied` or `failed` tells what came of it.

        Args:
            controller: A device that was opened.
            profile: The values.
            demanded: Values that the manifest demands, see `workers.scan_profiles.demanded_values`: they win, and
                `overruled` tells where.
        """
        values, overruled = merged(profile.values, demanded or {})
        controller.apply(values)
        self.overruled.emit(profile.name, overruled)


def _put(profiles: Sequence[ScanProfile], profile: ScanProfile, instead_of: str) -> Changed:
    return with_profile(profiles, profile, instead_of=instead_of)
