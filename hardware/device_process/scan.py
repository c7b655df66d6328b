# SPDX-License-Identifier: Apache-2.0
"""One scan as the parent sees it: events as they come, the watchdog on silence, cancel and drain."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any

import structlog

from hardware.capture import Phase
from hardware.configuration import HardwareConfiguration
from hardware.device_process.channel import Message
from hardware.device_process.child import DeviceChild
from hardware.errors import (
    DeviceTimeout,
    DriverCrashed,
    DriverHung,
    ScanCancelled,
    ScannerError,
    error_from_json,
)
from hardware.options import Value
from hardware.scanner import (
    BatchEnded,
    PageCompleted,
    PageEvent,
    PageProgress,
    PageStarted,
    PageVoid,
    ScanRequest,
    event_from_json,
)
from hardware.spool import forget_page, remove_leftovers
from hardware.waiting import DeviceWaiting

log = structlog.get_logger(__name__)

POLL = 0.05
"""Seconds between two looks at the cancel flag, the clock and the child's life."""

PATIENCE = 0.25
"""Seconds that a driver may take to answer a cancel before the caller gets control without it."""

GRACE = 1.0
"""Seconds that the watchdog leaves to the child, which has the same limit for silence."""


class Scan:
    """One scan in a device process.

    Args:
        child: The process; its device is open.
        device_id: For messages.
        request: Which pages.
        requested: The options that somebody asked for, for the pages' record.
        configuration: Limits of time.
    """

    def __init__(
        self,
        child: DeviceChild,
        device_id: str,
        request: ScanRequest,
        requested: Mapping[str, Value],
        configuration: HardwareConfiguration,
    ) -> None:
        self.answered = False
        self._drained = False
        self._ended = False
        self._child = child
        self._device_id = device_id
        self._request = request
        self._configuration = configuration
        self._page = request.first_page
        self._started: int | None = None
        self._void: int | None = None
        self._phase: Phase = "start"
        self._cancelled_at: float | None = None
        facts = {"request": request.to_json(), "requested": dict(requested)}
        self._number = child.send("scan", facts)

    @property
    def cancelled(self) -> bool:
        """Whether the driver was asked to stop."""
        return self._cancelled_at is not None

    def cancel(self) -> None:
        """Ask the driver to stop; from any thread."""
        if self._cancelled_at is None:
            self._cancelled_at = time.monotonic()
            self._child.send_cancel(self._number)

    def events(self) -> Iterator[PageEvent]:
        """The events of the scan; a page in work when it fails is reported void before the error is raised.

        When the caller cancels and the driver does not answer, the scan ends here all the same;
        `answered` is then false, and the driver is to be drained.

        Raises:
            ScannerError: Whatever ended the batch.
        """
        try:
            while not (self.answered or self._drained):
                message = self._next()
                if message is None:
                    yield from self._give_up()
                    return
                event = self._take(message)
                if event is not None:
                    yield event
            if self._drained:
                # the session was closed meanwhile
                yield from self._give_up()
        except ScannerError as error:
            if isinstance(error, (DriverCrashed, DriverHung)):
                self.answered = True
                self.remove_leftovers()
            # what the child itself reported void is not in work any more
            if self._started is not None:
                self._void = self._started
                yield PageVoid(self._started, error)
            raise
        finally:
            if not self.answered:
                self.cancel()

    def _take(self, message: Message) -> PageEvent | None:
        """Note what a message says; returns its event, if it is one."""
        if message["id"] != self._number:
            return None
        if "phase" in message:
            self._phase = message["phase"]
            return None
        if "event" not in message:
            self.answered = True
            if "error" in message:
                raise error_from_json(message["error"])
            return None
        event = event_from_json(message["event"])
        if isinstance(event, PageStarted):
            self._started = event.number
        elif not isinstance(event, (PageProgress, DeviceWaiting)):
            self._started = None
        if isinstance(event, PageCompleted):
            self._page = event.page.number + 1
        self._ended = isinstance(event, BatchEnded)
        return event

    def _next(self) -> Message | None:
        """The next message; None when a cancelled driver does not answer.

        Raises:
            DriverCrashed: The child died.
            DeviceTimeout: The driver was silent for too long, and stopped when told to.
            DriverHung: The driver was silent for too long, and was killed.
        """
        silent_since = time.monotonic()
        while (message := self._child.receive(POLL)) is None:
            if self._left_alone():
                return None
            if self._cancelled_at is None and time.monotonic() - silent_since > self._limit():
                self._stop_silent_driver()
                return None
        return message

    def _left_alone(self) -> bool:
        """Whether the caller has cancelled and has waited long enough."""
        return self._cancelled_at is not None and time.monotonic() - self._cancelled_at > PATIENCE

    def _limit(self) -> float:
        configuration = self._configuration
        limits = {
            "start": configuration.start_timeout,
            "read": configuration.read_timeout,
            "store": configuration.store_timeout,
        }
        return limits.get(self._phase, configuration.option_timeout) + GRACE

    def _stop_silent_driver(self) -> None:
        """Cancel, then kill; returns only when the caller cancels in the meantime."""
        seconds = self._limit() - GRACE
        log.warning("driver is silent", device=self._device_id, phase=self._phase, seconds=seconds)
        facts: dict[str, Any] = {"device": self._device_id, "phase": self._phase, "seconds": seconds}
        self._child.send_cancel(self._number)
        deadline = time.monotonic() + self._configuration.cancel_timeout
        while not self.answered and time.monotonic() < deadline:
            self._discard_message()
            if self._left_alone():
                return
        if self.answered:
            raise DeviceTimeout(f"{self._device_id} did nothing for {seconds:g} seconds.", **facts)
        self._child.kill()
        raise DriverHung(
            f"The driver of {self._device_id} did nothing for {seconds:g} seconds, "
            "did not let itself be cancelled and was killed.",
            **facts,
        )

    def _give_up(self) -> Iterator[PageEvent]:
        log.info("driver is still stopping", device=self._device_id, phase=self._phase)
        page = self._started
        if page is not None:
            self._void = page
            cancelled = ScanCancelled(f"The scan was cancelled at page {page}.", by="recto", page=page)
            yield PageVoid(page, cancelled)
        # a driver that has told the end may still be held by its last cancel
        if not self._ended:
            yield BatchEnded("cancelled")

    def drain(self, stop: threading.Event | None = None) -> bool:
        """Wait for the end of a cancelled scan; returns whether the driver came back in time.

        Args:
            stop: Set by another thread to end waiting, which may be taken up again.

        Raises:
            ScanCancelled: `stop` was set.
        """
        self._drained = True
        deadline = (self._cancelled_at or time.monotonic()) + self._configuration.cancel_timeout
        try:
            while not self.answered and time.monotonic() < deadline:
                if stop is not None and stop.is_set():
                    message = f"The scan was cancelled while {self._device_id} was still stopping."
                    raise ScanCancelled(message, by="recto")
                self._discard_message()
        except DriverCrashed:
            return False
        return self.answered

    def _discard_message(self) -> None:
        message = self._child.receive(POLL)
        if message is None or message["id"] != self._number:
            return
        if "event" in message:
            event = event_from_json(message["event"])
            if isinstance(event, PageCompleted):
                if event.page.number == self._void:
                    forget_page(self._request.spool, event.page.number)
                # a page that its caller has never heard of stays: its sheet has passed
                self._page = event.page.number + 1
        elif "phase" not in message:
            self.answered = True

    def remove_leftovers(self) -> None:
        """Remove what a dead process left of the page in work."""
        remove_leftovers(self._request.spool, self._page)
