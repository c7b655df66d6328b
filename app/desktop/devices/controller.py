# SPDX-License-Identifier: Apache-2.0
"""One device for the desktop: orders that return at once, and signals that tell what came of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.desktop.devices.mailbox import Mailbox
from hardware.configuration import HardwareConfiguration
from hardware.errors import CoverOpen, FeederEmpty
from hardware.options import Value
from hardware.preview import Area
from hardware.scanner import (
    DeviceInfo,
    PageCompleted,
    PageProgress,
    PageStarted,
    PageVoid,
    ScanRequest,
)
from hardware.sensors import COVER_OPEN, PAGE_LOADED, SensorChanged
from hardware.session_reports import (
    Became,
    Failed,
    Opened,
    OptionSet,
    OptionsNow,
    OptionsRead,
    RunEnded,
    SessionState,
    ValuesApplied,
)
from hardware.session_thread import SessionThread
from hardware.waiting import DeviceWaiting
from workers.failures import describe_failure

RUNNING: frozenset[SessionState] = frozenset({"opening", "waiting", "scanning"})
"""States that a cancel ends."""

_MENDED: dict[tuple[str, bool], str] = {
    (COVER_OPEN, False): CoverOpen.code,
    (PAGE_LOADED, True): FeederEmpty.code,
}
"""What a sensor tells when somebody has done what an error asked for."""


class DeviceController(QObject):
    """Holds one device, in a thread of its own. No call of it waits, and every signal comes on the window's thread.

    Every `scan` and `preview` ends in exactly one `run_ended`: "limit", "feeder_empty", "cancelled" or "failed". A
    failure is told once, by `failed`, before that; a page that was in work is told `page_void` before both. After a
    failure the next call opens the device again.

    A preview's page is number 0. Its file lies in a folder of the controller's own until the second preview
    after it, or until the device is closed.

    Args:
        hardware: Tells how this station's devices are opened, such as `node.hardware`; called in the device's thread.
        parent: Owner.
    """

    opened = Signal(object, object)
    """The device is open: DeviceInfo, OptionsNow."""
    options_changed = Signal(object)
    """The options were read again: OptionsNow."""
    applied = Signal(object)
    """What came of `apply`: a mapping of option names to AppliedOption."""
    option_set = Signal(str, object, object)
    """What came of `set_option`: name, value asked for, SetResult."""
    page_started = Signal(object)
    page_progress = Signal(object)
    """PageProgress, at most ten times a second."""
    page_completed = Signal(object)
    """PageFile."""
    page_void = Signal(int, dict)
    waiting = Signal(object)
    """DeviceWaiting, before each pause."""
    run_ended = Signal(str)
    failed = Signal(dict)
    button_pressed = Signal(str)
    sensor_changed = Signal(str, bool)
    state_changed = Signal(str)

    def __init__(self, hardware: Callable[[], HardwareConfiguration], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hardware = hardware
        self._thread: SessionThread | None = None
        self._leaving: list[SessionThread] = []
        self._mailbox: Mailbox | None = None
        self._state: SessionState = "closed"
        self._device: DeviceInfo | None = None
        self._options = OptionsNow()
        self._failure: dict[str, Any] | None = None
        self._sensors: dict[str, bool] = {}
        self._wait: DeviceWaiting | None = None
        self._work = ""
        self._runs_ordered = self._runs_ended = 0

    # What is known

    @property
    def state(self) -> SessionState:
        """What the device is at."""
        return self._state

    @property
    def device_id(self) -> str:
        """The id of the device that was chosen last, or ""."""
        return self._thread.device_id if self._thread is not None else ""

    @property
    def device(self) -> DeviceInfo | None:
        """The device that is open, or was last."""
        return self._device

    @property
    def failure(self) -> dict[str, Any] | None:
        """Why the device is in trouble; None when it is not."""
        return self._failure

    @property
    def wait(self) -> DeviceWaiting | None:
        """Why the device is waited for; None when it is not."""
        return self._wait

    @property
    def work(self) -> str:
        """What is scanned, for people: batch and item; "" where the pages belong to none."""
        return self._work

    @property
    def sensors(self) -> Mapping[str, bool]:
        """What the sensors told last, by name."""
        return dict(self._sensors)

    @property
    def is_running(self) -> bool:
        """Whether `cancel` would stop something."""
        return self._state in RUNNING

    @property
    def has_thread(self) -> bool:
        """Whether a thread of this controller's still runs, if only to let a device go."""
        self._leaving = [thread for thread in self._leaving if thread.alive]
        return bool(self._leaving) or (self._thread is not None and self._thread.alive)

    def options(self) -> OptionsNow:
        """The options as they were read last; empty while no device was open."""
        return self._options

    # Orders

    def open(self, device_id: str) -> None:
        """Open a device, letting go of another one that is open; reads the options again when it is this one."""
        if self.device_id != device_id:
            self._take(device_id)
        self._order().open()

    def apply(self, values: Mapping[str, Value]) -> None:
        """Set several options so that they hold together; `applied` tells how they stand then."""
        self._order().apply(values)

    def set_option(self, name: str, value: Value) -> None:
        """Set one option; None presses a button or chooses the automatic setting. `option_set` tells the rest."""
        self._order().set(name, value)

    def scan(self, request: ScanRequest) -> int:
        """Capture pages.

        Returns:
            Which of the device's runs this is: that of `ended_run` when its `run_ended` comes.
        """
        self._work = " · ".join(filter(None, (request.batch, request.item)))
        self._order().scan(request)
        self._runs_ordered += 1
        return self._runs_ordered

    @property
    def ended_run(self) -> int:
        """Which run ended last; screens share the device, and hear of each other's runs."""
        return self._runs_ended

    def preview(self, area: Area | None = None) -> None:
        """Scan what lies on the glass, or a region of it, in low resolution; the options are then as before."""
        self._work = ""
        self._order().preview(area)
        self._runs_ordered += 1

    def cancel(self) -> None:
        """Stop what runs and what was ordered after it; pages that are complete are kept."""
        if self._thread is not None:
            if self.is_running:
                self._become("stopping")
            self._thread.cancel()

    def close(self) -> None:
        """Stop what runs and let the device go; the state is "closed" when it has gone."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._leaving.append(thread)
            thread.close()

    def letting_go(self) -> Callable[[float], bool]:
        """A way to wait, in another thread, until the device that is open now has been let go after `close`.

        Returns:
            Takes seconds, and tells whether it has been let go within them: then no page comes any more.
        """
        thread = self._thread

        def wait(seconds: float) -> bool:
            if thread is not None:
                thread.join(seconds)
            return thread is None or not thread.alive

        return wait

    def shut_down(self) -> None:
        """Let the device go and say nothing more; the device's thread ends by itself, soon."""
        self.close()
        if self._mailbox is not None:
            self._mailbox.close()

    def _take(self, device_id: str) -> None:
        """Begin with another device; whatever the one before still says is not heard."""
        self.shut_down()
        self._device, self._options, self._failure, self._wait = None, OptionsNow(), None, None
        self._runs_ended = self._runs_ordered
        self._sensors.clear()
        self._become("closed")
        self._mailbox = Mailbox(self)
        self._mailbox.arrived.connect(self._hear)
        self._thread = SessionThread(device_id, self._hardware, self._mailbox.post, describe_failure)

    def _order(self) -> SessionThread:
        if self._thread is None:
            raise ValueError("No device was chosen: call open first")
        return self._thread

    # What the thread tells

    def _hear(self, report: object) -> None:  # noqa: C901, PLR0912 (a table of what may be told)
        match report:
            case Opened(device, options):
                self._device, self._options = device, options
                self.opened.emit(device, options)
            case OptionsRead(options):
                self._options = options
                self.options_changed.emit(options)
            case ValuesApplied(results):
                self.applied.emit(results)
            case OptionSet(name, requested, result):
                self.option_set.emit(name, requested, result)
            case PageStarted():
                self.page_started.emit(report)
            case PageProgress():
                self.page_progress.emit(report)
            case PageCompleted(page):
                self.page_completed.emit(page)
            case PageVoid(number, error):
                self.page_void.emit(number, error.to_json())
            case DeviceWaiting():
                self._wait = report
                self.waiting.emit(report)
            case RunEnded(reason):
                self._runs_ended += 1
                self.run_ended.emit(reason)
            case Failed(_, failure):
                self._failure = dict(failure)
                self.failed.emit(dict(failure))
            case SensorChanged():
                self._hear_sensor(report)
            case Became(state):
                self._become(state)

    def _hear_sensor(self, change: SensorChanged) -> None:
        if change.kind == "button":
            self.button_pressed.emit(change.name)
        else:
            self._sensors[change.name] = change.value
            code = str(self._failure["code"]) if self._failure is not None else ""
            if (
                self._state == "trouble"
                and not change.initial
                and _MENDED.get((change.name, change.value)) == code
            ):
                self._become("ready")
            self.sensor_changed.emit(change.name, change.value)

    def _become(self, state: SessionState) -> None:
        if state != "waiting":
            self._wait = None
        if state in {"opening", "ready", "scanning", "closed"}:
            self._failure = None
        # a stop that was asked for ends only with what it stops
        stopping = self._state == "stopping" and state in RUNNING
        if state != self._state and not stopping:
            self._state = state
            self.state_changed.emit(state)
