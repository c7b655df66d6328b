# SPDX-License-Identifier: Apache-2.0
"""The devices of the station: found as they answer, watched while they work, missed when they go."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.desktop.devices.controller import DeviceController
from app.desktop.devices.device_model import DeviceModel
from app.desktop.devices.device_record import DeviceRecord
from app.desktop.devices.sensed import sensed_failure
from app.desktop.devices.usb_watch import UsbWatch, usb_folders
from app.desktop.operation import Operation, OperationContext
from app.desktop.workplace import Workplace
from hardware.discovery import list_devices
from hardware.notices import DiscoveryNotice
from hardware.scanner import DeviceInfo
from workers.test_scans import TestScan, read_test_scans, remember_test_scan

LANE = "devices"

STALE_SECONDS = 120.0
"""After this long an entered screen looks for devices anew; USB tells of itself, networks do not."""

_OURS = frozenset({"simulated", "folder"})
"""Back ends whose devices stand in the settings: one that is not told is no device any more."""


class DeviceDirectory(QObject):
    """Knows the devices, and holds the one controller of each that was asked for.

    Screens share it: `DeviceDirectory.of(workplace)`. The first to ask starts the first search.

    Args:
        workplace: Where it works; it becomes its owner.
    """

    search_changed = Signal(bool)
    """Devices are being looked for now, or no more."""
    noticed = Signal(object)
    """A DiscoveryNotice: some devices may be missing from the list, and why."""
    record_changed = Signal(str)
    """Something is new about the device of this id."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self._workplace = workplace
        self.model = DeviceModel(self)
        self.notices: tuple[DiscoveryNotice, ...] = ()
        self._controllers: dict[str, DeviceController] = {}
        self._holders: dict[str, set[int]] = {}
        self._given_up: set[str] = set()
        self._tests: dict[str, TestScan] = {}
        self._search: Operation | None = None
        self._found: set[str] = set()
        self._again = False
        self._searched_at = time.monotonic()
        self._closed = False
        self._usb = UsbWatch(self)
        self._usb.changed.connect(self.search)
        workplace.settings_changed.connect(self.search)
        workplace.closing.connect(self.shut_down)

    @classmethod
    def of(cls, workplace: Workplace) -> DeviceDirectory:
        """The directory of a workplace; made, and set to work, when nobody has asked before."""
        found = next((child for child in workplace.children() if isinstance(child, cls)), None)
        if found is None:
            found = cls(workplace)
            found.search()
        return found

    # Looking for devices

    @property
    def is_searching(self) -> bool:
        """Whether devices are being looked for."""
        return self._search is not None

    @property
    def is_stale(self) -> bool:
        """Whether it is so long ago that devices were looked for that a network scanner may have gone meanwhile."""
        return self._search is None and time.monotonic() - self._searched_at > STALE_SECONDS

    def search(self) -> None:
        """Look for devices; when somebody is looking already, once more after that."""
        if self._closed:
            return
        if self._search is not None:
            self._again = True
            return
        self._found, self.notices, self._again = set(), (), False
        self._search = self._workplace.operations.run(
            self.tr("Looking for scanners"),
            self._look,
            lane=LANE,
            on_told=self._hear,
            on_success=self._complete,
            on_failure=self._report,
        )
        self._search.finished.connect(self._end_search)
        self.search_changed.emit(True)

    def _look(self, context: OperationContext) -> list[str]:
        """In a thread: tell each device as soon as it is known; returns the folders to watch for USB devices."""
        node = self._workplace.node
        context.tell(read_test_scans(node.settings.state_directory))
        for device in list_devices(node.hardware(), context.tell, context.cancelled):
            context.tell(device)
            context.check()
        context.check()
        return usb_folders()

    def _hear(self, told: Any) -> None:
        if isinstance(told, DeviceInfo):
            self._found.add(told.id)
            self._show(told, offline_since=None)
        elif isinstance(told, DiscoveryNotice):
            self.notices = (*self.notices, told)
            self.noticed.emit(told)
        else:
            self._tests = told

    def _complete(self, folders: list[str]) -> None:
        """All that answered has been told: the others are offline."""
        for record in self.model.records:
            if record.id in self._found:
                continue
            if record.info.backend in _OURS:
                self._forget(record.id)
            elif record.offline_since is None and not self._is_held(record.id):
                self._show(record.info, offline_since=datetime.now(UTC))
        if not self._closed:
            self._usb.watch(folders)
        self._workplace.resolved(LANE)

    def _report(self, failure: dict[str, Any]) -> None:
        self._workplace.report(failure, key=LANE, remedy_title=self.tr("Look again"), remedy=self.search)

    def _end_search(self) -> None:
        self._search, self._searched_at = None, time.monotonic()
        self.search_changed.emit(False)
        self._workplace.devices_changed.emit()
        if self._again:
            self.search()

    def _is_held(self, device_id: str) -> bool:
        """Whether the device is open: some drivers hide a device from the search that somebody holds."""
        controller = self._controllers.get(device_id)
        return controller is not None and controller.state not in {"closed", "trouble"}

    # What is known

    def record(self, device_id: str) -> DeviceRecord | None:
        """The device of that id; None where it was never found."""
        return self.model.record(device_id)

    def _forget(self, device_id: str) -> None:
        # a screen may hold its controller still
        if device_id in self._controllers:
            self._controllers[device_id].close()
        self.model.remove([device_id])

    def _show(self, info: DeviceInfo, *, offline_since: datetime | None) -> None:
        record = DeviceRecord(info, offline_since=offline_since, test=self._tests.get(info.id))
        self.model.put(self._with_state(record))
        self.record_changed.emit(info.id)

    def _refresh(self, device_id: str) -> None:
        record = self.model.record(device_id)
        if record is not None:
            self._show(record.info, offline_since=record.offline_since)

    def _with_state(self, record: DeviceRecord) -> DeviceRecord:
        controller = self._controllers.get(record.id)
        state = controller.state if controller is not None else "closed"
        if controller is not None and state == "trouble":
            return replace(record, state=state, failure=controller.failure)
        if controller is not None and state not in {"closed", "ready"}:
            said = controller.wait.error.to_json() if controller.wait is not None else None
            work = controller.work if state != "opening" else ""
            return replace(record, state=state, failure=said, work=work)
        if record.offline_since is not None:
            return replace(record, state="offline")
        if record.info.state == "missing":
            return replace(record, state="missing")
        sensed = sensed_failure(controller.sensors, controller.options()) if controller is not None else None
        if sensed is not None:
            return replace(record, state="trouble", failure=sensed.to_json())
        return record

    # Devices in use

    def controller(self, device_id: str) -> DeviceController:
        """The one controller of a device, which every screen uses; made, not opened, when nobody has asked before."""
        if device_id not in self._controllers:
            made = DeviceController(self._workplace.node.hardware, self)
            self._controllers[device_id] = made
            made.state_changed.connect(self._refresher(device_id, made))
            made.sensor_changed.connect(lambda _name, _value: self._refresh(device_id))
            made.waiting.connect(lambda _waiting: self._refresh(device_id))
        return self._controllers[device_id]

    def hold(self, device_id: str, holder: object) -> None:
        """Have a device stay open, once it is, for as long as anybody holds it."""
        self._holders.setdefault(device_id, set()).add(id(holder))
        self._given_up.discard(device_id)

    def release(self, device_id: str, holder: object) -> None:
        """Need a device no more: the last to say so lets it go, for the workers and for other programs."""
        holders = self._holders.get(device_id, set())
        holders.discard(id(holder))
        if not holders and device_id in self._controllers:
            self._given_up.add(device_id)
            self._let_go(device_id)

    def _let_go(self, device_id: str) -> None:
        """Close a device that nobody holds; one that is busy when it is ready, one in trouble keeps its word."""
        controller = self._controllers.get(device_id)
        if device_id in self._given_up and controller is not None and controller.state in {"ready", "closed"}:
            controller.close()

    def _refresher(self, device_id: str, controller: DeviceController) -> Callable[[str], None]:
        def refresh(state: str) -> None:
            record = self.model.record(device_id)
            answered = state in {"ready", "scanning"}
            if record is not None and answered and record.offline_since is not None:
                self._show(controller.device or record.info, offline_since=None)
            else:
                self._refresh(device_id)
            self._let_go(device_id)

        return refresh

    def keep_test(self, scan: TestScan) -> None:
        """Remember a device's test scan."""
        directory = self._workplace.settings.state_directory

        def show(known: dict[str, TestScan]) -> None:
            self._tests = known
            self._refresh(scan.device)

        self._workplace.operations.run(
            self.tr("Noting the test scan"),
            lambda _: remember_test_scan(directory, scan),
            lane=LANE,
            on_success=show,
        )

    def shut_down(self) -> None:
        """Let all devices go and look for none any more; waits for nothing."""
        if self._closed:
            return
        self._closed = True
        self._usb.stop()
        if self._search is not None:
            self._search.cancel()
        for controller in self._controllers.values():
            controller.shut_down()
