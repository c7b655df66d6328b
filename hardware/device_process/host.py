# SPDX-License-Identifier: Apache-2.0
"""The child's side: the main thread makes all calls of the driver, a control thread listens.

The control thread only sets the cancel flag and has the driver's cancel called; everything else
waits in line for the main thread. When the parent is gone, however it went, the child lets the device
go and leaves. The parent's end of the channel may live on in a process that the parent forked, so the
parent's process id is watched too; a death signal of the kernel would not do, because it is sent when
the parent's *thread* ends.
"""

from __future__ import annotations

import faulthandler
import hashlib
import os
import queue
import shutil
import socket
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hardware.adapted import AdaptedDriver
from hardware.capabilities import probe
from hardware.capability_cache import driver_version
from hardware.capture import Phase, ScanControl, capture_batch
from hardware.configuration import HotFolder, SimulatedDevice
from hardware.credentials import Credentials
from hardware.describing import PATIENCE, describe
from hardware.device_process.channel import Channel, ChannelClosed, Message
from hardware.driver import Driver
from hardware.errors import BadOption, OutOfMemory, ScannerError
from hardware.options import Value, read_values
from hardware.profile import apply_values, restore_values
from hardware.quirks import Quirks, load_rules, quirks_of
from hardware.sane.connection import connection_stands
from hardware.scanner import (
    DeviceInfo,
    PageCompleted,
    PageEvent,
    PageProgress,
    ScanRequest,
    event_to_json,
)
from hardware.sensors import read_sensors
from hardware.spool import remove_leftovers
from hardware.waiting import BackOff

LAST_WORDS = 5.0
"""Seconds that a driver has to stop when the parent is gone."""

_PARENT_CHECK = 0.5


def serve(descriptor: int, parent: int, folder: Path) -> None:
    """Serve one device until the parent closes it or is gone; never returns.

    Args:
        descriptor: The child's end of the channel.
        parent: Process id of the parent.
        folder: This process's private folder, removed when the parent cannot do it any more.
    """
    faulthandler.enable()
    host = _Host(Channel(socket.socket(fileno=descriptor)), parent, folder)
    status = 70  # EX_SOFTWARE of sysexits.h
    try:
        host.run()
        status = 0
    except BaseException as error:  # noqa: BLE001  # the parent reads it and reports DriverCrashed
        traceback.print_exception(error)
    if status == 0 or os.getppid() != parent:
        # what it printed is wanted only by a parent that asks why it failed
        shutil.rmtree(folder, ignore_errors=True)
    # leaving as Python does would run destructors of drivers, which crash or hang
    sys.stderr.flush()
    os._exit(status)


class _Host:
    def __init__(self, channel: Channel, parent: int, folder: Path) -> None:
        self._channel = channel
        self._parent = parent
        self._folder = folder
        self._requests: queue.Queue[Message | None] = queue.Queue()
        self._cancelled = threading.Event()
        self._scan: int | None = None
        self._in_work: tuple[Path, int] | None = None
        self._scan_lock = threading.Lock()
        self._cancelling: list[threading.Thread] = []
        self._driver: AdaptedDriver | None = None
        self._rules: tuple[str, ...] = ()
        self._read_timeout = 30.0
        self._busy = BackOff()
        self._calls: dict[str, Callable[[Message], Any]] = {
            "open": self._open,
            "options": lambda _: [option.to_json() for option in self._opened.descriptors()],
            "values": lambda _: read_values(self._opened),
            "get": lambda message: self._opened.get(message["name"]),
            "set": lambda message: self._opened.set(message["name"], message["value"]).to_json(),
            "apply": self._apply,
            "standing": self._standing,
            "restore": self._restore,
            "describe": lambda message: describe(
                self._opened.own, self._opened.info, self._rules, min(PATIENCE, message["patience"])
            ).to_json(),
            "version": lambda _: self._version(),
            "capabilities": lambda _: probe(self._opened, self._opened.quirks).to_json(),
            "sensors": self._sensors,
            "feeds": lambda _: self._opened.feeds,
            "connected": lambda _: connection_stands(),
            "scan": self._capture,
        }

    @property
    def _opened(self) -> AdaptedDriver:
        if self._driver is None:
            raise BadOption("No device is open in this process.")
        return self._driver

    def run(self) -> None:
        """Answer requests until the parent says close or is gone."""
        threading.Thread(target=self._listen, name="control", daemon=True).start()
        while (message := self._requests.get()) is not None:
            try:
                self._channel.send({"id": message["id"], **self._answer(message)})
            except ChannelClosed:
                break
        if self._driver is not None:
            self._driver.close()

    def _answer(self, message: Message) -> Message:
        try:
            return {"result": self._calls[message["call"]](message)}
        except ScannerError as error:
            return {"error": error.to_json()}
        except MemoryError:
            return {"error": OutOfMemory("The device process ran out of memory.").to_json()}

    # The control thread

    def _listen(self) -> None:
        while os.getppid() == self._parent:
            try:
                message = self._channel.receive(_PARENT_CHECK)
            except ChannelClosed:
                break
            if message is None:
                continue
            if message["call"] == "close":
                self._requests.put(None)
                return
            if message["call"] == "cancel":
                self._cancel(message["id"])
                continue
            if message["call"] == "scan":
                # from here on a cancel must find it, even before the main thread begins
                with self._scan_lock:
                    self._cancelled.clear()
                    self._scan = message["id"]
            self._requests.put(message)
        self._leave()

    def _cancel(self, scan: int) -> None:
        with self._scan_lock:
            if self._scan != scan or self._driver is None:
                return
            self._cancelled.set()
            # a driver may never come back from its cancel: this thread must go on listening
            cancelling = threading.Thread(target=self._driver.cancel, name="cancel", daemon=True)
            cancelling.start()
            self._cancelling.append(cancelling)

    def _leave(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        self._requests.put(None)
        if self._scan is not None:
            self._cancel(self._scan)
        threading.Event().wait(LAST_WORDS)
        if self._in_work is not None:
            remove_leftovers(*self._in_work)
        os._exit(1)

    # The main thread

    def _open(self, message: Message) -> Any:
        self._read_timeout = message["read_timeout"]
        self._busy = BackOff(*message["busy"])
        driver = _open_driver(message["device"])
        quirks, self._rules = _quirks(driver, message["device"])
        self._driver = AdaptedDriver(driver, quirks)
        return self._driver.info.to_json()

    def _version(self) -> str:
        """What the device's capabilities depend on besides the device: the driver, and what is known of its oddities."""
        version = driver_version(self._opened.own)
        rules = hashlib.sha256(repr(self._opened.quirks).encode(), usedforsecurity=False).hexdigest()[:16]
        return version and f"{version}; quirks {rules}"

    def _apply(self, message: Message) -> Any:
        driver, values = self._opened, message["values"]
        applied = apply_values(driver, driver.standard(values))
        actual = {name: applied[driver.standard_name(name)].actual for name in values}
        return {name: {"requested": value, "actual": actual[name]} for name, value in values.items()}

    def _restore(self, message: Message) -> None:
        # a rounded value is best reached by what was asked, and is put right where that leads elsewhere by now
        for values in (message["values"], message.get("actual", {})):
            restore_values(self._opened, self._opened.latest(values))

    def _standing(self, message: Message) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for name in message["names"]:
            try:
                values[name] = self._opened.get(name)
            except BadOption:
                # it has no value with the other settings as they are
                continue
        return values

    def _sensors(self, _: Message) -> Any:
        readings = read_sensors(self._opened, self._opened.quirks)
        return {name: [reading.kind, reading.value] for name, reading in readings.items()}

    def _capture(self, message: Message) -> None:
        scan: int = message["id"]

        def emit(event: PageEvent) -> None:
            if isinstance(event, PageCompleted):
                self._in_work = request.spool, event.page.number + 1
            # a parent that is busy with the last page must not make this one wait
            if not isinstance(event, PageProgress) or self._channel.has_room():
                self._channel.send({"id": scan, "event": event_to_json(event)})

        def enter(phase: Phase) -> None:
            self._channel.send({"id": scan, "phase": phase})

        control = ScanControl(self._cancelled, emit, enter, self._read_timeout, self._busy)
        request = ScanRequest.from_json(message["request"])
        self._in_work = request.spool, request.first_page
        try:
            driver = self._opened
            capture_batch(driver, request, driver.latest(message["requested"]), control)
        finally:
            self._in_work = None
            with self._scan_lock:
                self._scan = None
                cancelling, self._cancelling = self._cancelling, []
            # a cancel that comes late must not hit the next scan
            for thread in cancelling:
                thread.join()


def _quirks(driver: Driver, device: dict[str, Any]) -> tuple[Quirks, tuple[str, ...]]:
    info = _quirky(driver, device)
    if info is None:
        return Quirks(), ()
    site = device.get("quirks")
    return quirks_of(info, load_rules(Path(site) if site else None))


def _quirky(driver: Driver, device: dict[str, Any]) -> DeviceInfo | None:
    """The device by which quirks are found: a described one has those of the one it stands for."""
    if device["backend"] == "sane":
        return driver.info
    if device["backend"] == "simulated":
        from hardware.simulated.device import quirky

        return quirky(SimulatedDevice.from_json(device["simulated"]))
    return None


def _open_driver(device: dict[str, Any]) -> Driver:
    # each child imports only the backend it serves
    if device["backend"] == "simulated":
        from hardware.simulated.device import SimulatedDriver

        return SimulatedDriver(SimulatedDevice.from_json(device["simulated"]))
    if device["backend"] == "folder":
        from hardware.folder.driver import FolderDriver

        return FolderDriver(HotFolder.from_json(device["folder"]))
    from hardware.sane.driver import SaneDriver
    from hardware.sane.library import SaneLibrary

    known = device.get("known")
    credentials = [Credentials(**each) for each in device.get("credentials", ())]
    library = SaneLibrary(device["library"], credentials)
    return SaneDriver(
        library,
        device["name"],
        DeviceInfo.from_json(known) if known else None,
        device.get("claimed", ()),
    )
