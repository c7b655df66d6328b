# SPDX-License-Identifier: Apache-2.0
"""Carrying out the faults that end a call of the driver: errors of the device, hangs and deaths of the driver."""

from __future__ import annotations

import os
import resource
import signal
import threading

from hardware.driver import PageAddress
from hardware.errors import (
    CoverOpen,
    DeviceBusy,
    DeviceWarmingUp,
    Disconnected,
    DoubleFeed,
    FeederEmpty,
    InputOutputFailure,
    Jam,
    ScanCancelled,
    ScannerError,
)
from hardware.simulated.clock import Clock
from hardware.simulated.faults import Fault, FaultKind

EXIT_CODE = 3
"""With which a driver leaves by itself."""

SLOW_BLOCK = 0.05
"""Seconds that each block of a slow page takes when the script does not say."""

_ERRORS: dict[FaultKind, tuple[type[ScannerError], str, dict[str, str]]] = {
    FaultKind.JAM: (Jam, "A sheet is stuck in the feeder of {device}.", {}),
    FaultKind.STALE_JAM: (Jam, "A sheet is stuck in the feeder of {device}.", {}),
    FaultKind.DOUBLE_FEED: (DoubleFeed, "{device} took in more than one sheet at once.", {}),
    FaultKind.COVER_OPEN: (CoverOpen, "The cover of {device} is open.", {}),
    FaultKind.IO_ERROR: (InputOutputFailure, "{device} failed while it was in use.", {}),
    FaultKind.NO_DOCS: (FeederEmpty, "The feeder of {device} is empty.", {}),
    FaultKind.CANCELLED: (ScanCancelled, "The scan was cancelled at {device}.", {"by": "device"}),
    FaultKind.BUSY: (DeviceBusy, "{device} is in use by another program.", {}),
    FaultKind.WARMING_UP: (DeviceWarmingUp, "The lamp of {device} is warming up.", {}),
    FaultKind.DISCONNECT: (Disconnected, "{device} does not answer any more.", {}),
}


def carry_out(fault: Fault, device_id: str, page: PageAddress | None, clock: Clock) -> None:
    """Let a fault happen. A hang that lasts for some seconds returns after them.

    Raises:
        ScannerError: The fault is an error.
    """
    match fault.kind:
        case FaultKind.HANG:
            # deaf to a cancel, as drivers are that wait for an answer of the device
            if fault.seconds is None:
                threading.Event().wait()
            else:
                clock.wait(fault.seconds)
        case FaultKind.CRASH:
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            os.kill(os.getpid(), signal.SIGSEGV)
        case FaultKind.EXIT:
            os._exit(EXIT_CODE)
        case FaultKind.STATUS:
            # the very table of the real drivers, which only this fault needs
            from hardware.sane.binding import Status, status_error

            call = "sane_start" if fault.line is None else "sane_read"
            raise status_error(Status[fault.status], device_id, call)
        case kind:
            error, message, facts = _ERRORS[kind]
            number = page.number if page else None
            raise error(message.format(device=device_id), device=device_id, page=number, **facts)
