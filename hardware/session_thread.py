# SPDX-License-Identifier: Apache-2.0
"""One open device and the thread that all calls of its session come from, so that nobody who holds it waits."""

from __future__ import annotations

import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Any

import structlog

from hardware.configuration import HardwareConfiguration
from hardware.device_process.session import DeviceSession
from hardware.discovery import open_session
from hardware.errors import BadOption, Retry, ScanCancelled, ScannerError
from hardware.options import Value
from hardware.preview import Area
from hardware.preview_folder import PreviewFolder
from hardware.scanner import BatchEnded, PageEvent, PageProgress, ScanRequest
from hardware.sensors import FAILURES, Edges, SensorReading, sensor_kind
from hardware.session_reports import (
    Became,
    Failed,
    Opened,
    OptionSet,
    OptionsNow,
    OptionsRead,
    Report,
    RunEnded,
    SessionState,
    Task,
    ValuesApplied,
)
from hardware.waiting import DeviceWaiting

log = structlog.get_logger(__name__)

SECONDS_BETWEEN_PROGRESS = 0.1
"""People see no more, and windows that are told more often stutter."""

PATIENCE = 0.25
"""Seconds that a driver has to end an option call that was cancelled, before it is killed."""

IDLE = 1.0
"""Seconds between two looks at whether the program has ended."""

_PREVIEWS_KEPT = 2
"""The last preview, and the one that somebody may still be reading."""


@dataclass(slots=True)
class _Job:
    """Something to do with the device, and whether it was cancelled."""

    task: Task
    work: Callable[[_Job], None]
    cancelled: threading.Event = field(default_factory=threading.Event)


class SessionThread:
    """Holds one device: takes orders from any thread without making it wait, and tells what comes of them.

    The device is opened at the first order that needs it. After a failure the next order opens it again,
    with the same settings where its session still stands.

    Args:
        device_id: The device's id.
        configuration: Tells how to open it; called in the thread, because it may read files.
        tell: Takes each report, in the thread.
        describe: Puts any error into three parts, as `ScannerError.to_json` does.
    """

    def __init__(
        self,
        device_id: str,
        configuration: Callable[[], HardwareConfiguration],
        tell: Callable[[Report], None],
        describe: Callable[[Exception], Mapping[str, Any]],
    ) -> None:
        self.device_id = device_id
        self._configuration = configuration
        self._tell = tell
        self._describe = describe
        self._session: DeviceSession | None = None
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._pending: list[_Job] = []
        self._current: _Job | None = None
        self._lock = threading.Lock()
        self._has_sensors = self._listening = False
        self._edges = Edges()
        self._interval = 0.2
        self._sensor_failures = 0
        self._previews: list[PreviewFolder] = []
        self._progress_told = 0.0
        # no daemon: the device is let go even when the program ends
        self._thread = threading.Thread(target=self._run, name=f"device {device_id}")
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether the thread still runs."""
        return self._thread.is_alive()

    # Orders, from any thread

    def open(self) -> None:
        """Open the device, if it is not open."""
        self._order("open", self._open)

    def apply(self, values: Mapping[str, Value]) -> None:
        """Set several options so that they hold together, and read all options again."""
        wanted = dict(values)
        self._order("options", lambda job: self._apply(self._opened(job), wanted))

    def set(self, name: str, value: Value) -> None:
        """Set one option, and read all options again."""
        self._order("options", lambda job: self._set(self._opened(job), name, value))

    def scan(self, request: ScanRequest) -> None:
        """Capture pages."""
        self._order("scan", lambda job: self._follow(job, lambda session: session.scan(request)))

    def preview(self, area: Area | None = None) -> None:
        """Scan what lies on the glass in low resolution, as page 0, into a folder that lives as long as it is needed."""
        self._order("preview", lambda job: self._preview(job, area))

    def cancel(self) -> None:
        """Stop what runs, and all that was ordered after it."""
        with self._lock:
            for job in self._pending:
                job.cancelled.set()
            current = self._current
        session = self._session
        if session is not None:
            session.cancel()
        if current is not None and current.task == "options":
            # a session waits for its driver to set an option, as long as that is allowed to take
            hung = threading.Timer(PATIENCE, self._kill_hung_driver, (current,))
            hung.daemon = True
            hung.start()

    def _kill_hung_driver(self, job: _Job) -> None:
        session = self._session
        process = session.process_id if session is not None and self._current is job else None
        if process is not None:
            log.warning("driver hangs at its options and is killed", process_id=process)
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def close(self) -> None:
        """Stop what runs, let the device go and end the thread; does not wait for it."""
        self._jobs.put(None)
        self.cancel()

    def join(self, seconds: float | None = None) -> None:
        """Wait until the thread has ended."""
        self._thread.join(seconds)

    def _order(self, task: Task, work: Callable[[_Job], None]) -> None:
        job = _Job(task, work)
        with self._lock:
            self._pending.append(job)
        self._jobs.put(job)

    # The thread

    def _run(self) -> None:
        with structlog.contextvars.bound_contextvars(device=self.device_id):
            try:
                while (job := self._next()) is not None:
                    self._do(job)
            finally:
                self._let_go()

    def _next(self) -> _Job | None:
        """The next order; while there is none, the buttons and sensors are looked at.

        None ends the thread: it was closed, or the program ends and has forgotten to.
        """
        while threading.main_thread().is_alive():
            try:
                return self._jobs.get(timeout=self._interval if self._listening else IDLE)
            except queue.Empty:
                if self._listening:
                    self._look_at_sensors()
        return None

    def _do(self, job: _Job) -> None:
        runs = job.task in {"scan", "preview"}
        with self._lock:
            self._current = job
        try:
            if job.cancelled.is_set():
                self._stopped(runs=runs)
            else:
                job.work(job)
                # it works again: whatever had ended the watch is over
                self._listening, self._sensor_failures = self._has_sensors, 0
        except ScanCancelled:
            self._stopped(runs=runs)
        except Exception as error:
            if job.task == "options" and job.cancelled.is_set():
                self._stopped(runs=False)
                return
            # the boundary of the thread: every failure is told
            known = isinstance(error, ScannerError)
            log.warning("device.failed", task=job.task, reason=str(error), exc_info=None if known else error)
            self._failed(job.task, error, runs=runs)
        finally:
            with self._lock:
                self._current = None
                self._pending.remove(job)

    def _stopped(self, *, runs: bool) -> None:
        if runs:
            self._tell(RunEnded("cancelled"))
        self._become("ready" if self._session is not None else "closed")

    def _failed(self, task: Task, error: Exception, *, runs: bool) -> None:
        self._tell(Failed(task, self._describe(error)))
        if runs:
            self._tell(RunEnded("failed"))
        # an option that is refused leaves the device as ready as it was
        well = self._session is not None and isinstance(error, BadOption)
        self._become("ready" if well else "trouble")

    def _become(self, state: SessionState) -> None:
        self._tell(Became(state))

    # Opening and letting go

    def _open(self, job: _Job) -> None:
        if self._session is None:
            self._opened(job)
        else:
            self._read_options(self._session)

    def _opened(self, job: _Job) -> DeviceSession:
        if self._session is not None:
            return self._session
        self._become("opening")
        configuration = self._configuration()
        self._interval = configuration.sensor_interval
        session = open_session(
            self.device_id, configuration, on_waiting=self._tell_waiting, cancelled=job.cancelled
        )
        self._session = session
        self._tell(Opened(session.device, _options_now(session)))
        self._listen(session)
        self._become("ready")
        return session

    def _tell_waiting(self, waiting: DeviceWaiting) -> None:
        self._become("waiting")
        self._tell(waiting)

    def _let_go(self) -> None:
        for folder in self._previews:
            folder.remove()
        session, self._session = self._session, None
        if session is not None:
            session.close()
        self._become("closed")

    # Options

    def _read_options(self, session: DeviceSession) -> None:
        self._tell_options(session)
        self._become("ready")

    def _tell_options(self, session: DeviceSession) -> None:
        now = _options_now(session)
        if self._listening:
            # some drivers tell a press only once: the one that was read here must not be lost
            for change in self._edges.changes(_presses(now)):
                self._tell(change)
        self._tell(OptionsRead(now))

    def _apply(self, session: DeviceSession, values: Mapping[str, Value]) -> None:
        results = session.apply(values)
        self._tell_options(session)
        self._tell(ValuesApplied(results))
        self._become("ready")

    def _set(self, session: DeviceSession, name: str, value: Value) -> None:
        result = session.set(name, value)
        self._tell_options(session)
        self._tell(OptionSet(name, value, result))
        self._become("ready")

    # Pages

    def _preview(self, job: _Job, area: Area | None) -> None:
        self._previews.append(PreviewFolder())
        while len(self._previews) > _PREVIEWS_KEPT:
            self._previews.pop(0).remove()
        # a folder in it, because the spool's facts lie in one beside it
        spool = self._previews[-1].path / "spool"
        self._follow(job, lambda session: session.preview(spool, area))

    def _follow(self, job: _Job, start: Callable[[DeviceSession], Iterator[PageEvent]]) -> None:
        """Tell the events of a scan until it ends."""
        session = self._opened(job)
        self._become("scanning")
        self._edges.forget_presses()
        end: RunEnded | None = None
        events = start(session)
        if job.cancelled.is_set():
            # asked before the session knew that a scan runs
            session.cancel()
        waiting = False
        with closing(events):  # type: ignore[type-var]  # sessions give generators
            for event in events:
                if job.cancelled.is_set():
                    # a preview has settings to make first, and forgets a cancel that came meanwhile
                    session.cancel()
                if isinstance(event, DeviceWaiting) is not waiting:
                    waiting = not waiting
                    self._become("waiting" if waiting else "scanning")
                if isinstance(event, BatchEnded):
                    end = RunEnded(event.reason)
                elif not isinstance(event, PageProgress) or self._is_time_for_progress():
                    self._tell(event)
        self._tell(end or RunEnded("cancelled"))
        self._become("ready")

    def _is_time_for_progress(self) -> bool:
        now = time.monotonic()
        if now - self._progress_told < SECONDS_BETWEEN_PROGRESS:
            return False
        self._progress_told = now
        return True

    # Buttons and sensors

    def _listen(self, session: DeviceSession) -> None:
        """Look at the buttons and sensors from now on, where the device has any."""
        self._edges, self._sensor_failures = Edges(), 0
        readings = session.sensor_readings()
        self._has_sensors = self._listening = bool(readings)
        for change in self._edges.changes(readings):
            self._tell(change)

    def _look_at_sensors(self) -> None:
        if self._session is None:
            self._listening = False
            return
        try:
            readings = self._session.sensor_readings()
        except ScannerError as error:
            self._edges.forget_presses()
            self._sensor_failures += 1
            if error.retry is not Retry.REOPEN or self._sensor_failures > FAILURES:
                self._listening = False
                self._failed("sensors", error, runs=False)
            return
        self._sensor_failures = 0
        for change in self._edges.changes(readings):
            self._tell(change)


def _options_now(session: DeviceSession) -> OptionsNow:
    return OptionsNow(session.options(), session.values())


def _presses(now: OptionsNow) -> dict[str, SensorReading]:
    """The buttons that are pressed, as far as reading all options told."""
    return {
        option.name: SensorReading("button", value=True)
        for option in now.descriptors
        if sensor_kind(option) == "button" and now.values.get(option.name) is True
    }
