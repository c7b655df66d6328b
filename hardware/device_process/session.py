# SPDX-License-Identifier: Apache-2.0
"""The session that callers hold: it speaks to the device process, watches it and starts it again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import structlog

from hardware.capabilities import Capabilities
from hardware.capability_cache import recall_capabilities, remember_capabilities
from hardware.capture import Phase
from hardware.configuration import HardwareConfiguration
from hardware.device_description import DeviceDescription
from hardware.device_process.channel import Message
from hardware.device_process.child import DeviceChild
from hardware.device_process.reopening import reopening_events
from hardware.device_process.scan import Scan
from hardware.device_process.settings import Settings
from hardware.errors import (
    BadOption,
    DeviceBusy,
    DeviceWarmingUp,
    DriverHung,
    FeederEmpty,
    Retry,
    ScanCancelled,
    ScannerError,
    SpoolFull,
    error_from_json,
)
from hardware.options import AppliedOption, OptionDescriptor, SetResult, Value
from hardware.preview import PREVIEW_DPI, Area, preview_settings
from hardware.sane.connection import NET
from hardware.sane.private import hosts_for
from hardware.scanner import BatchEnded, DeviceInfo, PageEvent, ScanRequest
from hardware.sensors import SensorReading
from hardware.waiting import NOT_READY, DeviceWaiting, Wait

log = structlog.get_logger(__name__)

_FORGOTTEN = (BadOption, DeviceBusy, DeviceWarmingUp, FeederEmpty, ScanCancelled, SpoolFull)
"""Errors that leave nothing behind in a driver."""

_RUNNING = "Wait until the scan has ended, or stop it."

OnWaiting = Callable[[DeviceWaiting], None]
Opening = Generator[DeviceWaiting, None, DeviceChild]

LOOK = 0.05
"""Seconds between two looks at the cancel flag while another thread uses the driver."""

CLOSING = 2.0
"""Seconds a driver has to let its device go."""


class DeviceSession:
    """One open device in a process of its own.

    Args:
        device_id: The device's id.
        device: What the device process needs to open it.
        sane_backends: The backends that its private SANE configuration lists.
        configuration: Limits of time.
        on_waiting: Is told before each pause while the device is not ready to be opened.
        cancelled: Set by another thread to stop opening.

    Raises:
        ScanCancelled: `cancelled` was set.
        ScannerError: The device cannot be opened.
    """

    def __init__(
        self,
        device_id: str,
        device: Mapping[str, Any],
        sane_backends: Sequence[str],
        configuration: HardwareConfiguration,
        *,
        on_waiting: OnWaiting | None = None,
        cancelled: threading.Event | None = None,
    ) -> None:
        self._id = device_id
        self._device = dict(device)
        self._sane_backends = tuple(sane_backends)
        self._configuration = configuration
        self._settings = Settings()
        self._owed: dict[str, Value] = {}
        self._capabilities: Capabilities | None = None
        self._child: DeviceChild | None = None
        self._scan: Scan | None = None
        self._draining: Scan | None = None
        self._cancelled = threading.Event()
        self._scanning = False
        self._calling = threading.Lock()
        self._closed = False
        self._unsure = False
        self._info: DeviceInfo
        _exhaust(self._opening(cancelled or threading.Event()), on_waiting)

    @property
    def device(self) -> DeviceInfo:
        """The device that is open."""
        return self._info

    @property
    def process_id(self) -> int | None:
        """Process id of the driver, or None while none runs."""
        return self._child.process_id if self._child else None

    # Options

    def options(self) -> tuple[OptionDescriptor, ...]:
        """All options, as they stand now."""
        return tuple(OptionDescriptor.from_json(option) for option in self._call("options"))

    def values(self) -> dict[str, Value]:
        """The value of each option that can be read now."""
        values: dict[str, Value] = self._call("values")
        return values

    def get(self, name: str) -> Value:
        """The value of one option.

        Raises:
            BadOption: There is no such option, or it cannot be read now.
        """
        value: Value = self._call("get", name=name)
        return value

    def set(self, name: str, value: Value) -> SetResult:
        """Set one option; None presses a button or chooses the automatic setting.

        Raises:
            BadOption: There is no such option, it cannot be set now, or the value is impossible.
        """
        result = SetResult(**self._call("set", name=name, value=value))
        self._settings.note(name, value, result.actual)
        if result.reload_options:
            self._look_after_others([name])
        return result

    def apply(self, values: Mapping[str, Value]) -> dict[str, AppliedOption]:
        """Set several options so that they hold together, and read them back.

        Raises:
            BadOption: A name is unknown, a value is impossible, or an option stayed inactive or cannot
                be set by software. The options are as they were before.
        """
        answer = self._call("apply", values=dict(values))
        applied = {name: AppliedOption(**option) for name, option in answer.items()}
        for name, option in applied.items():
            self._settings.note(name, option.requested, option.actual)
        self._look_after_others(values)
        return applied

    def _look_after_others(self, names: Iterable[str]) -> None:
        """Note what became of other options that were set before."""
        if others := self._settings.others(names):
            self._settings.look(self._call("standing", names=others))

    def sensors(self) -> dict[str, bool]:
        """Which buttons are pressed, and what the sensors tell, by standard name; empty when there are none.

        Some drivers forget a press when they have told it: see `hardware.sensors.watch`.
        """
        return {name: reading.value for name, reading in self.sensor_readings().items()}

    def sensor_readings(self) -> dict[str, SensorReading]:
        """The buttons and sensors, each with its kind. May be called from a thread of its own.

        Raises:
            DeviceBusy: A scan is running.
        """
        return {name: SensorReading(*reading) for name, reading in self._call("sensors").items()}

    def capabilities(self, *, fresh: bool = False) -> Capabilities:
        """What the device can do with each of its sources; its options are left as they were.

        Args:
            fresh: Try it, even if it is remembered from earlier with this version of the driver.
        """
        if fresh or self._capabilities is None:
            self._capabilities = self._find_capabilities(fresh=fresh)
        return self._capabilities

    def _find_capabilities(self, *, fresh: bool) -> Capabilities:
        folder = self._configuration.capability_cache
        version: str = self._call("version") if folder is not None else ""
        if folder is None or not version:
            return Capabilities.from_json(self._call("capabilities"))
        known = None if fresh else recall_capabilities(folder, self._info, version)
        if known is None:
            known = Capabilities.from_json(self._call("capabilities"))
            remember_capabilities(folder, self._info, version, known)
        return known

    def describe(self) -> DeviceDescription:
        """The device and its options in the driver's own words, for a file that others can load.

        Its sources, modes and switches are tried, for half of the time that options may take.
        """
        patience = self._configuration.option_timeout / 2
        return DeviceDescription.from_json(self._call("describe", patience=patience))

    # Scanning

    def preview(self, spool: Path, area: Area | None = None, dpi: float = PREVIEW_DPI) -> Iterator[PageEvent]:
        """Scan what lies on the glass in low resolution; afterwards all options are as they were.

        The page has the number 0, so that it replaces no page in the spool.

        Raises:
            BadOption: The source is a feeder, which would use up a sheet, or the device has no regions.
            ScannerError: The preview failed.
        """
        if self._call("feeds"):
            raise BadOption(
                f"A preview on {self._id} would use up a sheet: the source is a feeder.",
                remedy="Choose the flatbed as source, or scan the first page.",
            )
        settings = preview_settings(self.options(), area, dpi)
        remembered, before = self._settings.copy(), self.values()
        try:
            self.apply(settings)
            yield from self.scan(ScanRequest(spool, 1, first_page=0))
        finally:
            self._settings = remembered
            # not now: a driver that is still stopping would make the caller wait
            self._owed = {name: before[name] for name in settings if name in before}

    def scan(self, request: ScanRequest) -> Iterator[PageEvent]:
        """Capture pages; see `hardware.scanner.ScanSession.scan`.

        Raises:
            ScannerError: Whatever ended the batch. `DriverCrashed` and `DriverHung` come once: the next
                call starts a fresh driver with the same settings.
        """
        # from here on a cancel counts, even before the first event is asked for
        if not self._scanning:
            self._cancelled.clear()
        return self._scanned(request)

    def _scanned(self, request: ScanRequest) -> Iterator[PageEvent]:
        # a look at the sensors of a driver that hangs must not make a cancel wait
        while not self._calling.acquire(timeout=LOOK):
            if self._cancelled.is_set():
                yield BatchEnded("cancelled")
                return
        try:
            if self._scanning:
                raise DeviceBusy(
                    f"A scan is running on {self._id} already.", remedy=_RUNNING, device=self._id
                )
            self._scanning = True
        finally:
            self._calling.release()
        try:
            yield from reopening_events(request, self._events, lambda: self._drop_child(CLOSING))
        finally:
            self._scan = None
            self._scanning = False

    def _events(self, request: ScanRequest) -> Iterator[PageEvent]:
        try:
            child = yield from self._ready_child(self._cancelled)
        except ScanCancelled:
            yield BatchEnded("cancelled")
            return
        self._scan = scan = Scan(child, self._id, request, self._settings.requested, self._configuration)
        if self._cancelled.is_set():
            scan.cancel()
        try:
            yield from scan.events()
        except ScannerError as error:
            if not isinstance(error, _FORGOTTEN):
                # errors stick in drivers, jams too: only a fresh one is sure to have forgotten it
                self._drop_child(CLOSING if scan.answered else 0.0)
            raise
        finally:
            self._unsure = scan.cancelled
            if not scan.answered and self._child is child:
                self._draining = scan

    def cancel(self) -> None:
        """Stop the scan that runs, from any thread. Does nothing when none runs."""
        self._cancelled.set()
        scan = self._scan
        if scan is not None:
            scan.cancel()

    # The child

    def _call(self, call: str, **facts: Any) -> Any:
        # sensors are watched from a thread of their own
        with self._calling:
            if self._scanning:
                raise DeviceBusy(
                    f"A scan is running on {self._id}: its options can be used when it has ended.",
                    remedy=_RUNNING,
                    device=self._id,
                )
            return self._exchange(_exhaust(self._ready_child(threading.Event())), call, "option", facts)

    def _exchange(
        self,
        child: DeviceChild,
        call: str,
        phase: Phase,
        facts: Mapping[str, Any],
        cancelled: threading.Event | None = None,
    ) -> Any:
        configuration = self._configuration
        limits = {"open": configuration.open_timeout, "capabilities": configuration.probe_timeout}
        limit = limits.get(call, configuration.option_timeout)
        try:
            number = child.send(call, facts)
            deadline = time.monotonic() + limit
            while time.monotonic() < deadline:
                message = child.receive(0.05)
                if message is not None and message["id"] == number:
                    return _result(message)
                if cancelled is not None and cancelled.is_set():
                    raise self._cancelled_opening()
        except ScannerError as error:
            if error.retry is Retry.REOPEN or isinstance(error, ScanCancelled):
                self._drop_child()
            raise
        self._drop_child()
        raise DriverHung(
            f"The driver of {self._id} did not answer within {limit:g} seconds ({call}) and was killed.",
            device=self._id,
            phase=phase,
        )

    def _ready_child(self, cancelled: threading.Event) -> Opening:
        if self._closed:
            raise ValueError(f"The session of {self._id} is closed")
        self._drain(cancelled)
        child = self._child
        if child is not None and child.alive() and self._connected(child, cancelled):
            owed, self._owed = self._owed, {}
            if owed:
                self._exchange(child, "restore", "option", {"values": owed}, cancelled)
            return child
        if child is not None:
            log.warning("driver was lost while idle", device=self._id, process_id=child.process_id)
            self._drop_child()
        return (yield from self._opening(cancelled))

    def _connected(self, child: DeviceChild, cancelled: threading.Event) -> bool:
        """Whether the driver can still reach its device, as far as that can be told without touching it."""
        if self._info.backend != NET:
            return True
        # drivers in a saned that are cancelled within a page often die a little later, and it with them
        unsure, self._unsure = self._unsure, False
        return not unsure and bool(self._exchange(child, "connected", "option", {}, cancelled))

    def _opening(self, cancelled: threading.Event) -> Opening:
        """Open the device in a fresh process, as often as it takes until it is ready."""
        wait = Wait(self._configuration.busy)
        while True:
            try:
                return self._start_child(cancelled)
            except NOT_READY as error:
                waiting = wait.after(error)
            log.info("device is not ready", device=self._id, reason=waiting.error.code, pause=waiting.pause)
            yield waiting
            if cancelled.wait(waiting.pause):
                raise self._cancelled_opening()

    def _cancelled_opening(self) -> ScanCancelled:
        return ScanCancelled(f"The scan was cancelled while {self._id} was opened.", by="recto")

    def _start_child(self, cancelled: threading.Event) -> DeviceChild:
        configuration = self._configuration
        hosts = hosts_for(self._device.get("name", ""), configuration.sane_hosts)
        self._child = child = DeviceChild(self._id, self._sane_backends, hosts)
        facts = {
            "device": self._device,
            "read_timeout": configuration.read_timeout,
            "busy": astuple(configuration.busy),
        }
        try:
            info = DeviceInfo.from_json(self._exchange(child, "open", "open", facts, cancelled))
            self._restore_settings(child, cancelled)
        except BaseException:
            self._drop_child()
            raise
        if info.id != self._id:
            log.info("device has a new name", device=self._id, now=info.id)
        self._info = info
        self._owed = {}
        if self._device["backend"] == "sane":
            # whatever it is called when it is opened again, it must be this one
            self._device |= {"name": info.id.removeprefix("sane:"), "known": info.to_json()}
        return child

    def _restore_settings(self, child: DeviceChild, cancelled: threading.Event) -> None:
        """Bring a fresh driver to what was set on the one before it.

        Raises:
            BadOption: It cannot be brought there; this is told once, and from then on nothing counts as set.
        """
        standing = {"values": self._settings.again, "actual": self._settings.actual}
        if not standing["values"]:
            return
        try:
            self._exchange(child, "restore", "option", standing, cancelled)
        except BadOption as error:
            # another unit was put on, or taken off: it must not refuse what fits it for that
            self._settings = Settings()
            error.remedy = (
                f"The device was opened anew and has other options now: set them again. {error.remedy}"
            )
            raise

    def _drop_child(self, grace: float = 0.0) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        if grace and child.alive():
            child.stop(grace)
        else:
            child.kill()

    def _drain(self, cancelled: threading.Event | None = None) -> None:
        """Wait for a driver that was still stopping when its scan was left; kill it when it does not."""
        scan, self._draining = self._draining, None
        if scan is None:
            return
        try:
            stopped = scan.drain(cancelled)
        except ScanCancelled:
            self._draining = scan
            raise
        if not stopped:
            self._drop_child()
            scan.remove_leftovers()

    def close(self) -> None:
        """Let the device go, and cancel the scan that runs. Closing twice does nothing."""
        self._closed = True
        if self._scan is not None:
            self.cancel()
            self._draining = self._scan
        # a thread may be looking at the sensors; a driver that hangs at it is not waited for
        calling = self._calling.acquire(timeout=CLOSING)
        try:
            self._drain()
            child, self._child = self._child, None
            if child is not None:
                child.stop(CLOSING)
        finally:
            if calling:
                self._calling.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _exhaust(opening: Opening, on_waiting: OnWaiting | None = None) -> DeviceChild:
    """What opening a device gives, with nobody but `on_waiting` to hear of the pauses."""
    while True:
        try:
            waiting = next(opening)
        except StopIteration as end:
            child: DeviceChild = end.value
            return child
        if on_waiting is not None:
            on_waiting(waiting)


def _result(message: Message) -> Any:
    if "error" in message:
        raise error_from_json(message["error"])
    return message["result"]
