# SPDX-License-Identifier: Apache-2.0
"""The scanner that the workspace captures with: connected, and set as the manifest and the profile say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.desktop.devices.controller import DeviceController
from app.desktop.devices.device_record import DeviceRecord
from app.desktop.devices.directory import DeviceDirectory
from app.desktop.devices.profile_book import ProfileBook
from app.desktop.workplace import Workplace
from archive.registry.capture_list import CaptureItem
from hardware.options import Value
from hardware.preview import Area, region_settings
from hardware.scanner import DeviceInfo
from hardware.session_reports import OptionsNow
from hardware.sources import is_feeder
from workers.scan_profiles import Overruled, ScanProfile, demanded_values, merged


class ChosenScanner(QObject):
    """Holds the choice of the scanner, of a profile and of the part of the glass.

    What the manifest demands wins over the profile, and is set before the first page of an item.

    Args:
        workplace: What the screens share.
        parent: Owner.
    """

    chosen = Signal()
    """Another scanner, or another profile, is in use."""
    state_changed = Signal(str)
    """What the scanner is at: a state of the controller, or "none"."""
    options_changed = Signal()
    button_pressed = Signal(str)
    """A button of the scanner was pressed: its name, such as "scan"."""
    overruled = Signal(object)
    """Values of a profile that gave way to what the manifest demands: Overruled, one each."""
    failed = Signal(dict)
    """It could not be connected or set; a failure within a scan is told by the run."""

    def __init__(self, workplace: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self.directory = DeviceDirectory.of(workplace)
        self.profiles = ProfileBook.of(workplace)
        self._controller: DeviceController | None = None
        self._device = ""
        self._profile: ScanProfile | None = None
        self._area: Area | None = None
        self._item: CaptureItem | None = None
        self._manifest: Mapping[str, Any] = {}
        self._set_for: tuple[object, ...] = ()

    @property
    def device_id(self) -> str:
        """The scanner's id; "" while none is chosen."""
        return self._device

    @property
    def controller(self) -> DeviceController | None:
        """The scanner's controller; None while none is chosen."""
        return self._controller

    @property
    def state(self) -> str:
        """What the scanner is at; "none" while none is chosen."""
        return self._controller.state if self._controller is not None else "none"

    @property
    def said(self) -> str:
        """Code of what the scanner said while it is waited for, or in trouble; "" for nothing."""
        controller = self._controller
        if controller is None:
            return ""
        if controller.wait is not None:
            return controller.wait.error.code
        return str((controller.failure or {}).get("code", ""))

    @property
    def record(self) -> DeviceRecord | None:
        """What is known of the scanner."""
        return self.directory.record(self._device)

    @property
    def info(self) -> DeviceInfo | None:
        """The scanner, as far as it is known."""
        if self._controller is not None and self._controller.device is not None:
            return self._controller.device
        return self.record.info if self.record is not None else None

    @property
    def is_simulated(self) -> bool:
        """Whether Recto itself draws the pages."""
        return self._device.startswith("simulated:")

    @property
    def profile(self) -> ScanProfile | None:
        """The profile in use; None for what the manifest asks alone."""
        return self._profile

    @property
    def feeds(self) -> bool:
        """Whether the paper comes from a feeder now."""
        options = self._controller.options() if self._controller is not None else OptionsNow()
        words = str(options.values.get("source", "")) or (self.info.type if self.info is not None else "")
        return is_feeder(words)

    @property
    def is_set(self) -> bool:
        """Whether a page that is captured now comes as the manifest demands: the scanner was opened and told."""
        return self._controller is not None and self._controller.device is not None

    @property
    def is_free(self) -> bool:
        """Whether the scanner would begin at once, and is not scanning for somebody else."""
        return self._controller is not None and self._controller.state in {
            "closed",
            "opening",
            "ready",
            "trouble",
        }

    def choose(self, device_id: str) -> None:
        """Capture with this scanner from now on, and connect to it."""
        if device_id == self._device and self._controller is not None:
            return
        self._leave()
        self._device, self._set_for = device_id, ()
        self._controller = controller = self.directory.controller(device_id)
        self.directory.hold(device_id, self)
        controller.opened.connect(self._opened)
        controller.options_changed.connect(self._options_read)
        controller.state_changed.connect(self._state)
        controller.failed.connect(self.failed)
        controller.button_pressed.connect(self.button_pressed)
        self.chosen.emit()
        self.state_changed.emit(self.state)
        self.connect_again()

    def connect_again(self) -> None:
        """Connect to the scanner, as far as that is needed."""
        if self._controller is not None and not self._controller.is_running:
            self._controller.open(self._device)

    def work_on(self, item: CaptureItem | None, manifest: Mapping[str, Any]) -> None:
        """Set the scanner as the manifest demands for this item."""
        self._item, self._manifest = item, manifest
        self._set_up()

    def use_profile(self, profile: ScanProfile | None) -> None:
        """Use another profile; None for what the manifest asks alone."""
        self._profile = profile
        self._set_up()
        self.chosen.emit()
        if gave_way := self._wanted()[1]:
            self.overruled.emit(gave_way)

    def use_area(self, area: Area | None) -> None:
        """Capture this part of the glass; None for all of it."""
        self._area = area
        self._set_up(anew=True)

    @property
    def area(self) -> Area | None:
        """The part of the glass that is captured; None for all of it, or what the settings say."""
        return self._area

    def wanted_values(self) -> dict[str, Value]:
        """The option values that manifest, profile and chosen area ask for."""
        return self._wanted()[0]

    def _wanted(self) -> tuple[dict[str, Value], tuple[Overruled, ...]]:
        options = self._controller.options().descriptors if self._controller is not None else ()
        demanded: dict[str, Value] = {}
        if self._item is not None:
            settings = self._item.description.get("settings") or {}
            demanded = demanded_values(self._manifest, settings, options)
        values, overruled = merged(self._profile.values if self._profile is not None else {}, demanded)
        if self._area is not None:
            values |= region_settings(options, self._area)
        return values, overruled

    def shut_down(self) -> None:
        """Hear nothing of the scanner any more; whoever holds the directory lets it go."""
        self._leave()

    def _leave(self) -> None:
        controller, self._controller = self._controller, None
        if controller is not None:
            controller.opened.disconnect(self._opened)
            controller.options_changed.disconnect(self._options_read)
            controller.state_changed.disconnect(self._state)
            controller.failed.disconnect(self.failed)
            controller.button_pressed.disconnect(self.button_pressed)
            self.directory.release(self._device, self)

    def _opened(self, _device: DeviceInfo, _options: OptionsNow) -> None:
        # a driver that was started afresh may have forgotten
        self._set_up(anew=True)
        self.chosen.emit()

    def _options_read(self, _options: OptionsNow) -> None:
        self.options_changed.emit()

    def _state(self, state: str) -> None:
        self.state_changed.emit(state)

    def _set_up(self, *, anew: bool = False) -> None:
        controller = self._controller
        if controller is None or controller.device is None or self._item is None:
            return
        values = self.wanted_values()
        wanted = (self._device, tuple(sorted(values.items(), key=lambda pair: pair[0])))
        if values and (anew or wanted != self._set_for):
            self._set_for = wanted
            controller.apply(values)
